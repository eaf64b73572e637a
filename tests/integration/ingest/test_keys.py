"""Keys: revoked within two seconds, bound to networks, believed through no proxy but ours."""

from __future__ import annotations

import asyncio
import time

import pytest
from tests.fixtures.road import delivered, post_body
from tests.integration.ingest.door import Door, OpenDoor, until

from wildwatch.bus import connection, keyvalue
from wildwatch.cli import keys
from wildwatch.contracts.streams import API_KEYS


async def status(door: Door, key: str, from_address: str = "127.0.0.1", *forwarded: str) -> int:
    headers = [("X-Forwarded-For", value) for value in forwarded]
    return (await door.post(post_body([delivered(1)]), key=key, from_address=from_address, headers=headers))[
        0
    ]


async def added(door: Door, **members: object) -> str:
    """A key that ingest knows by now."""
    key = await door.road.add_key(**members)

    async def known() -> bool:
        return await status(door, key) != 401

    await until(known)
    return key


async def revoke(door: Door, key: str) -> None:
    async with connection.connect(door.road.admin_settings, "admin") as bus:
        await keyvalue.remove(bus, API_KEYS, keys.hash_of(key))


async def test_a_revoked_key_is_refused_within_two_seconds(door: Door) -> None:
    key = await added(door)
    await revoke(door, key)

    async def refused() -> bool:
        return await status(door, key) == 401

    assert await until(refused) < 2
    assert await status(door, door.road.key) == 202


async def test_a_key_revoked_after_a_broker_restart_is_refused_within_two_seconds(
    door_factory: OpenDoor,
) -> None:
    async with door_factory() as door:
        key = await added(door)
        await asyncio.to_thread(door.road.nats.restart)

        async def taken() -> bool:
            return await status(door, key) == 202

        await until(taken)
        await revoke(door, key)

        async def refused() -> bool:
            return await status(door, key) == 401

        assert await until(refused) < 2


async def test_a_key_revoked_while_ingest_cannot_see_the_broker(door_factory: OpenDoor) -> None:
    """The last known keys stay in force without it; what changed meanwhile counts at once after."""
    async with door_factory() as door:
        key = await added(door)
        door.process.freeze()
        await revoke(door, key)
        await asyncio.to_thread(door.road.nats.restart)
        door.process.thaw()

        async def refused() -> bool:
            return await status(door, key) == 401

        await until(refused)


async def test_an_entry_that_cannot_be_read_costs_no_other_key(door: Door) -> None:
    async with connection.connect(door.road.admin_settings, "admin") as bus:
        await keyvalue.put(bus, API_KEYS, "0" * 64, b"not json")
        await keyvalue.put(
            bus, API_KEYS, "1" * 64, b'{"prefix":"x","host":"h","scopes":["mail"],"networks":["x"]}'
        )
    key = await added(door)
    assert await status(door, key) == 202
    async with connection.connect(door.road.admin_settings, "admin") as bus:
        for digit in "01":
            await keyvalue.remove(bus, API_KEYS, digit * 64)


async def test_403_from_outside_the_keys_networks(door: Door) -> None:
    key = await added(door, networks=["127.0.0.64/26", "2001:db8::/32"])
    assert await status(door, key, "127.0.0.1") == 403
    assert await status(door, key, "127.0.0.65") == 202


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("127.0.0.2", ("127.0.0.70",), 202),  # through our proxy
        ("127.0.0.2", ("127.0.0.70, 127.0.0.3",), 202),  # through both
        ("127.0.0.2", ("127.0.0.70", "127.0.0.3"), 202),  # each proxy with a line of its own
        ("127.0.0.2", ("203.0.113.1",), 403),
        ("127.0.0.2", ("127.0.0.70, 203.0.113.1",), 403),  # the sender's own claim stands left of the proxy's
        ("127.0.0.2", ("127.0.0.70", "203.0.113.1"), 403),  # also on a line of its own
        ("127.0.0.2", ("127.0.0.70,garbage",), 403),
        ("127.0.0.2", ("127.0.0.70,",), 403),
        ("127.0.0.2", ("",), 403),  # the proxy itself
        ("127.0.0.2", ("::ffff:127.0.0.70",), 202),
        ("127.0.0.2", ("2001:db8::1",), 202),
        ("127.0.0.9", ("127.0.0.70",), 403),  # no proxy of ours
        ("127.0.0.70", ("203.0.113.1",), 202),  # a sender need not be believed to its harm either
    ],
)
async def test_forwarded_for_is_believed_from_our_proxies_alone(
    door: Door, networked_key: str, peer: str, forwarded: tuple[str, ...], expected: int
) -> None:
    assert await status(door, networked_key, peer, *forwarded) == expected


@pytest.fixture(scope="module")
async def networked_key(door: Door) -> str:
    return await added(door, networks=["127.0.0.64/26", "2001:db8::/32"])


async def test_keys_are_in_no_log_and_no_answer(door: Door) -> None:
    secret = f"ww_{time.monotonic_ns()}_verysecret"
    for attempt in (f"Bearer {secret}", f"Basic {secret}", secret):
        head = f"POST /v1/events/mail HTTP/1.1\r\nHost: x\r\nAuthorization: {attempt}\r\n"
        answer = await door.raw(f"{head}Content-Length: 0\r\n\r\n".encode())
        assert secret.encode() not in answer.body
    assert secret not in door.log_text()
    assert keys.hash_of(door.road.key) not in door.log_text()
