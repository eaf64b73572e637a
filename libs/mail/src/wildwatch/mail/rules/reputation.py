"""Refusals of our address or domain for what it is known for, without a public list's name."""

from __future__ import annotations

from wildwatch.mail.rules.model import Regex, Rule

_S = "Cisco, Proofpoint, Symantec, SpamExperts, Postfix access tables and national wordings"

_IP = r"(?:\bip\b|ip ?address|ip-adresse|‹ip›|client host|your host|your server|your mail ?server|sending (?:mta|host|server)|your network|netblock|subnet|\bmta\b|mail server|connecting host|remote host|connection from|connections from|mail from|adresse ip|direccion ip|indirizzo ip|endereco ip|adres ip|ip-adres|адрес|ip地址|ipアドレス)"
_BLOCK = r"(?:block(?:ed|list|ing)?|black ?-?list|blacklisted|banned|ban list|denied|refused|rejected|reputation|not allowed|not accepted|prohibited|listed|suspicious|bad|poor|spam|abus|bloque|gesperrt|sperrliste|schwarze|abgelehnt|bloccat|bloquead|rechazad|rifiutat|recusad|lista nera|lista negra|liste noire|черн|заблок|блокир|黑名单|黑名單|屏蔽|拒绝|封|ブラックリスト|拒否|ブロック|차단|zablokowan|czarn|geblokkeerd|zwarte)"

RULES = (
    Rule("domain-reputation", "domain_reputation",
         ("domain reputation", "reputation of the domain", "reputation of a domain in the message", "reputation of the sending domain", "domain has a bad reputation", "domain has a poor reputation", "domain*bad reputation", "domain*poor reputation", "domain*low reputation", "reputation of your domain", "domain is blocked", "sender domain*reputation", "sender domain is blocked", "domain*spam list", "domain has been blocked", "your domain*blocked", "your domain*blacklist",
          "dominio*lista n", "domaine*liste noire", "домен*черн", "域名*黑名单"),
         source=_S),
    Rule("ip-reputation", "ip_reputation",
         ("poor reputation", "bad reputation", "low reputation", "ip reputation", "sender reputation", "reputation is", "reputation too", "reputation of", "reputation-based", "reputation based", "reputation score", "reputation filter", "host reputation", "negative reputation", "reputation below", " reputation ", "mauvaise reputation", "mala reputacion", "cattiva reputazione", "reputazione", "ma reputacao", "schlechte reputation", "slechte reputatie", "zla reputacj", "репутаци", "信誉", "レピュテーション", "평판",
          Regex("bl", rf"{_IP}.{{0,60}}{_BLOCK}"), Regex("ip", rf"{_IP}.{{0,60}}{_BLOCK}"), Regex("host", rf"{_IP}.{{0,60}}{_BLOCK}"), Regex("server", rf"{_IP}.{{0,60}}{_BLOCK}"), Regex("адрес", rf"{_IP}.{{0,60}}{_BLOCK}"),
          Regex("‹ip›", rf"{_BLOCK}.{{0,40}}(?:‹ip›|\bip\b)"), Regex("ip", r"(?:block|blacklist|black list|blocklist|banned|reject)\w*.{0,40}(?:\bip\b|ip address|‹ip›)"),
          "blacklisted", "black listed", "black-listed", "blacklist", "black list", "blocklist", "block list", "blocklisted", "local blacklist", "internal blacklist", "blocked for spam", "blocked for abuse", "blocked due to spam", "spam source", "spam sender", "spamming", "known spammer", "spammer", "open relay", "open proxy", "sending spam", "spam host", "botnet", "dynamic ip", "dynamic address", "dialup", "dial-up", "dynamically assigned", "residential", "not a mail server", "use your isp", "smtp server of your isp", "use the smtp relay", "country", "geolocation", "geographical", "network is blocked", "blocked network", "complaints", "access denied*ip",
          "schwarze liste", "sperrliste", "liste noire", "lista negra", "lista nera", "черном списке", "черный список", "чорн", "黑名单", "黑名單", "ブラックリスト", "차단", "czarnej liscie", "czarna lista", "zwarte lijst", "svart lista", "sortliste", "kara liste", "cerna listina", "feketelist"),
         source=_S),
)  # fmt: skip
