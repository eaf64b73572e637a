"""Filters of the query string: `host=a&host=b` for "one of", `not.host=a` for "none of"."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import Annotated

from litestar.params import QueryParameter

from wildwatch.api.problems import BadParameterError
from wildwatch.contracts.mail import ACTIONS
from wildwatch.mail.outcome import BLOCKED_CLASSES
from wildwatch.store.mail_filter import MailFilter

OUTCOMES = ("queued", "delivered", "deferred", "bounced", "blocked")
MAX_VALUES = 50
"""Values of one filter; more are refused."""

Values = list[str] | None


def _p(name: str) -> object:
    return QueryParameter(name=name, required=False)


async def provide_filter(  # noqa: PLR0917 # one parameter a filter is how they get into the OpenAPI document
    action: Annotated[Values, _p("action")] = None,
    outcome: Annotated[Values, _p("outcome")] = None,
    host: Annotated[Values, _p("host")] = None,
    provider: Annotated[Values, _p("provider")] = None,
    bounce_class: Annotated[Values, _p("class")] = None,
    zonemta_category: Annotated[Values, _p("zonemtaCategory")] = None,
    template: Annotated[Values, _p("template")] = None,
    zone: Annotated[Values, _p("zone")] = None,
    source_ip: Annotated[Values, _p("sourceIp")] = None,
    queue_id: Annotated[Values, _p("queueId")] = None,
    recipient_domain: Annotated[Values, _p("recipientDomain")] = None,
    sender_domain: Annotated[Values, _p("senderDomain")] = None,
    not_action: Annotated[Values, _p("not.action")] = None,
    not_outcome: Annotated[Values, _p("not.outcome")] = None,
    not_host: Annotated[Values, _p("not.host")] = None,
    not_provider: Annotated[Values, _p("not.provider")] = None,
    not_class: Annotated[Values, _p("not.class")] = None,
    not_zonemta_category: Annotated[Values, _p("not.zonemtaCategory")] = None,
    not_template: Annotated[Values, _p("not.template")] = None,
    not_zone: Annotated[Values, _p("not.zone")] = None,
    not_source_ip: Annotated[Values, _p("not.sourceIp")] = None,
    not_recipient_domain: Annotated[Values, _p("not.recipientDomain")] = None,
    not_sender_domain: Annotated[Values, _p("not.senderDomain")] = None,
) -> MailFilter:
    """All filters of a request. Raises `BadParameterError`."""
    return mail_filter(
        {
            "action": action,
            "outcome": outcome,
            "host": host,
            "provider": provider,
            "class": bounce_class,
            "zonemta_category": zonemta_category,
            "template": template,
            "zone": zone,
            "source_ip": source_ip,
            "queue_id": queue_id,
            "recipient_domain": recipient_domain,
            "sender_domain": sender_domain,
        },
        {
            "action": not_action,
            "outcome": not_outcome,
            "host": not_host,
            "provider": not_provider,
            "class": not_class,
            "zonemta_category": not_zonemta_category,
            "template": not_template,
            "zone": not_zone,
            "source_ip": not_source_ip,
            "recipient_domain": not_recipient_domain,
            "sender_domain": not_sender_domain,
        },
    )


def mail_filter(include: Mapping[str, Values], exclude: Mapping[str, Values]) -> MailFilter:
    """Checked filters, with the classes that count as blocked. Raises `BadParameterError`."""
    for names in (include, exclude):
        for name, values in names.items():
            _check(name, values or [])
    return MailFilter(
        include={name: values for name, values in include.items() if values},
        exclude={name: values for name, values in exclude.items() if values},
        blocked_classes=tuple(sorted(BLOCKED_CLASSES)),
    )


def _check(name: str, values: list[str]) -> None:
    if len(values) > MAX_VALUES:
        raise BadParameterError(name, f"at most {MAX_VALUES} values")
    for value in values:
        if "\0" in value:
            raise BadParameterError(name, "holds a NUL character")
        if name == "action" and value not in ACTIONS:
            raise BadParameterError(name, f"{value[:40]!r} is none of {', '.join(ACTIONS)}")
        if name == "outcome" and value not in OUTCOMES:
            raise BadParameterError(name, f"{value[:40]!r} is none of {', '.join(OUTCOMES)}")
        if name == "source_ip":
            try:
                ipaddress.ip_address(value)
            except ValueError as error:
                raise BadParameterError("sourceIp", f"{value[:40]!r} is no IP address") from error
