"""`python -m wildwatch.api.openapi`: the OpenAPI document, as the page's client is generated from it."""

from __future__ import annotations

import json
import sys

from wildwatch.api.app import create_app
from wildwatch.api.settings import ApiSettings


def document() -> str:
    """The document as stable, readable JSON."""
    schema = create_app(None, ApiSettings()).openapi_schema.to_schema()
    return json.dumps(schema, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.stdout.write(document())
