"""Is mail flowing, and if not, why: one sentence and what needs somebody, from a few facts."""

from __future__ import annotations

from datetime import datetime

import msgspec

from wildwatch.api.mail.schemas import attempts, provider_name
from wildwatch.api.pipeline.schemas import Finding, Level, Thresholds
from wildwatch.store.mail_answers import ProviderTotals

_WORDS = ("nothing", "one thing needs", "two things need", "three things need", "four things need")
_VERBS = {"deferred": "defers", "bounced": "bounces", "blocked": "blocks"}
_ORDER: dict[Level, int] = {"critical": 0, "warn": 1, "unknown": 2, "ok": 3}


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """What the verdict is made from. `behind_s` None: no answer of the broker; `newest` None: no event."""

    now: datetime
    newest: datetime | None
    behind_s: float | None
    known_until: datetime
    providers: list[ProviderTotals]
    dead_messages: int


class Verdict(msgspec.Struct, frozen=True):
    """Level, headline, one more sentence, and the findings, worst first."""

    level: Level
    headline: str
    detail: str | None
    findings: list[Finding]


def verdict(facts: Facts, limits: Thresholds) -> Verdict:
    """Unknown before bad, bad before good: what nobody knows is never called well."""
    if facts.newest is None:
        return Verdict("unknown", "No mail event has arrived yet.", None, [])
    if facts.behind_s is None:
        detail = f"The message broker does not answer; figures are as of {_clock(facts.known_until)}."
        return Verdict("unknown", "Nobody knows whether mail flows.", detail, [])
    if facts.behind_s > limits.behind_critical_s:
        behind, as_of = _duration(facts.behind_s), _clock(facts.known_until)
        detail = "Mail itself may well flow: the writer has not stored its events yet."
        return Verdict("unknown", f"The pipeline is {behind} behind, figures are as of {as_of}.", detail, [])
    silence_s = (facts.now - facts.newest).total_seconds()
    if silence_s > limits.silent_s:
        headline = f"No events for {_duration(silence_s)}."
        detail = "Either nothing is sent, or no ZoneMTA reaches ingest. The pipeline itself is up to date."
        return Verdict("unknown", headline, detail, [])
    found = findings(facts, limits)
    level: Level = min((finding.level for finding in found), key=_ORDER.__getitem__, default="ok")
    if not found:
        return Verdict("ok", "Mail flows.", None, [])
    words = _WORDS[len(found)] if len(found) < len(_WORDS) else f"{len(found)} things need"
    delivered = sum(row.delivered for row in facts.providers)
    is_flowing = delivered * 2 > sum(map(attempts, facts.providers))
    flows = "Mail flows" if is_flowing else "Most mail does not get through"
    return Verdict(level, f"{flows}, {words} you.", None, found)


def findings(facts: Facts, limits: Thresholds) -> list[Finding]:
    """What is over a threshold, worst first, and among equals the larger share."""
    scored: list[tuple[int, float, Finding]] = []
    for row in facts.providers:
        n = attempts(row)
        if n < limits.min_attempts:
            continue
        for outcome in ("blocked", "deferred", "bounced"):
            share = getattr(row, outcome) / n
            if share < getattr(limits, f"{outcome}_warn"):
                continue
            level: Level = "critical" if share >= getattr(limits, f"{outcome}_critical") else "warn"
            name = provider_name(row.provider) if row.provider else "Other receivers"
            verb = _VERBS[outcome] if row.provider else _VERBS[outcome][:-1]
            text = f"{name} {verb} {share * 100:.1f}\u2009%"
            finding = Finding(level, text, outcome=outcome, provider=row.provider or "other")
            scored.append((_ORDER[level], -share, finding))
    if facts.behind_s is not None and facts.behind_s > limits.behind_warn_s:
        text = f"the pipeline is {_duration(facts.behind_s)} behind"
        scored.append((_ORDER["warn"], 0, Finding("warn", text, page="pipeline")))
    if facts.dead_messages:
        text = f"{facts.dead_messages:,} dead letter{'s' if facts.dead_messages > 1 else ''} to look at"
        scored.append((_ORDER["warn"], 0, Finding("warn", text, page="pipeline")))
    return [finding for _, _, finding in sorted(scored, key=lambda row: row[:2])]


def _duration(seconds: float) -> str:
    whole = round(seconds)
    if whole < 60:
        return f"{whole}\u2009s"
    if whole < 3600:
        return f"{whole // 60}m {whole % 60:02d}s"
    if whole < 86_400:
        return f"{whole // 3600}h {whole % 3600 // 60:02d}m"
    return f"{whole // 86_400}d {whole % 86_400 // 3600}h"


def _clock(time: datetime) -> str:
    return f"{time:%H:%M:%S} UTC"
