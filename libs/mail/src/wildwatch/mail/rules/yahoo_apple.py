# ruff: noqa: RUF001, RUF003 - masks are in ‹›, and replies come in every script
"""Yahoo with AOL and AT&T, and iCloud."""

from __future__ import annotations

from wildwatch.mail.rules.model import Regex, Rule

_Y = "Yahoo: Sender Hub, SMTP error codes"
_AOL = "AOL postmaster, SMTP error codes"
_APPLE = "Apple: postmaster information for iCloud Mail"
_ATT = "AT&T postmaster, error codes"

RULES = (
    Rule("yahoo-ts03", "ip_reputation", ("[ts03]", "[tss09]", "[tss11]", "will be permanently deferred",
         "retrying will not succeed"), detail="TS03",
         permanent=True, source=_Y),
    Rule("yahoo-tss", "rate_limit", (Regex("[ts", r"\[(tss?\d\d)\]"), "deferred due to user complaints",
         "deferred due to unexpected volume", "deferred due to excessive user complaints",
         "deferred due to*volume", "max message per connection"), code="4",
         permanent=False, source=_Y),
    Rule("yahoo-from-domain", "policy", ("unresolvable rfc.‹n› from domain", "unresolvable rfc.5321",
         "unresolvable rfc", "unresolvable from domain"),
         detail="sender-domain", source=_Y),
    Rule("yahoo-deferred", "rate_limit", ("message temporarily deferred", "temporarily deferred -"),
         code="4",
         providers=("yahoo", "apple"), permanent=False, source=_Y),
    Rule("yahoo-spamhaus", "dnsbl_block", (Regex("[bl", r"\[bl\d\d\]"),), detail="spamhaus", source=_Y),
    Rule("yahoo-phishing", "domain_reputation", (Regex("[ph", r"\[ph\d\d\]"),), detail="url", source=_Y),
    Rule("yahoo-dmarc", "auth_failed", ("5.7.9 message not accepted for policy reasons",), detail="dmarc",
         providers=("yahoo",), source=_Y),
    Rule("yahoo-policy", "policy", ("message not accepted for policy reasons",
         "not accepted for policy reasons"), source=_Y),
    Rule("yahoo-no-user", "unknown_user", ("this user doesn't have a", "dd this user",
         "not a valid mailbox dd"), source=_Y),
    Rule("yahoo-disabled", "inactive_mailbox", ("(‹n›.30)", "554.30", "dd sorry, your message to*disabled",
         "mailbox is disabled", "account has been disabled or discontinued"), source=_Y),
    Rule("aol-codes-ip", "ip_reputation", (Regex("(rtr:bl", r"\(rtr:(?:bl|du|rd|bb)\)"), "(rly:b",
         "(rly:nw", "(cs:", "(dyn:t"),
         source=_AOL),
    Rule("aol-refuses", "policy", ("will not accept delivery of this message",), source=_AOL),
    Rule("aol-codes-ptr", "auth_failed", ("(rtr:rd)", "(rtr:nr)"), detail="ptr", source=_AOL),
    Rule("aol-codes-url", "domain_reputation", ("(hvu:b", "(hvu:"), detail="url", source=_AOL),
    Rule("aol-codes-rate", "rate_limit", ("(rly:sn)", "(rly:"), source=_AOL),
    Rule("icloud-deferred", "rate_limit", ("[hcm1]", "hcm1", "[bs02]", "[bs01]", "bs02"),
         providers=("apple",),
         permanent=False, source=_APPLE),
    Rule("icloud-authentication", "auth_failed", ("[hme1]", "failing both spf and dkim"),
         detail="unauthenticated", source=_APPLE),
    Rule("icloud-inactive", "inactive_mailbox", ("inactive email address", "recipient no longer on server"),
         source=_APPLE),
    Rule("icloud-unknown", "unknown_user", ("unknown or illegal alias",), source=_APPLE),
    Rule("icloud-domain", "domain_reputation", ("[cs01]*domain reputation", "due to domain reputation"),
         source=_APPLE),
    Rule("icloud-content", "spam_content", ("[cs01]", "cs01"), detail="CS01", source=_APPLE),
    Rule("icloud-policy", "policy", ("rejected due to local policy",), providers=("apple",), source=_APPLE),
    Rule("att-block", "ip_reputation", ("dnsbl:rbl", "dnsbl:attrbl", "abuse_rbl@", "is_blocked",
         "is blocked by at&t"),
         detail="att-rbl", source=_ATT),
)  # fmt: skip
