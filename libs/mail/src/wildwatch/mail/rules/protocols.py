"""SMTP itself: relaying, commands, syntax, TLS and authentication that the server wants first, malformed messages."""

from __future__ import annotations

from wildwatch.mail.rules.model import Rule

_S = "RFC 5321, 5322, 3207; Postfix, Exim, Sendmail, qmail, Exchange"

RULES = (
    Rule("relay", "protocol",
         ("relay access denied", "relay denied", "relaying denied", "relaying not", "relay not permitted", "relay not allowed", "relay is not", "relaying is not", "relaying prohibited", "relay prohibited", "unable to relay", "not permitted to relay", "not allowed to relay", "cannot relay", "can't relay", "won't relay", "do not relay", "don't relay", "does not relay", "no relay", "no relaying", "relay disabled", "relay forbidden", "relaying forbidden", "authentication required to relay", "open relay not", "we do not relay", "relay access", "mail relay", "relaying mail", "relay attempt", "as a relay", "an open relay", "relay mail", "mail gate is forbidden", "relaying temporarily", "anonymous relay",
          "allowed rcpthosts", "list of allowed hosts", "not a gateway", "not local host", "not in my list of", "domain isn't in my list", "domain is not in my list", "non-accepted domain", "not in non-local", "not hosted here", "is not local",
          "kein relay", "relaying nicht", "relay nicht", "weiterleitung nicht", "relais*refus", "relais non", "relais interdit", "relayage", "retransmision", "reenvio no permitido", "relay negato", "inoltro non", "relay non", "retransmissao", "relay nao", "relay no permitido", "relay no ", "пересылка запрещена", "ретрансляц", "релей", "不允许转发", "转发", "中継", "przekazywanie*zabronione", "relay nie", "relayen niet", "relay niet"),
         detail="relay", source=_S),
    Rule("authentication-required", "protocol",
         ("authentication required", "authentication is required", "authentication needed", "must authenticate", "auth required", "smtp authentication", "please authenticate", "authenticate first", "authorization required", "login required", "requires authentication", "client was not authenticated", "must be authenticated", "not authenticated", "authentication failure", "authentication failed", "authentication credentials", "anmeldung erforderlich", "authentification requise", "autenticacion", "autenticazione", "autenticacao", "требуется аутентификация", "требуется авторизация"),
         detail="auth-required", source=_S),
    Rule("tls-required", "dns_network_timeout_tls",
         ("starttls", "tls required", "requires tls", "require tls", "must use tls", "tls is required", "tls not available", "tls unavailable", "tls currently", "tls version", "tls connection", "encryption required", "encryption needed", "requires encryption", "encrypted connection", "secure connection", "requiretls", "unencrypted", "cipher", "plaintext connection"),
         detail="tls", source=_S),
    Rule("syntax", "protocol",
         ("bad sequence", "command not recognized", "command unrecognized", "unrecognized command", "unrecognised command", "command not implemented", "not implemented", "unknown command", "unimplemented", "syntax error", "bad syntax", "invalid syntax", "address syntax", "syntax", "malformed", "protocol violation", "protocol error", "improper use", "pipelining", "must precede", "command*expected", "helo first", "ehlo first", "say helo", "polite people", "need rcpt", "need mail", "out of sequence", "sender already", "nested mail", "line too long", "lines too long", "line length", "bare lf", "bare cr", "bare newline", "bare linefeed", "unexpected command", "synchronization error", "sync error", "data before", "unsupported parameter", "parameters not", "bad command", "wrong sequence", "error: command",
          "smtputf8", "8bitmime", "body type not supported", "utf-8*not supported", "eai ", "internationalized", "conversion required", "unsupported encoding",
          "rfc 5322", "rfc5322", "rfc 2822", "rfc2822", "rfc 822", "rfc822", "rfc ‹n›", "rfc compliant", "not rfc", "violates rfc", "header*missing", "missing header", "no date header", "missing date", "missing from", "message-id*missing", "missing message-id", "missing required header", "invalid header", "bad header", "duplicate header", "multiple from", "no subject", "not compliant", "invalid message", "empty message", "headers too", "header syntax", "mime header", "improperly-formatted", "base64 encoding", "header are not accepted", "header error", "headers are not", "message depth", "nul character", "invalid characters", "missing or bad", "malformed", "helo/ehlo argument", "fully-qualified", "fully qualified"),
         detail="syntax", source=_S),
)  # fmt: skip
