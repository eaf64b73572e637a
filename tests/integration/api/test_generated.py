"""What is generated from the API is committed, and fresh."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from wildwatch.api.openapi import document

FRONTEND = Path(__file__).parents[3] / "frontend"
HOW = "run `make openapi` and commit what it changes"


def test_the_document_is_fresh() -> None:
    assert (FRONTEND / "openapi.json").read_text(encoding="utf-8") == document(), HOW


def test_the_client_is_fresh(tmp_path: Path) -> None:
    program = FRONTEND / "node_modules" / ".bin" / "openapi-typescript"
    assert program.exists(), "openapi-typescript is missing: run `npm ci` in frontend/"
    node = shutil.which("node")
    assert node, "node is missing: install Node 20 or newer"
    made = tmp_path / "schema.d.ts"
    subprocess.run([program, FRONTEND / "openapi.json", "-o", made], check=True, capture_output=True)
    assert made.read_text(encoding="utf-8") == (FRONTEND / "src" / "api" / "schema.d.ts").read_text(
        encoding="utf-8"
    ), HOW
