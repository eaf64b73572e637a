"""The folder of `wildwatch up`: one at a time, room on the disk, a budget that stays."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import NamedTuple

import pytest

from wildwatch.cli.errors import StartError
from wildwatch.cli.stack import folder


class _Disk(NamedTuple):
    total: int
    used: int
    free: int


def _with_free(monkeypatch: pytest.MonkeyPatch, free: int, total: int = 100_000_000_000) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: _Disk(total, total - free, free))


def test_a_claimed_folder_is_refused_until_it_is_let_go(tmp_path: Path) -> None:
    with (
        folder.claimed(tmp_path),
        pytest.raises(StartError, match="already runs on"),
        folder.claimed(tmp_path),
    ):
        pass
    with folder.claimed(tmp_path):
        pass


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with (
        pytest.raises(StartError, match="cannot be written: Not a directory"),
        folder.claimed(tmp_path / "file/var"),
    ):
        pass


@pytest.mark.parametrize("free", [0, 400_000_000, 4_900_000_000])
def test_a_nearly_full_disk_is_refused_with_the_mend(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int
) -> None:
    _with_free(monkeypatch, free)
    with pytest.raises(StartError, match=r"nearly full.* Free some until 5% is free"):
        folder.require_room(tmp_path)


def test_enough_room_is_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _with_free(monkeypatch, 5_100_000_000)
    folder.require_room(tmp_path)


def test_the_budget_is_decided_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _with_free(monkeypatch, 50_000_000_000)
    assert folder.stream_budget(tmp_path, 0) == 15_000_000_000
    _with_free(monkeypatch, 10_000_000_000)
    assert folder.stream_budget(tmp_path, 0) == 15_000_000_000
    assert folder.stream_budget(tmp_path, 3_000_000_000) == 3_000_000_000
