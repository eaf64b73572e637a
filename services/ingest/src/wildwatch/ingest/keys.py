"""Who posts: API keys from the bucket, bound to a host, scopes and networks."""

from __future__ import annotations

import hashlib
import ipaddress
from collections.abc import Callable

import msgspec
import structlog

from wildwatch.bus.keyvalue import Mirror
from wildwatch.contracts.messages import ApiKey
from wildwatch.ingest.problems import Kind, Refusal

logger: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_decode = msgspec.json.Decoder(ApiKey).decode


class Caller(msgspec.Struct, frozen=True):
    """An authenticated key."""

    prefix: str
    host: str
    scopes: frozenset[str]
    networks: tuple[Network, ...]
    expires_ms: int | None


class KeyRing:
    """Authenticates by the mirror of `api-keys`; the database is not needed. Bounded by the bucket."""

    def __init__(self, mirror: Mirror, trusted_proxies: tuple[str, ...], clock_ms: Callable[[], int]) -> None:
        self._mirror = mirror
        self._proxies = tuple(ipaddress.ip_network(network) for network in trusted_proxies)
        self._clock_ms = clock_ms
        self._generation = -1
        self._callers: dict[str, Caller] = {}

    def __len__(self) -> int:
        return len(self._mirror.entries)

    def authenticate(self, authorization: str, peer: str | None, forwarded_for: str, scope: str) -> Caller:
        """The key behind an `Authorization` header. Raises `Refusal` 401 or 403."""
        kind, _, secret = authorization.partition(" ")
        if kind.lower() != "bearer" or not secret.strip():
            raise Refusal(
                Kind.NO_KEY, "send `Authorization: Bearer <key>`; make a key with `wildwatch key add`"
            )
        digest = hashlib.sha256(secret.strip().encode("utf-8", "surrogateescape")).hexdigest()
        caller = self._known().get(digest)
        if caller is None or (caller.expires_ms is not None and caller.expires_ms <= self._clock_ms()):
            raise Refusal(Kind.BAD_KEY, "list keys with `wildwatch key list`")
        if scope not in caller.scopes:
            raise Refusal(Kind.WRONG_SCOPE, f"the key has no scope `{scope}`")
        if caller.networks and not self._is_inside(self._address(peer, forwarded_for), caller.networks):
            raise Refusal(Kind.WRONG_NETWORK, "the key's allowed networks do not contain your address")
        return caller

    def _known(self) -> dict[str, Caller]:
        if self._generation != self._mirror.generation:
            callers = {}
            for digest, value in self._mirror.entries.items():
                try:
                    key = _decode(value)
                    networks = tuple(ipaddress.ip_network(network) for network in key.networks)
                except (msgspec.DecodeError, ValueError) as error:
                    logger.error("api_key_unreadable", entry=digest[:8], error=type(error).__name__)  # noqa: TRY400 # a bad entry, not a fault of ours
                    continue
                callers[digest] = Caller(
                    key.prefix, key.host, frozenset(key.scopes), networks, key.expires_ms
                )
            self._callers, self._generation = callers, self._mirror.generation
        return self._callers

    def _address(self, peer: str | None, forwarded_for: str) -> str | None:
        if forwarded_for and self._is_inside(peer, self._proxies):
            # From the right: the first address that is not one of our proxies is the sender's.
            for hop in reversed([part.strip() for part in forwarded_for.split(",")]):
                if not self._is_inside(hop, self._proxies):
                    return hop
        return peer

    @staticmethod
    def _is_inside(text: str | None, networks: tuple[Network, ...]) -> bool:
        try:
            address = ipaddress.ip_address((text or "").partition("%")[0])
        except ValueError:
            return False
        if address.version == 6 and address.ipv4_mapped is not None:
            address = address.ipv4_mapped
        return any(address.version == network.version and address in network for network in networks)
