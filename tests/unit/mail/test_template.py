# ruff: noqa: RUF001, RUF003 - masks are in ‹›, and replies come in every script
"""One kind of reply, one template, whoever and whenever it concerns."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.mail.replies import read

from wildwatch.mail.template import Masker, template

ROWS = read("replies") + read("replies-holdout")


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (
            "451 4.7.650 The mail server [198.51.100.7] has been rate limited due to IP reputation. (S775)",
            "451 4.7.650 The mail server [‹ip›] has been rate limited due to IP reputation. (S775)",
        ),
        (
            "451 busy [DB5EUR01FT042.prod.protection.outlook.com 2026-03-02T10:11:12.345Z 08DC1234]",
            "451 busy [‹host› ‹n› ‹id›]",
        ),
        (
            "550-5.1.1 No account. 550-5.1.1 Try\n550 5.1.1 https://support.google.com/?p=NoSuchUser a64-1.2",
            "550 5.1.1 No account. Try https://support.google.com/?p=NoSuchUser ‹id›",
        ),
        (
            "421 4.7.0 [TSS04] Messages from 2001:db8::7 deferred; https://postmaster.yahooinc.com/error-codes",
            "421 4.7.0 [TSS04] Messages from ‹ip› deferred; https://postmaster.yahooinc.com/error-codes",
        ),
        (
            "550 5.1.1 <bob@example.org>: Recipient address rejected",
            "550 5.1.1 <‹address›>: Recipient address rejected",
        ),
        (
            "554 5.7.1 blocked using zen.spamhaus.org; https://www.spamhaus.org/query/ip/192.0.2.1",
            "554 5.7.1 blocked using zen.spamhaus.org; https://www.spamhaus.org/query/ip/‹id›",
        ),
        ("550 5.2.0 Mail rejete. OFR_506 [506]", "550 5.2.0 Mail rejete. OFR_506 [‹n›]"),
        ("554 IP=192.0.2.1 - A problem occurred. (BL)", "554 IP=‹ip› - A problem occurred. (BL)"),
        ("421 Try in 300 seconds, mx7.example.org", "421 Try in ‹n› seconds, ‹host›"),
        ("550 see http://mail.example.org/why?id=7", "550 see ‹url›"),
        ("550 [2026-11-22 10:20:30] queued as 4XyzAB1234z", "550 [‹n› ‹n›] queued as ‹id›"),
        ("邮箱bob@qq.com已满", "邮箱‹address›已满"),
        ("", ""),
    ],
)
def test_examples(reply: str, expected: str) -> None:
    assert template(reply) == expected


WORDS = st.sampled_from([row.reply for row in ROWS])
TEXTS = st.text(st.characters(), max_size=400) | WORDS | st.lists(WORDS, min_size=2, max_size=6).map(" ".join)


@settings(max_examples=500, deadline=None)
@given(reply=TEXTS)
def test_a_template_is_its_own_template(reply: str) -> None:
    once = template(reply)
    assert len(once) <= 300
    assert template(once) == once


LOCAL = st.text("abcdefghijklmnopqrstuvwxyz0123456789.+-", min_size=1, max_size=12)
ADDRESS = st.builds(
    lambda local, host: f"a{local}@{host}.example.com", LOCAL, st.text("abcxyz019", min_size=1, max_size=9)
)
IPV4 = st.ip_addresses(v=4).map(str)
IPV6 = (
    st.ip_addresses(v=6)
    .filter(lambda address: not address.ipv4_mapped)
    .map(str)
    .filter(lambda text: text.count(":") > 2)
)
QUEUE_ID = st.text("abcdef0123456789", min_size=8, max_size=18).filter(
    lambda text: not text.isalpha() and not text.isdigit()
)
NUMBER = st.integers(0, 10**12).map(str)


@settings(max_examples=300, deadline=None)
@given(
    first=st.tuples(ADDRESS, IPV4, QUEUE_ID, NUMBER, IPV6),
    second=st.tuples(ADDRESS, IPV4, QUEUE_ID, NUMBER, IPV6),
)
def test_what_varies_does_not_show(first: tuple[str, ...], second: tuple[str, ...]) -> None:
    kind = "451 4.7.1 <{0}>: Client [{1}] deferred for {3} seconds; id={2}, from {4} (S775) {0}"
    assert template(kind.format(*first)) == template(kind.format(*second))
    assert ipaddress.ip_address(first[1])


def test_memory_changes_no_mask() -> None:
    tiny = Masker(max_cache_entries=2)
    roomy = Masker(max_cache_entries=10_000)
    for row in ROWS:
        assert tiny.mask(row.reply) == roomy.mask(row.reply) == roomy.mask(row.reply)
