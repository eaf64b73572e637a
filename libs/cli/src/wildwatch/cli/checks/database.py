"""Checks of TimescaleDB: reachable, the right extension, migrated, and set up not to lose or fail."""

from __future__ import annotations

import time

from wildwatch.cli.checks import machine
from wildwatch.cli.checks.result import Result, failed, passed, warned
from wildwatch.store.diagnosis import diagnose
from wildwatch.store.errors import NotFitError, StoreError

_MIN_LOCKS = 1024


async def check(url: str) -> list[Result]:
    """Everything about the database, as far as it can be reached."""
    try:
        found = await diagnose(url)
    except NotFitError as error:
        return [failed("database", str(error), "Use a PostgreSQL with TimescaleDB, see docs/operating.md")]
    except StoreError as error:
        return [failed("database", f"no answer ({error})", "Start it, or set WILDWATCH_DATABASE_URL right")]
    results = [
        passed(
            "database",
            f"PostgreSQL {found.server_version}, TimescaleDB {found.extension_version} ({found.edition}), "
            f"{found.size_bytes / 1e9:.2f} GB",
        )
    ]
    if found.pending_migrations:
        missing = f"{len(found.pending_migrations)} pending, first {found.pending_migrations[0]}"
        results.append(failed("migrations", missing, "Run `wildwatch migrate`"))
    else:
        results.append(passed("migrations", "up to date"))
    if found.max_locks_per_transaction < _MIN_LOCKS:
        results.append(
            warned(
                "locks",
                f"max_locks_per_transaction is {found.max_locks_per_transaction}",
                f"Set it to {_MIN_LOCKS} and restart PostgreSQL, or wide searches make the writer fail",
            )
        )
    else:
        results.append(passed("locks", f"max_locks_per_transaction {found.max_locks_per_transaction}"))
    if not (found.fsync and found.synchronous_commit):
        mend = "Set fsync and synchronous_commit on, and restart PostgreSQL"
        results.append(failed("durability", "a commit may be lost in a power failure", mend))
    else:
        results.append(passed("durability", "fsync and synchronous_commit are on"))
    results.append(machine.clock(time.time() - found.now.timestamp(), "the database"))
    return results
