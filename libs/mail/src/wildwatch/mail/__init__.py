"""What mail means: pure functions, no I/O."""
