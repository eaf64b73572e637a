"""Errors as RFC 9457 problem documents: what failed and what to do, never how it looks inside."""

from __future__ import annotations

from typing import Any

import msgspec
import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException
from litestar.types import ExceptionHandlersMap

from wildwatch.bus.errors import BrokerUnavailableError
from wildwatch.contracts.post import Problem
from wildwatch.store.errors import StoreError
from wildwatch.store.reading import TooExpensiveError

logger: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

_TYPE = "urn:wildwatch:problem:"


class BadParameterError(ValueError):
    """A parameter of the request is wrong; `field` names it, the text says how to mend it."""

    def __init__(self, field: str, text: str) -> None:
        self.field = field
        super().__init__(text)


def response(problem: Problem, headers: dict[str, str] | None = None) -> Response[bytes]:
    """The problem as an HTTP answer."""
    return Response(
        msgspec.json.encode(problem),
        status_code=problem.status,
        media_type="application/problem+json",
        headers={"Cache-Control": "no-store", **(headers or {})},
    )


def _problem(kind: str, title: str, status: int, detail: str = "", field: str | None = None) -> Problem:
    return Problem(type=_TYPE + kind, title=title, status=status, detail=detail, field=field)


def _bad_parameter(_: Request[Any, Any, Any], error: BadParameterError) -> Response[bytes]:
    return response(_problem("bad-parameter", "A parameter is wrong", 400, str(error), error.field))


def _invalid(_: Request[Any, Any, Any], error: ValidationException) -> Response[bytes]:
    first = error.extra[0] if isinstance(error.extra, list) and error.extra else {}
    field = first.get("key") if isinstance(first, dict) else None
    text = str(first.get("message", error.detail)) if isinstance(first, dict) else error.detail
    return response(_problem("bad-parameter", "A parameter is wrong", 400, text, field))


def _too_expensive(_: Request[Any, Any, Any], __: TooExpensiveError) -> Response[bytes]:
    detail = "The range is too large to be read in time: choose a shorter one, or add a filter."
    return response(_problem("range-too-large", "The range is too large", 503, detail))


def _no_database(_: Request[Any, Any, Any], error: StoreError) -> Response[bytes]:
    logger.warning("database_did_not_answer", error=str(error))
    detail = "The database does not answer. Mail and counting go on; figures come back with it."
    return response(
        _problem("database-unavailable", "The database does not answer", 503, detail), {"Retry-After": "5"}
    )


def _no_broker(_: Request[Any, Any, Any], error: BrokerUnavailableError) -> Response[bytes]:
    logger.warning("broker_did_not_answer", error=str(error))
    detail = "The message broker does not answer. Senders keep their events and send them later."
    return response(
        _problem("broker-unavailable", "The broker does not answer", 503, detail), {"Retry-After": "5"}
    )


def _http(request: Request[Any, Any, Any], error: HTTPException) -> Response[bytes]:
    if error.status_code == 404:
        return response(_problem("not-found", "Nothing is here", 404, f"There is no {request.url.path}"))
    return response(_problem("refused", error.detail or "Refused", error.status_code))


def _unexpected(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    logger.error("request_failed", path=request.url.path, exc_info=error)
    return response(
        _problem("internal", "This answer could not be made", 500, "The reason is in the log of the API.")
    )


HANDLERS: ExceptionHandlersMap = {
    BadParameterError: _bad_parameter,
    ValidationException: _invalid,
    TooExpensiveError: _too_expensive,
    StoreError: _no_database,
    BrokerUnavailableError: _no_broker,
    HTTPException: _http,
    Exception: _unexpected,
}
