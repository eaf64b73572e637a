-- Totals by outcome of each host that sent anything in the range.
select
    host,
    count(*) filter (where action = 'queued') as queued,
    count(*) filter (where action = 'delivered') as delivered,
    count(*) filter (where action = 'deferred' and (bounce_class = any($3::text[])) is not true) as deferred,
    count(*) filter (where action = 'bounced' and (bounce_class = any($3::text[])) is not true) as bounced,
    count(*) filter (where action in ('deferred', 'bounced') and bounce_class = any($3::text[])) as blocked,
    (percentile_cont(0.95) within group (order by queued_ms)
        filter (where action = 'delivered' and queued_ms is not null))::float8 as p95_ms,
    max(time) as last_event
from mail_event
where time >= $1 and time < $2
  and action in ('queued', 'delivered', 'deferred', 'bounced')
  /*where*/
group by host
order by host
limit $4
