"""What makes a key, and what does not."""

from __future__ import annotations

import hashlib

import pytest

from wildwatch.cli import keys


def test_a_key_is_recognised_by_its_prefix_and_known_by_its_hash() -> None:
    key = keys.new_key()
    assert keys.prefix_of(key) == key[:11]
    assert keys.prefix_of(keys.prefix_of(key)) == key[:11]
    assert keys.hash_of(key) == hashlib.sha256(key.encode()).hexdigest()
    assert keys.new_key() != key


def test_a_description_is_made_canonical() -> None:
    made = keys.describe(
        "ww_abcdefgh_secret", " MTA1.Example.NET ", ["mail", "mail"], ["192.0.2.7", "2001:db8::/32"]
    )
    assert (made.prefix, made.host, made.scopes) == ("ww_abcdefgh", "mta1.example.net", ["mail"])
    assert made.networks == ["192.0.2.7/32", "2001:db8::/32"]


@pytest.mark.parametrize(
    ("host", "scopes", "networks", "field"),
    [
        ("", ["mail"], [], "host"),
        ("two words", ["mail"], [], "host"),
        ("h" * 254, ["mail"], [], "host"),
        ("mta1", [], [], "scope"),
        ("mta1", ["everything"], [], "scope 'everything'"),
        ("mta1", ["mail"], ["192.0.2.1/24"], "network '192.0.2.1/24'"),
        ("mta1", ["mail"], ["example.net"], "network 'example.net'"),
    ],
)
def test_a_mistake_names_its_field(host: str, scopes: list[str], networks: list[str], field: str) -> None:
    with pytest.raises(keys.KeyMistakeError, match=field):
        keys.describe(keys.new_key(), host, scopes, networks)
