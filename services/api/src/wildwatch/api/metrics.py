"""What the API counts about itself."""

from __future__ import annotations

from collections.abc import Iterable

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from wildwatch.api.live.hub import Hub


class _Live(Collector):
    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def collect(self) -> Iterable[Metric]:
        yield GaugeMetricFamily(
            "wildwatch_api_live_connections", "Open live connections.", value=self._hub.connections
        )
        yield CounterMetricFamily(
            "wildwatch_api_live_dropped",
            "Live messages dropped because a reader was too slow.",
            value=self._hub.dropped,
        )


def register(registry: CollectorRegistry, hub: Hub) -> None:
    """Make the metrics visible."""
    registry.register(_Live(hub))
