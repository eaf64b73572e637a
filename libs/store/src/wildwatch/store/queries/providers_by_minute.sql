-- Totals by outcome of each provider from the minute sums, most attempts first.
select
    coalesce(provider, 'other') as provider,
    coalesce(sum(events) filter (where action = 'delivered'), 0)::bigint as delivered,
    coalesce(sum(events) filter (
        where action = 'deferred' and (bounce_class = any($3::text[])) is not true), 0)::bigint as deferred,
    coalesce(sum(events) filter (
        where action = 'bounced' and (bounce_class = any($3::text[])) is not true), 0)::bigint as bounced,
    coalesce(sum(events) filter (
        where action in ('deferred', 'bounced') and bounce_class = any($3::text[])), 0)::bigint as blocked,
    max(bucket) as last_minute
from mail_flow_1m
where bucket >= $1 and bucket < $2
  and action in ('delivered', 'deferred', 'bounced')
  /*where*/
group by 1
order by sum(events) desc, 1
