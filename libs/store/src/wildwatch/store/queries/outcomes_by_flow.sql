-- Attempts by outcome from the minute sums, one row a bucket.
select
    time_bucket($3::interval, bucket, timestamptz 'epoch') as start,
    coalesce(sum(events) filter (where action = 'queued'), 0)::bigint as queued,
    coalesce(sum(events) filter (where action = 'delivered'), 0)::bigint as delivered,
    coalesce(sum(events) filter (
        where action = 'deferred' and (bounce_class = any($4::text[])) is not true), 0)::bigint as deferred,
    coalesce(sum(events) filter (
        where action = 'bounced' and (bounce_class = any($4::text[])) is not true), 0)::bigint as bounced,
    coalesce(sum(events) filter (
        where action in ('deferred', 'bounced') and bounce_class = any($4::text[])), 0)::bigint as blocked
from mail_flow_1m
where bucket >= $1 and bucket < $2
  and action in ('queued', 'delivered', 'deferred', 'bounced')
  /*where*/
group by 1
order by 1
