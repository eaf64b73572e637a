select
  current_setting('server_version') as server_version,
  (select extversion from pg_extension where extname = 'timescaledb') as extension_version,
  current_setting('max_locks_per_transaction')::int as max_locks_per_transaction,
  current_setting('fsync')::bool as fsync,
  current_setting('synchronous_commit') <> 'off' as synchronous_commit,
  clock_timestamp() as now,
  pg_database_size(current_database()) as size_bytes
