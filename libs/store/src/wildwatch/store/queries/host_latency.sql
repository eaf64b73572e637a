-- Bins of the time from queued to delivered, by host.
select host, bin, sum(events)::bigint as events
from mail_host_latency_1m
where bucket >= $1 and bucket < $2 and kind = 'queue'
  /*where*/
group by host, bin
