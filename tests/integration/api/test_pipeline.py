"""The pipeline about itself, and the verdict."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.integration.api.conftest import Api, serving
from tests.integration.api.mail_rows import event

from wildwatch.api.app import create_app
from wildwatch.api.resources import Resources
from wildwatch.api.settings import ApiSettings
from wildwatch.bus import dead
from wildwatch.cli.embedded.nats_server import NatsServer
from wildwatch.contracts.messages import DeadLetter
from wildwatch.store.mail_queries import MailQueries
from wildwatch.store.pool import DatabaseSettings, open_pool
from wildwatch.store.reading import Reader


async def get(api: Api, path: str) -> dict[str, Any]:
    answer = await api.client.get(f"/api/v1/{path}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def letter(reason: str, at_ms: int) -> DeadLetter:
    return DeadLetter(
        stream="MAIL", subject="wildwatch.v1.mail.mta1", reason=reason, detail=f"at {at_ms}", at_ms=at_ms,
        by="ingest", payload=str(at_ms),
    )  # fmt: skip


async def test_streams_writer_dead_letters_and_database(api: Api) -> None:
    await api.rows.store([event(api.clock.ago(minutes=1), "delivered")])
    await api.admin.js.publish("wildwatch.v1.mail.mta1", b"x" * 1000)
    for at_ms in (1, 2):
        await dead.bury(api.admin, letter("too-large", at_ms))
    await dead.bury(api.admin, letter("no-id", 3))
    found = await get(api, "pipeline")
    streams = {stream["name"]: stream for stream in found["broker"]["streams"]}
    assert streams["MAIL"]["messages"] == 1
    assert streams["MAIL"]["bytes"] > 1000
    assert 0 < streams["MAIL"]["share"] < 0.01
    assert streams["MAIL"]["oldestMs"] is not None
    assert streams["LOG"]["oldestMs"] is None
    assert found["broker"]["writer"]["pending"] == 1
    assert found["broker"]["deadMessages"] == 3
    groups = [(group["reason"], group["count"], group["example"]) for group in found["broker"]["dead"]]
    assert groups == [("too-large", 2, "at 2"), ("no-id", 1, "at 3")]
    assert found["database"]["edition"] == "apache"
    assert found["database"]["chunks"] == 1
    assert found["failures"] == []


async def test_half_of_it_is_told_while_the_broker_is_away(api: Api, fresh_nats_server: NatsServer) -> None:
    fresh_nats_server.kill()
    found = await get(api, "pipeline")
    assert found["broker"] is None
    assert found["database"] is not None
    assert "broker" in found["failures"][0]
    await api.rows.store([event(api.clock.ago(minutes=1), "delivered")])
    status = await get(api, "status")
    assert (status["level"], status["behindS"]) == ("unknown", None)


async def test_nothing_yet(api: Api) -> None:
    status = await get(api, "status")
    assert (status["level"], status["headline"]) == ("unknown", "No mail event has arrived yet.")


async def test_mail_flows(api: Api) -> None:
    await api.rows.store([event(api.clock.ago(seconds=5), "delivered") for _ in range(300)])
    status = await get(api, "status")
    assert (status["level"], status["headline"], status["findings"]) == ("ok", "Mail flows.", [])


async def test_trouble_is_named_worst_first_and_few_attempts_are_none(api: Api) -> None:
    at = api.clock.ago(seconds=5)
    await api.rows.store([
        *(event(at, "delivered", provider="google") for _ in range(300)),
        *(event(at, "delivered", provider="outlook") for _ in range(160)),
        *(event(at, "deferred", provider="outlook") for _ in range(40)),
        *(event(at, "bounced", provider="yahoo") for _ in range(199)),
        *(event(at, "delivered", provider="gmx") for _ in range(180)),
        *(event(at, "bounced", provider="gmx") for _ in range(20)),
    ])  # fmt: skip
    status = await get(api, "status")
    assert status["headline"] == "Mail flows, two things need you."
    assert [(f["level"], f["provider"], f["outcome"]) for f in status["findings"]] == [
        ("critical", "gmx", "bounced"),
        ("warn", "outlook", "deferred"),
    ]
    assert status["findings"][1]["text"] == "Outlook.com defers 20.0\u2009%"


async def test_silence_is_unknown_and_not_well(api: Api) -> None:
    await api.rows.store([event(api.clock.ago(seconds=190), "delivered")])
    status = await get(api, "status")
    assert (status["level"], status["headline"]) == ("unknown", "No events for 3m 10s.")


async def test_a_writer_that_is_behind_makes_no_false_alarm(api: Api) -> None:
    await api.rows.store([event(api.clock.ago(minutes=1), "deferred") for _ in range(300)])
    await api.admin.js.publish("wildwatch.v1.mail.mta1", b"{}")
    api.clock.time += timedelta(minutes=6)
    status = await get(api, "status")
    assert status["level"] == "unknown"
    assert status["headline"].startswith("The pipeline is ")
    assert status["findings"] == []


async def test_a_question_that_takes_too_long_is_a_problem(api: Api) -> None:
    await api.rows.store([event(api.clock.ago(minutes=1), "delivered") for _ in range(5_000)])
    impatient = DatabaseSettings(url=api.database_url, statement_timeout_s=0.001)
    async with open_pool(impatient, "api") as pool:
        own = api.resources
        resources = Resources(
            mail=MailQueries(Reader(pool)), pipeline=own.pipeline, hub=own.hub, page=own.page, now=own.now
        )
        async with serving(create_app(resources, ApiSettings())) as client:
            answer = await client.get("/api/v1/mail/hosts")
    assert (answer.status_code, answer.json()["type"]) == (503, "urn:wildwatch:problem:range-too-large")
