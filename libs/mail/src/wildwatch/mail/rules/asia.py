"""QQ, NetEase (163, 126), Sina, Aliyun, Naver."""

from __future__ import annotations

from wildwatch.mail.rules.model import Regex, Rule

_QQ_SOURCE = "QQ Mail: bounce reasons"
_NETEASE = "NetEase 163: bounce codes"
_QQ = ("qq",)

RULES = (
    Rule("qq-frequency", "rate_limit", ("frequency limited", "frequency limit", "frequency is limited",
         "exceeded the frequency"), permanent=False, source=_QQ_SOURCE),
    Rule("qq-recipient-busy", "rate_limit", ("mailbox unavailable or access denied",), providers=_QQ,
         permanent=False, source=_QQ_SOURCE),
    Rule("qq-domain", "domain_reputation", ("suspected*domain reputation",), providers=_QQ,
         source=_QQ_SOURCE),
    Rule("qq-suspected-sender", "ip_reputation", ("suspected spam ip", "ip blocked", "connection denied",
         "suspected bounce attacks"), providers=_QQ,
         source=_QQ_SOURCE),
    Rule("qq-content", "spam_content", ("mail content denied", "spam is embedded", "content rejected",
         "content reject", "suspected spam"),
         source=_QQ_SOURCE),
    Rule("qq-recipient-block", "policy", ("rejected by recipients", "mail is rejected by recipient"),
         source=_QQ_SOURCE),
    Rule("netease-spf", "auth_failed", (" mi:spf",), detail="spf", source=_NETEASE),
    Rule("netease-dmarc", "auth_failed", (" mi:dma",), detail="dmarc", source=_NETEASE),
    Rule("netease-rate", "rate_limit", (Regex(":",
         r" (?:hl:(?:itc|icc|ifc|ifq|mep)|ip:icc|rp:(?:orq|trc|qrc|drc|rcl|cel)|mi:(?:stc|sfq|dmc))\b"),),
         permanent=False, source=_NETEASE),
    Rule("netease-ip", "ip_reputation", (Regex(":", r" (?:hl:(?:ipb|rep|ihu)|ip:(?:ipb|rep))\b"),),
         source=_NETEASE),
    Rule("netease-spam", "spam_content", (" dt:spm", " dt:sum", " dt:spb"), source=_NETEASE),
    Rule("netease-sender", "policy", (" mi:spb", " mi:imf", " user in blacklist"), source=_NETEASE),
    Rule("netease-protocol", "protocol", (" mi:nhd", " rp:frl"), source=_NETEASE),
    Rule("netease-suspended", "inactive_mailbox", ("user suspended", "user hangup", "user locked",
         "user is locked"), source=_NETEASE),
    Rule("netease-quota", "mailbox_full", ("quota exceeded or service disabled",), source=_NETEASE),
)  # fmt: skip
