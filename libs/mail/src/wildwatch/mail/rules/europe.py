# ruff: noqa: RUF001, RUF003 - masks are in ‹›, and replies come in every script
"""Providers of Europe: Telekom, GMX and WEB.DE, Orange, La Poste, Free, Libero, Mail.ru, Yandex."""

from __future__ import annotations

from wildwatch.mail.rules.model import Regex, Rule

_GMX = "GMX, WEB.DE and IONOS postmaster, error messages"
_TELEKOM = "Telekom postmaster, t-online.de"
_ORANGE = "Orange postmaster: OFR codes; La Poste uses the same numbers as LPN codes"
_FREE = "Free postmaster"
_LIBERO = "Libero: LIB codes"
_MAIL_RU = "Mail.ru postmaster, SMTP errors"
_YANDEX = "Yandex: bounce messages"
_UI = ("gmx", "ionos")


def _orange(*numbers: int) -> Regex:
    return Regex("_", rf"\b(?:ofr|lpn|ouk)[a-z0-9]{{0,6}}_(?:{'|'.join(map(str, numbers))})\b")


RULES = (
    Rule("gmx-ptr", "auth_failed", ("bad dns ptr", "c=rdns", "bad rdns"), detail="ptr", source=_GMX),
    Rule("gmx-spf", "auth_failed", ("not allowed*spf", "c=spf"), providers=_UI, detail="spf", source=_GMX),
    Rule("gmx-dmarc", "auth_failed", ("dmarc", "c=dmarc", "c=dkim"), providers=_UI, detail="dmarc",
         source=_GMX),
    Rule("gmx-rate", "rate_limit", ("too many connections", "too many recipients", "too many mails",
         "connection limit"), providers=_UI,
         permanent=False, source=_GMX),
    Rule("gmx-ip-listed", "ip_reputation", ("ip address is block listed", "ip address is black listed",
         "no smtp service*ip address", "c=bip",
         "c=bl", "nemesis esmtp service not available*listed"), source=_GMX),
    Rule("gmx-policy", "ip_reputation", ("reject due to policy restrictions",
         "reject due to policy violations", "due to policy restrictions",
         "due to policy violations"), source=_GMX),
    Rule("t-online-transient", "ip_reputation", ("dialup/transient ip not allowed", "none/bad reputation",
         "tosa@rx.t-online.de",
         "tobr@rx.t-online.de", "@rx.t-online.de"), providers=("t_online",), source=_TELEKOM),
    Rule("t-online-reputation", "ip_reputation", ("ip=‹ip› -", "none/bad reputation",
         "dialup/transient ip not allowed", "a problem occurred*ask your postmaster"), source=_TELEKOM),

    Rule("orange-connections", "rate_limit", (_orange(104, 109, 201, 505, 988, 989, 990),
         "trop de connexions", "too many connections, slow down"),
         permanent=False, source=_ORANGE),
    Rule("orange-ip", "ip_reputation", (_orange(101, 102, 103, 510, 999), "adresse ip source bloquee"),
         code="5", source=_ORANGE),
    Rule("orange-ptr", "auth_failed", (_orange(107),), detail="ptr", source=_ORANGE),
    Rule("orange-sender-domain", "auth_failed", ("spf/dns de votre nom", "spf check failed"), detail="spf",
         source=_ORANGE),
    Rule("orange-spf", "auth_failed", (_orange(396, 397, 398, 401), "configuration spf/dns"), detail="spf",
         source=_ORANGE),
    Rule("orange-dmarc", "auth_failed", (_orange(515, 517), "verification dmarc"), detail="dmarc",
         source=_ORANGE),
    Rule("orange-dkim", "auth_failed", (_orange(535),), detail="dkim", source=_ORANGE),
    Rule("orange-inactive", "inactive_mailbox", (_orange(420, 426), "destinataire archivee",
         "compte du destinataire est bloque", "boite aux lettres est desactivee"), code="5",
         source=_ORANGE),
    Rule("orange-full", "mailbox_full", (_orange(417), "boite du destinataire pleine",
         "recipient overquota"), source=_ORANGE),
    Rule("orange-no-user", "unknown_user", (_orange(416), "lpn416", "au moins un destinataire invalide",
         "adresse destinataire invalide"), source=_ORANGE),
    Rule("orange-sender", "policy", (_orange(403, 405, 415, 421), "emetteur invalide"), source=_ORANGE),
    Rule("orange-spam", "spam_content", (_orange(506, 536, 513), "mail rejete. mail rejected"),
         source=_ORANGE),
    Rule("orange-auth-required", "protocol", (_orange(305, 402),), detail="auth-required", source=_ORANGE),
    Rule("orange-policy", "policy", (_orange(630),), source=_ORANGE),
    Rule("orange-size", "size_content_virus", (_orange(514),), detail="size", source=_ORANGE),
    Rule("orange-refused", "rate_limit", ("service refuse", "service refused, please try later"), code="4",
         permanent=False, source=_ORANGE),
    Rule("orange-refused-5", "ip_reputation", ("service refuse", "service refused, please try later"),
         code="5", source=_ORANGE),

    Rule("free-spams", "ip_reputation", ("too many spams from your ip", "too much spam from your ip"),
         source=_FREE),
    Rule("libero-spam", "spam_content", (Regex("lib_6", r"lib_6\d\d"),), source=_LIBERO),
    Rule("libero-ip", "ip_reputation", (Regex("lib_", r"lib_(?:1|4|5|9)\d\d"),), code="5", source=_LIBERO),

    Rule("mail-ru-spam", "spam_content", ("spam message rejected", "spam message discarded"),
         source=_MAIL_RU),
    Rule("mail-ru-disabled", "inactive_mailbox", ("is unavailable: account is disabled",
         "is unavailable: user is terminated",
         "is unavailable: user is blocked", "unavailable: account is"), source=_MAIL_RU),
    Rule("mail-ru-no-user", "unknown_user", ("is unavailable: user not found",
         "not accepted -- invalid mailbox"), source=_MAIL_RU),
    Rule("mail-ru-ip", "ip_reputation", ("access from ip address*blocked",
         "we do not accept mail from this ip", "we do not accept mail from dynamic"),
         source=_MAIL_RU),
    Rule("yandex-spam", "spam_content", ("under suspicion of spam",), source=_YANDEX),
    Rule("yandex-disabled", "inactive_mailbox", ("mailbox is blocked", "user is disabled",
         "domain is blocked"), providers=("yandex",), source=_YANDEX),
    Rule("yandex-fraud", "spam_content", ("message infected", "fraudulent"), providers=("yandex",),
         source=_YANDEX),
)  # fmt: skip
