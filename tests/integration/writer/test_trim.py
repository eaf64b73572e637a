"""What leaves the broker, and what must not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
from tests.integration.writer.bench import Bench, batch, event, eventually

from wildwatch.bus import consume, provision
from wildwatch.bus.trim import TrimSettings, trim
from wildwatch.contracts import streams
from wildwatch.contracts.streams import MAIL, WRITER_MAIL

NOTHING_TO_REPLAY = TrimSettings(replay_window_s=0)


async def first_seq(bench: Bench) -> int:
    info = await bench.bus.js.stream_info(MAIL.name)
    return info.state.first_seq


def now() -> datetime:
    return datetime.now(UTC) + timedelta(seconds=1)


async def test_what_is_not_acknowledged_stays_whatever_is_acknowledged_behind_it(bench: Bench) -> None:
    for n in range(10):
        await bench.publish(batch([event(n)]))
    consumer = await consume.bind(bench.bus, WRITER_MAIL)
    deliveries = await consumer.fetch(10, 2)
    assert [delivery.stream_seq for delivery in deliveries] == list(range(1, 11))
    for delivery in deliveries:
        if delivery.stream_seq not in (4, 7):
            await delivery.acknowledge()

    async def only_two_are_left() -> bool:
        return await bench.ack_pending() == 2

    await eventually(only_two_are_left, 5)
    assert await trim(bench.bus, MAIL, NOTHING_TO_REPLAY, now()) == 3
    assert await first_seq(bench) == 4
    await deliveries[6].acknowledge()
    assert await trim(bench.bus, MAIL, NOTHING_TO_REPLAY, now()) == 0
    await deliveries[3].acknowledge()

    async def nothing_is_left() -> bool:
        return await bench.ack_pending() == 0

    await eventually(nothing_is_left, 5)
    assert await trim(bench.bus, MAIL, NOTHING_TO_REPLAY, now()) == 7
    assert await first_seq(bench) == 11


async def test_the_replay_window_stays_although_it_is_committed(bench: Bench) -> None:
    for n in range(6):
        await bench.publish(batch([event(n)]))
    bench.start_writer()
    await bench.drained()
    third = await bench.bus.js.get_msg(MAIL.name, 3)
    assert third.time is not None
    settings = TrimSettings(replay_window_s=600)
    # 600 s before this moment is when the third message was stored.
    assert await trim(bench.bus, MAIL, settings, third.time + timedelta(seconds=600)) == 2
    assert await first_seq(bench) == 3
    assert await trim(bench.bus, MAIL, settings, third.time + timedelta(seconds=500)) == 0
    assert await trim(bench.bus, MAIL, settings, third.time + timedelta(seconds=900)) == 4


async def test_a_filling_stream_lets_committed_messages_go_early_and_no_others(bench: Bench) -> None:
    await provision.provision(bench.bus, provision.StreamSettings(disk_bytes=64_000_000))
    n_bytes = streams.max_bytes(MAIL, 64_000_000)
    payload = msgspec.json.encode([0] * 500_000)
    while (await bench.bus.js.stream_info(MAIL.name)).state.bytes < n_bytes * 0.8:
        await bench.publish_bytes(payload)
    last = (await bench.bus.js.stream_info(MAIL.name)).state.last_seq
    settings = TrimSettings(replay_window_s=7200, high_water_share=0.7)
    assert await trim(bench.bus, MAIL, settings, now()) == 0, "nothing is committed"
    consumer = await consume.bind(bench.bus, WRITER_MAIL)
    committed = last // 2
    taken = 0
    while taken < committed:
        for delivery in await consumer.fetch(min(8, committed - taken), 2):
            await delivery.acknowledge()
            taken += 1
    for _ in range(100):
        if not await trim(bench.bus, MAIL, settings, now()):
            break
    info = await bench.bus.js.stream_info(MAIL.name)
    assert info.state.first_seq <= committed + 1
    assert info.state.bytes <= n_bytes * 0.7
    assert info.state.last_seq == last
