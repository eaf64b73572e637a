"""`python -m wildwatch.cli.demo` runs the demo; `--hosts` prints the names of its hosts as a JSON list."""

from __future__ import annotations

import asyncio
import os
import signal
import sys

import msgspec

from wildwatch.cli.demo.places import HOSTS
from wildwatch.cli.demo.run import Demo, KeysError, read_keys
from wildwatch.cli.demo.settings import Settings
from wildwatch.runtime import logging, settings


def main() -> None:
    if sys.argv[1:] == ["--hosts"]:
        print(msgspec.json.encode(HOSTS).decode())
        return
    if sys.argv[1:]:
        sys.exit("usage: python -m wildwatch.cli.demo [--hosts]")
    try:
        loaded = settings.load(Settings, os.environ)
        keys = read_keys(loaded.demo)
    except (settings.SettingsError, KeysError) as error:
        sys.exit(f"demo: {error}")
    logging.configure("demo", loaded.log)
    asyncio.run(_until_told(Demo(loaded.demo, keys)))


async def _until_told(demo: Demo) -> None:
    running = asyncio.ensure_future(demo.run())
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, running.cancel)
    try:
        await running
    except asyncio.CancelledError:
        logging.get(__name__).info("demo_stopped")


if __name__ == "__main__":
    main()
