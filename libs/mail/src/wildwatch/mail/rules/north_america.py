"""Access providers and hosters of North America, by the codes of their postmaster pages."""

from __future__ import annotations

from wildwatch.mail.rules.model import Regex, Rule

_COMCAST = "Comcast postmaster, SMTP error codes"
_COX = "Cox: email error codes"
_CHARTER = "Spectrum: email error codes (AUP#)"
_GODADDY = "GoDaddy: bounce errors (IB codes)"
_RACKSPACE = "Rackspace Email: SMTP error codes"


def _charter(numbers: str) -> Regex:
    return Regex("aup#", rf"aup#(?:[a-z]+-)?(?:{numbers})\b")


def _godaddy(*numbers: str) -> Regex:
    return Regex(" ib", rf"\bib(?:{'|'.join(numbers)})\b")


RULES = (
    Rule("comcast-rate", "rate_limit", (Regex("rl0", r"\brl0000\d\d\b"), " comcast*throttled",
         "throttled - try again"),
         permanent=False, source=_COMCAST),
    Rule("comcast-block", "ip_reputation", (Regex("bl0", r"\bbl0000\d\d\b"), "comcast block for spam"),
         source=_COMCAST),
    Rule("comcast-ptr", "auth_failed", (Regex("pt0", r"\bpt0000\d\d\b"),), detail="ptr", source=_COMCAST),
    Rule("comcast-dmarc", "auth_failed", (Regex("dm0", r"\bdm0000\d\d\b"),), detail="dmarc",
         source=_COMCAST),
    Rule("comcast-no-user", "unknown_user", ("not our customer",), source=_COMCAST),
    Rule("cox-rate", "rate_limit", ("cxcnct", "cxthrt", "cxmxrt", "too many sessions from",
         "message threshold exceeded"),
         permanent=False, source=_COX),
    Rule("cox-ptr", "auth_failed", ("cxdns", "cxmjdns", "rejected - no rdns", "dns check failure"),
         detail="ptr", source=_COX),
    Rule("cox-authentication", "auth_failed", ("cxsndr",), detail="unauthenticated", source=_COX),
    Rule("cox-list", "dnsbl_block", (Regex("ipbl", r"\bipbl[01]{4,5}\b"),), detail="named-list",
         source=_COX),
    Rule("cox-url-list", "domain_reputation", (Regex("urlbl", r"\burlbl[01]{3,4}\b"),), detail="url",
         source=_COX),
    Rule("cox-policy", "policy", ("cxsmtp", " cxmj"), source=_COX),
    Rule("cox-block", "ip_reputation", ("cxbl", "cdrbl", "blocked. error code",
         "ip blocked*refer to error codes"), source=_COX),
    Rule("cox-no-user", "unknown_user", ("recipient rejected. refer to error codes", "> recipient rejected",
         "recipient rejected aup"),
         source=_COX),
    Rule("charter-ptr", "auth_failed", (_charter(r"11[0-5]0"),), detail="ptr", source=_CHARTER),
    Rule("charter-policy", "policy", (_charter(r"11[6-9]0|15[026]0"),), source=_CHARTER),
    Rule("charter-rate", "rate_limit", (_charter(r"13\d0|14\d0|15[458]0|1090"),), permanent=False,
         source=_CHARTER),
    Rule("charter-size", "size_content_virus", (_charter("1530"),), detail="size", source=_CHARTER),
    Rule("charter-block", "ip_reputation", (_charter(r"10[0-8]0|12\d0|16\d0"),), source=_CHARTER),
    Rule("godaddy-rate", "rate_limit", (_godaddy("007", "101", "504", "510", "605", "607"),),
         permanent=False, source=_GODADDY),
    Rule("godaddy-ptr", "auth_failed", (_godaddy("108"),), detail="ptr", source=_GODADDY),
    Rule("godaddy-spf", "auth_failed", (_godaddy("508"),), detail="spf", source=_GODADDY),
    Rule("godaddy-list", "dnsbl_block", (_godaddy("104", "105", "106"),), detail="spamhaus",
         source=_GODADDY),
    Rule("godaddy-block", "ip_reputation", (_godaddy("103", "110", "111", "112", "113"),
         "bizsmtp*local blacklist"), source=_GODADDY),
    Rule("godaddy-virus", "size_content_virus", (_godaddy("705"),), detail="virus", source=_GODADDY),
    Rule("godaddy-spam", "spam_content", (_godaddy("212"), "judged to be spam",
         "rejected for spam or virus"), source=_GODADDY),
    Rule("godaddy-sender", "policy", (_godaddy("501", "502", "506"),), detail="sender", source=_GODADDY),
    Rule("godaddy-authentication", "protocol", (_godaddy("401"),), detail="auth-required", source=_GODADDY),
    Rule("rackspace-no-user", "unknown_user", ("could not be found, or was misspelled",),
         source=_RACKSPACE),
)  # fmt: skip
