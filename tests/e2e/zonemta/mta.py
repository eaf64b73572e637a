"""A running ZoneMTA with the plugin inside."""

from __future__ import annotations

import json
import re
import smtplib
import urllib.request
from collections.abc import Sequence
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from tests.e2e.zonemta.configuration import Ports, configuration
from tests.e2e.zonemta.program import Program

_REPOSITORY = Path(__file__).parents[3]
_PLUGINS = {
    "wildwatch": _REPOSITORY / "deploy/zonemta-plugin",
    "testident.js": Path(__file__).parent / "plugins/testident.js",
}
_QUEUED_AS = re.compile(r"\b[0-9a-f]{18}\b")


class RefusedError(Exception):
    """ZoneMTA did not take the mail; the text is its reply."""


class ZoneMta:
    """Started by the fixture `zonemta`. Keeps queue, spool and ports over `stop` and `start`."""

    def __init__(
        self, package: Path, folder: Path, ports: Ports, database: str, plugin: dict[str, Any]
    ) -> None:
        self.ports = ports
        self.spool = folder / "spool"
        plugins = folder / "plugins"
        plugins.mkdir(parents=True)
        for name, target in _PLUGINS.items():
            (plugins / name).symlink_to(target)
        overlay = folder / "zonemta.json"
        block = {"spool_dir": str(self.spool), **plugin}
        overlay.write_text(json.dumps(configuration(package, plugins, ports, database, block)))
        overlay.chmod(0o600)
        self._program = Program(
            ["node", str(package / "app.js"), f"--config={overlay}"], folder / "zonemta.log"
        )

    def start(self) -> None:
        """Returns when mail is taken and every process has the plugin.

        Asks the log, not the port: a connection that goes away before a receiver is there ends ZoneMTA 3.10
        with an uncaught ECONNRESET.
        """
        before = len(self.log())
        processes = 1 + 1 + 4  # main, a receiver, a sender for each zone

        def ready() -> bool:
            said = self.log()[before:]
            return "SMTP feeder MTA server started\n" in said and said.count("reports to ") >= processes

        self._program.start(ready)

    def stop(self) -> int:
        """SIGTERM to the main process, as `systemctl stop` with KillMode=mixed; returns its exit status."""
        return self._program.stop()

    def restart(self) -> None:
        """`stop` and `start`."""
        self.stop()
        self.start()

    def kill(self) -> None:
        """SIGKILL to all its processes at once."""
        self._program.kill()

    @property
    def pid(self) -> int:
        """Of the main process."""
        return self._program.pid

    def child_pids(self, kind: str = "") -> list[int]:
        """Of receivers and senders; `kind` is a part of the process title, such as `sender/default`."""
        return [child.pid for child in self._program.children() if kind in " ".join(child.cmdline())]

    def log(self) -> str:
        """All that ZoneMTA has printed."""
        return self._program.log.read_text(errors="replace") if self._program.log.exists() else ""

    def under_way(self, zone: str = "default") -> int:
        """Deliveries that are due or being made; a mail that was accepted counts until it is released."""
        url = f"http://127.0.0.1:{self.ports.api}/counter/zone/{zone}"
        with urllib.request.urlopen(url, timeout=10) as answer:
            counts = json.load(answer)
        return sum(entry["value"] for entry in counts["active"]["entries"])

    def spooled(self) -> list[Path]:
        """The batches in the plugin's spool, of all processes."""
        return sorted(path for path in self.spool.rglob("*.json.gz") if path.parent.name != "rejected")

    def send(
        self,
        to: str | Sequence[str],
        *,
        sender: str = "alice@example.test",
        user: str | None = "alice@example.test",
        subject: str = "Confidential subject",
    ) -> str:
        """Submits one mail; returns its queue id. Raises `RefusedError` with ZoneMTA's reply."""
        recipients = [to] if isinstance(to, str) else list(to)
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = sender, ", ".join(recipients), subject
        message.set_content("Confidential text\n" * 10)
        with smtplib.SMTP(
            "127.0.0.1", self.ports.smtp, local_hostname="client.example.test", timeout=20
        ) as smtp:
            smtp.ehlo()
            if user:
                smtp.login(user, "secret")
            _expect(smtp.mail(sender))
            for recipient in recipients:
                _expect(smtp.rcpt(recipient))
            reply = _expect(smtp.data(message.as_bytes()))
        found = _QUEUED_AS.search(reply)
        return found[0] if found else ""


def _expect(answer: tuple[int, bytes]) -> str:
    code, text = answer
    if code >= 400:
        raise RefusedError(f"{code} {text.decode()}")
    return text.decode()
