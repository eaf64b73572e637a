"""SPF, DKIM, DMARC, PTR, HELO: what our DNS and our names must prove."""

from __future__ import annotations

from wildwatch.mail.rules.model import Regex, Rule

_S = "RFC 7208, 6376, 7489; pypolicyd-spf, OpenDKIM, OpenDMARC, Rspamd, Exim and Postfix wordings"

RULES = (
    Rule("dmarc", "auth_failed", ("dmarc",), detail="dmarc", source=_S),
    Rule("dkim", "auth_failed", ("dkim", "domainkey", "no valid signature", "bad signature"), detail="dkim",
         source=_S),
    Rule("spf", "auth_failed",
         (Regex("spf", r"(?<![a-z])spf(?![a-z])"), "sender policy framework", "openspf", "open-spf",
          "not designated as permitted sender",
          "domain does not designate", "is not allowed to send mail from",
          "not permitted to send mail from",
          "not authorized to send mail for", "not authorised to send mail for",
          "not allowed to send from this domain",
          "is not authorized to use", "is not allowed to use this domain", "sender ip must resolve",
          "sender id*fail",
          "not permitted sender", "not authorized to send mail on behalf", "not allowed to send mail for",
          "invalid ip for sending mail of domain", "registered as a sending"),
         detail="spf", source=_S),
    Rule("arc", "auth_failed", ("arc validation", "arc-seal"), detail="arc", source=_S),
    Rule("unauthenticated-mail", "auth_failed",
         ("sender is unauthenticated", "unauthenticated mail", "unauthenticated email",
          "failed authentication checks",
          "fails authentication checks", "email authentication", "sender authentication fail",
          "authentication-results",
          "must be authenticated with", "message is not authenticated", "authentication checks failed",
          "domain authentication"),
         detail="unauthenticated", source=_S),
    Rule("ptr", "auth_failed",
         ("reverse dns", "rdns", "reverse-dns", "reversedns", "ptr record", "ptr-record", " ptr ", "no ptr",
          "missing ptr", "ptr entry", "ptr-eintrag", "ptr resource", "forward dns entry",
          "forward dns does not", "rdns", "no matches to nameserver",
          "reverse hostname", "cannot find your hostname", "cannot find your reverse", "reverse lookup",
          "reverse address",
          "inverse dns", "dns inverso", "dns inverse", "resolucion inversa", "in-addr.arpa",
          "unresolvable relay host", "mismatches client ip", "fcrdns",
          "forward-confirmed", "forward confirmed", "generic host", "generic ptr", "dynamic ptr",
          "looks like a dynamic", "looks like dynamic",
          "does not resolve to", "doesn't resolve", "must resolve", "ip name lookup failed",
          "ip name possibly forged", "possibly forged",
          "unable to resolve your", "cannot resolve your", "could not resolve your",
          "hostname*does not match", "no valid hostname", "unknown hostname",
          "reverse mapping", "обратн", "反向解析", "逆引き", "rueckwaertsaufl", "ruckwartsauflosung",
          "omvendt dns", "odwrotn"),
         detail="ptr", source=_S),
    Rule("helo", "auth_failed",
         (Regex("helo", r"(?<![a-z])(?:helo|ehlo)(?![a-z])(?!.{0,30}(?:first|before|expected|required first))"), "host impersonating"),
         detail="helo", source=_S),
)  # fmt: skip
