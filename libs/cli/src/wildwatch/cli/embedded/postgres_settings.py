"""What goes into the embedded PostgreSQL's configuration, sized to the machine."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

_MB = 1024 * 1024
_GB = 1024 * _MB


def render(*, port: int, data: Path, logs: Path, throwaway: bool) -> str:
    """The text of `wildwatch.conf`. `throwaway` trades durability for speed: for tests alone."""
    settings: dict[str, str | int] = {
        "listen_addresses": "127.0.0.1",
        "port": port,
        "unix_socket_directories": "",
        "shared_preload_libraries": "timescaledb",
        "timescaledb.telemetry_level": "off",
        # A look-up over many chunks locks each of them, and the writer must never fail with it.
        "max_locks_per_transaction": 1024,
        "password_encryption": "scram-sha-256",
        "jit": "off",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "random_page_cost": "1.1",
        "wal_compression": "lz4",
        "checkpoint_timeout": "15min",
        "checkpoint_completion_target": "0.9",
        "tcp_keepalives_idle": 60,
        "log_line_prefix": "%m [%p] %q%u@%d ",
        "log_min_messages": "warning",
    }
    settings |= _throwaway() if throwaway else _lasting(data, logs)
    lines = [f"{name} = '{str(value).replace(chr(39), chr(39) * 2)}'" for name, value in settings.items()]
    head = "# Written at every start; put your own settings into local.conf beside this file.\n"
    return head + "\n".join(lines) + "\n"


def _throwaway() -> dict[str, str | int]:
    return {
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
        "autovacuum": "off",
        "shared_buffers": "256MB",
        "max_wal_size": "2GB",
        "max_connections": 100,
        # TimescaleDB's scheduler sits in every database and would block it from being used as a template.
        "timescaledb.max_background_workers": 0,
        "logging_collector": "off",
    }


def _lasting(data: Path, logs: Path) -> dict[str, str | int]:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    disk = shutil.disk_usage(data).total
    wal = min(max(disk // 50, 512 * _MB), 8 * _GB)
    return {
        "fsync": "on",
        "synchronous_commit": "on",
        "shared_buffers": _mb(min(max(memory // 8, 128 * _MB), 8 * _GB)),
        "effective_cache_size": _mb(memory // 2),
        "work_mem": _mb(min(max(memory // 512, 4 * _MB), 64 * _MB)),
        "maintenance_work_mem": _mb(min(max(memory // 32, 64 * _MB), _GB)),
        "max_wal_size": _mb(wal),
        "min_wal_size": _mb(wal // 8),
        "max_connections": 100,
        "timescaledb.max_background_workers": 8,
        "logging_collector": "on",
        "log_directory": str(logs),
        # Seven files, one a weekday, each emptied when its day comes round again.
        "log_filename": "timescaledb-%a.log",
        "log_rotation_age": "1d",
        "log_rotation_size": 0,
        "log_truncate_on_rotation": "on",
    }


def _mb(size: int) -> str:
    return f"{size // _MB}MB"
