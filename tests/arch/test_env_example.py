"""`.env.example` lists every setting of every service, each with what it is for."""

from __future__ import annotations

import importlib

import pytest

from wildwatch.cli.commands import env_example
from wildwatch.runtime import settings


def test_every_setting_says_what_it_is_for() -> None:
    text = env_example.text()
    for line, below in zip(text.splitlines(), text.splitlines()[1:], strict=False):
        if "WILDWATCH_" in below and "=" in below:
            assert len(line.removeprefix("#").strip()) > 10, below


@pytest.mark.parametrize("service", ["api", "ingest", "writer"])
def test_every_service_is_in_it(service: str) -> None:
    kind = importlib.import_module(f"wildwatch.{service}.settings").Settings
    text = env_example.text()
    for leaf in settings.leaves(kind):
        assert f"\n# {leaf.variable}=" in text
