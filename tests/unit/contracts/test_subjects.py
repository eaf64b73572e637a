"""Subject tokens: one token, one name, both ways."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wildwatch.contracts import streams, subjects

NAMES = st.text(st.characters(exclude_categories=()), min_size=1, max_size=60)  # lone surrogates too
LEGAL = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")


@given(NAMES)
def test_a_token_is_one_legal_token(name: str) -> None:
    token = subjects.token(name)
    assert token
    assert set(token) <= LEGAL


@given(NAMES)
def test_a_token_gives_its_name_back(name: str) -> None:
    assert subjects.untoken(subjects.token(name)) == name


@given(NAMES, NAMES)
def test_different_names_have_different_tokens(one: str, other: str) -> None:
    assert (one == other) == (subjects.token(one) == subjects.token(other))


@pytest.mark.parametrize(
    ("name", "token"),
    [
        ("mta1.example.net", "mta1_2eexample_2enet"),
        ("2001:db8::1", "2001_3adb8_3a_3a1"),
        ("_", "_5f"), ("*", "_2a"), (">", "_3e"), ("a b", "a_20b"), ("ü", "_c3_bc"), ("\0", "_00"),
    ],
)  # fmt: skip
def test_tokens_as_documented(name: str, token: str) -> None:
    assert subjects.token(name) == token


def test_the_empty_name_has_no_token() -> None:
    with pytest.raises(ValueError, match="empty"):
        subjects.token("")


@given(NAMES)
def test_subjects_have_the_shape_their_stream_takes(name: str) -> None:
    for build, pattern in (
        (subjects.mail, subjects.ALL_MAIL), (subjects.host_samples, subjects.ALL_HOST),
        (subjects.audit, subjects.ALL_AUDIT), (subjects.log, subjects.ALL_LOG),
        (subjects.dead, subjects.ALL_DEAD), (subjects.live, subjects.ALL_LIVE),
        (subjects.job_schedule, subjects.ALL_JOBS[0]), (subjects.job_run, subjects.ALL_JOBS[1]),
    ):  # fmt: skip
        built = build(name)
        assert built.startswith(pattern.removesuffix("*"))
        assert built.count(".") == pattern.count(".")


def test_a_fact_keeps_the_dots_of_its_kind() -> None:
    assert subjects.fact("ip.paused", "192.0.2.7") == "wildwatch.v1.fact.ip.paused.192_2e0_2e2_2e7"


def test_streams_share_the_budget_and_no_subject() -> None:
    assert sum(stream.share for stream in streams.STREAMS) == pytest.approx(1.0)
    every = [subject for stream in streams.STREAMS for subject in stream.subjects]
    assert len(set(every)) == len(every)
    assert streams.max_bytes(streams.MAIL, 1_000) == 1_800


def test_streams_that_feed_the_database_refuse_rather_than_forget() -> None:
    assert {stream.name for stream in streams.STREAMS if stream.discard == "new"} == {"MAIL", "HOST", "AUDIT"}
