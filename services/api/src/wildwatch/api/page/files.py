"""The built page, read once at start: a few files of some megabytes."""

from __future__ import annotations

import hashlib
import mimetypes
from pathlib import Path

import msgspec

NOT_BUILT = "The page is not built: run `npm ci && npm run build` in frontend/ and start the API again.\n"
MAX_BYTES = 64_000_000
"""A build larger than this is no page of ours; starting is refused."""
_PLAIN = frozenset({".br", ".gz"})
_TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".woff2": "font/woff2",
}


class PageFile(msgspec.Struct, frozen=True):
    """One file in its encodings. `is_hashed`: its name changes with its content, so it is kept for ever."""

    media_type: str
    etag: str
    is_hashed: bool
    bodies: dict[str, bytes]
    """Content encoding (`identity`, `br`, `gzip`) → bytes."""


class PageFiles:
    """Files by path below the page's folder. Empty when the page is not built."""

    def __init__(self, files: dict[str, PageFile]) -> None:
        self._files = files

    @property
    def is_built(self) -> bool:
        return "index.html" in self._files

    def find(self, path: str) -> PageFile | None:
        """The file of a path; `index.html` for a route of the page; None for a file that does not exist."""
        name = path.strip("/")
        if found := self._files.get(name):
            return found
        is_file = name.startswith("assets/") or "." in name.rpartition("/")[2]
        return None if is_file else self._files.get("index.html")


def load(folder: Path) -> PageFiles:
    """Read every file; compressed forms lie beside theirs as `.br` and `.gz`. `ValueError` when too large."""
    files: dict[str, PageFile] = {}
    total = 0
    for path in sorted(folder.rglob("*")) if folder.is_dir() else []:
        if not path.is_file() or path.suffix in _PLAIN:
            continue
        bodies = {"identity": path.read_bytes()}
        for suffix, encoding in ((".br", "br"), (".gz", "gzip")):
            compressed = path.with_name(path.name + suffix)
            if compressed.is_file():
                bodies[encoding] = compressed.read_bytes()
        total += sum(map(len, bodies.values()))
        if total > MAX_BYTES:
            raise ValueError(f"{folder} holds more than {MAX_BYTES} bytes: it is not the built page")
        name = path.relative_to(folder).as_posix()
        files[name] = PageFile(
            media_type=_media_type(path),
            etag=f'"{hashlib.sha256(bodies["identity"]).hexdigest()[:32]}"',
            is_hashed=name.startswith("assets/"),
            bodies=bodies,
        )
    return PageFiles(files)


def _media_type(path: Path) -> str:
    if known := _TYPES.get(path.suffix):
        return known
    guessed = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return f"{guessed}; charset=utf-8" if guessed.startswith("text/") else guessed
