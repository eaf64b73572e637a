"""Children that end with us, also when we are killed."""

from __future__ import annotations

import shutil


def bound_to_parent(command: list[str], signal: str = "TERM") -> list[str]:
    """`command`, sent `signal` by the kernel when the process that starts it dies (where setpriv exists)."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", signal, "--", *command] if setpriv else command
