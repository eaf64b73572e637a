"""The two servers under the services: embedded ones, or those the environment names."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from wildwatch.cli.embedded import cache, ports
from wildwatch.cli.embedded.nats_server import NatsServer
from wildwatch.cli.embedded.timescaledb import Cluster, ensure_installed
from wildwatch.cli.errors import StartError
from wildwatch.cli.stack.settings import UpSettings

_LOOK_EVERY_S = 1.0
_BACK_OFF_S = (0.0, 1.0, 5.0, 15.0, 30.0)


class Servers:
    """Starts, watches and stops whatever of the two is embedded.

    Starting blocks: children bound to their parent must be started by the main thread, and nothing else
    has to go on meanwhile.
    """

    def __init__(self, settings: UpSettings, budget_bytes: int, say: Callable[[str], None]) -> None:
        self._settings = settings
        self._say = say
        self._budget_bytes = budget_bytes
        self.cluster: Cluster | None = None
        self.nats: NatsServer | None = None

    @property
    def database_url(self) -> str:
        """DSN for the services."""
        return self.cluster.dsn() if self.cluster else self._settings.database_url

    @property
    def nats_url(self) -> str:
        """NATS servers for the services, by commas."""
        return self.nats.url if self.nats else self._settings.nats_url

    def seed_file(self, user: str) -> Path:
        """The seed of a NATS user. Raises `StartError` when servers of one's own come without it."""
        if self.nats:
            return self.nats.seed_file(user)
        file = Path(self._settings.nats_seeds, f"{user}.seed").expanduser().resolve()
        if not self._settings.nats_seeds or not file.exists():
            raise StartError(
                f"WILDWATCH_NATS_URL is set, but there is no seed of the user {user}",
                "Make them by `wildwatch nats-users FOLDER` and set WILDWATCH_NATS_SEEDS to that folder",
            )
        return file

    def check_ports(self) -> None:
        """Raise `StartError` when a port we want is taken by somebody else."""
        own = self._settings
        if not own.nats_url:
            ports.require_free(own.nats_port, "the NATS server", "WILDWATCH_NATS_PORT")
            ports.require_free(
                own.nats_monitor_port, "the NATS server's monitoring", "WILDWATCH_NATS_MONITOR_PORT"
            )
        if self.cluster and not self.cluster.running():
            ports.require_free(own.postgres_port, "the database", "WILDWATCH_POSTGRES_PORT")

    def prepare(self) -> None:
        """Fetch what is missing; nothing runs yet."""
        own, var = self._settings, self._settings.folder
        if not own.database_url:
            where = Path(own.cache).expanduser().resolve() if own.cache else cache.folder()
            self.cluster = Cluster(
                ensure_installed(where, self._say),
                var / "timescaledb",
                port=own.postgres_port,
                secrets_folder=var / "secrets",
                logs=var / "log",
            )
        if not own.nats_url:
            self.nats = NatsServer(
                var / "nats",
                port=own.nats_port,
                monitor_port=own.nats_monitor_port,
                disk_bytes=self._budget_bytes,
                secrets_folder=var / "secrets" / "nats",
                log=var / "log" / "nats.log",
            )

    def start(self) -> None:
        """Start both and return when they answer."""
        if self.cluster:
            self.cluster.start()
        if self.nats:
            self.nats.start()

    async def keep(self) -> None:
        """Start a server again that died; its clients reconnect by themselves."""
        deaths = 0
        while True:
            await asyncio.sleep(_LOOK_EVERY_S)
            nats_died = self.nats is not None and not self.nats.running()
            database_died = self.cluster is not None and not self.cluster.running()
            if not nats_died and not database_died:
                continue
            what = "The NATS server" if nats_died else "The database"
            pause_s = _BACK_OFF_S[min(deaths, len(_BACK_OFF_S) - 1)]
            deaths += 1
            self._say(f"{what} ended by itself; starting it again in {pause_s:.0f} s")
            await asyncio.sleep(pause_s)
            try:
                if self.nats and nats_died:
                    self.nats.start()
                elif self.cluster:
                    self.cluster.start()
            except StartError as error:
                self._say(str(error))

    def stop(self) -> None:
        """Stop both: the database last, it is what everything ends in."""
        if self.nats:
            self.nats.stop(timeout_s=4)
        if self.cluster:
            self.cluster.stop(timeout_s=5)
