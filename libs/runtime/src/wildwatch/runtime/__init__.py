"""What the `main` of every service shares: settings, logging, metrics, health, shutdown."""
