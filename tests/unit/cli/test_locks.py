"""The lock files carry every package that the parts of the project ask for."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[3]
_PARTS = sorted([*_ROOT.glob("libs/*/pyproject.toml"), *_ROOT.glob("services/*/pyproject.toml")])


def _names(requirements: list[str]) -> set[str]:
    return {re.split(r"[\[<>=!~; ]", line, maxsplit=1)[0].lower().replace("_", "-") for line in requirements}


def _locked(name: str) -> set[str]:
    lines = (_ROOT / name).read_text().splitlines()
    return _names([line for line in lines if line and not line.startswith((" ", "#"))])


@pytest.mark.parametrize("part", _PARTS, ids=lambda path: path.parent.name)
def test_what_a_part_needs_is_locked(part: Path) -> None:
    wanted = _names(tomllib.loads(part.read_text())["project"].get("dependencies", []))
    own = {f"wildwatch-{path.parent.name}" for path in _PARTS}
    assert wanted - own <= _locked("requirements.lock"), "run: make lock"


def test_what_the_tests_need_is_locked() -> None:
    groups = tomllib.loads((_ROOT / "pyproject.toml").read_text())["dependency-groups"]
    assert _names(groups["dev"]) <= _locked("requirements-dev.lock"), "run: make lock"


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_every_package_is_pinned_by_hash_and_no_registry_is_named(name: str) -> None:
    text = (_ROOT / name).read_text()
    assert "://" not in text
    for package in re.split(r"\n(?=\S)", text.strip()):
        assert "==" in package.splitlines()[0]
        assert "--hash=sha256:" in package, package.splitlines()[0]
