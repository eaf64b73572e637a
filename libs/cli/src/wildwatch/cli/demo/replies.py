# ruff: noqa: E501 - replies are data, a line each
"""What remote servers answer, in each provider's own wording, with what ZoneMTA's stock rules make of it.

A reply is chosen by provider and by the kind of trouble. `category` and `final` are what ZoneMTA 3.10 decides,
which is often not what the text means (Gmail's 4.7.28 is `other`, Outlook's S77719 is `greylist`).
"""

from __future__ import annotations

from typing import Final

import msgspec

GREETING: Final = "greeting"
"""No SMTP session: the entry has neither `ip` nor `host`, only the plugin knows the address."""
NETWORK: Final = "network"
"""No TCP connection: not even a local address."""
RCPT: Final = "rcpt"
DATA: Final = "data"


class Reply(msgspec.Struct, frozen=True):
    """`text` may hold {rcpt} {domain} {ip} {mx} {mx_ip} {token}; `final` means ZoneMTA rejects at once."""

    text: str
    category: str
    final: bool
    stage: str = RCPT


def _defer(text: str, category: str = "other", stage: str = RCPT) -> Reply:
    return Reply(text, category, final=False, stage=stage)


def _reject(text: str, category: str = "other", stage: str = RCPT) -> Reply:
    return Reply(text, category, final=True, stage=stage)


_ZEN = "https://www.spamhaus.org/query/ip/{ip}"

GENERIC: Final[dict[str, tuple[Reply, ...]]] = {
    "unknown": (
        _reject("550 5.1.1 <{rcpt}>: Recipient address rejected: User unknown in virtual mailbox table", "recipient"),
        _reject("550 5.1.1 <{rcpt}>: Recipient address rejected: User unknown in relay recipient table", "recipient"),
        _reject("550 No such user here", "recipient"),
        _reject("550 5.1.1 <{rcpt}> User doesn't exist", "recipient"),
    ),
    "inactive": (_reject("550 5.2.1 <{rcpt}>: Mailbox disabled for this recipient", "recipient"),),
    "full": (
        _reject("552 5.2.2 <{rcpt}>: Recipient address rejected: Mailbox is full", "capacity"),
        _defer("452 4.2.2 <{rcpt}> Mailbox quota exceeded", "capacity"),
        _reject("552 5.2.2 Over quota", "capacity"),
    ),
    "greylist": (
        _defer("450 4.2.0 <{rcpt}>: Recipient address rejected: Greylisted, see http://postgrey.schweikert.ch/help/{domain}.html", "greylist"),
        _defer("451 4.7.1 Greylisting in action, please come back later", "greylist"),
        _defer("451 4.7.1 Try again later", "greylist"),
        _defer("450 4.7.1 <{rcpt}>: Recipient address rejected: Greylisted for 300 seconds", "greylist"),
    ),
    "tempfail": (
        _defer("451 4.3.0 <{rcpt}>: Temporary lookup failure", "recipient"),
        _defer("451 4.3.2 Internal server error, please try again later", "other"),
        _defer("452 4.3.1 Insufficient system storage", "capacity"),
    ),
    "rate": (
        _defer("450 4.7.1 Error: too many connections from {ip}", "rate"),
        _defer("421 4.7.0 {mx} Error: too many errors", "other"),
    ),
    "spam": (
        _reject("550 5.7.1 Message rejected as spam by Content Filtering", "spam", DATA),
        _reject("554 5.7.1 Spam message rejected", "spam", DATA),
        _reject("550 High probability of spam", "spam", DATA),
    ),
    "block": (_reject("550 5.7.1 <{mx}>: Helo command rejected: Access denied by local policy", "policy"),),
    "auth": (_reject("550 5.7.1 Email rejected per DMARC policy for {sender_domain}", "dmarc", DATA),),
    "dnsbl": (
        _defer("554 5.7.1 Service unavailable; Client host [{ip}] blocked using zen.spamhaus.org; " + _ZEN, "blacklist"),
        _defer("550 5.7.1 {ip} is listed at zen.spamhaus.org, see " + _ZEN, "blacklist"),
    ),
    "dnsbl_greeting": (
        _defer("554 5.7.1 Service unavailable; Client host [{ip}] blocked using zen.spamhaus.org", "blacklist", GREETING),
        _defer("554 {mx} ESMTP not accepting connections from {ip}, blocked using zen.spamhaus.org; " + _ZEN, "blacklist", GREETING),
    ),
    "timeout": (
        _defer("Network error: Network error when connecting to MX server {mx}[{mx_ip}] for {domain}: Connection timed out", "network", NETWORK),
    ),
    "refused": (
        _defer("Network error: Network error when connecting to MX server {mx}[{mx_ip}] for {domain}: Connection refused", "network", NETWORK),
    ),
    "reset": (_defer("Network error: Connection reset by peer while talking to {mx}[{mx_ip}]", "network"),),
    "no_domain": (_reject("DNS error: Could not resolve MX of {domain}: NXDOMAIN", "dns", NETWORK),),
}  # fmt: skip
"""Postfix, Exim, Haraka and others as their defaults put it: for whoever has no wording of their own."""

