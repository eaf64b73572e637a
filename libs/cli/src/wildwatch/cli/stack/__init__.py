"""What `wildwatch up` starts and keeps running: servers, schema, keys, services."""
