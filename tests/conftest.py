"""What all tests share: see the modules in `tests/fixtures`."""

from __future__ import annotations

pytest_plugins = ["tests.fixtures.servers", "tests.fixtures.road"]
