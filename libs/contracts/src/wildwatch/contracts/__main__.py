"""`python -m wildwatch.contracts [--check] [FOLDER]`: write the contracts' documents into FOLDER (`docs`).

With `--check` nothing is written: exit code 1 and the stale paths when something is.
"""

from __future__ import annotations

import sys
from pathlib import Path

from wildwatch.contracts.generate import documents


def main(arguments: list[str]) -> int:
    """Exit code."""
    wanted = [argument for argument in arguments if not argument.startswith("-")]
    if len(wanted) > 1 or any(argument not in ("--check", *wanted) for argument in arguments):
        sys.stderr.write(f"{__doc__}\n")
        return 2
    folder = Path(wanted[0] if wanted else "docs")
    if "--check" in arguments:
        changed = documents.stale(folder)
        sys.stdout.writelines(f"stale: {folder / path}\n" for path in changed)
        return 1 if changed else 0
    sys.stdout.writelines(f"written: {folder / path}\n" for path in documents.write(folder))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
