"""From a real ZoneMTA through ingest, JetStream and writer into `mail_event`."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from tests.e2e.zonemta.configuration import ADDRESSES, INLINE_ADDRESS, INSTANCE
from tests.e2e.zonemta.fixtures import MakeZoneMta
from tests.e2e.zonemta.mta import ZoneMta
from tests.e2e.zonemta.program import wait_until
from tests.fixtures.road import HOST, Road

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]

KINDS = {
    "ok": ("delivered", 250, None),
    "nouser": ("bounced", 550, "5.1.1"),
    "spam": ("bounced", 550, "5.7.1"),
    "grey": ("deferred", 450, "4.2.0"),
    "listed": ("deferred", 554, "5.7.1"),
}


def sql_list(ids: list[str]) -> str:
    """Queue ids as a list of literals; they are hexadecimal, ZoneMTA made them."""
    assert all(queue_id.isalnum() for queue_id in ids)
    return ",".join(f"'{queue_id}'" for queue_id in ids)


async def rows_of(road: Road, ids: list[str], at_least: int, timeout_s: float = 60) -> list[Any]:
    """The rows of these messages, once there are enough of them."""
    query = f"select * from mail_event where queue_id in ({sql_list(ids)}) order by time, seq"
    async with asyncio.timeout(timeout_s):
        while len(rows := await road.rows(query)) < at_least:  # noqa: ASYNC110 - other processes write it
            await asyncio.sleep(0.1)
    return rows


async def test_outcomes_become_rows(road: Road, zonemta: MakeZoneMta) -> None:
    mta: ZoneMta = await asyncio.to_thread(zonemta, road.ingest_url, road.key, host=HOST)
    ids = {kind: mta.send(f"{kind}1@{kind}.test") for kind in KINDS}
    ids["greet"] = mta.send("ok1@greet.test")
    ids["dead"] = mta.send("ok1@dead.test")
    async with asyncio.timeout(60):
        for queue_id in ids.values():
            await rows_of(road, [queue_id], 2)

    for kind, (action, code, enhanced) in KINDS.items():
        rows = await rows_of(road, [ids[kind]], 2)
        [queued] = [row for row in rows if row["action"] == "queued"]
        attempt = next(row for row in rows if row["seq"] == "001" and row["action"] != "dsn")
        assert (queued["mailbox"], queued["interface"], str(queued["client_ip"])) == (
            "alice@example.test", "feeder", "127.0.0.1",
        )  # fmt: skip
        assert (attempt["action"], attempt["smtp_code"]) == (action, code), kind
        assert attempt["enhanced_code"] == enhanced or kind == "ok", kind
        assert str(attempt["source_ip"]) in ADDRESSES
        assert (attempt["zone"], attempt["pool"], attempt["attempt"]) == ("default", "main", 1)
        assert (attempt["host"], attempt["instance"]) == (HOST, INSTANCE)
        assert attempt["mailbox"] == "alice@example.test"
        assert attempt["queued_ms"] >= 0
        assert attempt["message_id"] == queued["message_id"]
        assert not attempt["time_suspect"]

    greet = next(row for row in await rows_of(road, [ids["greet"]], 2) if row["action"] == "deferred")
    assert str(greet["source_ip"]) in greet["response"]
    dead = next(row for row in await rows_of(road, [ids["dead"]], 2) if row["action"] == "deferred")
    assert (str(dead["source_ip"]), dead["pool"]) == (INLINE_ADDRESS, "zone:dead")


async def test_nothing_is_lost_or_counted_twice_when_ingest_and_zonemta_restart(
    road: Road, zonemta: MakeZoneMta
) -> None:
    mta: ZoneMta = await asyncio.to_thread(
        zonemta, road.ingest_url, road.key, host=HOST, retry_base_ms=100, retry_max_ms=1000
    )
    ids = [mta.send("ok1@rcpt.test")]
    await rows_of(road, ids, 2)
    road.ingest.stop()
    ids += [mta.send(f"ok{number}@rcpt.test") for number in range(2, 6)]
    released = lambda: mta.under_way() == 0  # noqa: E731 - short and used twice
    await asyncio.to_thread(wait_until, released, 40, lambda: mta.log()[-3000:])
    await asyncio.to_thread(mta.restart)
    assert mta.spooled()
    road.ingest.start()
    road.ingest.wait_ready()
    ids.append(mta.send("ok6@rcpt.test"))
    await asyncio.to_thread(wait_until, released, 40, lambda: mta.log()[-3000:])
    await rows_of(road, ids, 2 * len(ids))
    assert await asyncio.to_thread(mta.stop) == 0

    rows = await rows_of(road, ids, 2 * len(ids))
    assert sorted((row["queue_id"], row["action"]) for row in rows) == sorted(
        (queue_id, action) for queue_id in ids for action in ("delivered", "queued")
    )
    numbers = await road.rows(
        "select pid, count(*) as n, count(distinct n) as distinct_n, max(n) as last"
        " from mail_event group by pid"
    )
    assert all(row["n"] == row["distinct_n"] == row["last"] for row in numbers), numbers
