-- The newest event, within the time an event may lie in the past or the future.
select time, received_at
from mail_event
where time > now() - interval '7 days' and time < now() + interval '11 minutes'
order by time desc
limit 1
