-- Totals by outcome of the $4 providers with the most attempts; the rest together under a null name.
with ranked as (
    select coalesce(provider, 'other') as name, row_number() over (order by count(*) desc, coalesce(provider, 'other')) as rank
    from mail_event
    where time >= $1 and time < $2
      and action in ('delivered', 'deferred', 'bounced')
      /*where*/
    group by coalesce(provider, 'other')
)
select
    case when ranked.rank <= $4 and ranked.name <> 'other' then ranked.name end as provider,
    count(distinct ranked.name) as names,
    count(*) filter (where action = 'delivered') as delivered,
    count(*) filter (where action = 'deferred' and (bounce_class = any($3::text[])) is not true) as deferred,
    count(*) filter (where action = 'bounced' and (bounce_class = any($3::text[])) is not true) as bounced,
    count(*) filter (where action in ('deferred', 'bounced') and bounce_class = any($3::text[])) as blocked,
    (percentile_cont(0.95) within group (order by queued_ms)
        filter (where action = 'delivered' and queued_ms is not null))::float8 as p95_ms,
    max(time) as last_event
from mail_event
join ranked on ranked.name = coalesce(mail_event.provider, 'other')
where time >= $1 and time < $2
  and action in ('delivered', 'deferred', 'bounced')
  /*where*/
group by 1
order by count(*) desc, 1
