"""Refusals of the envelope sender or of who may write to whom. The recipient may well exist."""

from __future__ import annotations

from wildwatch.mail.rules.model import Regex, Rule

_S = "Postfix restrictions, Exim callouts, Sendmail, Exchange"

RULES = (
    Rule("sender-domain", "policy",
         ("sender address rejected: domain not found", "domain of sender", "sender domain must", "sender domain*not", "sender's domain*not exist", "sender domain does not",
          "sender has no a, aaaa", "sender domain*resolve", "sender*no mx", "unrouteable sender", "sender*unrouteable", "domain of the sender*", "sender's mail domain",
          "unable to verify sender domain", "can't verify sender domain", "no valid mx for sender", "mail from domain*resolve", "from domain must resolve",
          "invalid sender domain", "sender domain invalid", "bad sender's system address", "sending domain*does not exist", "sender domain was not found",
          "domain of your sender", "sender domain is empty", "from: domain is invalid", "without a valid sender domain", "mx records for*sender", "envelope from domain", "absenderdomain", "dominio del mittente", "dominio del remitente", "dominio do remetente", "domaine de l'expediteur", "домен отправителя"),
         detail="sender-domain", source=_S),
    Rule("sender-verify", "policy",
         ("sender verif", "verification failed for <", "could not verify sender", "unable to verify sender", "cannot verify sender", "sender callout", "sender address verification",
          "sender address rejected: undeliverable", "sender address rejected: unverified", "sender*does not exist", "bad sender's mailbox", "sender unknown", "sender is unknown", "unroutable sender", "unrouteable sender", "unknown sender", "address*sender*not found"),
         detail="sender-verify", source=_S),
    Rule("sender-refused", "policy",
         ("sender address rejected", "sender rejected", "sender denied", "sender blocked", "blocked sender", "sender is blocked", "sender not allowed", "sender address is not allowed",
          "sender address not allowed", "sender refused", "sender is not allowed", "mail from that sender", "bad sender", "invalid sender", "sender is on", "sender not accepted",
          "your sender address", "sender email*blocked", "blacklisted sender", "sender*blacklist", "sender has been blocked", "envelope blocked", "fake sender", "null sender is not", "null sender*not",
          "mails from your domain", "from your domain*not accepted", "mail from your domain", "we do not accept mail from", "does not accept mail from you", "does not want mail from you",
          "you are not allowed to send", "not allowed to send to", "not authorised to send to", "not authorized to send", "not permitted to send to", "sender is not authorized", "you are not authorized",
          "only accepts mail from", "only accepts messages from", "accepts mail only from", "authorised senders", "authorized senders", "allowed senders", "not in the allowed", "sender not authenticated",
          "senders only", "members only", "restricted address", "restricted recipient", "recipient restricts", "mittente rifiutato", "mittente bloccato", "remitente bloqueado", "remitente rechazado", "expediteur refuse",
          "expediteur bloque", "remetente bloqueado", "absender abgelehnt", "absender*gesperrt", "absender*blockiert", "отправитель заблокирован", "发件人被拒", "発信者*拒否", "送信者*拒否", "afzender geweigerd",
          "solo posta certificata", "spoofed sender", "sender spoof", "spoofing", "local sender from outside", "local user only", "not logged in", "batv", "backscatter", "empty envelope sender", "empty sender", "returned mail not", "third-party dsn", "unsigned dsn", "bounces not accepted", "does not accept bounces",
          "not owned by user", "isn't on the recipient's list", "not on the recipient's", "pre-approved", "sender was rejected", "bogus mail from", "senderfilter", "recipient preferences", "user refuses", "refuses to receive", "refuse to receive", "refuses to accept", "user reject", "specific email addresses",
          "is protected by", "members-only", "mailing list", "not subscribed", "not a member", "post to this", "your email address has been blacklisted", "sending to/from an address", "sender is in my", "black list of recipient", "blacklisted by recipient", "blacklisted by user", "blocked by recipient", "blocked by user", "bouncedeny", "purported responsible", "different address or alias",
          "requires confirmation", "confirm this mail", "has not passed validation", "sender email address rejected", "message was rejected by this user",
          Regex("sender", r"sender <?‹address›>? (?:rejected|denied|blocked|refused)")),
         detail="sender", source=_S),
)  # fmt: skip
