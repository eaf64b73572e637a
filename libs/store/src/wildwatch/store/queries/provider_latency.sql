-- Bins of the time from queued to delivered, by provider.
select coalesce(provider, 'other') as provider, bin, sum(events)::bigint as events
from mail_latency_1m
where bucket >= $1 and bucket < $2 and kind = 'queue'
  /*where*/
group by 1, bin
