-- Attempts and deferrals of each provider over time from the minute sums, for the heat strip.
select
    case when provider = any($5::text[]) then provider end as provider,
    time_bucket($3::interval, bucket, timestamptz 'epoch') as start,
    sum(events)::bigint as attempts,
    coalesce(sum(events) filter (
        where action = 'deferred' and (bounce_class = any($4::text[])) is not true), 0)::bigint as deferred
from mail_flow_1m
where bucket >= $1 and bucket < $2
  and action in ('delivered', 'deferred', 'bounced')
  /*where*/
group by 1, 2
