"""Questions about mail, through HTTP, over a real database."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from tests.integration.api.conftest import Api
from tests.integration.api.mail_rows import event

BLOCKED = {"bounce_class": "ip_reputation"}


async def get(api: Api, path: str, **query: Any) -> dict[str, Any]:
    answer = await api.client.get(f"/api/v1/mail/{path}", params=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_outcomes_are_counted_in_the_minute_of_their_own_time(api: Api) -> None:
    ago = api.clock.ago
    await api.rows.store([
        event(ago(minutes=5), "queued"),
        event(ago(minutes=5), "delivered"),
        event(ago(minutes=5) + 59_999, "deferred", bounce_class="rate_limit"),
        event(ago(minutes=4), "deferred", **BLOCKED),
        event(ago(minutes=4), "bounced", bounce_class="unknown_user"),
        event(ago(minutes=4), "bounced", bounce_class=None),
        event(ago(minutes=3), "dropped"),
        event(ago(minutes=30), "delivered"),
    ])  # fmt: skip
    found = await get(api, "outcomes", **{"from": "-6m", "bucket": "1m"})
    assert found["totals"] == {"queued": 1, "delivered": 1, "deferred": 1, "bounced": 2, "blocked": 1}
    assert found["startMs"] == ago(minutes=6)
    assert found["series"] == {
        "queued": [0, 1, 0, 0, 0, 0],
        "delivered": [0, 1, 0, 0, 0, 0],
        "deferred": [0, 1, 0, 0, 0, 0],
        "bounced": [0, 0, 2, 0, 0, 0],
        "blocked": [0, 0, 1, 0, 0, 0],
    }


async def test_what_nobody_knows_yet_is_null_and_not_zero(api: Api) -> None:
    await api.rows.store([event(api.clock.ago(minutes=5), "delivered")])
    # A message in the stream that no writer has acknowledged: nothing after it is known.
    await api.admin.js.publish("wildwatch.v1.mail.mta1", b"{}")
    api.clock.time = api.clock.time.replace(year=api.clock.time.year + 1)
    found = await get(api, "outcomes", **{"from": "-2m", "bucket": "1m"})
    assert found["series"]["delivered"] == [None, None]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"from": "yesterday"}, "from"),
        ({"from": "-1h", "to": "-2h"}, "from"),
        ({"from": "-1d", "bucket": "1s"}, "bucket"),
        ({"bucket": "soon"}, "bucket"),
        ({"outcome": "lost"}, "outcome"),
        ({"action": "vanished"}, "action"),
        ({"sourceIp": "1.2.3"}, "sourceIp"),
        ({"host": "a\0"}, "host"),
    ],
)
async def test_bad_parameters_are_named(api: Api, query: dict[str, str], field: str) -> None:
    answer = await api.client.get("/api/v1/mail/outcomes", params=query)
    assert answer.status_code == 400
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert answer.json()["field"] == field


async def test_hosts_have_totals_shares_and_a_percentile(api: Api) -> None:
    ago = api.clock.ago
    await api.rows.store([event(ago(minutes=2), "delivered", queued_ms=ms) for ms in range(1, 101)], "mta1")
    await api.rows.store([event(ago(minutes=1), "deferred"), event(ago(minutes=9), "delivered")], "mta2")
    mta1, mta2 = (await get(api, "hosts"))["hosts"]
    assert (mta1["host"], mta1["attempts"], mta1["p95Ms"]) == ("mta1", 100, pytest.approx(95.05, abs=2))
    assert mta2["shares"] == {"delivered": 0.5, "deferred": 0.5, "bounced": 0.0, "blocked": 0.0}
    assert mta2["p95Ms"] is None
    assert ago(minutes=1) <= mta2["lastEventMs"] <= ago(minutes=0)  # known to the minute


async def test_providers_come_with_a_strip_and_unknown_ones_together(api: Api) -> None:
    ago = api.clock.ago
    await api.rows.store([
        event(ago(minutes=3), "delivered", provider="google"),
        event(ago(minutes=3), "delivered", provider="google"),
        event(ago(minutes=2), "deferred", provider="google"),
        event(ago(minutes=2), "deferred", provider="google", **BLOCKED),
        event(ago(minutes=2), "delivered", provider="other"),
        event(ago(minutes=2), "delivered", provider=None),
    ])  # fmt: skip
    found = await get(api, "providers", **{"from": "-10m"})
    google, other = found["providers"]
    assert (google["name"], google["attempts"], google["deferred"], google["blocked"]) == ("Google", 4, 1, 1)
    assert (other["provider"], other["attempts"]) == ("other", 2)
    strip = google["strip"]
    assert len(strip["attempts"]) <= 60
    assert sum(strip["attempts"]) == 4
    place = (ago(minutes=2) - found["stripStartMs"]) // found["stripBucketMs"]
    assert (strip["attempts"][place], strip["deferred"][place]) == (2, 1)


async def test_events_page_without_repeating_or_skipping(api: Api) -> None:
    moment = api.clock.ago(minutes=1)
    # Many at the very same millisecond: the cursor must tell them apart.
    await api.rows.store([event(moment, "delivered") for _ in range(25)] + [event(moment - 1, "queued")])
    seen: list[str] = []
    cursor: str | None = None
    while True:
        page = await get(api, "events", limit=10, **({"cursor": cursor} if cursor else {}))
        seen += [row["event"]["queueId"] for row in page["events"]]
        cursor = page["nextCursor"]
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == 26


async def test_filters_include_and_exclude(api: Api) -> None:
    ago = api.clock.ago
    await api.rows.store([
        event(ago(minutes=1), "deferred", provider="yahoo", source_ip="192.0.2.7", **BLOCKED),
        event(ago(minutes=1), "deferred", provider="yahoo", source_ip="2001:db8::1", bounce_class="greylist"),
        event(ago(minutes=1), "bounced", provider="google", recipient_domain="a.example"),
        event(ago(minutes=1), "delivered", provider=None, zone="bulk", sender_domain="b.example"),
    ])  # fmt: skip

    async def count(**query: Any) -> int:
        return len((await get(api, "events", **query))["events"])

    assert await count(outcome="blocked") == 1
    assert await count(outcome=["blocked", "bounced"]) == 2
    assert await count(**{"not.provider": "yahoo"}) == 2
    assert await count(**{"not.outcome": "delivered", "provider": "yahoo"}) == 2
    assert await count(sourceIp="2001:db8:0::1") == 1
    assert await count(**{"class": "greylist"}) == 1
    # What has no class is not of that class either.
    assert await count(**{"not.class": "greylist"}) == 3
    assert await count(recipientDomain="a.example") == 1
    assert await count(zone="bulk", senderDomain="b.example", provider="other") == 1
    assert await count(**{"from": "-30s"}) == 0


async def test_a_queue_id_is_found_whenever_it_was(api: Api) -> None:
    old = event(api.clock.ago(days=9), "queued")
    later = event(api.clock.ago(days=8), "delivered", queue_id=old.queue_id)
    await api.rows.store([old, later])
    found = await get(api, "events", queueId=old.queue_id)
    assert [row["event"]["action"] for row in found["events"]] == ["delivered", "queued"]
    answer = await api.client.get("/api/v1/mail/events", params={"queueId": "abc"})
    assert (answer.status_code, answer.json()["field"]) == (400, "queueId")


async def test_an_event_says_what_it_means_and_where_zonemta_differs(api: Api) -> None:
    await api.rows.store([
        event(
            api.clock.ago(minutes=1), "deferred", bounce_class="rate_limit", zonemta_category="greylist",
            provider="outlook", extra={"class_detail": "busy"}, next_attempt_ms=api.clock.ago(minutes=-4),
        )
    ])  # fmt: skip
    (row,) = (await get(api, "events"))["events"]
    assert row["categoriesDiffer"] is True
    assert (row["providerName"], row["classDetail"]) == ("Outlook.com", "busy")
    assert "more slowly" in row["meaning"]
    assert row["event"]["nextAttemptMs"] == api.clock.ago(minutes=-4)


async def test_csv_is_safe_to_open(api: Api) -> None:
    await api.rows.store([event(api.clock.ago(minutes=1), "bounced", response='=HYPERLINK("x"), "y"\nz')])
    answer = await api.client.get("/api/v1/mail/events", headers={"Accept": "text/csv"})
    assert answer.headers["content-type"].startswith("text/csv")
    head, row = csv.reader(io.StringIO(answer.text))
    values = dict(zip(head, row, strict=True))
    assert values["response"] == '\'=HYPERLINK("x"), "y"\nz'
    assert values["time"].endswith("+00:00")


async def test_replies_are_grouped_by_their_wording(api: Api) -> None:
    ago = api.clock.ago
    same = {"reply_template": "451 busy", "bounce_class": "rate_limit", "provider": "outlook"}
    await api.rows.store([
        event(ago(minutes=9), "deferred", source_ip="192.0.2.1", **same),
        event(ago(minutes=1), "deferred", source_ip="192.0.2.2", **same),
        event(ago(minutes=1), "bounced", reply_template="550 gone", bounce_class="unknown_user"),
    ])  # fmt: skip
    found = await get(api, "replies", **{"from": "-10m"})
    busy, gone = found["replies"]
    assert (busy["reply"]["n"], busy["reply"]["addresses"], busy["outcome"]) == (2, 2, "deferred")
    assert busy["reply"]["firstSeenMs"] == ago(minutes=9)
    assert sum(busy["trend"]) == 2
    assert busy["trend"][(ago(minutes=1) - found["startMs"]) // found["bucketMs"]] == 1
    assert gone["outcome"] == "bounced"
