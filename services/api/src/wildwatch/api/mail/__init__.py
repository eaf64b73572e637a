"""Questions about mail: outcomes over time, by host and provider, events and replies."""
