from __future__ import annotations

import ipaddress
import itertools

import msgspec
import pytest
from tests.unit.demo.conftest import CYCLE_START_MS, Observed

from wildwatch.cli.demo.cluster import Cluster
from wildwatch.cli.demo.delivery import DEFER_MINUTES
from wildwatch.cli.demo.places import HOSTS, build_pools
from wildwatch.mail.normalise import Normaliser, decode

FINAL = {"ACCEPTED", "REJECTED", "DROP", "DELETED"}


def _bytes_of(seed: int, cuts_ms: list[int], **options: int) -> bytes:
    cluster = Cluster(seed, start_ms=CYCLE_START_MS, events_per_s=200, **options)
    events = [event for cut in cuts_ms for event in cluster.advance(CYCLE_START_MS + cut)]
    return msgspec.json.encode(events)


def test_the_same_seed_makes_the_same_events_however_time_is_cut() -> None:
    once = _bytes_of(3, [400_000])
    assert once == _bytes_of(3, [37, 950, 1_000, 65_432, 65_433, 310_099, 400_000])
    assert len(once) > 10_000_000


def test_another_seed_or_incarnation_makes_other_events() -> None:
    first = _bytes_of(3, [5_000])
    assert first != _bytes_of(4, [5_000])
    assert first != _bytes_of(3, [5_000], incarnation=1)


def test_time_never_runs_back_and_never_ahead_of_what_was_asked() -> None:
    cluster = Cluster(5, start_ms=CYCLE_START_MS, events_per_s=300)
    last = CYCLE_START_MS
    for until in range(CYCLE_START_MS + 250, CYCLE_START_MS + 60_000, 250):
        for _, entry in cluster.advance(until):
            assert last <= entry["ts"] < until
            last = entry["ts"]
    assert last > CYCLE_START_MS + 55_000


def test_the_asked_rate_is_met(observed: Observed) -> None:
    assert observed.events / 5_400 == pytest.approx(30, rel=0.06)


def test_processes_number_their_events_without_gaps(observed: Observed) -> None:
    assert observed.gaps == 0
    assert len({pid for _, pid in observed.numbers}) > 20


def test_every_delivery_lives_a_valid_life(observed: Observed) -> None:
    waits = set()
    for life in observed.lives.values():
        assert all(step["action"] == "DEFERRED" for step in life[:-1]), life
        attempts = [step["attempts"] for step in life if step["attempts"]]
        assert attempts == list(range(1, len(attempts) + 1))
        for before, after in itertools.pairwise(life):
            assert before["defcount"] == before["attempts"]
            planned = before["nextattempt"] - before["ts"]
            minutes = DEFER_MINUTES[before["defcount"] - 1]
            assert minutes * 60_000 <= planned < minutes * 60_000 + 1_000
            assert 0 <= after["ts"] - before["nextattempt"] < 60_000
            waits.add(minutes)
    assert waits >= {5, 7, 8, 25}
    assert {life[-1]["action"] for life in observed.lives.values()} == FINAL | {"DEFERRED"}


def test_a_retry_keeps_its_address_unless_that_was_listed(observed: Observed) -> None:
    moved = kept = 0
    for life in observed.lives.values():
        for before, after in itertools.pairwise(step for step in life if step["attempts"]):
            if before["category"] == "blacklist":
                assert after["zoneAddress"] != before["zoneAddress"]
                moved += 1
            else:
                assert after["zoneAddress"] == before["zoneAddress"]
                kept += 1
    assert moved > 5
    assert kept > 500


def test_a_queue_id_holds_its_time_of_creation(observed: Observed) -> None:
    for (queue_id, _), life in observed.lives.items():
        created = int(queue_id[:-4], 16) >> 12
        assert len(queue_id) == 18
        for step in life:
            assert step["created"] in (None, created)
            assert created < step["ts"]


