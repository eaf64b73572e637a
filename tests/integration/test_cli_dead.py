"""`wildwatch dead`: set aside, looked at, sent on its way again, counted once."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time

from tests.fixtures.road import Road, delivered

from wildwatch.bus import connection, dead
from wildwatch.contracts import subjects
from wildwatch.contracts.messages import DeadLetter

_HOST = "mta1.example.net"


async def test_a_replayed_event_is_counted_once_and_leaves_the_dead(road: Road) -> None:
    await _bury(road, "mended", json.dumps(delivered(7)))
    listed, _, code = await _run(road, "dead", "list")
    assert code == 0
    assert listed.split()[:3] == ["1", "MAIL", "mended"]
    assert json.loads((await _run(road, "dead", "show", "1"))[0])["host"] == _HOST

    said, _, code = await _run(road, "dead", "replay", "1")
    assert (said.strip(), code) == ("1 replayed, 0 kept.", 0)
    assert await road.wait_rows(1) == 1
    assert (await _run(road, "dead", "list"))[0].strip() == "No dead letters."

    row = (await road.rows("select recipient, host from mail_event"))[0]
    assert (row["recipient"], row["host"]) == ("user7@gmail.com", _HOST)


async def test_dying_between_the_replay_and_the_removal_counts_once(road: Road) -> None:
    from wildwatch.cli.replay import replay
    from wildwatch.mail.normalise import Normaliser

    await _bury(road, "mended", json.dumps(delivered(8)))
    async with connection.connect(road.admin_settings, "admin") as bus:
        buried = await anext(dead.browse(bus))
        await replay(bus, buried, Normaliser())
        await replay(bus, buried, Normaliser())
    await _bury(road, "marker", json.dumps(delivered(9)))
    assert (await _run(road, "dead", "replay", "--reason", "marker"))[2] == 0
    assert await road.wait_rows(2) == 2


async def test_what_is_still_unusable_stays_and_is_said(road: Road) -> None:
    await _bury(road, "broken", json.dumps(delivered(1, id=None)))
    said, complaint, code = await _run(road, "dead", "replay", "--reason", "broken")
    assert (said.strip(), code) == ("0 replayed, 1 kept.", 1)
    assert "1 stays: it is still unusable: id" in complaint
    assert "broken" in (await _run(road, "dead", "list"))[0]


async def _bury(road: Road, reason: str, payload: str) -> None:
    letter = DeadLetter(
        stream="MAIL", subject=subjects.mail(_HOST), reason=reason, detail="for a test",
        at_ms=int(time.time() * 1000), by="ingest", host=_HOST, payload=payload, form="zonemta_entry",
    )  # fmt: skip
    async with connection.connect(road.admin_settings, "admin") as bus:
        await dead.bury(bus, letter)


async def _run(road: Road, *arguments: str) -> tuple[str, str, int | None]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "wildwatch.cli.main", *arguments,
        env={**os.environ, **road.environment("admin")},
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, err = await process.communicate()
    return out.decode(), err.decode(), process.returncode
