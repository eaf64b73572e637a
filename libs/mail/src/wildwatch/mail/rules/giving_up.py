# ruff: noqa: RUF001, RUF003 - masks are in ‹›, and replies come in every script
"""Mail that grew too old in a queue, and mail that goes round in circles."""

from __future__ import annotations

from wildwatch.mail.rules.model import Regex, Rule

RULES = (
    Rule("expired", "expired",
         ("retry timeout exceeded", "retry time not reached", "message expired", "message has expired",
          "mail has expired", "retry limit", "retries exceeded", "gave up", "attempts exhausted",
          "exhausted after", "attempts failed", "delivery expired",
          "delivery time expired",
          "message timed out", "expired in queue", "queue lifetime", "queue expired", "too long in queue",
          "too old",
          "maximum retry", "max retries", "retries exhausted", "maximum queue time", "undeliverable for",
          "giving up on",
          "could not be delivered for more than", "has been in the queue too long",
          "failing for a long time",
          "long failure period", "message has exceeded the max", "i'm not going to try again", "giving up",
          "delivery attempts exceeded", "time limit exceeded for delivery", "after multiple retries",
          "allowed queue period", "after repeated attempts", "delivery timeout", "past expiration",
          "not been collected", "could not find a gateway",
          Regex("be delivered", r"(?:not|n't) be delivered (?:within|for|in|after) ‹n›"), "zustellversuche",
          "tempo scaduto",
          "caducado"),
         source="Exim, Postfix, Exchange, Sendmail, qmail"),
    Rule("loop", "protocol",
         ("too many hops", "hop count exceeded", "mail loop", "loops back to myself", "is looping",
          "routing loop",
          "loop detected", "mail forwarding loop", "message loop", "maximum hop", "delivered-to line",
          "excessive hops",
          "too many received", "schleife", "bucle de correo", "boucle de messag", "received headers",
          "forwarding loop", "message exceeded*hops", "exceeded*hops", "loop back"),
         detail="loop", source="Postfix, Sendmail, qmail, Exchange"),
)  # fmt: skip
