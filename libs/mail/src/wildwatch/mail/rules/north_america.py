"""Access providers and hosters of North America, by the codes of their postmaster pages."""

from __future__ import annotations

from wildwatch.mail.rules.model import Regex, Rule

_COMCAST = "Comcast postmaster, SMTP error codes"
_COX = "Cox: email error codes"
_CHARTER = "Spectrum: email error codes (AUP#)"
_GODADDY = "GoDaddy: bounce errors (IB codes)"
_RACKSPACE = "Rackspace Email: SMTP error codes"

RULES = (
    Rule("comcast-rate", "rate_limit", (Regex("rl0", r"\brl0000\d\d\b"), " comcast*throttled", "throttled - try again"),
         permanent=False, source=_COMCAST),
    Rule("comcast-block", "ip_reputation", (Regex("bl0", r"\bbl0000\d\d\b"), "comcast block for spam"), source=_COMCAST),
    Rule("comcast-ptr", "auth_failed", (Regex("pt0", r"\bpt0000\d\d\b"),), detail="ptr", source=_COMCAST),
    Rule("comcast-dmarc", "auth_failed", (Regex("dm0", r"\bdm0000\d\d\b"),), detail="dmarc", source=_COMCAST),
    Rule("comcast-no-user", "unknown_user", ("not our customer",), source=_COMCAST),
    Rule("cox-rate", "rate_limit", ("cxcnct", "cxthrt", "cxmxrt", "cxsnd", "too many sessions from"), code="4",
         permanent=False, source=_COX),
    Rule("cox-ptr", "auth_failed", ("cxdns", "cxmjdns"), detail="ptr", source=_COX),
    Rule("cox-block", "ip_reputation", ("cxbl", "cxmxrt", "cxthrt", "cxsnd", "blocked. error code", "ip blocked*refer to error codes"), source=_COX),
    Rule("cox-no-user", "unknown_user", ("recipient rejected. refer to error codes", "> recipient rejected", "recipient rejected aup"),
         source=_COX),
    Rule("charter-rate", "rate_limit", (Regex("aup#", r"aup#(?:i-|in-)?(?:1310|1320|1090|1500|1520|1530|1550)\b"),), permanent=False,
         code="4", source=_CHARTER),
    Rule("charter-block", "ip_reputation", (Regex("aup#", r"aup#(?:in?-|out-)?(?:1260|1010|1110|1160|1210|1220|1230|1240|1250|1310|1320|1600|1610|1620|1630)\b"),),
         source=_CHARTER),
    Rule("charter-ptr", "auth_failed", (Regex("aup#", r"aup#(?:in?-)?(?:1030|1040)\b"),), detail="ptr", source=_CHARTER),
    Rule("charter-spam", "spam_content", (Regex("aup#", r"aup#(?:in?-|out-)?(?:1410|1430|1440|1450|1480|1490|1460)\b"),), source=_CHARTER),
    Rule("godaddy-rate", "rate_limit", (Regex(" ib1", r"\bib10[1245678]\b"), Regex(" ib0", r"\bib00[1-9]\b"), " ib007", " ib110", " ib111"),
         providers=("godaddy",), permanent=False, source=_GODADDY),
    Rule("godaddy-block", "ip_reputation", (" ib103", " ib104", " ib108", "local blacklist ib", "bizsmtp*rejected"), source=_GODADDY),
    Rule("godaddy-ptr", "auth_failed", ("no ptr", "fcrdns"), providers=("godaddy",), detail="ptr", source=_GODADDY),
    Rule("godaddy-url", "domain_reputation", (" ib705", " ib703"), detail="url", source=_GODADDY),
    Rule("godaddy-spam", "spam_content", (" ib212", " ib213", " ib215", " ib605", " ib701", " ib702", " ib703", " ib704",
         "judged to be spam"), source=_GODADDY),
    Rule("godaddy-sender", "policy", (" ib501", " ib502", " ib504", " ib506", " ib507", " ib508", " ib510", " ib401", " ib402", " ib404", " ib405"),
         source=_GODADDY),
    Rule("rackspace-no-user", "unknown_user", ("could not be found, or was misspelled",), source=_RACKSPACE),
)  # fmt: skip
