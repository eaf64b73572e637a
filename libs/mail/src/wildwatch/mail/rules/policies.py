"""Refusals for reasons of policy that name neither a list, nor a record, nor the message's content."""

from __future__ import annotations

from wildwatch.mail.rules.model import Rule

_S = "Mimecast, Exchange, Exim, Proofpoint, MessageLabs and others"

BY_RECIPIENT = (
    Rule("recipient-access", "policy", ("recipient address rejected: access denied",),
         source="Postfix check_recipient_access"),
    Rule("recipient-policy", "policy", ("recipient address rejected: policy",
         "recipient address rejected: blocked", "recipient address rejected: message rejected",
         "recipient address rejected: rejected", "recipient address rejected: mail",
         "recipient address rejected: service"),
         source="Postfix policy services"),
)  # fmt: skip

LATER = (
    Rule("come-back-later", "greylist",
         ("try again later", "try later", "please retry", "retry later", "come back later", "spater erneut",
          "spater noch", "reessayez", "reessayer", "mas tarde", "mais tarde", "riprovare", "riprova",
          "позже", "稍后",
          "稍後", "後で", "しばらく", "pozniej", "later opnieuw", "pozdeji"),
         code="4", enhanced="4.7", source="Rspamd and policy servers that greylist without saying so"),
)  # fmt: skip

VAGUE = (
    Rule("no-service", "dns_network_timeout_tls", ("not accepting connections", "esmtp not accepting",
         "smtp service not available", "service not available, closing"),
         detail="unavailable", permanent=False, source="RFC 5321 and iCloud"),
    Rule("policy", "policy",
         ("policy", "administrative prohibition", "administratively", "administrator", "prohibited",
          "not authorized", "not authorised", "unauthorized", "unauthorised", "access denied",
          "access not allowed", "access rejected", "permission denied", "message denied", "mail denied",
          "message refused",
          "message rejected", "mail rejected", "mail refused", "email rejected", "rejected by recipient",
          "rejected by user", "rejected by rule", "rejected by header", "manually blocked",
          "blocked senders", "security", "custom filter", "rule imposed", "does not accept mail",
          "host does not accept", "no smtp service here", "not accepting smtp", "server does not accept",
          "restriction", "restricted", "forbidden", "compliance", "violation", "content restriction",
          "go away", "organizational settings", "low priority", "verification failure", "mass mailer",
          "not approved", "temporarily blocked", "blocked", "denied by",
          "richtlinie", "verboten", "politique", "interdit", "politica", "prohibid", "proibid", "vietat",
          "запрещ", "политик", "策略", "禁止", "ポリシー", "정책", "polityk", "zabronion", "beleid",
          "geweigerd",
          "non autorise", "no autorizado", "non autorizzato", "nao autorizado"),
         source=_S),
    Rule("shutdown", "dns_network_timeout_tls",
         ("service not available", "service unavailable", "shutting down", "closing transmission",
          "closing channel", "closing connection", "not ready", "temporarily unavailable",
          "currently unavailable", "temporarily not available", "not accepting network", "did not respond",
          "not respond", "host unreachable", "no route for", "unable to resolve route",
          "connection expired", "name or service not known", "service is unavailable", "timeout exceeded",
          "timed out", "timeout", "try another", "maintenance", "out of service", "connection refused",
          "connection closed", "bad connection", "no answer from host", "network", "routing"),
         code="4", detail="unavailable", source="RFC 5321 code 421 and Postfix, Exchange, Domino"),
)  # fmt: skip
