"""From any bytes to a post: a refusal or clean events, never anything else."""

from __future__ import annotations

import itertools
import json
import time
import uuid
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.fixtures.road import HOST, delivered, post_body, uuid7
from tests.integration.ingest.mutations import bodies

from wildwatch.contracts.mail import MailBatch
from wildwatch.contracts.post import batch_time_ms
from wildwatch.ingest import posts, salvage
from wildwatch.ingest.problems import Kind, Refusal
from wildwatch.ingest.settings import IngestSettings
from wildwatch.mail.normalise import Normaliser

NOW_MS = 1_795_318_946_537
SETTINGS = IngestSettings()
NORMALISER = Normaliser()
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(exclude_categories=())),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


def taken(raw: bytes) -> tuple[posts.PreparedPost, list[MailBatch]]:
    """Raw bytes as what is published. Raises `Refusal`."""
    post = posts.decode(raw, SETTINGS.max_events_per_post)
    posts.check_envelope(post, HOST, SETTINGS, int(time.time() * 1000))
    prepared = posts.prepare(post, NORMALISER, SETTINGS, NOW_MS)
    batches = [msgspec.json.decode(part, type=MailBatch) for _, part in prepared.parts]
    assert sum(len(batch.events) for batch in batches) == prepared.accepted
    assert prepared.accepted + len(prepared.rejected) == len(post.events)
    for batch in batches:
        text = msgspec.json.encode(batch).decode("utf-8")  # a lone surrogate would raise
        assert "\\u0000" not in text
    return prepared, batches


def answered(raw: bytes) -> int:
    """The status ingest would answer with."""
    try:
        taken(raw)
    except Refusal as refusal:
        return refusal.kind.value[0]
    return 202


@settings(max_examples=200)
@given(ANYTHING)
def test_any_json_is_refused_or_taken(value: Any) -> None:
    for raw in (
        json.dumps(value).encode(),
        json.dumps({"batch": uuid7(), "host": HOST, "sent_at": value, "events": value}).encode(),
    ):
        assert answered(raw) in {202, 400, 403, 413, 422}


@settings(max_examples=150)
@given(
    st.lists(
        st.dictionaries(st.sampled_from(list(delivered(1))), ANYTHING, max_size=6) | ANYTHING, max_size=6
    )
)
def test_whatever_stands_beside_it_a_good_event_is_taken(strange: list[Any]) -> None:
    raw = json.dumps(
        {"batch": uuid7(), "host": HOST, "sent_at": 1, "events": [*strange, delivered(7), *strange]}
    ).encode()
    prepared, batches = taken(raw)
    assert len(strange) not in {rejected.index for rejected in prepared.rejected}
    assert "user7@gmail.com" in {event.recipient for batch in batches for event in batch.events}


@settings(max_examples=150)
@given(st.binary(max_size=400))
def test_any_bytes_are_refused_or_taken(raw: bytes) -> None:
    for sent in (raw, post_body([delivered(1)])[:50] + raw + post_body([delivered(1)])[50:]):
        assert answered(sent) in {202, 400, 403, 413, 422}


def test_mutated_real_posts_are_refused_or_taken() -> None:
    answers = {202: 0, 400: 0, 403: 0, 413: 0, 422: 0}
    for raw, headers in itertools.islice(bodies(seed=7), 1_500):
        if headers:
            continue
        answers[answered(raw)] += 1
    assert answers[202] > 300
    assert min(answers[400], answers[422]) > 30


@given(
    st.lists(
        st.text(st.characters(exclude_categories=("Cs",))) | st.integers() | st.lists(st.integers()),
        max_size=8,
    )
)
def test_salvage_reads_sound_posts_as_the_strict_reader_does(events: list[Any]) -> None:
    for spaces in (None, 1):
        raw = json.dumps(
            {
                "more": {"a": ["}", "]"]},
                "batch": "b",
                "host": "h,}]",
                "sent_at": 1.5,
                "events": events,
                "z": '\\"',
            },
            indent=spaces,
        ).encode()
        strict = posts.decode(raw, 5_000)
        loose = salvage.take_apart(raw, 5_000)
        assert (loose.batch, loose.host, loose.sent_at) == (strict.batch, strict.host, strict.sent_at)
        assert [bytes(event) for event in loose.events] == [bytes(event) for event in strict.events]


@pytest.mark.parametrize(
    "raw",
    [b"", b"{", b"[]", b"{}", b"{,}", b'{"a"}', b'{"a":}', b'{"events":[', b'{"events":["', b'{"events":[}',
     b"x{}",
     b'{"events":[]}x', b'{"events":[]]'],
)  # fmt: skip
def test_a_damaged_frame_is_not_guessed_at(raw: bytes) -> None:
    with pytest.raises((ValueError, msgspec.ValidationError)):
        salvage.take_apart(raw, 10)


def test_salvage_ends_at_its_bounds() -> None:
    with pytest.raises(salvage.TooManyEventsError):
        salvage.take_apart(b'{"events":[' + b"NaN," * 10 + b"1]}", 10)
    began = time.monotonic()
    for bomb in (
        b"[" * 8_000_000,
        b'{"a":' * 1_600_000,
        b'"",' * 2_600_000,
        b'{"events":[' + b"[]," * 2_600_000,
    ):
        with pytest.raises((ValueError, msgspec.ValidationError)):
            salvage.take_apart(b"{" + bomb, 5_000_000)
    assert time.monotonic() - began < 10


def test_a_large_post_travels_in_parts_whose_names_are_its_own() -> None:
    events = [
        delivered(n, **{"messageId": f"<{'x' * 900}{n}@example.test>", "from": "y" * 200 + "@a.test"})
        for n in range(4_000)
    ]
    name = uuid7()
    raw = post_body(events, batch=name)
    [first, again] = [taken(raw)[0] for _ in range(2)]
    names = [part for part, _ in first.parts]
    assert names == [part for part, _ in again.parts]  # the same at every retry
    assert len(set(names)) == len(names) > 1
    assert {batch_time_ms(part) for part in names} == {batch_time_ms(name)}
    assert {uuid.UUID(part).variant for part in names} == {uuid.RFC_4122}
    other = [part for part, _ in taken(post_body(events, batch=uuid7()))[0].parts]
    assert not set(names) & set(other)


def test_every_kind_of_refusal_has_its_own_code() -> None:
    codes = [kind.value[1] for kind in Kind]
    assert len(set(codes)) == len(codes)
    assert all(title and not title.endswith(".") for _, _, title in (kind.value for kind in Kind))
