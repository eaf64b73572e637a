"""TimescaleDB as Wildwatch uses it; the only package that speaks SQL."""
