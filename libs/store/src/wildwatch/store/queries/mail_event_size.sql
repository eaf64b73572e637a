-- Bytes of the events with their indexes, and in how many chunks they lie.
select
    coalesce(hypertable_size('mail_event'), 0) as bytes,
    (select count(*) from timescaledb_information.chunks where hypertable_name = 'mail_event') as chunks,
    pg_database_size(current_database()) as database_bytes
