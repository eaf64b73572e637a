"""What a reply means: class, culprit, for good or for now.

By text and provider first, then by enhanced status code, then by basic code, because the codes and the
texts of real servers disagree. The classes are explained in docs/classification.md.
"""

from __future__ import annotations

import functools
from typing import Final

import msgspec

from wildwatch.mail import provider as providers
from wildwatch.mail.reply import Codes, codes
from wildwatch.mail.rules import RULES_VERSION, by_codes, in_order
from wildwatch.mail.rules.model import Rule, Table, fold
from wildwatch.mail.template import Masker, cut

__all__ = ["CLASSES", "RULES_VERSION", "Classifier", "Verdict", "classify", "judge"]

CLASSES: Final = (
    "unknown_user", "inactive_mailbox", "bad_domain", "mailbox_full", "rate_limit", "greylist",
    "ip_reputation",
    "dnsbl_block", "domain_reputation", "spam_content", "policy", "auth_failed", "size_content_virus",
    "dns_network_timeout_tls", "protocol", "expired", "remote_misconfigured", "other",
)  # fmt: skip

_PERMANENT_BY_CLASS: Final = {
    "greylist": False,
    "rate_limit": False,
    "expired": True,
}


class Verdict(msgspec.Struct, frozen=True):
    """The meaning of one reply. `permanent`: whether the remote meant it for good; None when nobody can
    tell."""

    bounce_class: str
    detail: str | None
    permanent: bool | None
    rule: str
    provider: str | None
    template: str
    codes: Codes


class Classifier:
    """Classifies replies and remembers: verdicts by reply and by masked reply, words by their mask.

    Each of the three memories holds at most `max_cache_entries`; a full one is emptied and learns anew,
    which costs some 100 µs a reply for a while and changes no verdict: a verdict depends on the masked
    reply and provider alone.
    """

    def __init__(self, *, max_cache_entries: int = 20_000) -> None:
        self._max_cache_entries = max_cache_entries
        self._by_reply: dict[tuple[str, str | None], Verdict] = {}
        self._by_masked: dict[tuple[str, str | None], Verdict] = {}
        self._masker = Masker(max_cache_entries=max_cache_entries)
        for is_reply in (True, False):
            _table(is_reply=is_reply)  # compiled now, some 100 ms, so that no reply has to wait for it

    def classify(self, reply: str, provider: str | None) -> Verdict:
        key = (reply, provider)
        verdict = self._by_reply.get(key)
        if verdict is None:
            masked = self._masker.mask(reply)
            verdict = self._by_masked.get((masked, provider))
            if verdict is None:
                verdict = _judge(masked, provider)[0]
                self._keep(self._by_masked, (masked, provider), verdict)
            self._keep(self._by_reply, key, verdict)
        return verdict

    def remembered(self) -> dict[str, int]:
        """How many entries each memory holds now, by its name."""
        return {
            "verdicts_by_reply": len(self._by_reply),
            "verdicts_by_template": len(self._by_masked),
            "words": len(self._masker),
        }

    def _keep(
        self, memory: dict[tuple[str, str | None], Verdict], key: tuple[str, str | None], verdict: Verdict
    ) -> None:
        if len(memory) >= self._max_cache_entries:
            memory.clear()
        memory[key] = verdict


def classify(reply: str, mx: str | None = None, provider: str | None = None) -> Verdict:
    """The verdict on a reply of the server `mx`. `provider`, a slug, wins over what `mx` says.

    Total: any text gets a verdict, in the worst case class `other`. The same input gives the same verdict.
    """
    return judge(reply, mx, provider)[0]


def judge(reply: str, mx: str | None = None, provider: str | None = None) -> tuple[Verdict, Rule]:
    """The verdict and the row of the table that gave it."""
    if provider is None and mx:
        provider = providers.of_mx(mx)
    return _judge(Masker(max_cache_entries=1).mask(reply), provider)


def _judge(masked: str, provider: str | None) -> tuple[Verdict, Rule]:
    found = codes(masked)
    basic = str(found.basic or "")
    table = _table(is_reply=found.basic is not None)
    rule = table.first_match(f" {fold(masked)} ", provider, basic, found.enhanced or "")
    if rule is None:
        rule = by_codes(found)
    permanent = rule.permanent
    if permanent is None:
        permanent = _PERMANENT_BY_CLASS.get(rule.bounce_class)
    if permanent is None and basic:
        permanent = basic[0] == "5"
    if permanent is None and found.enhanced:
        permanent = found.enhanced[0] == "5"
    return Verdict(rule.bounce_class, rule.detail, permanent, rule.name, provider, cut(masked), found), rule


@functools.cache
def _table(*, is_reply: bool) -> Table:
    return Table(in_order(is_reply=is_reply))
