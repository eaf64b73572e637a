from __future__ import annotations

from collections import Counter

import pytest
from tests.unit.demo.conftest import CYCLE_START_MS, Observed

from wildwatch.cli.demo.places import OUT_HOSTS
from wildwatch.cli.demo.providers import PROVIDERS
from wildwatch.cli.demo.script import CYCLE_MS, WINDOWS, Conditions, Script
from wildwatch.cli.demo.volume import SHARES, factors_at
from wildwatch.cli.demo.world import World
from wildwatch.mail.classify import classify


@pytest.fixture(scope="module")
def script() -> Script:
    return Script(7, World(7))


def _in_the_middle(script: Script, incident: str, cycle: int = 0) -> Conditions:
    first, last = WINDOWS[incident]
    return script.at(CYCLE_START_MS + cycle * CYCLE_MS + (first + last) * 30_000)


def _per_minute(observed: Observed, text: str, window: tuple[int, int]) -> tuple[float, float]:
    """Failures a minute whose reply holds `text`: inside the window and outside."""
    first, last = window
    inside = outside = 0
    for entry in observed.failures:
        if text in entry["response"]:
            if first <= observed.minute(entry) < last:
                inside += 1
            else:
                outside += 1
    return inside / (last - first), outside / (90 - last + first)


def test_providers_get_their_share(observed: Observed) -> None:
    suffixes = {
        "gmail": "gmail-smtp-in.l.google.com",
        "outlook": "olc.protection.outlook.com",
        "microsoft365": "mail.protection.outlook.com",
        "yahoo": "yahoodns.net",
        "icloud": "mail.icloud.com",
        "gmx": "emig.gmx.net",
        "proofpoint": "pphosted.com",
        "orange": "smtp-in.orange.fr",
    }
    whole = sum(provider.share for provider in PROVIDERS)
    total = sum(observed.first_mx.values())
    for provider in PROVIDERS:
        if provider.name in suffixes:
            seen = sum(n for mx, n in observed.first_mx.items() if mx.endswith(suffixes[provider.name]))
            assert seen / total == pytest.approx(provider.share / whole, rel=0.15), provider.name


def test_gmail_slows_down_in_its_window(observed: Observed) -> None:
    inside, outside = _per_minute(observed, "421-4.7.28", WINDOWS["gmail_slowdown"])
    assert inside > 20
    assert inside > 5 * outside


def test_outlook_limits_some_addresses_in_its_window(observed: Observed, script: Script) -> None:
    limited = _in_the_middle(script, "outlook_rate_limit").outlook_ips
    first, last = WINDOWS["outlook_rate_limit"]
    seen: Counter[bool] = Counter()
    for entry in observed.failures:
        if first <= observed.minute(entry) < last and any(
            s in entry["response"] for s in ("(S775)", "(S77719)")
        ):
            seen[entry["zoneAddress"] in limited] += 1
    assert seen[True] > 20
    assert seen[True] > 2 * seen[False]


def test_one_address_is_listed_and_it_grows(observed: Observed, script: Script) -> None:
    first, last = WINDOWS["ip_listed"]
    listed = _in_the_middle(script, "ip_listed").listed_ip
    blocked = [entry for entry in observed.failures if entry["category"] == "blacklist"]
    assert {entry["zoneAddress"] for entry in blocked} == {listed}
    minutes = [observed.minute(entry) for entry in blocked]
    assert all(first <= minute < last for minute in minutes)
    third = (last - first) / 3
    assert sum(m >= first + third for m in minutes) / 2 > 1.3 * sum(m < first + third for m in minutes)


def test_a_refusal_at_the_greeting_tells_the_address_only_through_the_plugin(observed: Observed) -> None:
    greeted = [entry for entry in observed.failures if entry["category"] == "blacklist" and "ip" not in entry]
    assert greeted
    for entry in greeted:
        assert "host" not in entry
        assert entry["localAddress"] == entry["zoneAddress"]
        assert entry["mx"] == entry["to"].partition("@")[2]
        assert entry["mxHost"] != entry["mx"]
    assert any(entry["category"] == "blacklist" and entry.get("ip") for entry in observed.failures)


