# ruff: noqa: RUF001, RUF003 - masks are in ‹›, and replies come in every script
"""Refusals of our address or domain for what it is known for, without a public list's name."""

from __future__ import annotations

from wildwatch.mail.rules.model import Regex, Rule

_S = "Cisco, Proofpoint, Symantec, SpamExperts, Postfix access tables and national wordings"

_ADDRESS = (
    r"(?:\bips?\b|ip ?address|ip-adresse|‹ip›|netblock|subnet|your network|host network|adresse ip"
    r"|direccion ip|indirizzo ip|endereco ip|adres ip"
    r"|ip-adres|ip-адрес|ip地址|ip位址|ipアドレス|ip 주소)"
)
_MACHINE = (
    r"(?:client host|your host|your server|your mail ?server|sending (?:mta|host|server)|\bmta\b"
    r"|connecting host|remote host|remotehost"
    r"|connections? from|mail from your|your domain's server|ваш сервер|votre serveur|su servidor"
    r"|il tuo server|seu servidor|ihr server|ihr mailserver)"
)
_STRONG = (
    r"(?:block(?:ed|list|ing|s)?\b|black ?-?list|banned|ban list|reputation|bloque|gesperrt"
    r"|sperrliste|schwarze|bloccat|bloquead|lista nera|lista negra|liste noire"
    r"|черн|заблок|блокир|чорн|黑名单|黑名單|屏蔽|封|ブラックリスト|ブロック|차단|zablokowan|czarn"
    r"|geblokkeerd|zwarte|listed\b|abus)"
)
_WEAK = (
    r"(?:denied|refused|rejected|not allowed|not accepted|prohibited|suspicious|bad\b|poor|spam"
    r"|abgelehnt|rechazad|rifiutat|recusad|拒绝|拒絕|拒否|거부|odrzucon|geweigerd"
    r"|отклонен|запрещен|not permitted|not welcome|no access)"
)

PLAIN = (
    Rule("domain-reputation", "domain_reputation",
         ("domain reputation", "reputation of the domain", "reputation of a domain in the message",
          "reputation of the sending domain", "domain has a bad reputation", "domain has a poor reputation",
          "domain*bad reputation", "domain*poor reputation", "domain*low reputation",
          "reputation of your domain", "domain is blocked", "sender domain*reputation",
          "sender domain is blocked", "domain*spam list", "domain has been blocked", "your domain*blocked",
          "your domain*blacklist",
          "dominio*lista n", "domaine*liste noire", "домен*черн", "域名*黑名单"),
         source=_S),
    Rule("ip-reputation", "ip_reputation",
         ("poor reputation", "bad reputation", "low reputation", "ip reputation", "sender reputation",
          "reputation is", "reputation too", "reputation of", "reputation-based", "reputation based",
          "reputation score", "reputation filter", "host reputation", "negative reputation",
          "reputation below", " reputation ", "mauvaise reputation", "mala reputacion",
          "cattiva reputazione", "reputazione", "ma reputacao", "schlechte reputation", "slechte reputatie",
          "zla reputacj", "репутаци", "信誉", "レピュテーション", "평판",
          Regex(("ip", "netblock", "subnet", "network"), rf"{_ADDRESS}.{{0,60}}(?:{_STRONG}|{_WEAK})"),
          Regex(("host", "server", "mta", "connection", "mail from your", "serveur", "servidor", "сервер"),
          rf"{_MACHINE}.{{0,60}}{_STRONG}"),
          Regex(("block", "black", "ban", "bloque", "gesperrt", "заблок", "черн"),
          rf"{_STRONG}.{{0,40}}{_ADDRESS}"),
          "rejected because bad ip", "bad sender ip", "bad ip", "extreme bad ip",
          "you are not allowed to connect", "not allowed to connect", "access to submit messages",
          "access to this mail system has been rejected", "no access from",
          "accepting mail from your ip", "zombie", "- see http", "may not be mail exchanger",
          "refused - see", "blocked - see", "looks suspiciously like spammer", "abus detecte"),
         source=_S),
)  # fmt: skip

VAGUE = (
    Rule("ip-blocked-vague", "ip_reputation",
         ("deny list", "denylist", "deny-list", "blacklisted", "black listed", "black-listed", "blacklist",
          "black list", "blocklist",
          "block list", "blocklisted", "local blacklist", "internal blacklist", "blocked for spam",
          "blocked for spamming",
          "blocked for abuse", "spam source", "spam sender", "spamming",
          "known spammer", "spammer", "open relay", "open proxy", "sending spam", "spam host", "botnet",
          "dynamic ip", "dynamic address", "dialup", "dial-up", "dynamically assigned", "residential",
          "not a mail server", "use your isp", "smtp server of your isp", "use the smtp relay", "country",
          "geolocation", "geographical", "network is blocked", "blocked network", "complaints",
          "access denied*ip",
          "schwarze liste", "sperrliste", "liste noire", "lista negra", "lista nera", "черном списке",
          "черный список", "чорн", "黑名单", "黑名單", "ブラックリスト", "차단", "czarnej liscie",
          "czarna lista",
          "zwarte lijst", "svart lista", "sortliste", "kara liste", "cerna listina", "feketelist"),
         source=_S),
)  # fmt: skip
