"""What codes alone say, when no text is known: enhanced status code first, then the basic one."""

from __future__ import annotations

from typing import Final

from wildwatch.mail.reply import Codes
from wildwatch.mail.rules.model import Rule

_RFC: Final = "RFC 3463 and the IANA registry of enhanced status codes"

_BY_DETAIL: Final = {
    "1.0": "unknown_user", "1.1": "unknown_user", "1.2": "bad_domain", "1.3": "unknown_user",
    "1.4": "unknown_user",
    "1.6": "inactive_mailbox", "1.7": "policy", "1.8": "policy", "1.9": "protocol", "1.10": "bad_domain",
    "2.0": "inactive_mailbox", "2.1": "inactive_mailbox", "2.2": "mailbox_full",
    "2.3": "size_content_virus",
    "2.4": "policy",
    "3.1": "remote_misconfigured", "3.2": "dns_network_timeout_tls", "3.3": "protocol",
    "3.4": "size_content_virus",
    "3.5": "remote_misconfigured",
    "4.1": "dns_network_timeout_tls", "4.2": "dns_network_timeout_tls", "4.3": "dns_network_timeout_tls",
    "4.4": "dns_network_timeout_tls", "4.5": "rate_limit", "4.6": "protocol", "4.7": "expired",
    "5.0": "protocol", "5.1": "protocol", "5.2": "protocol", "5.3": "rate_limit", "5.4": "protocol",
    "5.5": "protocol",
    "5.6": "protocol",
    "6.0": "size_content_virus", "6.1": "size_content_virus", "6.2": "size_content_virus",
    "6.3": "size_content_virus",
    "6.5": "size_content_virus", "6.6": "size_content_virus", "6.7": "protocol", "6.8": "protocol",
    "6.9": "protocol",
    "7.1": "policy", "7.2": "policy", "7.3": "policy", "7.4": "dns_network_timeout_tls",
    "7.5": "policy", "7.7": "policy", "7.8": "policy", "7.9": "policy", "7.10": "dns_network_timeout_tls",
    "7.11": "dns_network_timeout_tls", "7.12": "policy", "7.13": "inactive_mailbox",
    "7.16": "size_content_virus",
    "7.17": "unknown_user", "7.18": "bad_domain",
    "7.20": "auth_failed", "7.21": "auth_failed", "7.22": "auth_failed", "7.23": "auth_failed",
    "7.24": "auth_failed",
    "7.25": "auth_failed", "7.26": "auth_failed", "7.27": "policy", "7.28": "rate_limit",
    "7.29": "auth_failed",
    "7.30": "dns_network_timeout_tls",
}  # fmt: skip

_BY_SUBJECT: Final = {"3": "other", "4": "dns_network_timeout_tls", "5": "protocol",
     "6": "size_content_virus",
                      "7": "policy"}  # fmt: skip

_BY_BASIC: Final = {
    421: "dns_network_timeout_tls", 422: "mailbox_full", 431: "dns_network_timeout_tls",
         452: "mailbox_full",
    454: "dns_network_timeout_tls", 500: "protocol", 501: "protocol", 502: "protocol", 503: "protocol",
    504: "protocol", 521: "policy", 523: "size_content_virus", 530: "policy", 534: "policy", 535: "policy",
    538: "policy", 541: "spam_content", 552: "mailbox_full", 556: "bad_domain",
}  # fmt: skip


def by_codes(codes: Codes) -> Rule:
    """The row that the codes stand for; class `other` when they say nothing."""
    if codes.enhanced is not None:
        detail = codes.enhanced[2:]
        found = _BY_DETAIL.get(detail) or _BY_SUBJECT.get(detail.partition(".")[0])
        if found is not None:
            return Rule(f"enhanced-x.{detail}", found, (), source=_RFC)
    found = _BY_BASIC.get(codes.basic or 0)
    if found is not None:
        return Rule(f"basic-{codes.basic}", found, (), source="RFC 5321, section 4.2")
    return Rule("no-rule", "other", (), source="no row of the table fits")
