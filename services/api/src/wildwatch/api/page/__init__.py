"""The built page: files read once, sent compressed."""
