"""Where mail leaves: hosts, pools and 1,200 addresses, from ranges kept for documentation and benchmarks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import msgspec

OUT_HOSTS: Final = tuple(f"out-{i:02d}.demo.example" for i in range(1, 13))
IN_HOSTS: Final = tuple(f"in-{i:02d}.demo.example" for i in range(1, 4))
HOSTS: Final = OUT_HOSTS + IN_HOSTS


class Pool(msgspec.Struct, frozen=True, eq=False):
    """A pool as every host of it knows it: by host its IPv4 and IPv6 addresses."""

    name: str
    zone: str
    hosts: tuple[str, ...]
    v4: dict[str, tuple[str, ...]]
    v6: dict[str, tuple[str, ...]]

    def addresses(self) -> list[str]:
        return [ip for by_host in (self.v4, self.v6) for ips in by_host.values() for ip in ips]


_PLAN: Final = (
    # pool, zone, hosts, IPv4 and IPv6 addresses on each of them
    ("mailbox", "mailbox", HOSTS[0:12], 6, 2),
    ("transactional-a", "transactional", HOSTS[0:6], 12, 4),
    ("transactional-b", "transactional-b", HOSTS[6:12], 16, 0),
    ("bulk-a", "bulk", HOSTS[0:4], 32, 8),
    ("bulk-b", "bulk-b", HOSTS[4:8], 40, 0),
    ("bulk-c", "bulk-c", HOSTS[8:12], 40, 0),
    ("newsletter", "newsletter", HOSTS[0:12], 10, 0),
    ("marketing-eu", "marketing", HOSTS[2:6], 20, 0),
    ("dedicated-1", "dedicated-1", HOSTS[0:2], 3, 0),
    ("dedicated-2", "dedicated-2", HOSTS[6:8], 4, 0),
    ("dedicated-3", "dedicated-3", HOSTS[10:12], 6, 0),
    ("warm", "warm", HOSTS[0:12], 8, 0),
    ("low-reputation", "low-reputation", HOSTS[8:12], 8, 0),
    ("forward", "forward", HOSTS[12:15], 16, 0),
    ("bounce", "bounces", HOSTS[0:15], 2, 0),
)


def build_pools() -> dict[str, Pool]:
    """The pools by name, addresses given out in order."""
    v4, v6 = _v4(), _v6()
    pools = {}
    for name, zone, hosts, per_host_v4, per_host_v6 in _PLAN:
        pools[name] = Pool(
            name,
            zone,
            hosts,
            {host: tuple(next(v4) for _ in range(per_host_v4)) for host in hosts},
            {host: tuple(next(v6) for _ in range(per_host_v6)) for host in hosts},
        )
    return pools


def _v4() -> Iterator[str]:
    for net in ("192.0.2", "198.51.100", "203.0.113"):
        yield from (f"{net}.{last}" for last in range(1, 255))
    for third in range(256):
        yield from (f"198.18.{third}.{last}" for last in range(1, 255))


def _v6() -> Iterator[str]:
    yield from (f"2001:db8:25:{number // 16 + 1:x}::{number % 16 + 1:x}" for number in range(4096))
