"""One WebSocket a browser, with rooms to join and leave."""
