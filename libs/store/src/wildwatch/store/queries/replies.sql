-- Replies that kept a message from being delivered, with their changing parts masked, most frequent first.
with found as (
    select
        reply_template as template,
        count(*) as n,
        count(*) filter (where action = 'bounced') as bounced,
        mode() within group (order by bounce_class) as bounce_class,
        mode() within group (order by provider) as provider,
        count(distinct provider) as providers,
        count(distinct source_ip) as addresses,
        bool_or(permanent) as permanent,
        min(time) as first_seen,
        max(time) as last_seen
    from mail_event
    where time >= $1 and time < $2
      and action in ('deferred', 'bounced')
      and reply_template is not null
      /*where*/
    group by reply_template
    order by n desc, template
    limit $4
)
select found.*, (found.bounce_class = any($3::text[])) is true as is_block
from found
order by n desc, template
