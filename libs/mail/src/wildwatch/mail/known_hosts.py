"""Host names in replies that tell something: block lists and the help pages of providers."""

from __future__ import annotations

import re
from typing import Final

_SITES: Final = frozenset((
    "0spam.org", "126.com", "163.com", "1and1.com", "1und1.de", "abuseat.org", "abusix.com", "abusix.org",
    "abusix.zone", "aliyun.com", "anti-abuse.org", "antispam.org", "antispamcloud.com", "aol.com",
    "apple.com", "aruba.it", "att.net", "backscatterer.org", "barracudacentral.org",
    "barracudanetworks.com", "bell.net", "bigpond.com", "blocklist.de", "bluehost.com", "broadcom.com",
    "bt.com", "btinternet.com", "centurylink.net", "charter.net", "cisco.com", "cloudfilter.net",
    "cloudmark.com", "comcast.net", "cox.com", "cox.net", "daum.net", "dkim.org", "dmarc.org", "dnsbl.net",
    "dnswl.org", "dronebl.org", "dsbl.org", "earthlink.net", "emailsrvr.com", "fabel.dk", "fastmail.com",
    "fortiguard.com", "fortinet.com", "free.fr", "gbudb.net", "gmail.com", "gmx.com", "gmx.de", "gmx.net",
    "godaddy.com", "google.com", "greylisting.org", "hinet.net", "hornetsecurity.com", "hostedemail.com",
    "hotmail.com", "icloud.com", "ietf.org", "interia.pl", "interserver.net", "invaluement.com",
    "ionos.com", "ironport.com", "junkemailfilter.com", "kpn.com", "kundenserver.de", "laposte.net",
    "libero.it", "live.com", "mail-abuse.com", "mail-abuse.org", "mail.ru", "mailblacklist.com",
    "mailchannels.net", "mailfence.com", "mailspike.net", "manitu.net", "maps.vix.com", "messagelabs.com",
    "microsoft.com", "mimecast.com", "mimecast.org", "mxtoolbox.com", "naver.com", "netease.com",
    "nixspam.net", "nixspam.org", "njabl.org", "nordspam.com", "office.com", "office365.com", "one.com",
    "onet.pl", "open-spf.org", "openspf.net", "openspf.org", "orange.fr", "outlook.com", "ovh.com",
    "ovh.net", "postgrey.schweikert.ch", "ppe-hosted.com", "pphosted.com", "proofpoint.com", "qq.com",
    "rackspace.com", "rambler.ru", "retarus.com", "returnpath.com", "returnpath.net", "rfc-clueless.org",
    "rfc-editor.org", "rfc-ignorant.org", "rogers.com", "rr.com", "s5h.net", "schweikert.ch",
    "secureserver.net", "sender.office.com", "senderbase.org", "senderscore.com", "senderscore.org",
    "seznam.cz", "sfr.fr", "shaw.ca", "sina.com", "sina.com.cn", "sky.com", "sohu.com", "sophos.com",
    "sorbs.net", "spamcop.net", "spameatingmonkey.net", "spamexperts.com", "spamhaus.net", "spamhaus.org",
    "spamrats.com", "spamsources.fabel.dk", "spamtitan.com", "spectrum.net", "spf.pobox.com", "strato.de",
    "surbl.org", "surriel.com", "symantec.com", "t-online.de", "talktalk.net", "talosintelligence.com",
    "telekom.de", "telstra.com", "telus.net", "tiscali.it", "trendmicro.com", "uceprotect.net",
    "uribl.com", "vadesecure.com", "validity.com", "verizon.com", "verizon.net", "virgilio.it",
    "virginmedia.com", "wanadoo.fr", "web.de", "windstream.net", "wp.pl", "xfinity.com", "xs4all.nl",
    "yahoo.com", "yahooinc.com", "yandex.com", "yandex.ru", "ziggo.nl", "zoho.com",
))  # fmt: skip

_LIST_WORD = re.compile(
    r"(?:dns|r|x|s|p|u|c|d)?bl(?:\d|ack|ock)?|rbl|spam|blacklist|blocklist|zen|reputation|dnsbl|psbl"
)


def is_telling(host: str) -> bool:
    """Whether a host name belongs to a known site or reads like a block list (`bl.example.net`)."""
    name = host.lower().rstrip(".:")
    labels = name.split(".")
    if any(_LIST_WORD.match(label) for label in labels[:-1]):
        return True
    for start in range(max(0, len(labels) - 4), len(labels) - 1):
        if ".".join(labels[start:]) in _SITES:
            # Numbered machines of a known company (`db5eur01ft042.…outlook.com`) vary like any other host.
            return not any(character.isdigit() for label in labels[:start] for character in label)
    return False
