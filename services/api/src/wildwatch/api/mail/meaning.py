"""Events with what they mean."""

from __future__ import annotations

from wildwatch.api.mail.schemas import Event, provider_name
from wildwatch.mail import meaning
from wildwatch.store.mail_answers import EventRow


def explain(row: EventRow) -> Event:
    """The event beside the meaning of its class."""
    found = meaning.of(row.bounce_class) if row.action in ("deferred", "bounced", "refused") else None
    detail = (row.extra or {}).get("class_detail")
    return Event(
        event=row,
        provider_name=provider_name(row.provider) if row.provider else None,
        class_detail=detail if isinstance(detail, str) else None,
        meaning=found.text if found else None,
        advice=found.advice if found else None,
        categories_differ=meaning.categories_differ(row.bounce_class, row.zonemta_category),
    )
