"""The `wildwatch` command."""
