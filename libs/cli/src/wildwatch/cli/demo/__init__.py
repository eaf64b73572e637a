"""A simulated ZoneMTA cluster that enters through ingest like any other: `python -m wildwatch.cli.demo`.

`cluster` is the simulation, pure and deterministic; `post` seals its events into request bodies; `sender`
and `run` are the edge that talks HTTP. `docs/demo.md` tells what it shows.
"""
