insert into api_key (prefix, hash, host, scopes, networks, note, expires_at)
values ($1, $2, $3, $4, $5::text[]::cidr[], $6, $7)
on conflict (hash) do nothing
returning id
