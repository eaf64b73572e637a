# ruff: noqa: E501 - a table, a provider each few lines
"""The receiving side: mailbox providers and mail gateways with their share, MX names and manners."""

from __future__ import annotations

from typing import Final

import msgspec


class Provider(msgspec.Struct, frozen=True, kw_only=True):
    """Who receives mail. `share` is the part of all deliveries in per cent before normalising.

    `mx` may hold {slug} (domain with dashes) and {n}; `domains` are its own, `hosted` the number of customers'
    domains made for it. `latency_ms` is the median of a whole SMTP transaction. `accept` may hold what a reply
    may hold. `trouble` is the share of attempts that meet everyday trouble, by kind.
    """

    name: str
    family: str
    share: float
    mx: tuple[str, ...]
    domains: tuple[tuple[str, float], ...] = ()
    hosted: int = 0
    latency_ms: int = 600
    accept: str = "250 2.0.0 Ok: queued as {token}"
    tls: str = "1.3"
    ipv6: bool = False
    asks_dnsbl: float = 0.0
    """Share of its servers that look the client up in Spamhaus."""
    greylists: float = 0.0
    """Share of its domains that greylist."""
    trouble: tuple[tuple[str, float], ...] = (("tempfail", 0.002), ("rate", 0.003), ("spam", 0.0008))


_GMAIL_MX = (
    "gmail-smtp-in.l.google.com",
    "alt1.gmail-smtp-in.l.google.com",
    "alt2.gmail-smtp-in.l.google.com",
)
_POSTFIX_TROUBLE = (
    ("tempfail", 0.004), ("rate", 0.002), ("spam", 0.0015), ("timeout", 0.003), ("refused", 0.001),
    ("reset", 0.001), ("block", 0.0006), ("auth", 0.0005),
)  # fmt: skip

