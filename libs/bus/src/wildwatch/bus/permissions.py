"""Which NATS user may do what: one nkey user a service, with only its subjects."""

from __future__ import annotations

import msgspec

from wildwatch.contracts import streams, subjects


class Permissions(msgspec.Struct, frozen=True):
    """Subjects a user may publish to and subscribe to."""

    publish: tuple[str, ...]
    subscribe: tuple[str, ...]


def inbox_prefix(user: str) -> str:
    """Answers to one user's requests arrive where no other user may listen."""
    return f"_INBOX_{subjects.token(user)}"


def service_users() -> dict[str, Permissions]:
    """User name → permissions. `admin` is the one of `wildwatch up`, `doctor` and the key commands."""
    return {
        "ingest": _user(
            "ingest",
            publish=(
                subjects.ALL_MAIL,
                subjects.ALL_HOST,
                subjects.ALL_LOG,
                subjects.ALL_DEAD,
                *_read_bucket(streams.API_KEYS),
                *(_info(stream) for stream in streams.STREAMS),
            ),
        ),
        "writer": _user(
            "writer",
            publish=(
                subjects.ALL_DEAD,
                subjects.ALL_LIVE,
                *(_info(stream) for stream in streams.STREAMS),
                *(p for durable in streams.DURABLES for p in _consume(durable)),
                # Trimming what is committed: only of the streams that feed the database.
                f"$JS.API.STREAM.PURGE.{streams.MAIL.name}",
                f"$JS.API.STREAM.MSG.GET.{streams.MAIL.name}",
            ),
        ),
        "api": _user(
            "api",
            publish=(
                *(_info(stream) for stream in streams.STREAMS),
                *(_consumer_info(durable) for durable in streams.DURABLES),
                *(p for stream in (streams.DEAD,) for p in _read_stream(stream.name)),
                f"$JS.API.STREAM.MSG.GET.{streams.MAIL.name}",
                f"$JS.API.DIRECT.GET.{streams.MAIL.name}",
            ),
            subscribe=(subjects.ALL_LIVE,),
        ),
        "admin": Permissions(
            publish=("$JS.>", "$KV.>", f"{subjects.PREFIX}.>"),
            subscribe=("_INBOX_admin.>", f"{subjects.PREFIX}.>"),
        ),
    }


def _user(name: str, publish: tuple[str, ...], subscribe: tuple[str, ...] = ()) -> Permissions:
    return Permissions(
        publish=("$JS.API.INFO", *dict.fromkeys(publish)), subscribe=(f"{inbox_prefix(name)}.>", *subscribe)
    )


def _info(stream: streams.Stream) -> str:
    return f"$JS.API.STREAM.INFO.{stream.name}"


def _consumer_info(durable: streams.Durable) -> str:
    return f"$JS.API.CONSUMER.INFO.{durable.stream}.{durable.name}"


def _consume(durable: streams.Durable) -> tuple[str, ...]:
    return (
        _consumer_info(durable),
        f"$JS.API.CONSUMER.MSG.NEXT.{durable.stream}.{durable.name}",
        f"$JS.ACK.{durable.stream}.{durable.name}.>",
    )


def _read_stream(name: str) -> tuple[str, ...]:
    return (
        f"$JS.API.STREAM.INFO.{name}",
        f"$JS.API.STREAM.MSG.GET.{name}",
        f"$JS.API.DIRECT.GET.{name}",
        f"$JS.API.DIRECT.GET.{name}.>",
        f"$JS.API.CONSUMER.CREATE.{name}",
        f"$JS.API.CONSUMER.CREATE.{name}.>",
        f"$JS.API.CONSUMER.DELETE.{name}.>",
        f"$JS.API.CONSUMER.INFO.{name}.>",
        f"$JS.FC.{name}.>",
    )


def _read_bucket(bucket: streams.Bucket) -> tuple[str, ...]:
    return _read_stream(f"KV_{bucket.name}")
