"""What becomes of one attempt to hand over a mail."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from enum import Enum
from typing import Final, NamedTuple, Protocol

from mailweave.delivery.sending.mails import Mail

_OF_OTHERS: Final = ("5.4.", "5.5.", "5.7.")
_ENHANCED: Final = re.compile(r"([245]\.\d{1,3}\.\d{1,3})(?:\s|$)")


class Verdict(Enum):
    """SENT: the server has it. REFUSED: it never will (5xx). DEFERRED: not now (4xx). DOUBT: it was given the mail, and
    what it said is not known. UNFIT: it lacks what the mail needs, and was not asked."""

    SENT = "sent"
    REFUSED = "refused"
    DEFERRED = "deferred"
    DOUBT = "doubt"
    UNFIT = "unfit"


class Answer(NamedTuple):
    """`code`: of SMTP, 0 where there is none. `status`: the enhanced one (RFC 3463), or what the server lacks."""

    verdict: Verdict
    code: int = 0
    status: str = ""


class Lost(Exception):
    """The connection ended before the mail was given to the server; `what` says how, without a word of the server's."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


class Turned(Exception):
    """The server takes no mail at all: from this sender, with this login, over this TLS. No other attempt helps."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


Begin = Callable[[], Awaitable[None]]


class Session(Protocol):
    """A connection to who takes mails."""

    async def hand_over(self, mail: Mail, begin: Begin) -> Answer:
        """Gives one mail away. `begin` is awaited before that cannot be undone. Raises Lost and Turned."""
        ...

    @property
    def is_open(self) -> bool:
        """Whether it can take another mail."""
        ...

    async def close(self) -> None:
        """Ends it. What is said then is of no weight."""
        ...


class Route(Protocol):
    """Who takes mails."""

    async def open(self) -> Session:
        """A connection. Raises Lost and Turned."""
        ...


def answer_of(code: int, text: str) -> Answer:
    """What a reply that is no success says of a mail. One that is neither 4xx nor 5xx leaves it in doubt.

    >>> answer_of(550, "5.1.1 no such user")
    Answer(verdict=<Verdict.REFUSED: 'refused'>, code=550, status='5.1.1')
    """
    verdicts = {4: Verdict.DEFERRED, 5: Verdict.REFUSED}
    verdict = verdicts.get(code // 100)
    return Answer(Verdict.DOUBT) if verdict is None else Answer(verdict, code, enhanced(text))


def of_this_mail(answer: Answer) -> Answer:
    """The answer itself; put off where a refusal speaks of the network, the protocol or a policy (RFC 3463, 3: x.4, x.5
    and x.7), as of a quota or a relay that is not allowed: that is no fault of an address, which stays on the list.

    >>> of_this_mail(answer_of(554, "5.7.1 relay access denied")).verdict
    <Verdict.DEFERRED: 'deferred'>
    """
    is_of_others = answer.verdict is Verdict.REFUSED and answer.status[:4] in _OF_OTHERS
    return answer._replace(verdict=Verdict.DEFERRED) if is_of_others else answer


def enhanced(text: str) -> str:
    """The enhanced status code that a reply begins with (RFC 3463), if it has one.

    >>> enhanced("2.0.0 queued"), enhanced("queued")
    ('2.0.0', '')
    """
    found = _ENHANCED.match(text)
    return found[1] if found else ""


def reply(code: int, text: str) -> str:
    """A reply by its codes alone: the words of a server may hold addresses.

    >>> reply(451, "4.7.1 ann@example.com: try again"), reply(-1, "")
    ('451 4.7.1', 'what is no SMTP')
    """
    return f"{code} {enhanced(text)}".strip() if code > 0 else "what is no SMTP"