PROVIDERS: Final[tuple[Provider, ...]] = (
    Provider(name="gmail", family="google", share=27.0, mx=_GMAIL_MX, latency_ms=780, ipv6=True,
             domains=(("gmail.com", 0.985), ("googlemail.com", 0.015)), accept="250 2.0.0 OK {seconds} {token} - gsmtp",
             trouble=(("rate", 0.006), ("spam", 0.0012), ("auth", 0.0006), ("tempfail", 0.0008))),
    Provider(name="google-workspace", family="google", share=6.5, hosted=420, latency_ms=820, ipv6=True,
             mx=("aspmx.l.google.com", "alt1.aspmx.l.google.com"), accept="250 2.0.0 OK {seconds} {token} - gsmtp",
             trouble=(("rate", 0.003), ("spam", 0.0008), ("auth", 0.0006))),
    Provider(name="outlook", family="outlook", share=13.0, latency_ms=1350, tls="1.2",
             mx=("outlook-com.olc.protection.outlook.com", "hotmail-com.olc.protection.outlook.com"),
             domains=(("outlook.com", 0.4), ("hotmail.com", 0.42), ("live.com", 0.13), ("msn.com", 0.05)),
             accept="250 2.6.0 <{token}@{sender_domain}> [InternalId={number}, Hostname={token}.namprd10.prod.outlook.com] Queued mail for delivery -> 250 2.1.5",
             trouble=(("rate", 0.01), ("block", 0.0015), ("tempfail", 0.002), ("auth", 0.0006))),
    Provider(name="microsoft365", family="microsoft365", share=15.0, hosted=900, latency_ms=1650, asks_dnsbl=0.7,
             mx=("{slug}.mail.protection.outlook.com",),
             accept="250 2.6.0 <{token}@{sender_domain}> [InternalId={number}, Hostname={token}.eurprd04.prod.outlook.com] Queued mail for delivery",
             trouble=(("rate", 0.004), ("spam", 0.0012), ("tempfail", 0.002), ("block", 0.0006))),
    Provider(name="yahoo", family="yahoo", share=7.0, mx=("mta5.am0.yahoodns.net", "mta6.am0.yahoodns.net", "mta7.am0.yahoodns.net"),
             domains=(("yahoo.com", 0.7), ("aol.com", 0.14), ("ymail.com", 0.06), ("att.net", 0.1)), latency_ms=540,
             accept="250 ok dirdel", asks_dnsbl=1.0, trouble=(("rate", 0.009), ("auth", 0.0006), ("block", 0.0004))),
    Provider(name="icloud", family="apple", share=4.5, mx=("mx01.mail.icloud.com", "mx02.mail.icloud.com"), latency_ms=980,
             domains=(("icloud.com", 0.8), ("me.com", 0.16), ("mac.com", 0.04)), accept="250 2.0.0 Ok: queued as {token}"),
    Provider(name="gmx", family="gmx", share=3.4, mx=("mx00.emig.gmx.net", "mx01.emig.gmx.net"), latency_ms=420,
             domains=(("gmx.de", 0.6), ("gmx.net", 0.3), ("gmx.at", 0.1)), asks_dnsbl=0.7,
             accept="250 Requested mail action okay, completed: id={token}"),
    Provider(name="web.de", family="gmx", share=2.6, mx=("mx-ha02.web.de", "mx-ha03.web.de"), latency_ms=430,
             domains=(("web.de", 1.0),), asks_dnsbl=0.7, accept="250 Requested mail action okay, completed: id={token}"),
    Provider(name="orange", family="orange", share=1.8, mx=("smtp-in.orange.fr",), latency_ms=690,
             domains=(("orange.fr", 0.7), ("wanadoo.fr", 0.3)), asks_dnsbl=0.4, tls="1.2",
             accept="250 2.0.0 {token} mail accepted for delivery", trouble=(("rate", 0.02), ("tempfail", 0.003))),
    Provider(name="t-online", family="generic", share=1.5, mx=("mx00.t-online.de", "mx01.t-online.de"), latency_ms=350,
             domains=(("t-online.de", 0.94), ("magenta.de", 0.06)), asks_dnsbl=0.6, accept="250 2.0.0 Message accepted."),
    Provider(name="comcast", family="comcast", share=1.4, mx=("mx1h1.comcast.net", "mx2h1.comcast.net"), latency_ms=620,
             domains=(("comcast.net", 1.0),), asks_dnsbl=0.9, ipv6=True, accept="250 2.0.0 {token} mail accepted for delivery"),
    Provider(name="free", family="generic", share=1.0, mx=("mx1.free.fr", "mx2.free.fr"), latency_ms=480, tls="1.2",
             domains=(("free.fr", 1.0),), asks_dnsbl=0.5),
    Provider(name="libero", family="generic", share=1.0, mx=("smtp-in.libero.it",), latency_ms=510, tls="1.2",
             domains=(("libero.it", 0.8), ("virgilio.it", 0.2)), asks_dnsbl=0.8, accept="250 {token} mail accepted for delivery"),
    Provider(name="seznam", family="generic", share=0.8, mx=("mx1.seznam.cz", "mx2.seznam.cz"), latency_ms=390,
             domains=(("seznam.cz", 0.9), ("email.cz", 0.1)), asks_dnsbl=0.3, accept="250 2.0.0 {token} Message queued"),
    Provider(name="mail.ru", family="mailru", share=1.3, mx=("mxs.mail.ru",), latency_ms=880,
             domains=(("mail.ru", 0.85), ("bk.ru", 0.15)), accept="250 OK id={token}"),
    Provider(name="yandex", family="generic", share=0.9, mx=("mx.yandex.ru",), latency_ms=920, ipv6=True,
             domains=(("yandex.ru", 0.8), ("ya.ru", 0.2)), accept="250 2.0.0 Ok: queued on {mx} {seconds}-{token}"),
    Provider(name="qq", family="qq", share=1.1, mx=("mx1.qq.com", "mx2.qq.com", "mx3.qq.com"), latency_ms=2400, tls="1.2",
             domains=(("qq.com", 0.93), ("foxmail.com", 0.07)), accept="250 OK: queued as.", trouble=(("rate", 0.03), ("spam", 0.004))),
    Provider(name="netease", family="netease", share=0.7, mx=("163mx01.mxmail.netease.com", "163mx02.mxmail.netease.com"), latency_ms=2600,
             domains=(("163.com", 0.8), ("126.com", 0.2)), tls="1.2", accept="250 Mail OK queued as mx01,{token}", trouble=(("rate", 0.02), ("spam", 0.004))),
    Provider(name="proofpoint", family="proofpoint", share=2.4, hosted=180, latency_ms=2100,
             mx=("mx0a-{n:08x}.pphosted.com", "mx0b-{n:08x}.pphosted.com"), accept="250 2.0.0 {token}-1 Message accepted for delivery",
             trouble=(("rate", 0.003), ("block", 0.002), ("tempfail", 0.002))),
    Provider(name="mimecast", family="mimecast", share=1.9, hosted=150, latency_ms=2900, greylists=0.1,
             mx=("eu-smtp-inbound-1.mimecast.com", "eu-smtp-inbound-2.mimecast.com"), accept="250 SmtpThread-{number}-{token}@{mx} Received OK"),
    Provider(name="barracuda", family="barracuda", share=1.1, hosted=90, latency_ms=1900, asks_dnsbl=1.0,
             mx=("d{n}a.ess.barracudanetworks.com", "d{n}b.ess.barracudanetworks.com"), accept="250 Ok: queued as {token}"),
    Provider(name="cisco", family="generic", share=1.0, hosted=80, latency_ms=1200, asks_dnsbl=0.2,
             mx=("mx1.hc{n}-42.eu.iphmx.com", "mx2.hc{n}-42.eu.iphmx.com"), accept="250 ok:  Message {number} accepted"),
    Provider(name="godaddy", family="generic", share=1.2, hosted=160, latency_ms=1100, asks_dnsbl=0.9,
             mx=("smtp.secureserver.net", "mailstore1.secureserver.net"), accept="250 {token} mail accepted for delivery"),
    Provider(name="ionos", family="generic", share=1.6, hosted=240, latency_ms=450, asks_dnsbl=0.6,
             mx=("mx00.kundenserver.de", "mx01.kundenserver.de"), accept="250 Requested mail action okay, completed: id={token}"),
    Provider(name="ovh", family="generic", share=1.2, hosted=170, latency_ms=620, asks_dnsbl=0.5,
             mx=("mx1.mail.ovh.net", "mx2.mail.ovh.net"), accept="250 2.0.0 Ok: queued as {token}"),
    Provider(name="zoho", family="generic", share=0.7, hosted=70, latency_ms=760, mx=("mx.zoho.eu", "mx2.zoho.eu"),
             accept="250 Message received"),
    Provider(name="own-servers", family="generic", share=8.5, hosted=2200, latency_ms=900, tls="mixed", asks_dnsbl=0.55,
             greylists=0.16, mx=("mx1.{domain}", "mail.{domain}"), trouble=_POSTFIX_TROUBLE),
)  # fmt: skip
"""Shares follow what a European sender with business and private recipients sees; they are not a survey."""
