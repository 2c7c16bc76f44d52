"""Triggers that start otherwise: what they wait for, what keeps them back, when nothing is sent, and how much at most."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from mailweave.diff.changes import RuleChange
from mailweave.diff.claims import Claim, everybody
from mailweave.diff.judge import Judge, Verdict
from mailweave.diff.records import judged
from mailweave.diff.structure import Structure
from mailweave.rules import checked as c
from mailweave.rules import typed as x
from mailweave.rules.wording import spoken
from mailweave.values.durations import spoken as length


def trigger_changes(judge: Judge, structure: Structure) -> Iterator[RuleChange]:
    """Every trigger that is not as it was; and quiet hours and caps, which hold for all of them."""
    before, after = structure.old.triggers, structure.new.triggers
    old, new = ({each.name: each for each in side.triggers} for side in (before, after))
    for name in dict.fromkeys((*old, *new)):
        if name not in new:
            yield RuleChange("trigger", name, "removed", _said(old[name]), "", Verdict())
        elif name not in old:
            yield RuleChange("trigger", name, "added", "", _said(new[name]), Verdict())
        else:
            yield from _changed(judge, structure, old[name], new[name])
    yield from _for_all("quiet hours", _quiet(before.quiet), _quiet(after.quiet))
    yield from _for_all("mail caps", _caps(before.caps), _caps(after.caps))


def _for_all(kind: str, old: str, new: str) -> Iterator[RuleChange]:
    if old != new:
        status = "added" if not old else "removed" if not new else "changed"
        yield RuleChange("triggers", kind, status, old, new, Verdict())  # type: ignore[arg-type]  # three of them


def _changed(judge: Judge, structure: Structure, old: c.Trigger, new: c.Trigger) -> Iterator[RuleChange]:
    said = _said(old), _said(new)
    through = _entered(structure, old)
    if _plain(_twin(old, structure)) != _plain(new) or through:
        yield RuleChange("trigger", new.name, "changed", *said, Verdict(), through)
        return
    for one, other in zip(old.mails, new.mails, strict=True):
        if not structure.same(one.condition, other.condition):
            found = judge.compare(_asked(one.condition), _asked(other.condition))
            yield judged("trigger", f"{other.name}: when", found, *said)


def _entered(structure: Structure, old: c.Trigger) -> tuple[str, ...]:
    """The segment that is entered, where others are in it now."""
    if not isinstance(old.cause, c.OnEntering) or structure.knows(old.cause.segment):
        return ()
    return (old.cause.segment,)


def _twin(trigger: c.Trigger, structure: Structure) -> c.Trigger:
    """The trigger with the segment that it is entered by under its new name."""
    if not isinstance(trigger.cause, c.OnEntering):
        return trigger
    name = trigger.cause.segment
    return replace(trigger, cause=c.OnEntering(structure.twins.get(name, name)))


def _plain(trigger: c.Trigger) -> object:
    """All of it but conditions, which are compared by what they mean."""
    return trigger.cause, [(mail.name, mail.after, set(mail.unless)) for mail in trigger.mails]


def _asked(condition: x.Expr | None) -> Claim:
    return everybody if condition is None else lambda words: words.condition(condition)


# ---- in words


def _said(trigger: c.Trigger) -> str:
    first, *others = trigger.mails
    wait = f" wait {length(first.after)}" if first.after else ""
    follow = [f" then {mail.name} after {length(mail.after)}{_kept_back(mail)}" for mail in others]
    return f"on {_cause(trigger.cause)}{wait}{_kept_back(first)}{''.join(follow)}"


def _cause(cause: c.OnEvent | c.OnDay | c.OnEntering) -> str:
    match cause:
        case c.OnEvent(event=event):
            return event
        case c.OnDay(attribute=attribute, minute=minute, zone=zone):
            return f"{attribute} at {_clock(minute)}{_in(zone)}"
        case c.OnEntering(segment=segment):
            return f"entering {segment}"


def _kept_back(mail: c.TriggerMail) -> str:
    unless = f" unless {' or '.join(mail.unless)}" if mail.unless else ""
    return unless + ("" if mail.condition is None else f" when {spoken(mail.condition)}")


def _quiet(quiet: c.QuietHours | None) -> str:
    return "" if quiet is None else f"{_clock(quiet.start)} to {_clock(quiet.stop)}{_in(quiet.zone)}"


def _caps(caps: tuple[c.MailCap, ...]) -> str:
    ordered = sorted(caps, key=lambda one: (one.per, one.count))
    return ", ".join(f"at most {one.count} in {length(one.per)}" for one in ordered)


def _clock(minute: int) -> str:
    return f"{minute // 60}:{minute % 60:02}"


def _in(zone: str | None) -> str:
    return "" if zone is None else f" in {zone}"
