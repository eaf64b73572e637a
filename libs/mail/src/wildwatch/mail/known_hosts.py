"""Host names in replies that tell something: block lists and the help pages of providers."""

from __future__ import annotations

import re
from typing import Final

_SITES: Final = frozenset(
    """
    spamhaus.org spamhaus.net barracudacentral.org barracudanetworks.com spamcop.net abusix.zone abusix.com abusix.org
    mailspike.net surriel.com senderscore.com senderscore.org uceprotect.net spameatingmonkey.net spamrats.com
    gbudb.net s5h.net dronebl.org blocklist.de junkemailfilter.com backscatterer.org dnswl.org sorbs.net manitu.net
    abuseat.org surbl.org uribl.com invaluement.com nordspam.com nixspam.net nixspam.org njabl.org dsbl.org
    mailblacklist.com spamsources.fabel.dk rfc-ignorant.org rfc-clueless.org trendmicro.com maps.vix.com
    mail-abuse.com mail-abuse.org cloudmark.com cloudfilter.net sender.office.com office.com office365.com microsoft.com
    live.com outlook.com hotmail.com google.com gmail.com yahoo.com yahooinc.com aol.com apple.com icloud.com
    gmx.com gmx.net gmx.de web.de 1und1.de 1and1.com ionos.com kundenserver.de t-online.de telekom.de orange.fr
    wanadoo.fr free.fr laposte.net sfr.fr comcast.net xfinity.com cox.net cox.com charter.net spectrum.net att.net
    verizon.net verizon.com rr.com mail.ru yandex.ru yandex.com rambler.ru qq.com 163.com 126.com netease.com sina.com
    sina.com.cn sohu.com aliyun.com naver.com daum.net zoho.com fastmail.com libero.it virgilio.it tiscali.it aruba.it
    seznam.cz wp.pl onet.pl interia.pl proofpoint.com pphosted.com ppe-hosted.com mimecast.com mimecast.org
    senderbase.org talosintelligence.com cisco.com ironport.com symantec.com messagelabs.com broadcom.com sophos.com
    fortinet.com fortiguard.com antispamcloud.com spamexperts.com vadesecure.com mailchannels.net secureserver.net
    godaddy.com rackspace.com emailsrvr.com ovh.net ovh.com strato.de one.com kpn.com ziggo.nl xs4all.nl
    postgrey.schweikert.ch schweikert.ch openspf.org openspf.net open-spf.org spf.pobox.com greylisting.org
    dmarc.org dkim.org rfc-editor.org ietf.org validity.com returnpath.com returnpath.net dnsbl.net fabel.dk 0spam.org
    hostedemail.com bluehost.com interserver.net mxtoolbox.com anti-abuse.org mailfence.com antispam.org hinet.net
    bigpond.com telstra.com btinternet.com bt.com virginmedia.com sky.com talktalk.net rogers.com bell.net shaw.ca
    telus.net windstream.net earthlink.net centurylink.net spamtitan.com hornetsecurity.com retarus.com
    """.split()
)  # fmt: skip

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
