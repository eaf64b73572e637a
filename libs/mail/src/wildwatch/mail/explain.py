"""A verdict with its reasons, for people and for programs that check replies in bulk."""

from __future__ import annotations

from typing import Any

import msgspec

from wildwatch.mail import provider as providers
from wildwatch.mail.classify import RULES_VERSION, Verdict, judge
from wildwatch.mail.rules.model import Rule

__all__ = ["Explanation", "Question", "answer_line", "explain"]


class Explanation(msgspec.Struct, frozen=True):
    """The verdict, the row of the table that gave it, the provider by its name, the version of the rules."""

    verdict: Verdict
    rule: Rule
    provider_name: str | None
    rules_version: int


class Question(msgspec.Struct):
    """One line of a bulk check."""

    reply: str
    mx: str | None = None


_decode = msgspec.json.Decoder(Question).decode


def explain(reply: str, mx: str | None = None, provider: str | None = None) -> Explanation:
    """What `reply` of the server `mx` means, and why."""
    verdict, rule = judge(reply, mx, provider)
    name = providers.DISPLAY_NAMES.get(verdict.provider) if verdict.provider else None
    return Explanation(verdict, rule, name, RULES_VERSION)


def answer_line(line: bytes) -> bytes:
    """A JSON line `{"class","permanent","provider","template","rule"}` for a JSON line `{"reply","mx"}`.

    A line that cannot be read is answered with `{"error"}`.
    """
    try:
        question = _decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return msgspec.json.encode({"error": f'expected {{"reply": "…", "mx": "…"}}: {error}'})
    verdict, rule = judge(question.reply, question.mx)
    answer: dict[str, Any] = {
        "class": verdict.bounce_class,
        "permanent": verdict.permanent,
        "provider": verdict.provider,
        "template": verdict.template,
        "rule": rule.name,
    }
    if verdict.detail is not None:
        answer["detail"] = verdict.detail
    return msgspec.json.encode(answer)
