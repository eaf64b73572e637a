"""What `wildwatch doctor` says about the machine."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import NamedTuple

import pytest

from wildwatch.cli.checks import machine


class _Disk(NamedTuple):
    total: int
    used: int
    free: int


@pytest.mark.parametrize(("free", "verdict"), [(40, "pass"), (14, "warn"), (4, "fail")])
def test_free_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, verdict: str) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: _Disk(100, 100 - free, free))
    results = machine.disks({"data": tmp_path, "broker": tmp_path, "absent": tmp_path / "absent"})
    assert [(r.check, r.verdict) for r in results] == [("disk of data", verdict)]  # a volume is judged once
    assert bool(results[0].mend) == (verdict != "pass")


@pytest.mark.parametrize(("offset_s", "verdict"), [(0.3, "pass"), (-5.0, "warn"), (90.0, "fail")])
def test_clock(offset_s: float, verdict: str) -> None:
    assert machine.clock(offset_s, "the database").verdict == verdict


@pytest.mark.parametrize(
    ("said", "verdict"), [("v22.4.0", "pass"), ("v18.20.1", "warn"), ("", "warn"), (None, "warn")]
)
def test_node(tmp_path: Path, said: str | None, verdict: str) -> None:
    program = tmp_path / "node"
    if said is not None:
        program.write_text(f"#!/bin/sh\necho {said}\n")
        program.chmod(0o755)
    assert machine.node(str(program)).verdict == verdict


def test_secrets_that_others_may_read_are_named(tmp_path: Path) -> None:
    seed = tmp_path / "writer.seed"
    seed.touch(mode=0o600)
    assert machine.folder_is_private(tmp_path).verdict == "pass"
    seed.chmod(0o644)
    result = machine.folder_is_private(tmp_path)
    assert result.verdict == "fail"
    assert str(seed) in result.mend
    assert machine.folder_is_private(tmp_path / "absent").verdict == "warn"
