"""JetStream as Wildwatch uses it; the only package that speaks NATS."""
