"""Providers by MX and by domain, domain names as they are stored, addresses."""

from __future__ import annotations

import pytest

from wildwatch.mail import domain, provider, sanitise


@pytest.mark.parametrize(
    ("mx", "slug"),
    [
        ("gmail-smtp-in.l.google.com", "google"),
        ("ASPMX.L.GOOGLE.COM.", "google"),
        ("alt1.aspmx.l.google.com", "google"),
        ("outlook-com.olc.protection.outlook.com", "outlook"),
        ("example-org.mail.protection.outlook.com", "microsoft365"),
        ("example-org.d-v1.mx.microsoft", "microsoft365"),
        ("mta5.am0.yahoodns.net", "yahoo"),
        ("mx1.yahoo.co.jp", "yahoo_japan"),
        ("mx01.mail.icloud.com", "apple"),
        ("mx00.gmx.net", "gmx"),
        ("mx-ha.web.de", "gmx"),
        ("mx00.kundenserver.de", "ionos"),
        ("mx00.t-online.de", "t_online"),
        ("smtp-in.orange.fr", "orange"),
        ("mx1.free.fr", "free"),
        ("mx1.comcast.net", "comcast"),
        ("eu-smtp-inbound-1.mimecast.com", "mimecast"),
        ("za-smtp-inbound-1.mimecast.co.za", "mimecast"),
        ("mx0a-00001.pphosted.com", "proofpoint"),
        ("mx1-eu1.ppe-hosted.com", "proofpoint"),
        ("d1.ess.barracudanetworks.com", "barracuda"),
        ("mx1.hc123.iphmx.com", "cisco"),
        ("cluster1.eu.messagelabs.com", "symantec"),
        ("in.hes.trendmicro.eu", "trend_micro"),
        ("mx1.emailsrvr.com", "rackspace"),
        ("smtp.secureserver.net", "godaddy"),
        ("mx.zoho.eu", "zoho"),
        ("mxs.mail.ru", "mail_ru"),
        ("mx.yandex.ru", "yandex"),
        ("mx3.qq.com", "qq"),
        ("163mx01.mxmail.netease.com", "netease"),
        ("mx1.mail.ovh.net", "ovh"),
        ("inbound-smtp.us-east-1.amazonaws.com", "amazon"),
        ("mxa.mailgun.org", "mailgun"),
        ("mx.sendgrid.net", "sendgrid"),
        ("cxr.mx.a.cloudfilter.net", "cox"),
        ("notgoogle.com", "other"),
        ("google.com.evil.example", "other"),
        ("127.0.0.1", "other"),
        ("", "other"),
        (".", "other"),
        ("a." * 500 + "google.com", "other"),
    ],
)
def test_provider_of_an_mx(mx: str, slug: str) -> None:
    assert provider.of_mx(mx) == slug
    assert provider.DISPLAY_NAMES[slug]


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("gmail.com", "google"),
        ("Hotmail.FR", "outlook"),
        ("live.co.uk", "outlook"),
        ("yahoo.com.br", "yahoo"),
        ("yahoo.co.jp", "yahoo_japan"),
        ("web.de.", "gmx"),
        ("live.example.deep.org", "other"),
        ("hotmail", "other"),
        ("example.org", "other"),
        ("", "other"),
    ],
)
def test_provider_of_a_mail_domain(name: str, slug: str) -> None:
    assert provider.of_domain(name) == slug


@pytest.mark.parametrize(
    ("raw", "stored"),
    [
        ("Example.ORG.", "example.org"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("BÜCHER.example", "xn--bcher-kva.example"),
        ("例え.jp", "xn--r8jz45g.jp"),
        ("xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("", None),
        (" . ", None),
        ("\x00", None),
        ("a\u202eb.example", "ab.example"),
        ("[192.0.2.1]", "[192.0.2.1]"),
        ("☃" * 300, "☃" * 255),
    ],
)
def test_domains_are_stored_as_a_labels(raw: str, stored: str | None) -> None:
    assert domain.canonical(raw) == stored


@pytest.mark.parametrize(
    ("raw", "address", "name"),
    [
        ("<Bob@Example.ORG>", "Bob@example.org", "example.org"),
        ("bob", "bob", None),
        ('"a@b"@x.test', '"a@b"@x.test', "x.test"),
        ("<>", "", None),
        ("", "", None),
        ("bob@", "bob", None),
        ("@x.test", "@x.test", "x.test"),
        ("\x01", None, None),
    ],
)
def test_addresses_keep_their_local_part(raw: str, address: str | None, name: str | None) -> None:
    assert domain.split_address(raw) == (address, name)


@pytest.mark.parametrize(
    ("name", "registrable"),
    [
        ("mail.shop.example.co.uk", "example.co.uk"),
        ("example.org", "example.org"),
        ("co.uk", None),
        ("", None),
        ("a.BÜCHER.de", "xn--bcher-kva.de"),
        ("x.github.io", "x.github.io"),
    ],
)
def test_registrable_domains(name: str, registrable: str | None) -> None:
    known = domain.RegistrableDomains(max_cache_entries=2)
    for _ in range(2):
        assert known.of(name) == registrable


@pytest.mark.parametrize(
    ("raw", "stored"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::FFFF:192.0.2.7", "192.0.2.7"),
        ("2001:DB8:0:0:0:0:0:7", "2001:db8::7"),
        ("fe80::1%eth0", "fe80::1"),
        ("[2001:db8::7]", "2001:db8::7"),
        ("IPv6:2001:db8::7", "2001:db8::7"),
        ("192.0.2", None),
        ("192.0.2.07", None),
        ("mx.example.org", None),
        ("", None),
        ("1" * 99, None),
        ("192.0.2.7/24", None),
    ],
)
def test_addresses_in_canonical_text(raw: str, stored: str | None) -> None:
    assert sanitise.ip(raw) == stored
