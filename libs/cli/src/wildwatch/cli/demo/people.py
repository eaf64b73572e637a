"""Who sends: mailboxes, applications and bulk customers, each with habits; and names for everybody."""

from __future__ import annotations

from itertools import accumulate
from random import Random
from typing import Final

import msgspec

from wildwatch.cli.demo.places import Pool

FIRST: Final = (
    "anna", "jonas", "marie", "lukas", "sofia", "felix", "emma", "noah", "clara", "paul", "lea", "david",
    "ida", "tom", "nina", "jan", "eva", "max", "lena", "erik", "julia", "oskar", "hanna", "piotr",
    "elise", "marco", "chiara", "louis", "camille", "tomas", "petra", "viktor", "olga", "mehmet", "aylin",
    "kim", "wei", "sara",
)  # fmt: skip
LAST: Final = (
    "keller", "novak", "berg", "fischer", "moreau", "rossi", "weber", "svensson", "kowalski", "dubois",
    "martin", "huber", "jansen", "bauer", "costa", "lindholm", "vogel", "petrov", "garcia", "schmid",
    "yilmaz", "chen", "nielsen", "wolf", "brandt", "marek", "leroy", "conti", "maier", "sand", "hahn",
    "krause", "olsen", "roth",
)  # fmt: skip
_TRADE: Final = (
    "shop", "media", "logistik", "bank", "tours", "energie", "cloud", "verlag", "hotel", "fit", "garten",
    "auto", "pharma", "data", "design", "food", "travel", "tickets", "wein", "moebel", "games", "books",
    "kids", "sport",
)  # fmt: skip
_PLACE: Final = (
    "nord", "sued", "alpen", "rhein", "donau", "elbe", "baltic", "adria", "metro", "prima", "nova",
    "terra", "luna", "alpha", "orbit", "delta", "astra", "vita", "solar", "aqua", "linden", "eichen",
    "stern", "silber", "falken",
)  # fmt: skip


def company(rng: Random) -> str:
    """A company's name as a domain label, such as `rheinverlag` or `nova-tickets`."""
    joint = rng.choice(("", "-", ""))
    return f"{rng.choice(_PLACE)}{joint}{rng.choice(_TRADE)}"


class Sender(msgspec.Struct, frozen=True, eq=False, kw_only=True):
    """One who sends mail. `dirt` is the share of his recipients that do not exist (old or bought lists)."""

    address: str
    domain: str
    kind: str
    """`mailbox`, `app`, `bulk`, `forward` or `vacation`."""
    pool: Pool
    interface: str
    src: str | bool
    mean_size: int
    dirt: float
    recipients: float
    """Mean number of recipients a message."""


class Crowd:
    """Senders of one kind; a few of them send most (Zipf)."""

    def __init__(self, senders: list[Sender], exponent: float) -> None:
        self.senders = senders
        self.cumulative = list(accumulate((i + 1) ** -exponent for i in range(len(senders))))

    def pick(self, rng: Random) -> Sender:
        return rng.choices(self.senders, cum_weights=self.cumulative)[0]


def build_crowds(rng: Random, pools: dict[str, Pool], own_domains: list[str]) -> dict[str, Crowd]:
    """All senders by kind, the same for the same random state."""
    mailboxes = [_mailbox(rng, pools["mailbox"], own_domains, i) for i in range(3_000)]
    forwards = [
        Sender(
            address=f"{box.address}",
            domain=box.domain,
            kind="forward",
            pool=pools["forward"],
            interface="forwarder",
            src=False,
            mean_size=42_000,
            dirt=0.004,
            recipients=1.0,
        )
        for box in rng.sample(mailboxes, 400)
    ]
    vacations = [
        Sender(
            address=box.address,
            domain=box.domain,
            kind="vacation",
            pool=pools["forward"],
            interface="autoreplies",
            src=False,
            mean_size=3_200,
            dirt=0.06,
            recipients=1.0,
        )
        for box in rng.sample(mailboxes, 120)
    ]
    return {
        "mailbox": Crowd(mailboxes, 0.7),
        "app": Crowd([_app(rng, pools, i) for i in range(80)], 0.8),
        "bulk": Crowd(_bulk(rng, pools), 0.0),
        "forward": Crowd(forwards, 0.9),
        "vacation": Crowd(vacations, 0.5),
    }


def _mailbox(rng: Random, pool: Pool, domains: list[str], number: int) -> Sender:
    domain = domains[min(int(rng.expovariate(6.0) * len(domains)), len(domains) - 1)]
    return Sender(
        address=f"{rng.choice(FIRST)}.{rng.choice(LAST)}{number % 97 or ''}@{domain}",
        domain=domain,
        kind="mailbox",
        pool=pool,
        interface="feeder",
        src=_client(rng),
        mean_size=int(rng.lognormvariate(10.2, 0.6)),
        dirt=0.006,
        recipients=rng.choice((1.0, 1.2, 1.6, 3.0)),
    )


def _app(rng: Random, pools: dict[str, Pool], number: int) -> Sender:
    domain = f"{company(rng)}{number}.example"
    pool = pools[rng.choice(("transactional-a", "transactional-b"))]
    over_http = rng.random() < 0.3
    return Sender(
        address=f"{rng.choice(('noreply', 'orders', 'service', 'login', 'invoice'))}@{domain}",
        domain=domain,
        kind="app",
        pool=pool,
        interface="api" if over_http else "feeder",
        src=_client(rng),
        mean_size=int(rng.lognormvariate(9.4, 0.4)),
        dirt=rng.choice((0.004, 0.008, 0.015)),
        recipients=1.0,
    )


_BULK_POOLS: Final = (
    ("bulk-a", 14, 1.0),
    ("bulk-b", 14, 1.0),
    ("bulk-c", 12, 1.0),
    ("newsletter", 12, 0.9),
    ("marketing-eu", 8, 0.9),
    ("dedicated-1", 1, 14.0),
    ("dedicated-2", 1, 16.0),
    ("dedicated-3", 1, 18.0),
    ("warm", 2, 0.8),
    ("low-reputation", 6, 0.35),
)


def _bulk(rng: Random, pools: dict[str, Pool]) -> list[Sender]:
    senders: list[Sender] = []
    for name, customers, weight in _BULK_POOLS:
        for _ in range(customers):
            domain = f"{company(rng)}{len(senders)}.example"
            sender = Sender(
                address=f"{rng.choice(('news', 'mail', 'hello', 'offers', 'bounce'))}@mail.{domain}",
                domain=f"mail.{domain}",
                kind="bulk",
                pool=pools[name],
                interface="bulk",
                src=_client(rng),
                mean_size=int(rng.lognormvariate(10.7, 0.3)),
                recipients=1.0,
                dirt=0.05 if name == "low-reputation" else rng.choice((0.003, 0.006, 0.012)),
            )
            # A dedicated customer alone fills its pool: he is in the crowd several times.
            senders.extend([sender] * round(weight * 20))
    return senders


def _client(rng: Random) -> str:
    return f"100.{rng.randrange(64, 128)}.{rng.randrange(256)}.{rng.randrange(1, 255)}"
