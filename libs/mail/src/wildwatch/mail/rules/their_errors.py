"""Servers that break on their own: their DNSBL refuses them, their disk is full, their filter is down.

These stand before everything about listings: a refused look-up is no listing of ours.
"""

from __future__ import annotations

from wildwatch.mail.rules.model import Rule

_SPAMHAUS = "Spamhaus return codes 127.255.255.252, .254 and .255; URIBL code 1; as mail servers quote them"

RULES = (
    Rule("dnsbl-refuses-them", "remote_misconfigured",
         ("open resolver", "excessive number of queries", "excessive queries", "spamhaus.org/returnc",
          "uribl.com/refused",
          "query refused", "queries refused", "127.255.255.", "typing error in dnsbl name",
          "public/open resolver",
          "public dns resolver", "query limit exceeded", "too many dnsbl queries", "dnsbl query blocked"),
         detail="dnsbl-refused", permanent=False, source=_SPAMHAUS),
    Rule("their-disk-full", "remote_misconfigured",
         ("insufficient system storage", "insufficient system resources", "insufficient disk space",
          "no space left",
          "disk full", "not enough disk", "insufficient resources", "system storage exceeded",
          "out of disk",
          "low on disk", "mail system full", "system is full", "free disk space", "queue file write error"),
         code="4", detail="storage", source="Postfix, Sendmail, Exchange"),
    Rule("their-configuration", "remote_misconfigured",
         ("server configuration problem", "server configuration error", "system incorrectly configured",
          "local configuration error", "configuration error", "misconfigured",
          "mail server is incorrectly configured",
          "mail system configuration error"),
         source="Postfix, Sendmail; enhanced code x.3.5"),
    Rule("their-lookup", "remote_misconfigured",
         ("temporary lookup failure", "lookup failure", "unable to look up", "ldap lookup", "ldap server",
          "database connection", "directory server", "alias lookup", "address lookup temporarily",
          "unable to check recipient", "cannot access mailbox directory", "qq trouble in home directory",
          "trouble in home directory", "error in alias"),
         code="4", detail="lookup", source="Postfix, Exim, qmail"),
    Rule("their-filter", "remote_misconfigured",
         ("milter failed", "milter error", "milter reject by", "content filter is down", "content_filter",
          "amavis*unavailable", "spam filter*unavailable", "virus scanner*unavailable", "clamd",
          "av scanner",
          "policy service*unavailable", "policy server*not responding", "unable to contact*scanner",
          "unable to scan", "scanner failed", "spamd unavailable", "clamd unavailable",
          "error in processing, id=", "proxy*unreachable"),
         code="4", detail="filter", source="Postfix with milters, amavis, Exim with ClamAV"),
)  # fmt: skip
