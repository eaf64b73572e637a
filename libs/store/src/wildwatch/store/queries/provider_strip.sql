-- Attempts and deferrals of each provider over time, for the heat strip.
select
    case when provider = any($5::text[]) then provider end as provider,
    time_bucket($3::interval, time, timestamptz 'epoch') as bucket,
    count(*) as attempts,
    count(*) filter (where action = 'deferred' and (bounce_class = any($4::text[])) is not true) as deferred
from mail_event
where time >= $1 and time < $2
  and action in ('delivered', 'deferred', 'bounced')
  /*where*/
group by 1, 2