def test_an_account_sends_spam_in_its_window(observed: Observed, script: Script) -> None:
    spammer = _in_the_middle(script, "spam_account").spammer
    assert spammer is not None
    first, last = WINDOWS["spam_account"]
    sent = observed.by_user[spammer.address]
    inside = sum(n for minute, n in sent.items() if first <= minute <= last)
    outside = sum(n for minute, n in sent.items() if not first <= minute <= last)
    assert inside / (last - first) > 20 * (outside + 1) / (90 - last + first)
    replies = Counter(
        entry["category"] for entry in observed.failures if entry.get("user") == spammer.address
    )
    assert replies["recipient"] > 20
    assert replies["spam"] > 20


def test_mailboxes_are_full_at_one_provider(observed: Observed, script: Script) -> None:
    hit = _in_the_middle(script, "mailbox_full_wave").full_provider
    assert hit in {"gmx", "web.de", "icloud", "orange"}
    first, last = WINDOWS["mailbox_full_wave"]
    mx = next(p.mx[0] for p in PROVIDERS if p.name == hit).partition(".")[2]
    minutes = [
        observed.minute(e)
        for e in observed.failures
        if e["category"] == "capacity" and e.get("attempts") == 1 and e["mxHost"].endswith(mx)
    ]
    inside = sum(first <= minute < last for minute in minutes)
    assert inside / (last - first) > 8 * (len(minutes) - inside) / (90 - last + first)


def test_a_provider_is_out_and_no_session_comes_about(observed: Observed, script: Script) -> None:
    inside, outside = _per_minute(observed, "Connection timed out", WINDOWS["provider_outage"])
    assert inside > 2 * outside
    first, last = WINDOWS["provider_outage"]
    out = [
        entry
        for entry in observed.failures
        if first <= observed.minute(entry) < last and "Connection timed out" in entry["response"]
    ]
    for entry in out:
        assert entry["response"].startswith("Network error: ")
        assert not {"ip", "host", "localAddress", "size", "timer"} & set(entry)
        assert entry["zoneAddress"]


def test_a_host_is_silent_for_four_minutes_a_cycle(script: Script) -> None:
    first, last = WINDOWS["silent_host"]
    at = [script.at(CYCLE_START_MS + minute * 60_000).silent_host for minute in range(90)]
    assert [host for minute, host in enumerate(at) if not first <= minute < last] == [None] * (
        90 - last + first
    )
    assert len(set(at[first:last])) == 1
    assert at[first] in OUT_HOSTS


def test_the_replies_mean_what_the_incident_is(observed: Observed) -> None:
    classes: Counter[str] = Counter()
    for entry in observed.failures:
        found = classify(entry["response"], entry.get("mxHost")).bounce_class
        classes[found] += 1
        if "421-4.7.28" in entry["response"] or "(S775)" in entry["response"]:
            assert found == "rate_limit"
        if "zen.spamhaus.org" in entry["response"]:
            assert found == "dnsbl_block"
        if entry["response"].startswith("Network error:"):
            assert found == "dns_network_timeout_tls"
    assert classes["other"] < 0.02 * classes.total()
    assert {
        "unknown_user",
        "mailbox_full",
        "greylist",
        "spam_content",
        "ip_reputation",
        "auth_failed",
    } <= set(classes)


def test_the_victims_change_with_the_cycle(script: Script) -> None:
    cycles = [_in_the_middle(script, "ip_listed", cycle).listed_ip for cycle in range(12)]
    assert len(set(cycles)) > 6
    assert [_in_the_middle(script, "ip_listed", cycle).listed_ip for cycle in range(12)] == cycles


def test_a_week_averages_to_the_asked_volume_and_sleeps_at_night() -> None:
    monday = 1_795_392_000_000 // 86_400_000 * 86_400_000 + 86_400_000
    hours = [factors_at(monday + hour * 3_600_000) for hour in range(168)]
    for kind, share in SHARES.items():
        assert sum(hour[kind] for hour in hours) / 168 == pytest.approx(share, rel=1e-6)
    assert sum(SHARES.values()) == pytest.approx(1)
    by_start = sorted(range(168), key=lambda hour: hours[hour]["mailbox"])
    assert all(hour % 24 in (0, 1, 2, 3, 4) for hour in by_start[:10])
    assert all(8 <= hour % 24 <= 16 for hour in by_start[-10:])
