"""The servers that `wildwatch up` and the tests bring with them: TimescaleDB and nats-server.

Both run from private folders, listen on 127.0.0.1 alone and install nothing on the host.
"""
