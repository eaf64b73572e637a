"""What ingest counts. Labels are bounded: answers and reasons are constants of ours; hosts have keys."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram


class Metrics:
    """Ingest's metrics on one registry."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.posts = Counter("wildwatch_ingest_posts_total", "Posts by answer", ["answer"], registry=registry)
        self.accepted = Counter("wildwatch_ingest_events_accepted_total", "Events stored", registry=registry)
        self.rejected = Counter(
            "wildwatch_ingest_events_rejected_total", "Unusable events", registry=registry
        )
        self.not_kept = Counter(
            "wildwatch_ingest_events_rejected_not_kept_total", "Unusable events beyond what a post may bury",
            registry=registry,
        )  # fmt: skip
        self.duplicates = Counter(
            "wildwatch_ingest_duplicate_posts_total", "Posts the stream had already", registry=registry
        )
        self.answer_seconds = Histogram(
            "wildwatch_ingest_answer_seconds", "From the last byte of a post to its answer",
            buckets=(0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5), registry=registry,
        )  # fmt: skip
        self.publish_seconds = Histogram(
            "wildwatch_ingest_publish_seconds", "From publish to PubAck",
            buckets=(0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1, 5), registry=registry,
        )  # fmt: skip
        self.bytes_in_flight = Gauge(
            "wildwatch_ingest_bytes_in_flight", "Body bytes in memory", registry=registry
        )
        self.connections = Gauge("wildwatch_ingest_connections", "Open connections", registry=registry)
        self.connections_refused = Counter(
            "wildwatch_ingest_connections_refused_total", "Connections beyond the bound, closed at once",
            registry=registry,
        )  # fmt: skip
        self.keys = Gauge("wildwatch_ingest_keys", "Known API keys", registry=registry)
        self.clock_skew_seconds = Gauge(
            "wildwatch_ingest_clock_skew_seconds", "sent_at against our clock at the last post", ["host"],
            registry=registry,
        )  # fmt: skip
        self.free_disk_share = Gauge(
            "wildwatch_ingest_free_disk_share",
            "Free share of the broker's disk, when watched",
            registry=registry,
        )
