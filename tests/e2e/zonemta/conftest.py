"""Hands the test bed's fixtures to the tests of this folder."""

from __future__ import annotations

from tests.e2e.zonemta.fixtures import receiver, sink, surroundings, zonemta

__all__ = ["receiver", "sink", "surroundings", "zonemta"]
