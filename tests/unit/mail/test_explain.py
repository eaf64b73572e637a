# ruff: noqa: RUF001, RUF003 - masks are in ‹›, and replies come in every script
"""The explanation people see, and the bulk check that programs use."""

from __future__ import annotations

import json
import subprocess
import sys

from typer.testing import CliRunner

from wildwatch.cli.explain import app
from wildwatch.mail.explain import explain

REPLY = "554 5.7.1 Service unavailable; Client host [192.0.2.7] blocked using bl.spamcop.net"


def test_an_explanation_names_its_rule() -> None:
    found = explain(REPLY, "mx00.web.de")
    assert (found.verdict.bounce_class, found.rule.name, found.provider_name) == (
        "dnsbl_block",
        "list-spamcop",
        "GMX / WEB.DE",
    )
    assert found.rule.source


def test_people_read_the_verdict_and_its_reason() -> None:
    shown = CliRunner().invoke(app, ["reply", REPLY, "--mx", "mx00.web.de"])
    assert shown.exit_code == 0
    for expected in ("dnsbl_block", "spamcop", "for good", "GMX / WEB.DE", "list-spamcop", "[‹ip›]"):
        assert expected in shown.output


def test_a_reply_is_needed() -> None:
    assert CliRunner().invoke(app, ["reply"]).exit_code == 2


def test_lines_in_lines_out_and_a_bad_line_stops_nothing() -> None:
    lines = [
        {"reply": REPLY, "mx": "mx00.web.de"},
        {"mx": "x"},
        {"reply": "452 4.2.2 Mailbox full", "mx": None},
        {"reply": "550 邮箱已满"},
    ]
    raw = b"\n".join(json.dumps(line).encode() for line in lines) + b'\nnot json\n\n{"reply":"\xff"}\n'
    done = subprocess.run(
        [sys.executable, "-m", "wildwatch.cli.explain", "reply", "--ndjson"],
        input=raw,
        capture_output=True,
        check=True,
    )
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(answers) == 6
    assert answers[0] == {
        "class": "dnsbl_block",
        "permanent": True,
        "provider": "gmx",
        "template": "554 5.7.1 Service unavailable; Client host [‹ip›] blocked using bl.spamcop.net",
        "rule": "list-spamcop",
        "detail": "spamcop",
    }
    assert [("error" in answer, answer.get("class")) for answer in answers] == [
        (False, "dnsbl_block"),
        (True, None),
        (False, "mailbox_full"),
        (False, "mailbox_full"),
        (True, None),
        (True, None),
    ]