BY_PROVIDER: Final[dict[str, dict[str, tuple[Reply, ...]]]] = {
    "google": {
        "unknown": (_reject("550-5.1.1 The email account that you tried to reach does not exist. Please try double-checking the recipient's email address for typos or unnecessary spaces. For more information, go to https://support.google.com/mail/?p=NoSuchUser {token} - gsmtp", "recipient"),),
        "inactive": (_reject("550-5.2.1 The email account that you tried to reach is inactive. For more information, go to https://support.google.com/mail/?p=DisabledUser {token} - gsmtp", "recipient"),),
        "full": (_reject("452-4.2.2 The recipient's inbox is out of storage space. Please direct the recipient to https://support.google.com/mail/?p=OverQuotaTemp {token} - gsmtp", "capacity"),),
        "rate": (
            _defer("421-4.7.28 Gmail has detected an unusual rate of unsolicited mail originating from your IP address [{ip}]. To protect our users from spam, mail sent from your IP address has been temporarily rate limited. https://support.google.com/mail/?p=UnsolicitedRateLimitError {token} - gsmtp", "other", DATA),
            _defer("421-4.7.28 Gmail has detected an unusual rate of unsolicited mail originating from your DKIM domain [{sender_domain}]. To protect our users from spam, mail has been temporarily rate limited. https://support.google.com/mail/?p=UnsolicitedRateLimitError {token} - gsmtp", "other", DATA),
            _defer("450-4.2.1 The user you are trying to contact is receiving mail at a rate that prevents additional messages from being delivered. https://support.google.com/mail/?p=ReceivingRate {token} - gsmtp", "rate"),
        ),
        "spam": (_reject("550-5.7.1 [{ip} 12] Gmail has detected that this message is likely unsolicited mail. To reduce the amount of spam sent to Gmail, this message has been blocked. https://support.google.com/mail/?p=UnsolicitedMessageError {token} - gsmtp", "spam", DATA),),
        "auth": (_reject("550-5.7.26 Your email has been blocked because the sender is unauthenticated. Gmail requires all senders to authenticate with either SPF or DKIM. https://support.google.com/mail/answer/81126#authentication {token} - gsmtp", "other", DATA),),
        "tempfail": (_defer("451-4.3.0 Mail server temporarily rejected message. https://support.google.com/a/answer/3221692 {token} - gsmtp", "other", DATA),),
    },
    "outlook": {
        "unknown": (_reject("550 5.5.0 Requested action not taken: mailbox unavailable (S2017062302). [{token}.prod.protection.outlook.com]", "recipient"),),
        "full": (_reject("552 5.2.2 <{rcpt}>: Recipient mailbox is over its quota [{token}.prod.outlook.com]", "capacity"),),
        "rate": (
            _defer("451 4.7.650 The mail server [{ip}] has been temporarily rate limited due to IP reputation. For e-mail delivery information, see https://aka.ms/postmaster (S775) [{token}.prod.protection.outlook.com]", "other"),
            _defer("451 4.7.500 Server busy. Please try again later from [{ip}]. (S77719) [{token}.prod.protection.outlook.com]", "greylist"),
            _defer("421 RP-001 (SNT004-MC1F43) Unfortunately, some messages from {ip} weren't sent. Please try again. We have limits for how many messages can be sent per hour and per day.", "rate"),
        ),
        "block": (_reject("550 5.7.1 Unfortunately, messages from [{ip}] weren't sent. Please contact your Internet service provider since part of their network is on our block list (S3140). [{token}.prod.protection.outlook.com]", "block"),),
        "auth": (_reject("550 5.7.515 Access denied, sending domain {sender_domain} does not meet the required authentication level. [{token}.prod.protection.outlook.com]", "other", DATA),),
    },
    "microsoft365": {
        "unknown": (_reject("550 5.4.1 Recipient address rejected: Access denied. For more information see https://aka.ms/EXOSmtpErrors [{token}.prod.protection.outlook.com]", "recipient"),),
        "rate": (_defer("451 4.7.500 Server busy. Please try again later from [{ip}]. (S77719) [{token}.prod.protection.outlook.com]", "greylist"),),
        "dnsbl": (_defer("550 5.7.1 Service unavailable, Client host [{ip}] blocked using Spamhaus (zen.spamhaus.org). To request removal from this list see " + _ZEN + " (AS16012609) [{token}.prod.protection.outlook.com]", "blacklist"),),
        "block": (_reject("550 5.7.606 Access denied, banned sending IP [{ip}]. To request removal from this list please visit https://sender.office.com/ [{token}.prod.protection.outlook.com]", "block"),),
        "spam": (_reject("550 5.7.1 Service unavailable, message content rejected as unsolicited (AS4810) [{token}.prod.protection.outlook.com]", "spam", DATA),),
        "tempfail": (_defer("451 4.4.4 Mail received as unauthenticated, incoming to a recipient domain configured in a hosted tenant which has no mail-enabled subscriptions. ATTR5 [{token}.prod.protection.outlook.com]", "other"),),
    },
    "yahoo": {
        "unknown": (_reject("554 30 Sorry, your message to {rcpt} cannot be delivered. This mailbox is disabled (554.30).", "recipient", DATA), _reject("552 1 Requested mail action aborted, mailbox not found", "recipient", DATA)),
        "rate": (
            _defer("421 4.7.0 [TSS04] Messages from {ip} temporarily deferred due to unexpected volume or user complaints - 4.16.55.1; see https://postmaster.yahooinc.com/error-codes", "other", GREETING),
            _defer("421 4.7.0 [TS01] Messages from {ip} temporarily deferred due to user complaints - 4.16.55.1; see https://postmaster.yahooinc.com/error-codes", "other", GREETING),
        ),
        "block": (_reject("421 4.7.1 [TS03] All messages from {ip} will be permanently deferred; Retrying will NOT succeed. See https://postmaster.yahooinc.com/error-codes", "block", GREETING),),
        "dnsbl": (_defer("553 5.7.1 [BL21] Connections will not be accepted from {ip}, because the ip is in Spamhaus's list; see https://postmaster.yahooinc.com/error-codes", "blacklist", GREETING),),
        "auth": (_reject("554 5.7.9 Message not accepted for policy reasons. See https://postmaster.yahooinc.com/error-codes", "policy", DATA),),
    },
    "apple": {
        "unknown": (_reject("550 5.1.1 <{rcpt}>: user does not exist", "recipient"),),
        "full": (_reject("552 5.2.2 <{rcpt}>: user is over quota", "capacity"),),
        "rate": (_defer("421 4.7.1 [HCM1] Message deferred due to excessive volume, see https://support.apple.com/en-us/102322", "other"), _defer("451 4.7.1 [BS02] Message temporarily deferred", "other")),
        "spam": (_reject("554 5.7.1 [CS01] Message rejected due to local policy. Please visit https://support.apple.com/en-us/102322", "policy", DATA),),
    },
    "gmx": {
        "unknown": (_reject("550 Requested action not taken: mailbox unavailable For explanation visit https://postmaster.gmx.net/en/case?c=r0101&i=ip&v={ip}&r={token}", "recipient"),),
        "full": (_reject("552 Requested mail action aborted: exceeded storage allocation For explanation visit https://postmaster.gmx.net/en/case?c=r0102", "capacity"), _defer("452 Requested action not taken: mailbox is over quota", "capacity")),
        "rate": (_defer("421 Service closing transmission channel: too many connections from {ip}", "rate", GREETING),),
        "block": (_reject("554 Transaction failed Reject due to policy restrictions. For explanation visit https://postmaster.gmx.net/en/case?c=hi&i=ip&v={ip}", "policy"),),
        "dnsbl_greeting": (_defer("554 {mx} Nemesis ESMTP Service not available. No SMTP service IP address is black listed. For explanation visit https://postmaster.gmx.net/en/case?c=bl&i=ip&v={ip} blocked using zen.spamhaus.org", "blacklist", GREETING),),
    },
    "orange": {
        "unknown": (_reject("550 5.1.1 Adresse d au moins un destinataire invalide. Invalid recipient. OFR_416 [416]", "recipient"),),
        "full": (_reject("552 5.2.2 Boite du destinataire pleine. Recipient overquota. OFR_417 [417]", "capacity"), _defer("452 4.2.2 Boite du destinataire pleine. OFR_417 [417]", "capacity")),
        "rate": (_defer("421 4.7.0 {mx} Trop de connexions, veuillez verifier votre configuration. Too many connections, slow down. OFR_005 [005]", "rate", GREETING), _defer("451 4.7.1 Service refuse. Veuillez essayer plus tard. Service refused, please try later. OFR_999 [999]", "other")),
    },
    "comcast": {
        "unknown": (_reject("550 5.1.1 <{rcpt}> Account not available", "recipient"),),
        "rate": (_defer("421 4.1.0 {ip} Throttled - try again later. Please see https://postmaster.comcast.net/smtp-error-codes.php#RL000010", "rate"),),
        "dnsbl_greeting": (_defer("554 {mx} comcast {ip} Comcast BL000001 Blocked for spam, blocked using zen.spamhaus.org", "blacklist", GREETING),),
    },
    "qq": {
        "unknown": (_reject("550 Mailbox unavailable or access denied [{token}] https://open.work.weixin.qq.com/help2/pc/20067", "recipient"),),
        "rate": (_defer("550 Ip frequency limited [{token} IP: {ip}]. http://service.mail.qq.com/detail/122/1013", "rate"), _defer("550 Connection frequency limited [{token}]. http://service.mail.qq.com/detail/122/1013", "rate")),
        "spam": (_reject("550 Mail content denied [{token} IP: {ip}]. http://service.mail.qq.com/detail/122/612", "spam", DATA),),
    },
    "netease": {
        "unknown": (_reject("550 User not found: {rcpt}", "recipient"),),
        "rate": (_defer("451 RP:ORQ 163 {mx},{token} http://mail.163.com/help/help_spam_16.htm?ip={ip}", "other"),),
        "spam": (_reject("554 DT:SPM 163 {mx},{token} http://mail.163.com/help/help_spam_16.htm?ip={ip}", "spam", DATA),),
    },
    "mailru": {
        "unknown": (_reject("550 Message was not accepted -- invalid mailbox. Local mailbox {rcpt} is unavailable: user not found", "recipient"),),
        "spam": (_reject("550 spam message rejected. Please visit http://help.mail.ru/notspam-support/id?c={token} or report details to abuse@corp.mail.ru", "spam", DATA),),
        "rate": (_defer("451 Ratelimit exceeded for {ip}. Try again later", "rate"),),
    },
    "proofpoint": {
        "block": (_reject("554 Blocked - see https://ipcheck.proofpoint.com/?ip={ip}", "block", GREETING),),
        "unknown": (_reject("550 5.1.1 User Unknown", "recipient"),),
        "rate": (_defer("452 4.7.1 {token} Too many recipients or connections; throttled", "rate"),),
    },
    "mimecast": {
        "unknown": (_reject("550 Invalid Recipient - https://community.mimecast.com/docs/DOC-1369#550 [{token}.uk318]", "recipient"),),
        "greylist": (_defer("451 Internal resource temporarily unavailable - https://community.mimecast.com/docs/DOC-1369#451 [{token}.uk318]", "greylist"),),
        "block": (_reject("550 Local CT IP Reputation Policy - see https://community.mimecast.com/docs/DOC-1369#550 [{token}.uk318]", "block"),),
    },
    "barracuda": {
        "dnsbl": (_defer("554 Service unavailable; Client host [{ip}] blocked using Barracuda Reputation and zen.spamhaus.org; http://www.barracudanetworks.com/reputation/?r=1&ip={ip}", "blacklist"),),
        "spam": (_reject("550 permanent failure for one or more recipients ({rcpt}:blocked)", "spam", DATA),),
    },
}  # fmt: skip


def replies_of(family: str, kind: str) -> tuple[Reply, ...]:
    """The replies of a family of providers to a kind of trouble; the generic ones where it has none."""
    return BY_PROVIDER.get(family, {}).get(kind) or GENERIC[kind]
