"""A TimescaleDB of our own: one data folder, one server on 127.0.0.1, stopped cleanly."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

from wildwatch.cli.embedded import identity, ports, postgres_settings, secrets
from wildwatch.cli.embedded.installation import Installation, ensure_installed
from wildwatch.cli.errors import StartError

__all__ = ["Cluster", "Installation", "ensure_installed"]

SUPERUSER = "postgres"
ROLE = "wildwatch"
DATABASE = "wildwatch"

_START_TIMEOUT_S = 60


class Cluster:
    """One PostgreSQL data folder and its server; a context manager.

    `folder` holds `data/` (given to the server's uid) and `secrets/`. `start` makes what is missing: the
    data folder, the role and database `wildwatch`, the extension. `throwaway` switches durability off and
    is for tests alone. `port` 0 takes a free one at every start.
    """

    def __init__(
        self,
        installation: Installation,
        folder: Path,
        *,
        port: int = 0,
        throwaway: bool = False,
        secrets_folder: Path | None = None,
        logs: Path | None = None,
    ) -> None:
        self.installation = installation
        self.folder = folder.resolve()
        self.data = self.folder / "data"
        self.logs = (logs or self.folder / "log").resolve()
        self.port = port
        self._wanted_port = port
        self._throwaway = throwaway
        self._secrets = secrets_folder or self.folder / "secrets"
        self._identity = identity.choose(self.data)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Serve. A server already running on the data folder is stopped first, it may have other settings."""
        self._prepare_folder()
        if self.running():
            self.stop()
        elif (pid := self._recorded_pid()) is not None and Path(f"/proc/{pid}").exists():
            # After a reboot the number may belong to another program, and PostgreSQL would refuse to start.
            (self.data / "postmaster.pid").unlink()
        for attempt in range(3):  # a free port may be taken between looking and listening
            self.port = self._wanted_port or ports.free_port()
            self._configure()
            problem = self._launch()
            if problem is None:
                break
            if self._wanted_port or "could not create any TCP/IP sockets" not in problem or attempt == 2:
                raise StartError(f"The database did not start: {problem}", f"See {self._start_log}")
        self._ensure_database()

    def stop(self, timeout_s: int = 15) -> None:
        """Stop: fast (open transactions roll back, a checkpoint is written), at once only if that hangs."""
        if not self.running():
            return
        quickly = "immediate" if self._throwaway else "fast"
        if self._pg_ctl("stop", "-m", quickly, "-t", str(timeout_s)).returncode:
            self._pg_ctl("stop", "-m", "immediate", "-t", "5")

    def kill(self) -> None:
        """Stop as a crash would: no checkpoint, recovery at the next start."""
        self._pg_ctl("stop", "-m", "immediate", "-t", "10")

    def running(self) -> bool:
        """Whether a server runs on this data folder; a stale `postmaster.pid` does not count."""
        pid = self._recorded_pid()
        return pid is not None and str(self.data) in _command_line(pid)

    def dsn(self, database: str = DATABASE, *, admin: bool = False) -> str:
        """`postgresql://…` for the role that owns the product's tables, or for the superuser."""
        role = SUPERUSER if admin else ROLE
        password = quote(secrets.kept(self._secret(role)), safe="")
        return f"postgresql://{role}:{password}@{ports.LOOPBACK}:{self.port}/{database}"

    def sql(self, statement: str, database: str = "postgres") -> str:
        """Run `statement` as superuser; returns psql's unaligned rows. Raises `StartError` with its error."""
        result = self._identity.run(
            [str(self.installation.bin / "psql"), "-XqAt", "-v", "ON_ERROR_STOP=1", "-h", ports.LOOPBACK,
             "-p", str(self.port), "-U", SUPERUSER, "-d", database, "-c", statement],
            env={"PGPASSWORD": secrets.kept(self._secret(SUPERUSER)), "PGCONNECT_TIMEOUT": "10"},
        )  # fmt: skip
        if result.returncode:
            raise StartError(f"The database refused: {result.stdout.strip().splitlines()[-1]}")
        return result.stdout.strip()

    def create_database(self, name: str, template: str | None = None) -> str:
        """Make a database owned by the product's role, a copy of `template` if given; returns its DSN."""
        copy = f"TEMPLATE {template} STRATEGY FILE_COPY" if template else ""
        self.sql(f'CREATE DATABASE "{name}" OWNER {ROLE} {copy}')
        if not template:
            self.sql("CREATE EXTENSION timescaledb", name)
        return self.dsn(name)

    def drop_database(self, name: str) -> None:
        """Drop it together with its connections."""
        self.sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _prepare_folder(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self._identity.require_way_to(self.data)
        self._identity.require_way_to(self.installation.bin / "postgres")
        self.logs.mkdir(parents=True, exist_ok=True)
        version = self.data / "PG_VERSION"
        if version.exists():
            found = version.read_text().strip()
            if found != str(self.installation.major):
                raise StartError(
                    f"{self.data} was written by PostgreSQL {found}, here is {self.installation.major}",
                    "Dump it with the old one and restore, or move the folder away to start empty",
                )
            return
        if self.data.exists() and any(self.data.iterdir()):
            raise StartError(f"{self.data} is not a database folder", "Move it away, then start again")
        self._initialise()

    def _initialise(self) -> None:
        fresh = (
            self.folder / "data.new"
        )  # renamed when complete, so an interrupted start leaves no half database
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        self._identity.own(fresh)
        password = self.folder / "data.password"
        secrets.write_private(password, secrets.kept(self._secret(SUPERUSER)))
        self._identity.own(password)
        try:
            result = self._identity.run(
                [str(self.installation.bin / "initdb"), "-D", str(fresh), "-U", SUPERUSER, "-E", "UTF8",
                 "-A", "scram-sha-256", "--pwfile", str(password), "--locale-provider=builtin",
                 "--builtin-locale=C.UTF-8", "--locale=C", "--data-checksums",
                 *(["--no-sync"] if self._throwaway else [])],
                timeout_s=120,
            )  # fmt: skip
        finally:
            password.unlink()
        if result.returncode:
            reason = (result.stdout.strip().splitlines() or ["initdb failed"])[-1]
            raise StartError(f"The database folder could not be made: {reason}", "Check the free disk space")
        with (fresh / "postgresql.conf").open("a") as conf:
            conf.write("\ninclude = 'wildwatch.conf'\ninclude_if_exists = 'local.conf'\n")
        if self.data.exists():
            self.data.rmdir()
        fresh.rename(self.data)

    def _configure(self) -> None:
        conf = self.data / "wildwatch.conf"
        conf.write_text(
            postgres_settings.render(
                port=self.port, data=self.folder, logs=self._own_logs(), throwaway=self._throwaway
            )
        )
        self._identity.own(conf)

    def _own_logs(self) -> Path:
        folder = self.logs / "timescaledb"
        folder.mkdir(exist_ok=True)
        self._identity.own(folder)
        return folder

    @property
    def _start_log(self) -> Path:
        return self.logs / "timescaledb" / "start.log"

    def _launch(self) -> str | None:
        """Start the server and wait until it answers; the reason when it does not."""
        self._own_logs()
        self._start_log.unlink(missing_ok=True)
        done = self._pg_ctl("start", "-w", "-t", str(_START_TIMEOUT_S), "-l", str(self._start_log))
        if done.returncode == 0:
            return None
        log = self._start_log.read_text(errors="replace") if self._start_log.exists() else done.stdout
        said = [line for line in log.splitlines() if any(w in line for w in ("FATAL:", "PANIC:", "ERROR:"))]
        return (said or log.strip().splitlines() or ["no reason given"])[-1]

    def _pg_ctl(self, action: str, *options: str) -> subprocess.CompletedProcess[str]:
        command = [str(self.installation.bin / "pg_ctl"), action, "-D", str(self.data), "-s", *options]
        return self._identity.run(command, timeout_s=_START_TIMEOUT_S + 10)

    def _ensure_database(self) -> None:
        password = secrets.kept(self._secret(ROLE))
        exists = self.sql(f"SELECT 1 FROM pg_roles WHERE rolname = '{ROLE}'")  # noqa: S608 - a constant
        verb = "ALTER" if exists else "CREATE"
        self.sql(f"{verb} ROLE {ROLE} LOGIN PASSWORD '{password}'")
        if not self.sql(f"SELECT 1 FROM pg_database WHERE datname = '{DATABASE}'"):  # noqa: S608 - a constant
            self.create_database(DATABASE)
        elif not self._throwaway:
            # Only as the first statement of a session does TimescaleDB accept an update of itself.
            self.sql("ALTER EXTENSION timescaledb UPDATE", DATABASE)

    def _recorded_pid(self) -> int | None:
        try:
            return int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
        except (FileNotFoundError, ValueError):
            return None

    def _secret(self, role: str) -> Path:
        return self._secrets / f"database-{role}.password"


def _command_line(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""
