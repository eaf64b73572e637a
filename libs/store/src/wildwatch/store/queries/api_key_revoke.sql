update api_key
set revoked_at = now()
where prefix = $1 and revoked_at is null
returning prefix, hash, host, scopes, networks, note, created_at, expires_at, revoked_at
