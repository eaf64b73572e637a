"""What the writer counts. Labels are bounded by the code: reasons are constants of ours."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram


class Metrics:
    """The writer's metrics on one registry."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.rows = Counter("wildwatch_writer_rows_total", "Rows committed", registry=registry)
        self.batches = Counter(
            "wildwatch_writer_batches_total", "Batches by what became of them", ["result"], registry=registry
        )
        self.transaction_seconds = Histogram(
            "wildwatch_writer_transaction_seconds",
            "Ledger, COPY and commit of one transaction",
            registry=registry,
        )
        self.transaction_rows = Histogram(
            "wildwatch_writer_transaction_rows", "Rows of one transaction",
            buckets=(10, 100, 500, 1_000, 2_500, 5_000, 10_000, 20_000, 50_000), registry=registry,
        )  # fmt: skip
        self.commit_age_seconds = Histogram(
            "wildwatch_writer_commit_age_seconds", "From receipt by ingest to commit, by its newest batch",
            buckets=(0.05, 0.1, 0.25, 0.5, 1, 2, 5, 15, 60, 600, 3600), registry=registry,
        )  # fmt: skip
        self.retries = Counter(
            "wildwatch_writer_retries_total", "Transactions tried again", registry=registry
        )
        self.dead = Counter(
            "wildwatch_writer_dead_letters_total", "Dead letters", ["reason"], registry=registry
        )
        self.buffer_bytes = Gauge(
            "wildwatch_writer_buffer_bytes", "Message bytes in memory", registry=registry
        )
        self.pending = Gauge(
            "wildwatch_writer_pending_messages", "Not yet delivered to a writer", registry=registry
        )
        self.unacknowledged = Gauge(
            "wildwatch_writer_unacknowledged_messages", "Delivered, not yet committed", registry=registry
        )
        self.trimmed = Counter("wildwatch_writer_trimmed_messages_total", "Messages freed", registry=registry)
        self.put_back = Counter(
            "wildwatch_writer_put_back_total", "Messages of a newer major version put back", registry=registry
        )
