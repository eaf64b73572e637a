"""Every generated document, as text under its path."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import msgspec

from wildwatch.contracts import version
from wildwatch.contracts.generate import asyncapi, catalogue, examples, page, schema

FOLDER: Final = "contracts"
PAGE: Final = "contracts.md"
_ID: Final = "https://wildwatch.dev/schema/"


def texts() -> dict[str, str]:
    """Path below the folder of documents → content."""
    out = {PAGE: page.text(FOLDER) + "\n", f"{FOLDER}/asyncapi.json": _json(asyncapi.document())}
    for kind in catalogue.message_types():
        name = kind.__name__
        out[f"{FOLDER}/schema/{name}.json"] = _json(schema.document(kind, f"{_ID}{name}.json"))
        for example_name, example in examples.all_examples()[kind].items():
            path = f"{FOLDER}/examples/v{version.CURRENT}/{name}.{example_name}.json"
            out[path] = _json(example)
    return out


def write(folder: Path) -> list[str]:
    """Write what differs and return its paths. Examples of older versions are never touched."""
    changed = _changed(folder)
    for path, text in changed.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return list(changed)


def stale(folder: Path) -> list[str]:
    """Paths whose file is missing or says something else."""
    return list(_changed(folder))


def _changed(folder: Path) -> dict[str, str]:
    return {path: text for path, text in texts().items() if _read(folder / path) != text}


def _read(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None


def _json(value: Any) -> str:
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode() + "\n"
