-- Conditions on mail_event that a question may add; {} is the number of its parameter.

-- name: action
action = any(${}::text[])
-- name: host
host = any(${}::text[])
-- name: provider
coalesce(provider, 'other') = any(${}::text[])
-- name: class
coalesce(bounce_class, '') = any(${}::text[])
-- name: zonemta_category
coalesce(zonemta_category, '') = any(${}::text[])
-- name: template
coalesce(reply_template, '') = any(${}::text[])
-- name: zone
coalesce(zone, '') = any(${}::text[])
-- name: source_ip
source_ip = any(${}::inet[])
-- name: queue_id
queue_id = any(${}::text[])
-- name: recipient_domain
recipient_domain = any(${}::text[])
-- name: sender_domain
sender_domain = any(${}::text[])
-- name: outcome
case
    when action in ('deferred', 'bounced') and bounce_class = any(/*blocked*/::text[]) then 'blocked'
    when action in ('queued', 'delivered', 'deferred', 'bounced') then action
end = any(${}::text[])
-- name: before
(time, queue_id, seq, action, instance) < (/*cursor*/)
