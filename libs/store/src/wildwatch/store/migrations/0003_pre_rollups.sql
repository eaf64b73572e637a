-- Partial sums of mail_event by minute. Writers add rows for each of their transactions, in that transaction;
-- there is no unique key, readers add up, and the fold merges quiet minutes into one row a key (`folded`).
-- Chunks of retention/120: 90 days give 18 hours.

create table mail_flow_1m (
    bucket       timestamptz not null,
    zone         text,
    pool         text,
    provider     text,
    action       text        not null,
    bounce_class text,
    events       bigint      not null,
    folded       boolean     not null default false
);
select create_hypertable('mail_flow_1m', by_range('bucket', interval '18 hours'), create_default_indexes => false);
create index mail_flow_1m_bucket on mail_flow_1m (bucket desc);
create index mail_flow_1m_unfolded on mail_flow_1m (bucket) where not folded;

-- `blocked` counts those of the events whose class says that the address or domain is refused for its reputation.
create table mail_host_1m (
    bucket  timestamptz not null,
    host    text        not null,
    zone    text,
    action  text        not null,
    events  bigint      not null,
    blocked bigint      not null,
    folded  boolean     not null default false
);
select create_hypertable('mail_host_1m', by_range('bucket', interval '18 hours'), create_default_indexes => false);
create index mail_host_1m_bucket on mail_host_1m (bucket desc);
create index mail_host_1m_unfolded on mail_host_1m (bucket) where not folded;

-- One counter an outcome of an attempt; the last four but bytes are parts of deferred and bounced.
create table mail_ip_1m (
    bucket       timestamptz not null,
    host         text        not null,
    pool         text,
    source_ip    inet,
    delivered    bigint      not null,
    deferred     bigint      not null,
    bounced      bigint      not null,
    blocked      bigint      not null,
    block_listed bigint      not null,
    rate_limited bigint      not null,
    policy       bigint      not null,
    bytes        bigint      not null,
    folded       boolean     not null default false
);
select create_hypertable('mail_ip_1m', by_range('bucket', interval '18 hours'), create_default_indexes => false);
create index mail_ip_1m_bucket on mail_ip_1m (bucket desc);
create index mail_ip_1m_source_ip on mail_ip_1m (source_ip, bucket desc);
create index mail_ip_1m_unfolded on mail_ip_1m (bucket) where not folded;

-- Logarithmic bins of times, so that percentiles of any range and group come from sums.
-- kind: 'queue' from created to delivered, 'smtp' the delivery itself.
create table mail_latency_1m (
    bucket   timestamptz not null,
    pool     text,
    provider text,
    kind     text        not null,
    bin      smallint    not null,
    events   bigint      not null,
    folded   boolean     not null default false
);
select create_hypertable('mail_latency_1m', by_range('bucket', interval '18 hours'), create_default_indexes => false);
create index mail_latency_1m_bucket on mail_latency_1m (bucket desc);
create index mail_latency_1m_unfolded on mail_latency_1m (bucket) where not folded;

create table mail_host_latency_1m (
    bucket timestamptz not null,
    host   text        not null,
    kind   text        not null,
    bin    smallint    not null,
    events bigint      not null,
    folded boolean     not null default false
);
select create_hypertable(
    'mail_host_latency_1m', by_range('bucket', interval '18 hours'), create_default_indexes => false
);
create index mail_host_latency_1m_bucket on mail_host_latency_1m (bucket desc);
create index mail_host_latency_1m_unfolded on mail_host_latency_1m (bucket) where not folded;
