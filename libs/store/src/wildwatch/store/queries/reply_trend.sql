-- How often each of the given reply templates was seen over time.
select
    reply_template as template,
    time_bucket($3::interval, time, timestamptz 'epoch') as bucket,
    count(*) as n
from mail_event
where time >= $1 and time < $2
  and action in ('deferred', 'bounced')
  and reply_template = any($4::text[])
  /*where*/
group by 1, 2
