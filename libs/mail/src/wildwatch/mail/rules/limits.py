"""Too many, too fast, too busy: try again more slowly."""

from __future__ import annotations

from wildwatch.mail.rules.model import Rule

_S = "Postfix anvil, Exim ratelimit, Sendmail, Exchange, IronPort, postscreen and national wordings"

SENDING_QUOTA = (
    Rule("sending-quota", "rate_limit",
         ("message quota", "messages quota", "sending quota", "submission quota", "queue quota",
          "daily*quota exceeded", "hourly*quota exceeded", "quota for sending", "rate quota"),
         permanent=False, source=_S),
    Rule("complaints", "ip_reputation", ("too many spam", "too much spam", "too many complaints",
         "too many unwanted", "spam complaints", "excessive complaints"),
         source=_S),
)  # fmt: skip

RULES = (
    Rule("rate-limit", "rate_limit",
         ("rate limit", "rate-limit", "ratelimit", "rate_limit", "rate control", "rate exceeded", "rate of",
          "sending rate", "message rate", "mail rate", "rate that prevents", "rate is too", "high rate",
          "receiving rate", "connection rate", "exceeded the rate", "limit rate",
          "throttl", "too many connections", "too many concurrent", "too many simultaneous",
          "too many sessions", "too many messages", "too many mails", "too many emails", "too many e-mails",
          "too many recipients", "too many rcpt", "too many new", "too many errors", "too many attempts",
          "too many requests", "too many transactions", "too many deliver", "too many invalid",
          "too many unknown", "too many bad", "too many commands", "too many open", "too many mail",
          "too many envelopes", "too many sends", "too many auth", "too many failed", "too many incoming",
          "too many smtp", "too many ",
          "too much mail", "too much traffic", "too much recipient", "too much load", "too fast",
          "too quickly", "too frequent", "too often", "slow down", "slow-down", "slowdown", "back off",
          "backoff", "flood", "excessive rate", "excessive volume", "excessive mail", "excessive number",
          "exceeds the maximum number", "exceeded the maximum number of", "maximum number of",
          "max number of", "maximum connections", "max connections", "max conn", "maximum recipients",
          "connection limit", "connections limit", "session limit", "concurrency limit", "concurrent conn",
          "concurrent connections", "simultaneous connections", "hourly limit", "daily limit", "per hour",
          "per day", "per minute", "message limit", "messages limit", "sending limit", "recipient limit",
          "recipients limit", "limit exceeded", "limit has been exceeded", "limits exceeded",
          "exceeded limit", "limit reached", "exceeding the limit", "exceeds limit of messages",
          "volume limit", "server is busy", "server busy", "server too busy", "system busy", "system load",
          "load too high", "load average", "overload", "high load", "busy, try", "is busy",
          "resources temporarily", "temporarily deferred due", "unexpected volume", "reduce your",
          "reduce the", "frequency", "deferred due to volume", "message quota", "sending quota",
          "daily quota", "hourly quota", "submission quota", "try again slower", "throughput",
          "sending speed", "per connection", "concurrency", "messages per", "recipients per",
          "connections per", "mails per", "emails per", "numerous attempts",
          "volume of", "bandwidth",
          "zu viele", "zu schnell", "zu haufig", "uberlastet", "trop de ", "trop rapide", "limite de debit",
          "demasiad", "muchas conexiones", "limite de envio", "limite de mensajes", "troppe connessioni",
          "troppi ", "troppe ", "limite di invio", "muitas conex", "muitas mensagens", "muitos ",
          "limite de conex", "слишком много", "слишком часто", "превышен лимит", "превышено количество",
          "превышение лимита", "лимит", "забагато", "频率", "頻率", "过于频繁", "发送过快", "连接过多",
          "连接数", "過多", "太多",
          "次数超", "过多", "超过*次数", "数が多すぎ", "多すぎます", "送信制限", "接続数", "頻繁",
          "너무 많", "빈번", "zbyt wiele",
          "zbyt duzo", "zbyt szybko", "limit wiadomosci", "przekroczono limit", "te veel", "te snel",
          "for manga", "for mange", "for mange", "prilis mnoho", "cok fazla", "liian monta", "tul sok"),
         source=_S),
)  # fmt: skip
