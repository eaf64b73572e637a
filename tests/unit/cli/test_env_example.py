"""`.env.example` is what `wildwatch env-example` prints."""

from __future__ import annotations

import itertools
from pathlib import Path

from wildwatch.cli.commands.env_example import text

_FILE = Path(__file__).parents[3] / ".env.example"


def test_the_committed_example_is_fresh() -> None:
    assert _FILE.read_text(encoding="utf-8") == text(), "run: .venv/bin/wildwatch env-example > .env.example"


def test_every_setting_is_described_and_named_once() -> None:
    lines = text().splitlines()
    names = [line.split("=")[0] for line in lines if line.startswith("# WILDWATCH_")]
    assert len(names) == len(set(names)) > 20
    for before, line in itertools.pairwise(lines):
        if line.startswith("# WILDWATCH_"):
            assert len(before) > len("# ."), f"{line} has no description"
