# ruff: noqa: RUF001, RUF003 - masks are in ‹›, and replies come in every script
"""Greylisting: come back later with the same address."""

from __future__ import annotations

from wildwatch.mail.rules.model import Regex, Rule

_S = "postgrey, milter-greylist, sqlgrey, policyd, Exim greylistd, Rspamd, cPanel, SpamExperts, Mimecast"

RULES = (
    Rule("greylist", "greylist",
         ("greylist", "graylist", "grey list", "gray list", "grey-list", "gray-list", "greylisted",
          "greytrap",
          "tempgrey", "grey.rbl", "graue liste", "liste grise", "lista gris", "lista grigia", "lista cinza",
          "lista cinzenta", "szara lista", "szarej lis", "серый список", "серого списка", "сірий список",
          "grijze lijst",
          "graa liste", "gralist", "灰名单", "灰名單", "グレイリスト", "グレーリスト", "그레이리스트",
          "sivy zoznam", "gri liste", "not yet authorized to deliver mail from", "first-time sender",
          "first time sender",
          "first time we have seen", "first contact", "unknown triplet", "new triplet"),
         source=_S),
    Rule("greylist-come-back", "greylist",
         ("policy rejection- please try later", "please retry in", "retry again in", "please come back in",
          "try again in",
          "come back in", "is new to us", "you are being throttled as a new sender",
          Regex("try again", r"try again (?:in|after) ‹n› (?:sec|min)"), Regex("retry",
          r"retry (?:in|after) ‹n› ?(?:sec|min|s\b)"),
          Regex("wait", r"wait (?:for )?(?:at least )?‹n› (?:sec|min)"),
          "internal resource temporarily unavailable",
          "internal resources are temporarily unavailable", "temporarily rejected*first",
          "temporarily deferred due to first",
          "delayed by policy", "deferred for policy reasons*retry", "sender is unknown*try again"),
         code="4", source=_S),
)  # fmt: skip
