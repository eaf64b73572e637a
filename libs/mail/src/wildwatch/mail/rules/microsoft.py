"""Outlook.com, Exchange Online, Exchange Server."""

from __future__ import annotations

from wildwatch.mail.rules.model import Regex, Rule

_NDR = "Microsoft: NDR codes in Exchange Online"
_SNDS = "Microsoft: Outlook.com postmaster, troubleshooting"
_EXCHANGE = "Microsoft: Exchange Server DSN texts"

RULES = (
    Rule("outlook-block-list", "ip_reputation", (Regex("(s3", r"\(a?s3(?:140|150)\)"), Regex("as3", r"\bas3(?:140|150)\b"),
         "network is on our block list"), detail="S3140/S3150", source=_SNDS),
    Rule("outlook-rate-reputation", "rate_limit", ("(s775)", "rate limited due to ip reputation", "4.7.650",
         "temporarily rate limited"), detail="S775", permanent=False, source=_SNDS),
    Rule("outlook-busy", "rate_limit", ("(s77719)", "(s77714)", "(as77714)", "server busy*try again later from",
         Regex(" rp-00", r"\brp-00[1-3]\b"), "limits for how many messages can be sent"), permanent=False,
         source=_SNDS),
    Rule("outlook-spam", "spam_content", (Regex("sc-00", r"\bsc-00[1-6]\b"),), providers=("outlook",),
         source=_SNDS),
    Rule("outlook-dynamic", "ip_reputation", (Regex("dy-00", r"\bdy-00[12]\b"), Regex("ou-00", r"\bou-00[12]\b")),
         source=_SNDS),
    Rule("m365-auth-level", "auth_failed", ("5.7.515", "required authentication level"), detail="dmarc",
         permanent=True, source=_NDR),
    Rule("m365-dmarc", "auth_failed", ("5.7.509", "does not pass dmarc"), detail="dmarc", source=_NDR),
    Rule("m365-spoof", "auth_failed", ("5.7.501*spoof", "unauthenticated email is not accepted"), detail="dmarc",
         source=_NDR),
    Rule("m365-banned-ip", "ip_reputation", ("banned sending ip", "banned sender", Regex("5.7.6", r"\b5\.7\.6(?:0[6-9]|[1-4]\d)\b"),
         "5.7.511", "delist@messaging.microsoft.com", "delist@microsoft.com", "sender.office.com"), source=_NDR),
    Rule("m365-spamhaus", "ip_reputation", ("client host*blocked using spamhaus*as160", "5.7.512"), source=_NDR,
         providers=("microsoft365", "outlook")),
    Rule("m365-restricted-sender", "policy", ("5.7.708", "5.7.705", "5.1.8*bad outbound sender", "traffic not accepted from this ip"),
         source=_NDR),
    Rule("m365-tenant-rate", "rate_limit", ("organization queue quota exceeded", "message throttled", "submission quota exceeded",
         "exceeded the message limit", "maximum number of concurrent connections", "recipient thread limit exceeded",
         "server threads busy", "storedrv*throttl", "mailbox database thread limit"), permanent=False, source=_EXCHANGE),
    Rule("exchange-no-recipient", "unknown_user", ("resolver.adr.recip", "resolver.adr.exrecip", "resolver.adr.invalid",
         "recipientnotfound", "recipnotfound", "recipient not found by smtp address lookup",
         "recipient address rejected: access denied", "recipient addresses rejected : access denied",
         "recipient addresses rejected: access denied"), source=_NDR),
    Rule("exchange-quota", "mailbox_full", ("mapiexceptionshutoffquota", "quotaexceededexception", "recipientoverquota",
         "storedrv.deliver*quota", "storedrv.deliver*full"), source=_EXCHANGE),
    Rule("exchange-recipient-size", "size_content_virus", ("recipsizelimit", "sendsizelimit", "sizelimit; message too large",
         "resolver.rst.*size"), detail="size", source=_EXCHANGE),
    Rule("exchange-not-allowed", "policy", ("resolver.rst.", "sendernotauthenticatedforgroup", "5.7.133", "5.7.124", "5.7.129",
         "not authorized to send to", "delivery restriction", "authentication required*restriction", "transport.rules.reject",
         "organization does not allow", "tenantattribution", "tenant allow/block list", "5.7.703", "5.7.129",
         "recipientrestricted", "moderation"), source=_EXCHANGE),
    Rule("exchange-expired", "expired", ("queue.expired",), source=_EXCHANGE),
    Rule("exchange-relay", "protocol", ("5.7.54 smtp", "unable to relay", "smtpsend.dns.nonexistentdomain relay",
         "5.7.64 tenantattribution; relay"), detail="relay", source=_EXCHANGE),
    Rule("exchange-failover", "dns_network_timeout_tls", ("attempted failover to alternate host", "primary target ip address responded"),
         permanent=False, source=_EXCHANGE),
    Rule("m365-spam", "spam_content", ("5.7.520", "5.7.999", "identified as spam"), providers=("microsoft365", "outlook"),
         source=_NDR),
)  # fmt: skip
