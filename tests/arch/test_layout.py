"""The house rules that a machine can hold."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MAX_LINES = 300

LONG: dict[str, str] = {
    "libs/mail/src/wildwatch/mail/normalise.py": "one entry becomes one event, step by step",
}
"""Modules above 300 lines, each with its reason."""

FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "manager", "common", "misc", "tools"}


def tracked(*patterns: str) -> list[Path]:
    """Files git knows, those that are removed left out."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", *patterns], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def sources() -> list[Path]:
    return [path for path in tracked("libs/*.py", "services/*.py") if "/src/" in path.as_posix()]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def texts() -> Iterator[tuple[str, str]]:
    """Name and content of each tracked text file."""
    for path in tracked():
        try:
            yield name_of(path), path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


def test_imports_go_one_way() -> None:
    done = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
        cwd=ROOT, check=False, capture_output=True, text=True, timeout=100,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]


def test_a_module_holds_one_idea() -> None:
    long = {name_of(path) for path in sources() if len(path.read_text().splitlines()) > MAX_LINES}
    assert long - set(LONG) == set(), "split it, or give its reason in LONG"
    assert set(LONG) - long == set(), "no longer long: take it out of LONG"


def test_no_module_is_a_drawer_for_odds_and_ends() -> None:
    named = {
        name_of(path)
        for path in tracked("*.py")
        if {path.stem, *path.parent.relative_to(ROOT).parts} & FORBIDDEN_NAMES
    }
    assert named == set()


SQL = re.compile(
    r"\b(select\s+.+\s+from|insert\s+into|update\s+\w+\s+set|delete\s+from|create\s+(table|index)"
    r"|alter\s+table|copy\s+\w+\s+from)\b",
    re.IGNORECASE | re.DOTALL,
)
SQL_OUTSIDE: dict[str, str] = {
    "libs/cli/src/wildwatch/cli/embedded/timescaledb.py": "databases before there is a schema",
}


def test_only_store_speaks_sql() -> None:
    found = {
        name
        for path in sources()
        if "libs/store/" not in (name := name_of(path))
        for text in strings(path)
        if SQL.search(text)
    }
    assert found - set(SQL_OUTSIDE) == set()


def strings(path: Path) -> Iterator[str]:
    """Every text in a module but its docstrings."""
    tree = ast.parse(path.read_text())
    described = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    described |= {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in described:
            yield node.value


def test_only_contracts_knows_subjects() -> None:
    found = {
        name_of(path)
        for path in sources()
        if "libs/contracts/" not in name_of(path)
        for text in strings(path)
        if "wildwatch.v1" in text or text.startswith("wildwatch.v")
    }
    assert found == set()


def test_every_portion_is_typed_and_leaves_the_namespace_open() -> None:
    portions = {
        path.parent
        for path in tracked("libs/*/src/wildwatch/*/__init__.py", "services/*/src/wildwatch/*/__init__.py")
    }
    tops = {folder for folder in portions if folder.parent.name == "wildwatch"}
    assert tops
    for folder in tops:
        assert (folder / "py.typed").is_file(), folder
        assert not (folder.parent / "__init__.py").exists(), folder


IGNORE = re.compile(r"#\s*(type:\s*ignore|noqa)(?P<codes>(\[[^\]]+\]|:\s*[A-Z0-9, ]+)?)(?P<reason>.*)$")


def test_every_ignore_names_its_rule_and_its_reason() -> None:
    """The reason stands behind it, or in a comment above it."""
    bare = []
    for path in sources():
        lines = path.read_text().splitlines()
        for number, line in enumerate(lines):
            if not (found := IGNORE.search(line)):
                continue
            has_reason = len(found["reason"].strip(" #-")) > 3 or any(
                above.lstrip().startswith("#") for above in lines[max(0, number - 2) : number]
            )
            if not found["codes"] or not has_reason:
                bare.append(f"{name_of(path)}:{number + 1}")
    assert bare == []


REGISTRIES = (
    "registry.npmjs" + ".org",
    "pypi" + ".org",
    "pythonhosted" + ".org",
    "files.python" + "hosted",
    "proxy.golang" + ".org",
)


def test_nothing_names_a_package_registry() -> None:
    named = {name for name, text in texts() if any(host in text for host in REGISTRIES)}
    assert named == set()


MACHINE = re.compile(r"(?<![\w.])/(work|home/\w+|root|Users/\w+)/[\w.]")
MACHINE_ALLOWED: dict[str, str] = {}


def test_nothing_names_a_path_of_one_machine() -> None:
    own = name_of(Path(__file__))
    named = {name for name, text in texts() if name != own and MACHINE.search(text)}
    assert named - set(MACHINE_ALLOWED) == set()


def test_there_is_no_lock_with_addresses_in_it() -> None:
    names = {path.name for path in tracked()}
    assert "uv.lock" not in names
    for lock in tracked("*package-lock.json"):
        assert '"resolved": "http' not in lock.read_text(), lock


def test_no_secret_is_tracked() -> None:
    kinds = {".seed", ".key", ".pem", ".nk"}
    assert [name_of(path) for path in tracked() if path.suffix in kinds or path.name == ".env"] == []


@pytest.mark.parametrize("folder", ["libs", "services"])
def test_every_portion_has_its_own_project_file(folder: str) -> None:
    for portion in (ROOT / folder).iterdir():
        if (portion / "src").is_dir():
            assert (portion / "pyproject.toml").is_file(), portion
