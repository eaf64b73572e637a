"""What stops a command, said in one line with the mend."""

from __future__ import annotations


class StartError(Exception):
    """Something the operator can put right. `problem` says what is wrong, `mend` what to do about it."""

    def __init__(self, problem: str, mend: str = "") -> None:
        super().__init__(f"{problem}. {mend}" if mend else problem)
        self.problem = problem
        self.mend = mend
