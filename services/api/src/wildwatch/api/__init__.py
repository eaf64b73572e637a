"""REST and live API, and the page."""
