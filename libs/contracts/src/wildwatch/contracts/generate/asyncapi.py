"""The AsyncAPI 3.0 document: channels, messages, who sends and who reads, how long it is kept."""

from __future__ import annotations

from typing import Any

import msgspec

from wildwatch.contracts import streams, version
from wildwatch.contracts.generate import catalogue, examples, schema

_REF = "#/components/schemas/{name}"


def document() -> dict[str, Any]:
    """The whole document."""
    types = [channel.message for channel in catalogue.CHANNELS if channel.message is not None]
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Wildwatch messages",
            "version": f"{version.CURRENT}.0",
            "description": (
                "What travels over NATS JetStream between Wildwatch's services; other tools may tap it. "
                f"Payloads are JSON. `v` is {version.CURRENT}: fields are only added; readers keep what they "
                "do not know, and put messages of a newer major back instead of dropping them. "
                f"Needs nats-server {'.'.join(map(str, streams.MIN_SERVER))} or newer."
            ),
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "servers": {
            "nats": {
                "host": "127.0.0.1:8027",
                "protocol": "nats",
                "description": "Never anonymous: each service and each tap has an nkey user of its own.",
                "security": [{"$ref": "#/components/securitySchemes/nkey"}],
            }
        },
        "channels": {channel.id: _channel(channel) for channel in catalogue.CHANNELS},
        "operations": _operations(),
        "components": {
            "messages": {kind.__name__: _message(kind) for kind in types},
            "schemas": schema.components(types, _REF),
            "securitySchemes": {
                "nkey": {"type": "asymmetricEncryption", "description": "Ed25519 nkey of the NATS user."}
            },
        },
    }


def _channel(channel: catalogue.Channel) -> dict[str, Any]:
    described: dict[str, Any] = {
        "address": channel.address,
        "title": channel.kept.name if channel.kept else channel.id,
        "description": f"{channel.what} {catalogue.retention(channel.kept)}",
    }
    if channel.parameters:
        described["parameters"] = {
            name: {"description": catalogue.PARAMETERS[name]} for name in channel.parameters
        }
    if channel.message is not None:
        name = channel.message.__name__
        described["messages"] = {name: {"$ref": f"#/components/messages/{name}"}}
    if isinstance(channel.kept, streams.Stream):
        stream = channel.kept
        described["x-jetstream"] = {
            "stream": stream.name,
            "subjects": list(stream.subjects),
            "retention": stream.retention,
            "discard": stream.discard,
            "maxAgeSeconds": stream.max_age_s,
            "duplicateWindowSeconds": stream.duplicate_window_s,
            "shareOfDiskBudget": stream.share,
            "durables": [durable.name for durable in streams.DURABLES if durable.stream == stream.name],
        }
    elif isinstance(channel.kept, streams.Bucket):
        described["x-key-value"] = {
            "bucket": channel.kept.name,
            "history": channel.kept.history,
            "maxBytes": channel.kept.max_bytes,
        }
    return described


def _operations() -> dict[str, Any]:
    operations: dict[str, Any] = {}
    for channel in catalogue.CHANNELS:
        if channel.message is None:
            continue
        messages = [{"$ref": f"#/channels/{channel.id}/messages/{channel.message.__name__}"}]
        for action, services in (("send", channel.produced_by), ("receive", channel.consumed_by)):
            for service in services:
                operations[f"{service}.{action}.{channel.id}"] = {
                    "action": action,
                    "channel": {"$ref": f"#/channels/{channel.id}"},
                    "summary": f"{service} {'sends' if action == 'send' else 'reads'} {channel.id}",
                    "messages": messages,
                }
    return operations


def _message(kind: type[msgspec.Struct]) -> dict[str, Any]:
    return {
        "name": kind.__name__,
        "title": kind.__name__,
        "contentType": "application/json",
        "payload": {"$ref": _REF.format(name=kind.__name__)},
        "examples": [
            {"name": name, "payload": msgspec.to_builtins(example)}
            for name, example in examples.all_examples()[kind].items()
        ],
    }
