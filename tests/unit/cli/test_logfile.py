"""A child's log is complete while it is small, and bounded when it is not."""

from __future__ import annotations

from pathlib import Path

from wildwatch.cli.stack.logfile import KEPT, RotatingLog


def test_it_appends_over_restarts(tmp_path: Path) -> None:
    for line in (b"one\n", b"two\n"):
        log = RotatingLog(tmp_path / "api.log")
        log.write(line)
        log.close()
    assert (tmp_path / "api.log").read_text() == "one\ntwo\n"


def test_it_is_bounded_and_keeps_the_newest(tmp_path: Path) -> None:
    log = RotatingLog(tmp_path / "api.log", max_bytes=100)
    for number in range(200):
        log.write(f"line {number:04d}\n".encode())
    log.close()
    files = sorted(tmp_path.iterdir())
    assert len(files) == KEPT + 1
    assert all(file.stat().st_size <= 100 for file in files)
    kept = "".join(file.read_text() for file in [*reversed(files[1:]), files[0]]).split("line ")[1:]
    assert [int(number) for number in kept] == list(range(200 - len(kept), 200))
    assert log.tail(2) == ["line 0198", "line 0199"]
