"""JSON Schema of every message, with the docstrings of its fields as descriptions."""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

_REF = "#/$defs/{name}"


def components(types: Iterable[type[msgspec.Struct]], ref: str) -> dict[str, dict[str, Any]]:
    """Name → schema of `types` and of what they are made of; `ref` is a template with `{name}`."""
    _, schemas = msgspec.json.schema_components(list(types), ref_template=ref)
    documented = _documented_fields(types)
    for name, schema in schemas.items():
        if "description" in schema:
            schema["description"] = inspect.cleandoc(schema["description"])
        for field, text in documented.get(name, {}).items():
            if field in schema.get("properties", {}):
                schema["properties"][field]["description"] = text
    return dict(sorted(schemas.items()))


def document(kind: type[msgspec.Struct], identifier: str) -> dict[str, Any]:
    """The schema of one message by itself (JSON Schema 2020-12)."""
    schemas = components([kind], _REF)
    own = schemas.pop(kind.__name__)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": identifier,
        **own,
        **({"$defs": schemas} if schemas else {}),
    }


def _documented_fields(types: Iterable[type[msgspec.Struct]]) -> Mapping[str, Mapping[str, str]]:
    """Class → field → the string that stands below it in the source, in every module of `types`."""
    found: dict[str, dict[str, str]] = {}
    for module in {kind.__module__ for kind in types}:
        for node in ast.parse(inspect.getsource(sys.modules[module])).body:
            if not isinstance(node, ast.ClassDef):
                continue
            texts = found.setdefault(node.name, {})
            for field, below in zip(node.body, node.body[1:], strict=False):
                if (
                    isinstance(field, ast.AnnAssign)
                    and isinstance(field.target, ast.Name)
                    and isinstance(below, ast.Expr)
                    and isinstance(below.value, ast.Constant)
                    and isinstance(below.value.value, str)
                ):
                    texts[field.target.id] = inspect.cleandoc(below.value.value)
    return found
