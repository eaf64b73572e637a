"""Gmail and Google Workspace."""

from __future__ import annotations

from wildwatch.mail.rules.model import Rule

_G = ("google",)
_CODES = "Google: Gmail SMTP errors and codes"

RULES = (
    Rule("gmail-rate-ip", "rate_limit", ("unusual rate of*your ip", "unusual rate of*ip netblock",
         "unusual rate of*ip address"), detail="gmail-4.7.28-ip", permanent=False, source=_CODES),
    Rule("gmail-rate-dkim", "rate_limit", ("unusual rate of*dkim domain",), detail="gmail-4.7.28-dkim-domain",
         permanent=False, source=_CODES),
    Rule("gmail-rate-spf", "rate_limit", ("unusual rate of*spf domain",), detail="gmail-4.7.28-spf-domain",
         permanent=False, source=_CODES),
    Rule("gmail-rate-url", "rate_limit", ("unusual rate of*url",), detail="gmail-4.7.28-url-domain",
         permanent=False, source=_CODES),
    Rule("gmail-rate", "rate_limit", ("unusual rate of unsolicited",), detail="gmail-4.7.28", permanent=False,
         source=_CODES),
    Rule("gmail-volume", "rate_limit", ("unusual amount of", "not in whitelist for rcpt domain", "p=receivingrate",
         "p=ratelimit", "suspicious traffic*temporarily"), providers=_G, permanent=False, source=_CODES),
    Rule("gmail-domain-reputation", "domain_reputation", ("low reputation of the sending domain",
         "reputation of the sending domain", "p=unsolicitedratelimiterror*domain"), detail="gmail-domain",
         source=_CODES),
    Rule("gmail-ip-reputation", "ip_reputation", ("low reputation of the sending ip", "p=unsolicitediperror",
         "ip*is not authorized to send mail directly to our servers", "not authorized to send email directly"),
         detail="gmail-ip", source=_CODES),
    Rule("gmail-tls", "dns_network_timeout_tls", ("wasn't sent over a tls connection", "tls required for rcpt domain",
         "4.7.29", "5.7.29"), providers=_G, detail="tls", source=_CODES),
    Rule("gmail-spf", "auth_failed", ("4.7.27", "5.7.27"), providers=_G, detail="spf", source=_CODES),
    Rule("gmail-dkim", "auth_failed", ("4.7.30", "5.7.30"), providers=_G, detail="dkim", source=_CODES),
    Rule("gmail-ptr", "auth_failed", ("4.7.23", "5.7.23", "4.7.25", "5.7.25", "ipv6 sending guidelines regarding ptr"),
         providers=_G, detail="ptr", source=_CODES),
    Rule("gmail-alignment", "auth_failed", ("4.7.32", "5.7.32", "4.7.40", "5.7.40"), providers=_G, detail="dmarc",
         source=_CODES),
    Rule("gmail-unauthenticated", "auth_failed", ("p=unauthenticatederror", "p=unauthenticated", "4.7.26", "5.7.26",
         "ipv6 sending guidelines"), providers=_G, detail="unauthenticated", source=_CODES),
    Rule("gmail-blocked-content", "size_content_virus", ("p=blockedmessage", "potential security issue",
         "p=blockedattachment"), detail="attachment", source=_CODES),
    Rule("gmail-not-rfc", "protocol", ("not rfc ‹n› compliant", "not rfc 5322 compliant", "p=rfcmessagenoncompliant",
         "rfc 5322 specifications", "multiple addresses in from", "not rfc*compliant"), detail="rfc-5322",
         source=_CODES),
    Rule("gmail-unsolicited", "spam_content", ("p=unsolicitedmessageerror", "likely unsolicited mail",
         "likely suspicious", "p=unsolicitedratelimiterror"), source=_CODES),
    Rule("gmail-no-user", "unknown_user", ("p=nosuchuser", "email account that you tried to reach does not exist"),
         source=_CODES),
    Rule("gmail-disabled", "inactive_mailbox", ("p=disableduser", "you tried to reach is disabled",
         "you tried to reach is inactive", "p=inactiveuser"), source=_CODES),
    Rule("gmail-over-quota", "mailbox_full", ("p=overquota", "inbox is out of storage"), source=_CODES),
    Rule("gmail-size", "size_content_virus", ("p=maxsizeerror", "message size limits"), detail="size", source=_CODES),
    Rule("gmail-mail-bomb", "rate_limit", ("receiving mail too quickly", "receiving mail at a rate",
         "p=mailbomb"), detail="recipient", permanent=False, source=_CODES),
    Rule("workspace-policy", "policy", ("has a policy that prohibited the mail", "p=policyerror"), source=_CODES),
)  # fmt: skip
