"""Structured logs: one JSON object a line on stdout, or readable lines on a terminal.

An event is a constant verb phrase in snake case; everything else is a field. Payloads, addresses of
people and secrets are never logged.
"""

from __future__ import annotations

import logging
import sys
from typing import Annotated, Literal

import msgspec
import structlog
from aiohttp.http_exceptions import HttpProcessingError


class LogSettings(msgspec.Struct, frozen=True, kw_only=True):
    """How much is logged, and in which form."""

    level: Annotated[
        Literal["debug", "info", "warning", "error"],
        msgspec.Meta(description="Least severity that is logged."),
    ] = "info"
    format: Annotated[
        Literal["auto", "json", "text"],
        msgspec.Meta(description="`json`, `text`, or `auto`: text on a terminal, else json."),
    ] = "auto"


def configure(service: str, settings: LogSettings) -> None:
    """Set up structlog and bridge the standard library's loggers into it, once a process."""
    as_text = settings.format == "text" or (settings.format == "auto" and sys.stdout.isatty())
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]
    renderer: structlog.typing.Processor
    if as_text:
        renderer = structlog.dev.ConsoleRenderer()
    else:
        shared.append(structlog.processors.format_exc_info)
        renderer = structlog.processors.JSONRenderer(
            serializer=lambda o, **_: msgspec.json.encode(o, enc_hook=str).decode()
        )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(settings.level),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(settings.level.upper())
    # Access logs would hold client addresses, and nats-py logs each reconnect attempt with a stack.
    logging.getLogger("aiohttp.access").setLevel(logging.WARNING)
    logging.getLogger("nats").setLevel(logging.CRITICAL)
    logging.getLogger("aiohttp.server").addFilter(_is_ours)
    structlog.contextvars.bind_contextvars(service=service)


def _is_ours(record: logging.LogRecord) -> bool:
    """False for what aiohttp says, with a stack, about each request that is not HTTP: the sender's mistake,
    answered with 400, and anybody could fill the log with it."""
    error = record.exc_info[1] if record.exc_info else None
    return not isinstance(error, HttpProcessingError)


def get(name: str) -> structlog.stdlib.BoundLogger:
    """A logger; `name` is the module's."""
    logger: structlog.stdlib.BoundLogger = structlog.get_logger(name)
    return logger
