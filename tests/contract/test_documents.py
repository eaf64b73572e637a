"""The generated documents are fresh, valid, and say what is true."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest

from wildwatch.bus.permissions import service_users
from wildwatch.contracts import streams
from wildwatch.contracts.generate import catalogue, documents, examples
from wildwatch.ingest.problems import Kind

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
ASYNCAPI_SCHEMA = ROOT / "tests/data/asyncapi/schema-3.0.0.json"
EXAMPLES = [(kind, name) for kind, named in examples.all_examples().items() for name in named]


def asyncapi() -> dict[str, Any]:
    return dict(json.loads((DOCS / "contracts/asyncapi.json").read_text()))


def test_the_documents_are_fresh() -> None:
    assert documents.stale(DOCS) == [], "run `python -m wildwatch.contracts`"


def test_nothing_old_lies_beside_them() -> None:
    kept = {path.relative_to(DOCS).as_posix() for path in (DOCS / "contracts").rglob("*") if path.is_file()}
    older = {path for path in kept if "/examples/v" in path}
    assert kept - set(documents.texts()) <= older


def test_the_command_writes_checks_and_complains(tmp_path: Path) -> None:
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "wildwatch.contracts", *arguments],
            check=False, capture_output=True, text=True, timeout=60,
        )  # fmt: skip

    assert run("--check", str(tmp_path)).returncode == 1
    written = run(str(tmp_path))
    assert (written.returncode, len(written.stdout.splitlines())) == (0, len(documents.texts()))
    assert run("--check", str(tmp_path)).returncode == 0
    (tmp_path / "contracts.md").write_text("changed by hand")
    stale = run("--check", str(tmp_path))
    assert (stale.returncode, "contracts.md" in stale.stdout) == (1, True)
    assert run("--what").returncode == 2


def test_asyncapi_is_valid() -> None:
    jsonschema.Draft7Validator(json.loads(ASYNCAPI_SCHEMA.read_text())).validate(asyncapi())


def test_every_reference_in_asyncapi_leads_somewhere() -> None:
    document = asyncapi()

    def walk(value: Any) -> list[str]:
        if isinstance(value, dict):
            own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
            return own + [ref for member in value.values() for ref in walk(member)]
        return [ref for member in value for ref in walk(member)] if isinstance(value, list) else []

    references = walk(document)
    assert references
    for reference in references:
        found: Any = document
        for part in reference.removeprefix("#/").split("/"):
            assert part in found, reference
            found = found[part]


def test_every_stream_and_bucket_is_described() -> None:
    kept = {channel.kept.name for channel in catalogue.CHANNELS if channel.kept is not None}
    assert kept == {stream.name for stream in streams.STREAMS} | {bucket.name for bucket in streams.BUCKETS}
    described = {
        s for c in asyncapi()["channels"].values() for s in c.get("x-jetstream", {}).get("subjects", ())
    }
    assert described == {subject for stream in streams.STREAMS for subject in stream.subjects}


@pytest.mark.parametrize("channel", catalogue.CHANNELS, ids=lambda channel: str(channel.id))
def test_who_is_said_to_send_may_send_and_nobody_else(channel: catalogue.Channel) -> None:
    """The table of permissions and the documents agree about who publishes what."""
    address = channel.address
    for name in channel.parameters:
        address = address.replace(f"{{{name}}}", "x")
    senders = {
        user
        for user, may in service_users().items()
        if any(_matches(pattern, address) for pattern in may.publish)
    }
    if channel.produced_by:
        assert senders - {"admin"} == set(channel.produced_by) - {"admin"}


def _matches(pattern: str, subject: str) -> bool:
    wanted, found = pattern.split("."), subject.split(".")
    for i, part in enumerate(wanted):
        if part == ">":
            return len(found) > i
        if i >= len(found) or part not in ("*", found[i]):
            return False
    return len(wanted) == len(found)


@pytest.mark.parametrize(("kind", "name"), EXAMPLES)
def test_examples_fit_their_schema(kind: type[msgspec.Struct], name: str) -> None:
    schema = json.loads((DOCS / f"contracts/schema/{kind.__name__}.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    example = msgspec.json.encode(examples.all_examples()[kind][name])
    jsonschema.Draft202012Validator(schema).validate(json.loads(example))


@pytest.mark.parametrize("kind", catalogue.message_types(), ids=lambda kind: str(kind.__name__))
def test_schemas_describe_what_they_hold(kind: type[msgspec.Struct]) -> None:
    schema = json.loads((DOCS / f"contracts/schema/{kind.__name__}.json").read_text())
    assert schema["title"] == kind.__name__
    assert schema["description"]
    assert schema["$id"].endswith(f"/{kind.__name__}.json")


def test_the_page_lists_every_answer_of_ingest() -> None:
    page = (DOCS / "contracts.md").read_text()
    listed = {int(line.split("|")[1]) for line in page.splitlines() if line[:3] in ("| 2", "| 4", "| 5")}
    assert listed == {202} | {kind.value[0] for kind in Kind}