def test_retries_end_with_a_rejection_after_seventeen_waits() -> None:
    cluster = Cluster(2, start_ms=CYCLE_START_MS, events_per_s=500, steady=True)
    cluster.advance(CYCLE_START_MS + 120_000)
    cluster.stop_arrivals()
    later = [entry for _, entry in cluster.advance(CYCLE_START_MS + 60 * 3_600_000)]
    used_up = [entry for entry in later if entry.get("attempts") == 18]
    assert used_up
    assert all(entry["action"] == "REJECTED" and "defcount" not in entry for entry in used_up)
    assert any(entry["response"].startswith("Network error:") for entry in used_up)
    assert cluster.pending == 0


def test_waiting_deliveries_are_bounded() -> None:
    cluster = Cluster(1, start_ms=CYCLE_START_MS, events_per_s=400, max_pending=300, steady=True)
    most = 0
    for until in range(CYCLE_START_MS, CYCLE_START_MS + 240_000, 5_000):
        cluster.advance(until)
        most = max(most, cluster.pending)
    # Those on their first way are not deferred and come on top: some seconds' worth of deliveries.
    assert most < 300 + 200 * 8
    assert cluster.given_up > 0
    cluster.stop_arrivals()
    cluster.advance(cluster.now_ms + 60_000)
    assert cluster.pending <= 300


def test_paused_addresses_send_nothing_until_resumed() -> None:
    cluster = Cluster(1, start_ms=CYCLE_START_MS, events_per_s=400, steady=True)
    pool = cluster.world.pools["bulk-a"]
    host = pool.hosts[0]
    left = pool.v4[host][0]
    cluster.pause([ip for ip in pool.v4[host] + pool.v6[host] if ip != left])
    used = {
        entry["zoneAddress"]
        for at, entry in cluster.advance(CYCLE_START_MS + 120_000)
        if at == host and entry.get("pool") == "bulk-a"
    }
    assert used == {left}
    cluster.pause([*pool.v4[host], *pool.v6[host]])
    refused = [
        entry
        for at, entry in cluster.advance(cluster.now_ms + 60_000)
        if at == host and entry.get("pool") == "bulk-a"
    ]
    assert {entry["response"] for entry in refused} == {"450 4.7.0 All addresses of the pool are paused"}
    assert all(entry["ip"] is False and entry["host"] is False for entry in refused)
    cluster.pause([])
    again = [entry for _, entry in cluster.advance(cluster.now_ms + 60_000) if entry.get("pool") == "bulk-a"]
    assert any(entry["action"] == "ACCEPTED" for entry in again)


def test_1200_addresses_from_reserved_ranges_each_on_one_host() -> None:
    pools = build_pools()
    addresses = [ip for pool in pools.values() for ip in pool.addresses()]
    reserved = [
        ipaddress.ip_network(net)
        for net in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "198.18.0.0/15", "2001:db8::/32")
    ]
    assert len(addresses) == len(set(addresses)) == 1_200
    for text in addresses:
        ip = ipaddress.ip_address(text)
        assert str(ip) == text
        assert any(ip in net for net in reserved if net.version == ip.version)
    assert len(HOSTS) == 15
    assert {host for pool in pools.values() for host in pool.hosts} == set(HOSTS)
    assert len(pools) >= 14


def test_every_kind_of_entry_can_be_normalised(observed: Observed) -> None:
    normaliser = Normaliser()
    kinds = "QUEUED ACCEPTED DEFERRED REJECTED NOQUEUE DROP DELETED SPAMCHECK QUEUE_BOUNCE"
    assert set(observed.samples) == set(kinds.split())
    for entry in [*observed.samples.values(), *observed.failures[:2_000]]:
        event = normaliser.normalise(decode(msgspec.json.encode(entry)), entry["ts"])
        assert event.action != "other"
        assert not event.time_suspect
        if entry["action"] in ("ACCEPTED", "DEFERRED", "REJECTED"):
            assert event.source_ip == entry["zoneAddress"]
            assert event.recipient == entry["to"]
