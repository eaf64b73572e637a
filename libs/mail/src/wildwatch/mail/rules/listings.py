# ruff: noqa: RUF001, RUF003 - masks are in ‹›, and replies come in every script
"""Refusals that name a public block list: of addresses (dnsbl_block) or of domains and URLs
(domain_reputation)."""

from __future__ import annotations

from wildwatch.mail.rules.model import Phrase, Regex, Rule

_S = "Postfix reject_rbl_client, Exim dnslists, Sendmail dnsbl, rblsmtpd and the lists' own texts"

_DOMAIN_LISTS = ("dbl.spamhaus", "spamhaus dbl", "spamhaus.org/query/domain", "spamhaus.org/dbl", "surbl",
     "uribl",
                 "dbl list", "zrd.", "rhsbl", "ivmuri", "fresh.spameatingmonkey", "uri blacklist",
                 "uri blocklist",
                 "url blacklist", "url blocklist", "url-blacklist", "listed in dbl", "dblack", "urired",
                 "0spam-uri")  # fmt: skip

_LISTS: tuple[tuple[str, tuple[Phrase, ...]], ...] = (
    ("spamhaus", (Regex("bl", r"\b[sxpc]bl\b"), "spamhaus", "sbl-xbl", "sbl+xbl", " zen.", "cbl.abuseat",
     "xbl ", "/sbl", " pbl ",
     "css list", "policy block list", "exploits block list")),
    ("barracuda", ("barracudacentral", "barracuda reputation", "barracudanetworks.com/reputation",
     "barracuda block list",
                   "bl.barracuda", "brbl")),
    ("spamcop", ("spamcop",)),
    ("abusix", ("abusix",)),
    ("sorbs", ("sorbs",)),
    ("uceprotect", ("uceprotect", "uce-protect")),
    ("mailspike", ("mailspike",)),
    ("psbl", ("psbl",)),
    ("spamrats", ("spamrats",)),
    ("senderscore", ("senderscore", "sender score", "returnpath", "return path")),
    ("manitu", ("manitu", "nix spam", "nixspam")),
    ("spameatingmonkey", ("spameatingmonkey",)),
    ("invaluement", ("invaluement", "ivmsip")),
    ("blocklist.de", ("blocklist.de",)),
    ("gbudb", ("gbudb",)),
    ("hostkarma", ("hostkarma", "junkemailfilter")),
    ("dronebl", ("dronebl",)),
    ("s5h", ("s5h.net",)),
    ("backscatterer", ("backscatterer",)),
    ("njabl", ("njabl", "dsbl.org", "ordb.org", "rfc-ignorant", "rfc-clueless")),
    ("nordspam", ("nordspam",)),
)  # fmt: skip

_VENDOR_REPUTATION = ("cloudmark sender", "csi.cloudmark", "cloudmark csi", "cm-csi", "cloudmark poor",
     "blocked by cloudmark",
                      "trend micro email reputation", "trend micro rbl", "blocked using trend micro",
                      "mail-abuse.com", "mail-abuse.org",
                      "senderbase", "talosintelligence", "ipcheck.proofpoint", "dnsbl-lookup.cgi",
                      "pdr block", "proofpoint dynamic reputation",
                      "brightmail", "symantec zodiac", "connection rejected by policy", "sophos*reputation",
                      "fortiguard*blacklist", "fortiguard*ip", "cisco*reputation", "ipreputation",
                      "csi.mimecast")  # fmt: skip

RULES = (
    Rule("domain-list", "domain_reputation", _DOMAIN_LISTS, detail="domain-list",
         source="Spamhaus DBL, SURBL, URIBL and right-hand-side lists"),
    Rule("domain-listed", "domain_reputation",
         ("contains a url listed", "contains a link to a domain listed", "sender address*blocked using",
          "helo command*blocked using",
          "sender domain*listed", "from domain*listed", "blacklisted url", "blacklisted uri",
          "url is listed", "url in this", "malicious url",
          "domain is blacklisted", "domain is listed", "domain*blacklisted", "domain*blocklisted",
          "domain*in blacklist",
          "listed url", "url*blacklisted", "url*listed", "link*blacklisted", "url reputation"),
         detail="domain-list", source=_S),
    Rule("filter-maker", "ip_reputation", _VENDOR_REPUTATION, detail="filter-maker",
         source="Cisco Talos, Proofpoint PDR, Cloudmark CSI, Trend Micro ERS, Symantec, Fortinet, Sophos"),
    *(Rule(f"list-{name}", "dnsbl_block", phrases, detail=name, source=_S) for name, phrases in _LISTS),
    Rule("list-named", "dnsbl_block",
         (Regex("blocked using", r"blocked using (?:[a-z0-9-]+\.)+[a-z]{2,}"), Regex("listed",
          r"listed (?:in|on|at|by) (?:[a-z0-9-]+\.)+[a-z]{2,}"),
          Regex("blocked by", r"blocked by (?:[a-z0-9-]+\.)+[a-z]{2,}"), Regex("blacklisted",
          r"blacklisted (?:in|on|at|by) (?:[a-z0-9-]+\.)+[a-z]{2,}"),
          Regex("rejected", r"rejected by (?:rbl|dnsbl|[a-z0-9-]*bl\.[a-z0-9.-]+)"),
          Regex("listed", r"listed (?:in|on|at|by) (?:https?://|‹web›)"), Regex(" bl ",
          r" (?:s|x|p|c|d)bl "), "multi-blacklist", "‹ip›.‹host›",
          "blocked using ‹host›", "listed at ‹host›", "listed on ‹host›", "listed in ‹host›",
          "found in ‹host›", "client host*blocked using",
          "blocklisted by", "blacklisted by ‹host›", " in an rbl", " in rbl", " an rbl ", " rbl ", "dnsbl",
          "dns-bl", "dnsrbl", "dns blacklist", "dns blocklist",
          "dns black list", "dns block list", "realtime black", "real-time black", "realtime block",
          "real-time block", " rbl.", "rbl:", "(rbl)",
          "found on one or more", "dns-based block", "public blacklist", "public blocklist",
          "listado en rbl", "listato in rbl"),
         detail="named-list", source=_S),
)  # fmt: skip
