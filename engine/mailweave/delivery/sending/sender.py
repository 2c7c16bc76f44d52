"""The mails of an output, handed over on several connections, each by what the record says of it."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Final, NamedTuple

from mailweave.batch.run import Progress
from mailweave.delivery.sending.answers import Answer, Lost, Route, Turned, Verdict
from mailweave.delivery.sending.hours import Hours
from mailweave.delivery.sending.line import Line
from mailweave.delivery.sending.mails import Mail
from mailweave.delivery.sending.outputs import Output
from mailweave.delivery.sending.pacing import Backoff, Clock, Refusals, Turns, WallClock
from mailweave.delivery.sending.send_ledger import Fact, SendLedger
from mailweave.delivery.sending.signing import Signer
from mailweave.diagnostics import Diagnostic, MailweaveError, diagnose

_FACTS: Final = {
    Verdict.SENT: Fact.SENT,
    Verdict.REFUSED: Fact.REFUSED,
    Verdict.DEFERRED: Fact.DEFERRED,
}
_BAD: Final = frozenset({Verdict.REFUSED, Verdict.DEFERRED, Verdict.DOUBT})
_IDLE: Final = 5.0  # seconds for which a connection is kept that carries nothing
_AT_FIRST: Final = 3  # failures in a row before anything was ever answered: the server is not there
_ATTEMPTS: Final = 8  # failures of a connection in a row, while no other gets an answer either


@dataclass(frozen=True, slots=True)
class Manner:
    """How mails are handed over. `rate`: mails a second; None: as fast as it goes. `tries`: of one mail in one run.
    `max_errors`: the share of bad answers that is borne. `resend`: whether mails in doubt go again. `put_off`: waits
    before a mail is tried again; `reconnect`: before a connection is."""

    connections: int = 4
    per_connection: int = 100
    rate: float | None = None
    tries: int = 4
    max_errors: float | None = 0.05
    resend: bool = False
    hours: Hours = field(default_factory=Hours)
    put_off: Backoff = field(default_factory=lambda: Backoff(60.0, 3_600.0))
    reconnect: Backoff = field(default_factory=lambda: Backoff(1.0, 60.0))


class _PutOff(NamedTuple):
    """How often a mail was tried in this run, and when it may be tried again."""

    tries: int
    due: float


class Sender:
    """Hands over the mails of an output that no line of the ledger calls sent or refused."""

    def __init__(
        self,
        output: Output,
        ledger: SendLedger,
        route: Route,
        manner: Manner,
        signer: Signer | None = None,
        clock: Clock | None = None,
        progress: Callable[[Progress], None] = lambda _: None,
    ) -> None:
        """Nothing is sent before `run`."""
        self._output, self._ledger, self._manner = output, ledger, manner
        self._signer, self._clock, self._progress = signer, clock or WallClock(), progress
        self._lines = [Line(route, manner.per_connection) for _ in range(manner.connections)]
        self._turns, self._refusals = Turns(manner.rate), Refusals(manner.max_errors)
        self._stopping = asyncio.Event()
        self._later: dict[int, float] = dict.fromkeys(range(len(output.shards)), 0.0)
        self._put_off: dict[str, _PutOff] = {}
        self._answers = 0
        self.all, self.sent = 0, 0
        self.unfit: dict[str, str] = {}
        self.replies: Counter[tuple[Verdict, str]] = Counter()
        self.trouble: Diagnostic | None = None

    def stop(self) -> None:
        """Begins no further mail; those under way come to their end."""
        self._stopping.set()

    async def run(self) -> None:
        """Sends until nothing is left that can go, or `stop`. What ended it early is then `trouble`."""
        counts = self._ledger.counts(self._output.every_key())
        self.all, self._done = counts.total(), counts[Fact.SENT] + counts[Fact.REFUSED]
        try:
            while self._later and not self._stopping.is_set():
                mails = self._wanted(await self._due())
                await asyncio.gather(*(self._work(mails, line) for line in self._lines))
        finally:
            await self._hang_up()

    async def _hang_up(self) -> None:
        await asyncio.gather(*(line.close() for line in self._lines))

    async def _due(self) -> list[int]:
        """Waits for the next shards with mails that may go, and takes these."""
        wait = min(self._later.values()) - self._clock.now()
        if wait > _IDLE:
            await self._hang_up()
        await self._pause(wait)
        now = self._clock.now()
        found = sorted(shard for shard, due in self._later.items() if due <= now)
        for shard in found:
            del self._later[shard]
        return found

    def _wanted(self, shards: list[int]) -> Iterator[Mail]:
        """Mails that may go now. All connections draw from this one iterator."""
        for shard in shards:
            for mail in self._output.mails(shard, partial(self._may_go, shard)):
                if self._stopping.is_set():
                    return
                yield mail

    def _may_go(self, shard: int, key: str, zone: str) -> bool:
        if not self._is_open(key):
            return False
        now = self._clock.now()
        opens = self._manner.hours.opens(zone, self._ledger.began, now)
        due = max(opens, self._put_off[key].due if key in self._put_off else now)
        if due > now:
            self._look_again(shard, due)
        return due <= now

    def _is_open(self, key: str) -> bool:
        """Whether anything can still be done for a mail in this run."""
        fact = self._ledger.fact(key)
        if fact in (Fact.SENT, Fact.REFUSED) or (fact is Fact.BEGUN and not self._manner.resend):
            return False
        tried = self._put_off.get(key)
        return key not in self.unfit and (tried is None or tried.tries < self._manner.tries)

    def _look_again(self, shard: int, due: float) -> None:
        self._later[shard] = min(due, self._later.get(shard, due))

    async def _work(self, mails: Iterator[Mail], line: Line) -> None:
        """One connection's part."""
        try:
            while not self._stopping.is_set():
                await self._pause(self._turns.wait(self._clock.now()))
                mail = next(mails, None)
                if mail is None or not await self._tried(mail, line):
                    break
        except MailweaveError as error:
            self._halt(error.diagnostics[0])
        except OSError as error:
            what = error.strerror or type(error).__name__
            self._halt(
                diagnose("MW810", place=str(self._ledger.path), what=what, help="mend that, and repeat")
            )

    async def _tried(self, mail: Mail, line: Line) -> bool:
        """Whether the connection can go on."""
        if mail.unfit:
            self.unfit[mail.key] = mail.unfit
            return True
        try:
            session = await line.session()
            answer = await session.hand_over(self._signed(mail), partial(self._begin, mail.key))
        except Lost as lost:
            return await self._waited_out(mail, line, lost.what)
        except Turned as turned:
            self._halt(diagnose("MW762", what=turned.what, sent=f"{self.sent:,}"))
            return False
        line.failures = 0
        await self._note(mail, answer)
        return True

    def _signed(self, mail: Mail) -> Mail:
        return mail if self._signer is None else mail._replace(content=self._signer.sign(mail.content))

    async def _begin(self, key: str) -> None:
        await self._ledger.write(key, Fact.BEGUN, self._clock.now())

    async def _waited_out(self, mail: Mail, line: Line, what: str) -> bool:
        """After a connection has ended. The mail was not given to the server, and goes later."""
        if line.failures == 0:
            line.since = self._answers
        line.failures += 1
        wait = self._manner.reconnect.seconds(line.failures)
        self._look_again(mail.shard, self._clock.now() + wait)
        most = _ATTEMPTS if self._answers else _AT_FIRST
        if line.failures >= most and line.since == self._answers:
            self._halt(diagnose("MW762", what=what, sent=f"{self.sent:,}"))
            return False
        await self._pause(wait)
        return True

    async def _note(self, mail: Mail, answer: Answer) -> None:
        verdict, code, status = answer
        if verdict is Verdict.UNFIT:
            self.unfit[mail.key] = status
            return
        fact = _FACTS.get(verdict)
        if fact is not None:
            await self._ledger.write(mail.key, fact, self._clock.now(), code, status)
        self._count(verdict, f"{code} {status}".strip())
        if verdict is Verdict.DEFERRED or (verdict is Verdict.DOUBT and self._manner.resend):
            tries = self._put_off[mail.key].tries + 1 if mail.key in self._put_off else 1
            due = self._clock.now() + self._manner.put_off.seconds(tries)
            self._put_off[mail.key] = _PutOff(tries, due)
            if tries < self._manner.tries:
                self._look_again(mail.shard, due)

    def _count(self, verdict: Verdict, reply: str) -> None:
        self._answers += 1
        self.replies[verdict, reply] += 1
        self.sent += verdict is Verdict.SENT
        self._done += verdict in (Verdict.SENT, Verdict.REFUSED)
        self._progress(Progress(self.all, self._done))
        if self._refusals.add(verdict in _BAD):
            share = f"{(self._manner.max_errors or 0) * 100:g}%"
            bad, of = self._refusals.bad, self._refusals.of
            self._halt(diagnose("MW767", bad=bad, of=of, limit=share))

    def _halt(self, why: Diagnostic) -> None:
        self.trouble = self.trouble or why
        self.stop()

    async def _pause(self, seconds: float) -> None:
        """Waits, unless it is to stop."""
        if seconds <= 0:
            return
        waits = [
            asyncio.ensure_future(self._clock.sleep(seconds)),
            asyncio.ensure_future(self._stopping.wait()),
        ]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
                with suppress(asyncio.CancelledError):
                    await wait
