"""What never was a remote's reply: texts of ZoneMTA, its plugins and Node.js about connecting and resolving."""

from __future__ import annotations

from wildwatch.mail.rules.model import Regex, Rule

_ZONE_MTA = "ZoneMTA and mx-connect, texts of their own errors"
_NODE = "Node.js system errors"
_OPENSSL = "OpenSSL and Node.js TLS errors"
_NETWORK = "dns_network_timeout_tls"

RULES = (
    Rule("null-mx", "bad_domain", ("null mx", "nullmx", "null-mx", "mx record is null", "mx 0 ."), detail="null-mx",
         permanent=True, source="RFC 7505"),
    Rule("pool-paused", "policy", ("addresses of the pool are paused", "address is paused"), detail="pool-paused",
         permanent=False, source="the ZoneMTA plugin of Wildwatch"),
    Rule("dns-not-found", "bad_domain",
         (" domain name not found", "nxdomain", "mx server*enotfound", "resolving mx*enotfound", "querymx enotfound",
          "host or domain name not found", "name service error*host not found", "domain does not exist",
          "domain nonexistent", "infodomainnonexistent", "no mx or a records", "does not have any mx",
          Regex("domain", r"domain \S+ (?:does not exist|could not be found|not found|doesn't exist)"),
          "dns domain*does not exist", "host unknown (name server", "unrouteable mail domain",
          "no such domain", "domain has no mail exchangers", "all relevant mx records point to non-existent hosts",
          "an mx or srv record indicated no smtp service", "domain does not accept mail",
          Regex("does not accept mail", r"domain \S+ does not accept mail")),
         detail="domain-not-found", permanent=True, source=_ZONE_MTA + "; Postfix, Exim and Exchange equivalents"),
    Rule("dns-failure", _NETWORK,
         ("dns error", "dns timeout", "dns server", "eservfail", "servfail", "etimeout", "enodata", "erefused",
          "enotfound", "eai_again", "could not contact dns", "name service error", "dns lookup failure",
          "dns query", "host not found, try again", "unable to resolve the ip address", "temporary dns",
          "dns temporary failure", "dns soft", "temporary failure in name resolution"),
         detail="dns", permanent=False, source=_ZONE_MTA + "; " + _NODE),
    Rule("mta-sts", _NETWORK, ("policy error:", "mta-sts", "sts policy"), detail="mta-sts", permanent=False,
         source=_ZONE_MTA),
    Rule("dane", _NETWORK, ("dane error", "dane verification", "tlsa record", "dane-"), detail="dane",
         permanent=False, source=_ZONE_MTA),
    Rule("tls-handshake", _NETWORK,
         ("ssl routines", "error initiating tls", "tls handshake", "ssl handshake", "certificate has expired",
          "verify the first certificate", "self signed certificate", "self-signed certificate", "wrong version number",
          "err_tls", "certificate's altnames", "certificate altname", "disconnected before secure tls",
          "upgrading connection with starttls", "tls is required", "dh key too small", "unsupported protocol",
          "unable to get local issuer", "sslv3 alert", "tlsv1 alert", "starttls failed", "tls negotiation",
          "certificate verify failed", "certificate not trusted", "no shared cipher"),
         detail="tls", permanent=False, source=_OPENSSL),
    Rule("network-refused", _NETWORK, ("econnrefused", "connection refused", "actively refused"), detail="refused",
         permanent=False, source=_NODE),
    Rule("network-timeout", _NETWORK,
         ("etimedout", "connection timed out", "connection timeout", "operation timed out", "network error: timeout",
          "greeting never received", "connect timeout", "conversation with*timed out", "timed out while",
          "no response from", "read timeout", "socket timeout", "timeout waiting"),
         detail="timeout", permanent=False, source=_NODE),
    Rule("network-reset", _NETWORK,
         ("econnreset", "connection reset", "epipe", "broken pipe", "econnaborted", "closed unexpectedly",
          "socket close", "socket hang up", "lost connection", "connection dropped", "connection was dropped",
          "server terminates connection", "eproto", "disconnected unexpectedly", "remote end closed",
          "connection closed by remote", "connection lost"),
         detail="connection-lost", permanent=False, source=_NODE),
    Rule("network-unreachable", _NETWORK,
         ("ehostunreach", "enetunreach", "no route to host", "network is unreachable", "host is unreachable",
          "enetdown", "host is down", "eaddrnotavail", "address not available", "eaddrinuse", "einval",
          "address family not supported", "unable to connect", "could not connect", "cannot connect",
          "couldn't connect", "could not establish", "wasn't able to establish an smtp connection",
          "failed to connect", "connection failed"),
         detail="unreachable", permanent=False, source=_NODE),
    Rule("network-other", _NETWORK, ("network error:",), permanent=False, source=_ZONE_MTA),
)  # fmt: skip
