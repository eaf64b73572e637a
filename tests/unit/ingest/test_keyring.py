"""Who may post from where: the cases a loopback connection cannot show."""

from __future__ import annotations

import hashlib

import msgspec
import pytest

from wildwatch.contracts.messages import ApiKey
from wildwatch.ingest.keys import KeyRing
from wildwatch.ingest.problems import Kind, Refusal
from wildwatch.ingest.rates import Rates
from wildwatch.ingest.settings import IngestSettings

KEY = "ww_abcdefgh_secret"


class Bucket:
    """What a mirror shows of a bucket."""

    def __init__(self, *keys: ApiKey) -> None:
        self.generation = 1
        self.entries = {hashlib.sha256(KEY.encode()).hexdigest(): msgspec.json.encode(key) for key in keys}


def ring(*proxies: str, **members: object) -> KeyRing:
    values = {"prefix": "ww_abcdefgh", "host": "mta1", "scopes": ["mail"], **members}
    return KeyRing(Bucket(ApiKey(**values)), proxies, lambda: 1_000)  # type: ignore[arg-type] # what it uses of a mirror


def is_let_in(keys: KeyRing, peer: str | None, forwarded: str = "") -> bool:
    try:
        return keys.authenticate(f"Bearer {KEY}", peer, forwarded, "mail").host == "mta1"
    except Refusal as refusal:
        if refusal.kind is Kind.WRONG_NETWORK:
            return False
        raise


@pytest.mark.parametrize(
    ("peer", "expected"),
    [
        ("192.0.2.7", True), ("::ffff:192.0.2.7", True), ("::ffff:c000:207", True), ("192.0.3.7", False),
        ("::ffff:192.0.3.7", False), ("2001:db8::1", True), ("2001:db8::1%eth0", True),
        ("2001:db9::1", False),
        ("::192.0.2.7", False), (None, False), ("", False), ("/run/socket", False), ("192.0.2.7 ", False),
    ],
)  # fmt: skip
def test_addresses_in_every_spelling(peer: str | None, expected: bool) -> None:
    assert is_let_in(ring(networks=["192.0.2.0/24", "2001:db8::/32"]), peer) is expected


def test_a_mapped_proxy_is_a_proxy() -> None:
    keys = ring("10.0.0.1/32", networks=["192.0.2.0/24"])
    assert is_let_in(keys, "::ffff:10.0.0.1", "192.0.2.7")
    assert not is_let_in(keys, "::ffff:10.0.0.2", "192.0.2.7")


def test_a_key_without_networks_is_good_from_anywhere() -> None:
    assert is_let_in(ring(), None)


@pytest.mark.parametrize(("expires_ms", "status"), [(None, None), (1_001, None), (1_000, 401), (0, 401)])
def test_a_key_ends_at_its_very_millisecond(expires_ms: int | None, status: int | None) -> None:
    keys = ring(expires_ms=expires_ms)
    if status is None:
        assert keys.authenticate(f"bearer  {KEY} ", "x", "", "mail")
    else:
        with pytest.raises(Refusal) as refused:
            keys.authenticate(f"Bearer {KEY}", "x", "", "mail")
        assert refused.value.kind.value[0] == status


def test_a_new_generation_of_the_bucket_counts_at_once() -> None:
    bucket = Bucket(ApiKey(prefix="p", host="mta1", scopes=["mail"]))
    keys = KeyRing(bucket, (), lambda: 0)  # type: ignore[arg-type] # what it uses of a mirror
    assert is_let_in(keys, "x")
    bucket.entries, bucket.generation = {}, 2
    with pytest.raises(Refusal, match="bad-key"):
        keys.authenticate(f"Bearer {KEY}", "x", "", "mail")


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def refused_for_s(rates: Rates, key: str, events: int) -> float | None:
    try:
        rates.take(key, events)
    except Refusal as refusal:
        return refusal.retry_after_s
    return None


def test_rates_fill_up_again_and_say_when() -> None:
    clock = Clock()
    rates = Rates(IngestSettings(max_events_per_key_per_s=100, rate_burst_s=2), clock)
    assert refused_for_s(rates, "a", 200) is None
    assert refused_for_s(rates, "a", 50) == pytest.approx(0.5)
    assert refused_for_s(rates, "b", 200) is None
    clock.now += 0.5
    assert refused_for_s(rates, "a", 50) is None
    clock.now += 1_000
    assert refused_for_s(rates, "a", 200) is None  # the burst does not grow without end
    assert refused_for_s(rates, "a", 1) is not None


def test_a_post_larger_than_the_burst_is_taken_once_and_paid_for() -> None:
    clock = Clock()
    rates = Rates(IngestSettings(max_events_per_key_per_s=100, rate_burst_s=1), clock)
    assert refused_for_s(rates, "a", 1_000) is None
    assert refused_for_s(rates, "a", 1) == pytest.approx(9.01)
    clock.now += 9.01
    assert refused_for_s(rates, "a", 1) is None


def test_a_refused_post_costs_nothing() -> None:
    clock = Clock()
    rates = Rates(IngestSettings(max_events_per_key_per_s=100, rate_burst_s=1), clock)
    rates.take("a", 100)
    for _ in range(50):
        assert refused_for_s(rates, "a", 100) == pytest.approx(1.0)
