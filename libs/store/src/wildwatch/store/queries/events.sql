-- Events, newest first. The columns after `time` make the order total, so that pages neither repeat nor skip.
select
    time, received_at, time_suspect, host, instance, action, queue_id, seq, message_id, zone, pool,
    host(source_ip) as source_ip, mx, host(mx_ip) as mx_ip, provider, sender, sender_domain, return_path,
    recipient, recipient_domain, mailbox, host(client_ip) as client_ip, interface, smtp_code, enhanced_code,
    response, reply_template, bounce_class, permanent, zonemta_category, attempt, next_attempt, queued_ms,
    delivery_ms, size, spam_score, tls, rules_version, extra::text as extra,
    case
        when action in ('deferred', 'bounced') and bounce_class = any($3::text[]) then 'blocked'
        when action in ('queued', 'delivered', 'deferred', 'bounced') then action
    end as outcome
from mail_event
where time >= $1 and time < $2
  /*where*/
order by time desc, queue_id desc, seq desc, action desc, instance desc
limit $4
