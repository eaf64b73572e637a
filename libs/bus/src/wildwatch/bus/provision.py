"""Make streams, durables and buckets as declared, and refuse a server or a stream that does not fit.

An older server silently ignores settings it does not know, so what it answers is compared with what
was asked for; only sizes, ages and windows are changed on a stream that exists.
"""

from __future__ import annotations

from typing import Annotated

import msgspec
import nats.js.errors
from nats.js import api

from wildwatch.bus.connection import Bus
from wildwatch.bus.errors import CLIENT_ERRORS, BrokerUnavailableError, NotFitError
from wildwatch.contracts import mail, streams


class StreamSettings(msgspec.Struct, frozen=True, kw_only=True):
    """How much the broker may keep, and how often."""

    disk_bytes: Annotated[
        int,
        msgspec.Meta(
            ge=64_000_000, description="Real disk bytes all streams together may use on one NATS server."
        ),
    ] = 4_000_000_000
    replicas: Annotated[
        int, msgspec.Meta(ge=1, le=5, description="Copies of each stream: 1, or 3 in a cluster.")
    ] = 1


async def provision(bus: Bus, settings: StreamSettings) -> None:
    """Create what is missing and change what may change.

    Raises `NotFitError` with the mend for: a server that is too old, a budget that does not fit, a
    stream whose settings drifted in a way that could lose data; `BrokerUnavailableError` when
    JetStream does not answer.
    """
    check_server(bus)
    try:
        for stream in streams.STREAMS:
            await _stream(bus, stream, settings)
        for bucket in streams.BUCKETS:
            await _bucket(bus, bucket, settings)
        for durable in streams.DURABLES:
            await _durable(bus, durable, settings)
    except nats.js.errors.ServiceUnavailableError as error:
        raise BrokerUnavailableError("JetStream does not answer: is it switched on?") from error
    except nats.js.errors.APIError as error:
        raise NotFitError(f"nats-server refuses what Wildwatch needs: {error.description}") from error
    except CLIENT_ERRORS as error:
        raise BrokerUnavailableError("JetStream does not answer") from error


def check_server(bus: Bus) -> None:
    """Raise `NotFitError` when the server is older than message schedules or takes too small messages."""
    version = bus.client.connected_server_version
    found = (version.major, version.minor, version.patch)
    if found < streams.MIN_SERVER:
        wanted = ".".join(map(str, streams.MIN_SERVER))
        raise NotFitError(f"nats-server {'.'.join(map(str, found))} is too old: install {wanted} or newer")
    if bus.client.max_payload < mail.MAX_PAYLOAD_BYTES:
        raise NotFitError(
            f"nats-server takes messages of {bus.client.max_payload} bytes only: "
            "set max_payload: 8MB in its configuration"
        )


async def _stream(bus: Bus, stream: streams.Stream, settings: StreamSettings) -> None:
    wanted = stream_config(stream, settings)
    try:
        info = await bus.js.stream_info(stream.name)
    except nats.js.errors.NotFoundError:
        try:
            info = await bus.js.add_stream(wanted)
        except nats.js.errors.APIError as error:
            raise _budget_error(error, settings) from error
    else:
        if mistakes := drift(info.config, wanted):
            raise NotFitError(
                f"stream {stream.name} has {'; '.join(mistakes)}: it was changed by hand or by another "
                f"program. Copy what it holds, remove it with `nats stream rm {stream.name}`, and start again"
            )
        if _differs(info.config, wanted):
            try:
                info = await bus.js.update_stream(wanted)
            except nats.js.errors.APIError as error:
                raise _budget_error(error, settings) from error
    if mistakes := drift(info.config, wanted):
        raise NotFitError(
            f"nats-server did not take over {'; '.join(mistakes)} of stream {stream.name}: it is too old"
        )


def stream_config(stream: streams.Stream, settings: StreamSettings) -> api.StreamConfig:
    """The configuration `stream` must have."""
    return api.StreamConfig(
        name=stream.name,
        subjects=list(stream.subjects),
        retention=api.RetentionPolicy.WORK_QUEUE
        if stream.retention == "workqueue"
        else api.RetentionPolicy.LIMITS,
        discard=api.DiscardPolicy.NEW if stream.discard == "new" else api.DiscardPolicy.OLD,
        storage=api.StorageType.FILE,
        compression=api.StoreCompression.S2,
        max_bytes=streams.max_bytes(stream, settings.disk_bytes),
        max_age=stream.max_age_s,
        duplicate_window=stream.duplicate_window_s,
        num_replicas=settings.replicas,
        allow_direct=True,
        allow_msg_schedules=True if stream.schedules else None,
        allow_msg_ttl=True if stream.schedules else None,
    )


def drift(found: api.StreamConfig, wanted: api.StreamConfig) -> list[str]:
    """Differences that provisioning does not mend by itself, each as `what found instead of what wanted`."""
    mistakes = []
    if sorted(found.subjects or []) != sorted(wanted.subjects or []):
        mistakes.append(f"subjects {found.subjects} instead of {wanted.subjects}")
    for name in ("retention", "discard", "storage", "compression"):
        have, want = getattr(found, name), getattr(wanted, name)
        if have != want:
            mistakes.append(
                f"{name} {getattr(have, 'value', have)} instead of {getattr(want, 'value', want)}"
            )
    if wanted.allow_msg_schedules and not found.allow_msg_schedules:
        mistakes.append("no message schedules")
    return mistakes


def _differs(found: api.StreamConfig, wanted: api.StreamConfig) -> bool:
    return any(
        getattr(found, name) != getattr(wanted, name)
        for name in ("max_bytes", "max_age", "duplicate_window", "num_replicas")
    )


def _budget_error(error: nats.js.errors.APIError, settings: StreamSettings) -> Exception:
    if error.err_code in (10047, 10023):
        return NotFitError(
            f"the streams' budget of {settings.disk_bytes} bytes does not fit into what nats-server may use: "
            "lower WILDWATCH_NATS_DISK or raise max_file_store"
        )
    return error


async def _bucket(bus: Bus, bucket: streams.Bucket, settings: StreamSettings) -> None:
    try:
        await bus.js.key_value(bucket.name)
    except nats.js.errors.NotFoundError:
        await bus.js.create_key_value(
            api.KeyValueConfig(
                bucket=bucket.name,
                history=bucket.history,
                max_bytes=bucket.max_bytes,
                storage=api.StorageType.FILE,
                replicas=settings.replicas,
                direct=True,
            )
        )


async def _durable(bus: Bus, durable: streams.Durable, settings: StreamSettings) -> None:
    wanted = api.ConsumerConfig(
        durable_name=durable.name,
        deliver_policy=api.DeliverPolicy.ALL,
        ack_policy=api.AckPolicy.EXPLICIT,
        ack_wait=durable.ack_wait_s,
        max_ack_pending=durable.max_ack_pending,
        filter_subject=durable.filter_subject,
        num_replicas=settings.replicas,
    )
    try:
        info = await bus.js.add_consumer(durable.stream, wanted)
    except nats.js.errors.APIError as error:
        raise NotFitError(
            f"consumer {durable.name} was made by hand or by another program ({error.description}): "
            f"remove it with `nats consumer rm {durable.stream} {durable.name}` and start again; "
            "nothing stored is lost"
        ) from error
    # The broker's ack floor walks past a message whose deliveries are exhausted, and the trimmer trusts
    # the floor: a limit on deliveries would therefore lose batches that were never written.
    if (info.config.max_deliver or -1) != -1:
        raise NotFitError(
            f"consumer {durable.name} has max_deliver {info.config.max_deliver}: remove it and start again"
        )
