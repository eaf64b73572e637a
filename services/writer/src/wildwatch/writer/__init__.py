"""Writes batches from JetStream into TimescaleDB, each exactly once."""
