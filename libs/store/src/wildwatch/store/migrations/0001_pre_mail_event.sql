-- One row: an attempt, or a change of state, of one recipient's delivery; identity (instance, queue_id, seq).
-- Columns stand in the order of MailEvent in wildwatch.contracts.mail, then what a whole batch shares.
create table mail_event (
    time             timestamptz not null,
    action           text        not null,
    queue_id         text        not null,
    seq              text        not null,
    time_suspect     boolean     not null,
    instance         text        not null,
    pid              integer,
    n                bigint,
    message_id       text,
    zone             text,
    pool             text,
    source_ip        inet,
    mx               text,
    mx_ip            inet,
    provider         text,
    sender           text,
    sender_domain    text,
    return_path      text,
    recipient        text,
    recipient_domain text,
    mailbox          text,
    client_ip        inet,
    interface        text,
    smtp_code        smallint,
    enhanced_code    text,
    response         text,
    reply_template   text,
    bounce_class     text,
    permanent        boolean,
    zonemta_category text,
    attempt          integer,
    next_attempt     timestamptz,
    queued_ms        bigint,
    delivery_ms      bigint,
    size             bigint,
    spam_score       real,
    tls              text,
    extra            jsonb,
    host             text        not null,
    received_at      timestamptz not null,
    rules_version    smallint    not null,
    batch            uuid        not null
);

-- Chunks of retention/120, within one hour and one day: 30 days give 6 hours.
select create_hypertable('mail_event', by_range('time', interval '6 hours'), create_default_indexes => false);

-- Four indexes and not more: six plain ones cost two thirds of the COPY rate.
create index mail_event_time on mail_event (time desc);
create index mail_event_queue_id on mail_event (queue_id);
create index mail_event_trouble_by_ip on mail_event (source_ip, time desc) where action in ('deferred', 'bounced');
create index mail_event_message_id on mail_event (message_id) where action = 'queued' or seq = '001';

-- The ledger: the names of the batches whose rows are in. It is a hypertable by the time in the name, so
-- that old names leave with their chunk; senders' spools give up before that (12 days against 14).
create table ingested_batch (
    named_at     timestamptz not null,
    batch        uuid        not null,
    host         text        not null,
    rows         integer     not null,
    committed_at timestamptz not null default now(),
    primary key (named_at, batch)
);

select create_hypertable('ingested_batch', by_range('named_at', interval '1 day'), create_default_indexes => false);
