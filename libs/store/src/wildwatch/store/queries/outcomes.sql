-- Attempts by outcome, one row a bucket. Buckets start at multiples of their width since the epoch.
select
    time_bucket($3::interval, time, timestamptz 'epoch') as bucket,
    count(*) filter (where action = 'queued') as queued,
    count(*) filter (where action = 'delivered') as delivered,
    count(*) filter (where action = 'deferred' and (bounce_class = any($4::text[])) is not true) as deferred,
    count(*) filter (where action = 'bounced' and (bounce_class = any($4::text[])) is not true) as bounced,
    count(*) filter (where action in ('deferred', 'bounced') and bounce_class = any($4::text[])) as blocked
from mail_event
where time >= $1 and time < $2
  and action in ('queued', 'delivered', 'deferred', 'bounced')
  /*where*/
group by bucket
order by bucket
