"""A real ZoneMTA with the plugin inside, its MongoDB stand-in, Redis and an SMTP sink, all on the loopback.

Fixtures are in `fixtures.py`; the ZoneMTA version is pinned in `package.json` beside this file.
"""
