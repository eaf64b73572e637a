-- Totals by outcome of each host from the minute sums.
select
    host,
    coalesce(sum(events) filter (where action = 'queued'), 0)::bigint as queued,
    coalesce(sum(events) filter (where action = 'delivered'), 0)::bigint as delivered,
    coalesce(sum(events - blocked) filter (where action = 'deferred'), 0)::bigint as deferred,
    coalesce(sum(events - blocked) filter (where action = 'bounced'), 0)::bigint as bounced,
    coalesce(sum(blocked) filter (where action in ('deferred', 'bounced')), 0)::bigint as blocked,
    max(bucket) as last_minute
from mail_host_1m
where bucket >= $1 and bucket < $2
  and action in ('queued', 'delivered', 'deferred', 'bounced')
  /*where*/
group by host
order by host
limit $3
