"""What is said of the message: its size, what is attached, malware, spam."""

from __future__ import annotations

from wildwatch.mail.rules.model import Regex, Rule

_S = "Postfix, Exim, Exchange, amavis, SpamAssassin, Rspamd, ClamAV and the filter makers"

SIZE = (
    Rule("size", "size_content_virus",
         ("message too large", "message too big", "message is too large", "message is too big",
          "message size exceeds", "message size exceed", "message exceeds", "message length exceeds",
          "exceeds size limit", "exceeds maximum", "exceeds fixed", "exceeds fixed maximum", "size exceeds",
          "size limit", "size exceeded", "maximum message size", "maximum size", "max message size",
          "too large", "too big", "exceeded mailsize", "mailsize limit", "message length", "size*too large",
          "message body too", "larger than", "inbound message size", "line limit", "email size",
          "mail size", "size of your message", "limit of attachments",
          "zu gross", "zu gro", "nachrichtengro", "taille du message", "taille*depass", "trop volumineux",
          "trop gros", "trop grand", "taille limite", "taille maximale", "tamano del mensaje",
          "tamano maximo", "demasiado grande", "tamano*excede", "excede el tamano", "troppo grande",
          "dimensione*messaggio", "dimensioni*messaggio", "supera la dimensione", "tamanho", "muito grande",
          "размер сообщения", "размер письма", "слишком большо", "превышает*размер", "大小超过", "邮件过大",
          "郵件過大",
          "邮件太大", "太大", "大小限制", "サイズが", "サイズ制限", "大きすぎ", "크기", "zbyt duz",
          "rozmiar wiadomosci", "te groot",
          "berichtgrootte", "for stor", "liian suuri", "prilis velk", "cok buyuk", "tul nagy"),
         detail="size", source=_S),
)  # fmt: skip

UNWANTED_FILES = (
    Rule("spam-or-virus", "spam_content",
         (Regex("virus", r"(?:spam.{0,20}virus|virus.{0,12}(?:or|and|/|oder|et|ou|und).{0,12}spam)"),),
         source="GoDaddy, Telekom: one text for both, mostly meaning spam"),
    Rule("virus", "size_content_virus",
         (Regex("virus", r"(?<!anti)(?<!anti-)(?<!spam or )\bvirus"), "malware", "infected", "trojan",
          "eicar", "worm ", "ransomware", "macro ", "macros", "phish attachment", "clamav", "вирус", "病毒",
          "ウイルス", "ウィルス", "바이러스", "wirus", "infiziert", "infecte", "infectado", "infetto"),
         detail="virus", source=_S),
    Rule("attachment", "size_content_virus",
         ("attachment", "banned:", "banned file", "banned content", "file type", "filetype",
          "file extension", "prohibited file", "executable", "forbidden file", "blocked file", "mime type",
          "anhang", "piece jointe", "pieces jointes", "archivo adjunto", "adjunto", "allegat", "anexo",
          "вложени", "附件", "添付", "zalacznik", "bijlage", "encrypted archive", "password protected",
          "bad filename"),
         detail="attachment", source=_S),
)  # fmt: skip

SPAM = (
    Rule("spam", "spam_content",
         (Regex("spam",
          r"(?<![a-z])(?:spam|spammy|spamm?iness|antispam|anti-spam)(?![a-z.]*\.(?:org|net|com))"),
          "junk mail", "junkmail", "junk e-mail", "junk email", "unsolicited", Regex(" u", r"\bu[bc]e\b"),
          "bulk mail", "bulk email", "content classified as", "content filter", "content policy filter",
          "content-filter", "content rejected", "content reject", "rejected for content",
          "rejected due to content", "message content rejected", "content denied", "content blocked",
          "unacceptable content", "inappropriate content", "high score", "spamassassin", "phishing",
          "phish", "scam", "considered unsolicited", "identified as spam", "message looks like", "fraud",
          "suspicious", "filtered as", "spamvertis", "bayes", "message filtered", "recurrent pattern",
          "advertis", "mail content", "filtered by", "our filter", "content judged", "dcc ", "razor",
          "pyzor", "score too high", "cloudmark authority", "heuristic",
          "indesirable", "pourriel", "polluriel", "non sollicite", "no deseado", "correo basura",
          "indesiderat", "spazzatura",
          "indesejad", "lixo eletronico", "спам", "нежелательн", "垃圾", "迷惑メール", "スパム", "스팸",
          "niechcian",
          "ongewenst", "skrappost", "uonsket", "roskaposti", "nevyzadan", "istenmeyen", "kereskedelmi",
          "unerwunscht", "unerwuenscht", "werbe"),
         source=_S),
)  # fmt: skip
