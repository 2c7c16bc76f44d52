"""One run of triggers: events into the state, time that passes, mails into files."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from mailweave.batch.attached import write_files
from mailweave.message import Attachment
from mailweave.rules import checked as c
from mailweave.triggers.causes import NEVER, started
from mailweave.triggers.counts import Counts
from mailweave.triggers.feeds import Line
from mailweave.triggers.intake import Happened, NotRead
from mailweave.triggers.machine import Passed, passed
from mailweave.triggers.mails import Mailer, Message
from mailweave.triggers.outbox import deliver
from mailweave.triggers.person import BEGIN, Event, Mailed, Place
from mailweave.triggers.plans import Start
from mailweave.triggers.program import Triggers
from mailweave.triggers.state import EXPOSED, State
from mailweave.values.durations import DAY

_PEOPLE: Final = 200  # in one transaction
_LONGEST_CAP: Final = 400 * DAY
_FORGOTTEN: Final = 2 * DAY  # behind what rules keep
_FOR_EVER: Final = 2**62


class Run:
    """Triggers at work on a state. Mails come into the folder `out`; `since`: what was due then or before does not.
    `message`: makes the message of a mail, which its line then holds for `mailweave send`.

    An earlier run that was ended on its way is brought to its end first. Moments are microseconds since 1970 in UTC.
    Raises MailweaveError where files cannot be written.

    >>> from tempfile import TemporaryDirectory
    >>> from mailweave import Environment
    >>> with TemporaryDirectory() as folder:
    ...     state = State(Path(folder) / "triggers.db")
    ...     run = Run(state, Triggers.of([Environment().compile("examples/cart")]), Path(folder))
    ...     run.take([Line('{"profile": "C-1", "id": "1", "type": "cart_change", "at": "2026-11-22T09:00Z"}', "1")])
    ...     state.close()
    >>> run.counts.events["new"]
    1
    """

    def __init__(
        self,
        state: State,
        triggers: Triggers,
        out: Path,
        since: int | None = None,
        message: Message | None = None,
    ) -> None:
        self._state, self._triggers, self._out, self._message = state, triggers, out, message
        self._read, self._keeps = triggers.intake(), triggers.keeps()
        self.counts = Counts(nearly=self._read.nearly)
        with state.transaction():
            self._since = state.get("since") if since is None else since
            state.put("since", self._since)
        deliver(state, out)
        if self._reached() == NEVER and state.get("starts") is None:
            with state.transaction():
                state.put("starts", json.dumps(self._said()))
        target = state.get("target")
        if target is not None:
            self.pass_time(target)

    # ---- what comes in

    def take(self, lines: Iterable[Line]) -> None:
        """Reads events into the state, all of them or, where it fails, none."""
        counts = Counter[str]()
        with self._state.transaction():
            behind, began = self._reached(), self._state.get("began")
            for line in lines:
                happened = self._event(line)
                if happened is not None:
                    what = self._add(happened, behind)
                    counts[what] += 1
                    counts["late"] += what == "new" and happened.event.at <= behind
                    began = happened.event.at if began is None else min(began, happened.event.at)
            self._state.put("began", began)
        self.counts.events += counts

    def _event(self, line: Line) -> Happened | None:
        try:
            happened = self._read(line.text, line.key)
        except NotRead as why:
            self.counts.refuse(line.place, str(why))
            return None
        self.counts.events["other"] += happened is None
        return happened

    def _add(self, happened: Happened, behind: int) -> str:
        person, event = happened
        new, old = self._state.add(person, event), self._is_old(event, behind)
        if not new:
            return "doubled" if new is False else "contradicting"
        for plan in self._triggers.plans:
            timers, late = started(event, plan, behind)
            # an old event may have been read and forgotten: its wait, if it was drawn, is not drawn again
            self._state.wait(person, (one for one in timers if not (old and one.number == BEGIN)))
            self.counts.late_mails += 0 if old else late
        return "old" if old else "new"

    def _is_old(self, event: Event, behind: int) -> bool:
        """Whether an event lies so far back that the state may have had it and forgotten."""
        keep = self._keeps.get(event.type)
        return keep is not None and event.at <= behind - keep - _FORGOTTEN

    def learn(self, profiles: Iterable[tuple[str, Mapping[str, Any]]], until: int) -> None:
        """Reads profiles into the state; one that another has changed since puts people into segments."""
        behind = self._behind(until)
        for some in _some(profiles):
            with self._state.transaction():
                self._state.put("known", min(behind, self._state.get("known") or behind))
                for key, profile in some:
                    old = self._state.profile(key, profile)
                    if old is not False:
                        self._know(key, self._triggers.starts, behind, old)

    def _know(
        self, key: str, starts: Sequence[Start], behind: int, old: Mapping[str, Any] | bool = True
    ) -> None:
        """Counts days and looks of some triggers anew for a person whose profile, or whose triggers, are others now."""
        person = self._state.person(key, _FOR_EVER)
        awaited = {} if self._reached() == NEVER else person.awaited
        for start in starts:
            if isinstance(start.trigger.cause, c.OnDay):
                self._state.forget_causes(start.place, key)
        self._state.wait(key, self._triggers.known(starts, person, behind, awaited))
        if not isinstance(old, bool) and self._reached() != NEVER:
            self._state.wait(key, self._triggers.changed(replace(person, profile=old), person, behind))

    # ---- time

    def _reached(self) -> int:
        """The moment up to which all is mailed, or shall be."""
        found = self._state.get("target")
        found = self._state.get("reached") if found is None else found
        return NEVER if found is None else int(found)

    def _behind(self, until: int) -> int:
        """The moment behind which days and looks count: that was reached, else the first event, else now."""
        began = self._state.get("began")
        first = self._since if self._since is not None else until if began is None else began - 1
        return max(self._reached(), int(first))

    def pass_time(self, until: int) -> None:
        """Makes all mails that are due up to a moment (microseconds since 1970), which is never turned back."""
        if until < self._reached():
            self.counts.passed = self._reached()
            return
        self._know_earlier(until)
        self._know_new(until)
        with self._state.transaction():
            self._state.put("target", until)
        for keys in _some(self._state.due(until)):
            self._pass(keys, until)
            deliver(self._state, self._out)
        with self._state.transaction():
            self._state.put("reached", until)
            self._state.put("target", None)
            self._forget(until)
        self.counts.reached = until

    def _know_earlier(self, until: int) -> None:
        """Where events turn out to begin earlier than days and looks do, these begin there, too."""
        known, behind = self._state.get("known"), self._behind(until)
        if known is None or behind >= known:
            return
        with self._state.transaction():
            self._state.put("known", behind)
            for key in self._state.everybody():
                self._know(key, self._triggers.starts, behind)

    def _know_new(self, until: int) -> None:
        """Days and looks of triggers that the run before did not have, or had otherwise, count from what was reached."""
        had, said = json.loads(self._state.get("starts") or "{}"), self._said()
        if had == said or self._state.get("target") is not None:
            return
        new = [one for one in self._triggers.starts if had.get(_name(one.place)) != said[_name(one.place)]]
        with self._state.transaction():
            self._state.put("starts", json.dumps(said))
            for name in had.keys() - said.keys():
                self._state.forget_causes(Place(*json.loads(name)))
            for key in self._state.everybody() if new else ():
                self._know(key, new, self._behind(until))

    def _said(self) -> dict[str, str]:
        """What starts triggers that start without an event, as text that another version of the rules has otherwise."""
        return {_name(one.place): repr((one.trigger.cause, one.looks)) for one in self._triggers.starts}

    def _pass(self, keys: Sequence[str], until: int) -> None:
        """Some people, in one transaction with their mails."""
        done, lines, files, exposed = list[Passed](), list[bytes](), list[Attachment](), list[bytes]()
        for key in keys:
            person = self._state.person(key, until)
            mailer = Mailer(self._triggers.campaigns, person, self._triggers.profiles(person), self._message)
            judged = self._triggers.judged(person)
            one = passed(person, until, self._triggers.plans, judged, mailer, self._since)
            done.append(one)
            exposed += [each.line(key) for each in one.exposed]
            lines += mailer.lines
            files += mailer.files
        write_files(self._out, files)
        with self._state.transaction():
            for one in done:
                self._state.settle(one.person, until, (Mailed(mail.at, mail.key) for mail in one.mails))
            self._state.post(lines)
            self._state.post(exposed, EXPOSED)
        for one in done:
            self._count(one)

    def _count(self, one: Passed) -> None:
        for mail in one.mails:
            self.counts.mails[mail.timer.place] += 1
        self.counts.kept_back.update(one.kept_back)
        self.counts.late_mails += one.late
        for each in one.exposed:
            self.counts.waits[each.place.campaign, each.experiment, each.arm or each.exposure] += 1

    def _forget(self, until: int) -> None:
        """Drops what nobody asks for any more, once a day."""
        if until // DAY == (self._state.get("forgot") or 0):
            return
        for type, keep in self._keeps.items():
            if keep is not None:
                self._state.drop_events(type, until - keep - _FORGOTTEN)
        self._state.drop_mails(until - _LONGEST_CAP)
        self._state.put("forgot", until // DAY)


def _name(place: Place) -> str:
    return json.dumps(place)


def _some(things: Iterable[Any]) -> Iterator[list[Any]]:
    """Things, some at a time."""
    some: list[Any] = []
    for one in things:
        some.append(one)
        if len(some) == _PEOPLE:
            yield some
            some = []
    if some:
        yield some
