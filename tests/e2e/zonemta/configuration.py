"""ZoneMTA's configuration for the test bed: every address on the loopback, every zone aimed at the sink."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

ADDRESSES = ("127.0.0.2", "127.0.0.3", "127.0.0.4")
INLINE_ADDRESS = "127.0.0.5"
INSTANCE = "testbed"
FIRST_RETRY_MS = 200


@dataclass(frozen=True)
class Ports:
    """Where everything listens. Nothing may listen on `dead`."""

    smtp: int
    api: int
    queue: int
    redis: int
    mongo: int
    sink: int
    refusing: int
    dead: int


def configuration(
    package: Path, plugins: Path, ports: Ports, database: str, plugin: dict[str, Any]
) -> dict[str, Any]:
    """An overlay over ZoneMTA's defaults, with `plugin` as the block of the plugin under test."""
    zone: dict[str, Any] = {
        "host": "127.0.0.1",
        "port": ports.sink,
        "ignoreIPv6": True,
        "preferIPv6": False,
        "ignoreTLS": True,
        "processes": 1,
        "connections": 4,
        "pool": "main",
        "connectionCache": {"ttl": 1, "reuseCount": 5},
    }
    return {
        "dbs": {
            "mongo": f"mongodb://127.0.0.1:{ports.mongo}/{database}",
            "redis": {"host": "127.0.0.1", "port": ports.redis, "db": 2},
            "sender": database,
        },
        "queue": {"instanceId": INSTANCE, "deferTimes": [FIRST_RETRY_MS, 600_000]},
        "plugins": {
            "wildwatch": {"enabled": ["main", "receiver", "sender"], "ordering": 1, **plugin},
            "testident": {"enabled": ["receiver"]},
        },
        "smtpInterfaces": {
            "feeder": {
                "enabled": True,
                "port": ports.smtp,
                "host": "127.0.0.1",
                "processes": 1,
                "authentication": True,
                "authOptional": True,
                "allowInsecureAuth": True,
                "disableReverseLookup": True,
            }
        },
        "dns": {"caching": False, "nameservers": False, "blockLocalAddresses": False},
        "mtaSts": {"enabled": False},
        "api": {"port": ports.api, "host": "127.0.0.1", "hostname": "127.0.0.1"},
        "queueServer": {"port": ports.queue, "host": "127.0.0.1", "hostname": "127.0.0.1"},
        "pools": {
            "main": [
                {"address": address, "name": f"out{number}.example.test"}
                for number, address in enumerate(ADDRESSES, 1)
            ]
        },
        "zones": {
            "default": zone,
            "bounces": {**zone, "connections": 1},
            "greet": {**zone, "port": ports.refusing, "connections": 1, "recipientDomains": ["greet.test"]},
            "dead": {
                **zone,
                "port": ports.dead,
                "connections": 1,
                "pool": [{"address": INLINE_ADDRESS, "name": "out9.example.test"}],
                "recipientDomains": ["dead.test"],
            },
        },
        "pluginsPath": str(plugins),
        "corePluginsPath": str(package / "plugins"),
    }
