"""What a sending would do, found without a server and without a change."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from mailweave.delivery.sending.outputs import opened
from mailweave.delivery.sending.run import know_zones
from mailweave.delivery.sending.send_ledger import Fact, peek
from mailweave.delivery.sending.sender import Manner

_DOMAINS: Final = 10  # that are named
_FEWEST: Final = 5  # mails of a domain that is named: a smaller one may be a person's own


@dataclass(frozen=True, slots=True)
class Plan:
    """Counts of an output. `going` is what would be sent now; `in_doubt` are begun and without an answer. `domains`: how
    many go to each of the largest; `elsewhere`: to all others. `seconds`: how long that takes at the rate, None without
    one. `opens`: when the first and the last may go, where hours are kept, in seconds since 1970."""

    all: int
    sent: int
    refused: int
    in_doubt: int
    going: int
    domains: tuple[tuple[str, int], ...]
    elsewhere: int
    seconds: float | None
    opens: tuple[float, float] | None


def plan(folder: Path, manner: Manner, now: float) -> Plan:
    """What `send` would do. Raises MailweaveError as it does."""
    output = opened(folder, unsigned=True)
    know_zones(output, manner)
    began, facts = peek(folder)
    domains, counts, opens = Counter[str](), Counter[Fact | None](), set[float]()

    def look(key: str, zone: str) -> bool:
        fact = facts.get(bytes.fromhex(key))
        counts[fact] += 1
        goes = fact in (None, Fact.DEFERRED) or (fact is Fact.BEGUN and manner.resend)
        if goes:
            opens.add(manner.hours.opens(zone, began or datetime.fromtimestamp(now, UTC), now))
        return goes

    for shard in range(len(output.shards)):
        domains.update(mail.to.rpartition("@")[2].lower() for mail in output.mails(shard, look))
    named = tuple(each for each in domains.most_common(_DOMAINS) if each[1] >= _FEWEST)
    going = domains.total()
    return Plan(
        all=counts.total(),
        sent=counts[Fact.SENT],
        refused=counts[Fact.REFUSED],
        in_doubt=counts[Fact.BEGUN],
        going=going,
        domains=named,
        elsewhere=going - sum(count for _, count in named),
        seconds=None if manner.rate is None else going / manner.rate,
        opens=(min(opens), max(opens)) if opens and max(opens) > now else None,
    )
