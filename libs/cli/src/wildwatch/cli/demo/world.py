"""The parts of the demo that stay the same: hosts, pools, senders, and everybody who can get mail."""

from __future__ import annotations

from itertools import accumulate
from random import Random
from zlib import crc32

import msgspec

from wildwatch.cli.demo import people
from wildwatch.cli.demo.places import HOSTS, IN_HOSTS, build_pools
from wildwatch.cli.demo.providers import PROVIDERS, Provider
from wildwatch.cli.demo.replies import Reply, replies_of

TLS_1_3 = {
    "secure": True,
    "tls": True,
    "tlsVersion": "TLSv1.3",
    "tlsCipher": "TLS_AES_256_GCM_SHA384",
    "tlsAuthorized": True,
}
TLS_1_2 = {
    "secure": True,
    "tls": True,
    "tlsVersion": "TLSv1.2",
    "tlsCipher": "ECDHE-RSA-AES256-GCM-SHA384",
    "tlsAuthorized": True,
}
NO_TLS = {"secure": False, "tls": False, "tlsVersion": False, "tlsAuthorized": False}
_TLS_ERRORS = ("DEPTH_ZERO_SELF_SIGNED_CERT", "CERT_HAS_EXPIRED", "ERR_TLS_CERT_ALTNAME_INVALID")


class Domain(msgspec.Struct, frozen=True, eq=False, kw_only=True):
    """A recipient domain: its MX names with addresses, and its manners."""

    name: str
    provider: Provider
    mx: tuple[tuple[str, str], ...]
    tls: dict[str, object]
    asks_dnsbl: bool
    refuses_at_greeting: bool
    greylists: bool
    defect: str
    """`timeout` and `no_domain` for domains that never take mail, else empty."""


class Mail(msgspec.Struct, frozen=True, eq=False):
    """The domains of one provider with their share of its mail, and its prepared replies."""

    provider: Provider
    domains: list[Domain]
    cumulative: list[float]
    replies: dict[str, tuple[Reply, ...]]
    trouble_kinds: tuple[str, ...]
    trouble_cumulative: tuple[float, ...]


_KINDS = (
    "unknown", "inactive", "full", "greylist", "tempfail", "rate", "spam", "block", "auth", "dnsbl",
    "dnsbl_greeting", "timeout", "refused", "reset", "no_domain",
)  # fmt: skip


class World:
    """Built once from a seed, read-only afterwards."""

    def __init__(self, seed: int) -> None:
        rng = Random(f"world:{seed}")  # noqa: S311 - a simulation must repeat
        self.hosts = HOSTS
        self.pools = build_pools()
        self.own_domains = [f"{people.company(rng)}.demo.example" for _ in range(60)]
        self.crowds = people.build_crowds(rng, self.pools, self.own_domains)
        self.providers = [_mail_of(provider, rng) for provider in PROVIDERS]
        self.provider_cumulative = list(accumulate(p.share for p in PROVIDERS))
        self.own = Mail(
            _OWN, [_own_domain(name) for name in self.own_domains], [], _replies("generic"), (), ()
        )
        self._own_by_name = {domain.name: domain for domain in self.own.domains}

    def home_of(self, address: str) -> Domain:
        """Where a non-delivery report to one of our senders goes: our own inbound hosts."""
        name = address.rpartition("@")[2]
        return self._own_by_name.get(name) or self.own.domains[crc32(name.encode()) % len(self.own.domains)]


_OWN = Provider(name="demo", family="generic", share=0, mx=(), latency_ms=90)


def _own_domain(name: str) -> Domain:
    mx = tuple((host, f"198.19.0.{i}") for i, host in enumerate(IN_HOSTS, 1))
    return Domain(
        name=name,
        provider=_OWN,
        mx=mx,
        tls=TLS_1_3,
        asks_dnsbl=False,
        refuses_at_greeting=False,
        greylists=False,
        defect="",
    )


def _mail_of(provider: Provider, rng: Random) -> Mail:
    own = [_domain(provider, name, rng) for name, _ in provider.domains]
    hosted = [_domain(provider, f"{people.company(rng)}-{i}.example", rng) for i in range(provider.hosted)]
    weights = [share for _, share in provider.domains] + [(i + 8) ** -1.0 for i in range(provider.hosted)]
    kinds, shares = zip(*provider.trouble, strict=True)
    return Mail(
        provider,
        own + hosted,
        list(accumulate(weights)),
        _replies(provider.family),
        kinds,
        tuple(accumulate(shares)),
    )


def _replies(family: str) -> dict[str, tuple[Reply, ...]]:
    return {kind: replies_of(family, kind) for kind in _KINDS}


def _domain(provider: Provider, name: str, rng: Random) -> Domain:
    number = rng.randrange(100_000, 400_000)
    slug = name.replace(".", "-")
    names = [mx.format(slug=slug, domain=name, n=number) for mx in provider.mx]
    if name == "hotmail.com":
        names.reverse()
    tail = provider.name == "own-servers"
    defect = rng.choices(("", "timeout", "no_domain"), (0.985, 0.009, 0.006))[0] if tail else ""
    return Domain(
        name=name,
        provider=provider,
        mx=tuple(
            (mx, f"198.19.{1 + crc32(mx.encode()) % 250}.{1 + crc32(mx.encode(), 7) % 250}") for mx in names
        ),
        tls=_tls(provider.tls, rng),
        asks_dnsbl=rng.random() < provider.asks_dnsbl,
        refuses_at_greeting=rng.random() < 0.45,
        greylists=rng.random() < provider.greylists,
        defect=defect,
    )


def _address_of(mx: str) -> str:
    key = crc32(mx.encode())
    return f"198.19.{1 + key % 250}.{1 + (key >> 16) % 250}"


def _tls(habit: str, rng: Random) -> dict[str, object]:
    if habit == "1.3":
        return dict(TLS_1_3)
    if habit == "1.2":
        return dict(TLS_1_2)
    draw = rng.random()
    if draw < 0.07:
        return dict(NO_TLS)
    tls: dict[str, object] = dict(TLS_1_2 if draw < 0.3 else TLS_1_3)
    if draw > 0.75:
        tls |= {"tlsAuthorized": False, "tlsAuthorizationError": rng.choice(_TLS_ERRORS)}
    return tls
