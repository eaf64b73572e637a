"""Programs of different ages read each other's messages, for ever."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wildwatch.contracts import mail, messages, post, version
from wildwatch.contracts.generate import catalogue, examples

GOLDEN = Path(__file__).parents[2] / "docs/contracts/examples"
BY_NAME = {kind.__name__: kind for kind in catalogue.message_types()}
FILES = sorted(GOLDEN.glob("v*/*.json"))


def payload(**members: Any) -> dict[str, Any]:
    """A message on `MAIL` as loose JSON; `members` replace those of the message."""
    example = examples.all_examples()[mail.MailMessage]["one-post"]
    return {**msgspec.to_builtins(example), **members}


def encoded(value: Any) -> bytes:
    return json.dumps(value).encode()


def test_there_are_golden_files_of_the_first_version() -> None:
    """An example is never taken away: what was once sent may lie in a spool or a backup."""
    names = {path.name for path in FILES if path.parent.name == "v1.0"}
    assert len(names) >= 20
    assert {name.partition(".")[0] for name in names} == set(BY_NAME)


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_old_examples_are_read_for_ever(path: Path) -> None:
    kind = BY_NAME[path.name.partition(".")[0]]
    raw = path.read_bytes()
    decoded: msgspec.Struct = (
        mail.decode(raw) if kind is mail.MailMessage else msgspec.json.decode(raw, type=kind)
    )
    # Nothing is lost on the way: what was said is said again.
    again = json.loads(msgspec.json.encode(decoded))
    assert _without_defaults(json.loads(raw), again) == {}


def _without_defaults(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in old.items() if new.get(key) != value}


VERSIONED = [kind for kind in BY_NAME.values() if "v" in kind.__struct_fields__]


@pytest.mark.parametrize("kind", VERSIONED, ids=lambda kind: str(kind.__name__))
def test_every_message_carries_its_version_on_the_wire(kind: type[msgspec.Struct]) -> None:
    for example in examples.all_examples()[kind].values():
        assert json.loads(msgspec.json.encode(example))["v"] == version.CURRENT


def test_every_message_over_nats_is_versioned() -> None:
    over_http = {body.message for body in catalogue.HTTP}
    assert set(VERSIONED) == set(BY_NAME.values()) - over_http


def test_a_newer_minor_keeps_what_it_does_not_know() -> None:
    newer = payload(v="1.7", more="at the top")
    newer["batches"][0]["more"] = {"of": "a batch"}
    newer["batches"][0]["events"][0] |= {
        "verdict": "clean",
        "extra": {"queued_by": "x"},
        "hops": [1, {"a": None}],
    }
    message = mail.decode(encoded(newer))
    assert message.v == "1.7"
    event = message.batches[0].events[0]
    assert event.extra == {"queued_by": "x", "verdict": "clean", "hops": [1, {"a": None}]}
    assert event.action == "queued"
    assert message.batches[0].events[1].extra is None


def test_the_same_minor_ignores_what_it_does_not_know() -> None:
    same = payload()
    same["batches"][0]["events"][0]["verdict"] = "clean"
    assert mail.decode(encoded(same)).batches[0].events[0].extra is None


@pytest.mark.parametrize("v", ["1.0", "1.1"])
def test_an_unknown_action_becomes_other_with_its_name(v: str) -> None:
    newer = payload(v=v)
    newer["batches"][0]["events"][0] |= {"action": "quarantined", "extra": {"a": 1}}
    event = mail.decode(encoded(newer)).batches[0].events[0]
    assert (event.action, event.extra) == ("other", {"a": 1, "action": "quarantined"})


@pytest.mark.parametrize("action", mail.ACTIONS)
def test_every_known_action_stays(action: str) -> None:
    known = payload()
    known["batches"][0]["events"][0]["action"] = action
    event = mail.decode(encoded(known)).batches[0].events[0]
    assert (event.action, event.extra) == (action, None)


@pytest.mark.parametrize("v", ["2.0", "2.1", "17.0"])
@pytest.mark.parametrize(
    "shape", [{}, {"batches": None}, {"batches": {"a": 1}}, {"batches": [{"events": 5}]}]
)
def test_a_newer_major_is_put_back_whatever_its_shape(v: str, shape: dict[str, Any]) -> None:
    with pytest.raises(version.NewerMajorError, match=v):
        mail.decode(encoded(payload(v=v, **shape)))


MALFORMED = [
    "", "1", "1.", ".1", "1.0.0", "v1.0", "one", "-1.0", "1.-1", "+1.0", " 1.0", "1.0 ", "1_0.0", "1.0_0",
    "01.0", "1.00", "0.1", "\u0661.\u0660", "2.0\n", "9" * 5_000 + ".0", "1e1.0",
]  # fmt: skip


@pytest.mark.parametrize("v", MALFORMED)
def test_a_malformed_version_is_bad_and_never_put_back(v: str) -> None:
    with pytest.raises(ValueError, match="version"):
        version.check(v)
    with pytest.raises(msgspec.DecodeError):
        mail.decode(encoded(payload(v=v)))


@pytest.mark.parametrize("v", [1, 2.0, None, True, [], {}])
def test_a_version_that_is_no_text_is_bad(v: Any) -> None:
    with pytest.raises(msgspec.DecodeError):
        mail.decode(encoded(payload(v=v)))


@given(st.binary(max_size=200) | st.text(max_size=100).map(str.encode))
def test_garbage_is_bad_and_nothing_else(raw: bytes) -> None:
    with pytest.raises(msgspec.DecodeError):
        mail.decode(raw)


@given(st.integers(1, 99_999), st.integers(0, 99_999))
def test_versions_are_compared_by_number(major: int, minor: int) -> None:
    v = f"{major}.{minor}"
    if major > version.MAJOR:
        with pytest.raises(version.NewerMajorError):
            version.check(v)
    else:
        assert version.check(v) is (minor > version.MINOR)


def test_raw_batches_are_read_as_batches() -> None:
    """What ingest encodes without decoding is what the writer reads."""
    batch = examples.batch(examples.delivered(), examples.queued())
    raw = mail.RawMailBatch(
        batch=batch.batch, host=batch.host, received_ms=batch.received_ms, sent_ms=batch.sent_ms,
        rules_version=batch.rules_version, events=msgspec.Raw(msgspec.json.encode(batch.events)),
    )  # fmt: skip
    assert msgspec.json.decode(msgspec.json.encode(raw), type=mail.MailBatch) == batch


def test_unknown_members_of_smaller_messages_are_ignored() -> None:
    letter = msgspec.to_builtins(examples.all_examples()[messages.DeadLetter]["one-event"])
    read = msgspec.json.decode(encoded({**letter, "new": [1]}), type=messages.DeadLetter)
    assert read == examples.all_examples()[messages.DeadLetter]["one-event"]


@pytest.mark.parametrize(
    "batch",
    ["", "x", "f47ac10b-58cc-4372-a567-0e02b2c3d479", "0" * 32, "00000000-0000-7000-0000-000000000000"],
)
def test_only_a_version_7_uuid_names_a_batch(batch: str) -> None:
    with pytest.raises(ValueError, match=r"UUID|uuid"):
        post.batch_time_ms(batch)


@given(st.integers(0, (1 << 48) - 1), st.integers(0, (1 << 74) - 1))
def test_the_time_in_a_name_is_read(at_ms: int, rest: int) -> None:
    value = at_ms << 80 | 7 << 76 | (rest >> 62) << 64 | 2 << 62 | rest & ((1 << 62) - 1)
    import uuid

    assert post.batch_time_ms(str(uuid.UUID(int=value))) == at_ms
