-- Machines' keys. The key itself is shown once and kept nowhere; what is published to the bucket
-- `api-keys` is made from these rows.
create table api_key (
    id         bigint generated always as identity primary key,
    prefix     text        not null unique,
    hash       text        not null unique check (hash ~ '^[0-9a-f]{64}$'),
    host       text        not null,
    scopes     text[]      not null check (cardinality(scopes) > 0),
    networks   cidr[]      not null default '{}',
    note       text        not null default '',
    created_at timestamptz not null default now(),
    expires_at timestamptz,
    revoked_at timestamptz
);

create index api_key_host on api_key (host);
