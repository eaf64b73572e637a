select prefix, hash, host, scopes, networks, note, created_at, expires_at, revoked_at
from api_key
order by id
