"""The planted faults of fixtures/proofs, and what the evaluator says of them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from tests.prove.recipients import FEWEST, Recipient, crowd

from mailweave import Campaign, Email, Environment
from mailweave.decisions import DecisionProgram, Selection, compile_decisions
from mailweave.rules import parse
from mailweave.rules.program import Evaluation
from mailweave.rules.validation import BadData
from mailweave.source import Source

FOLDER = Path(__file__).resolve().parents[2] / "fixtures" / "proofs"


@dataclass(frozen=True)
class Case:
    """A row of cases.toml: `kind` and the text; all else by its key."""

    row: Mapping[str, Any]

    @property
    def name(self) -> str:
        return str(self.row["name"])

    @property
    def kind(self) -> str:
        """The fault; for a clean case the one that it looks like."""
        return str(self.row.get("near", self.row["kind"]))

    @property
    def clean(self) -> bool:
        return bool(self.row["kind"] == "clean")

    @property
    def path(self) -> Path:
        return FOLDER / str(self.row["path"])

    def __getitem__(self, key: str) -> Any:
        return self.row[key]

    def recipient(self, key: str) -> Recipient | None:
        """The hand-made `witness`, or the `other` one."""
        given = self.row.get(key)
        if given is None:
            return None
        return Recipient(given["profile"], tuple(given["events"]), given.get("context", {}), given["now"])

    @cached_property
    def text(self) -> str:
        path = self.path / "main.rules" if self.path.is_dir() else self.path
        return path.read_text(encoding="utf-8")

    @cached_property
    def people(self) -> tuple[Recipient, ...]:
        """The recipients of the small world, fewer of them where each is a rendered mail."""
        templates = [each.read_text(encoding="utf-8") for each in sorted(self.path.glob("blocks/*/*.html"))]
        found = _people(self.text, "".join(templates))[: 200 if templates else None]
        witness = self.recipient("witness")
        return found if witness is None else (*found, witness)


def load() -> list[Case]:
    """Every case, in the order of the file."""
    return [Case(row) for row in tomllib.loads((FOLDER / "cases.toml").read_text(encoding="utf-8"))["case"]]


@lru_cache(maxsize=1)
def knows_sensitive() -> bool:
    """Whether the language has the label `sensitive`."""
    found = parse(Source("label", "profile {\n  id : key\n  age : int? sensitive\n}\n")).diagnostics
    return not found


@lru_cache(maxsize=8)
def program(text: str) -> DecisionProgram:
    """The rules, without the word `complete`: the evaluator needs no proof, and a text with a gap is refused.

    Nor does it need to know which attributes are `sensitive`.
    """
    text = re.sub(r"(?m)^(tier \w+) complete\b", r"\1", text)
    return compile_decisions(re.sub(r"(?m)^(  \w+ *: .*?) sensitive\b", r"\1", text))


@lru_cache(maxsize=8)
def _people(text: str, templates: str) -> tuple[Recipient, ...]:
    """Those whose data is in order."""
    compiled = program(text)
    found = crowd(text + templates, compiled.program.schema)
    found = [who for who in found if _admitted(compiled, who)]
    assert len(found) >= FEWEST / 2
    return tuple(found)


def _admitted(compiled: DecisionProgram, who: Recipient) -> bool:
    try:
        compiled.admit(who.profile, who.events, who.now, who.context)
    except BadData:
        return False
    return True


def evaluation(text: str, who: Recipient) -> Evaluation:
    return program(text).program.evaluate(who.profile, events=who.events, now=who.now, context=who.context)


def selection(text: str, who: Recipient) -> Selection | None:
    """The choice for a recipient; None where they are skipped."""
    found = program(text).select(who.profile, events=who.events, now=who.now, context=who.context)
    return found if isinstance(found, Selection) else None


@lru_cache(maxsize=8)
def campaign(folder: Path) -> Campaign:
    return Environment().compile(folder)


def html(case: Case, who: Recipient) -> str:
    """The mail of a case that is a folder; empty for who is skipped."""
    now = datetime.fromisoformat(who.now)
    found = campaign(case.path).render(who.profile, events=who.events, now=now)
    return found.html if isinstance(found, Email) else ""


# ---- what each kind claims of one recipient: True where the recipient shows it


def _lost(case: Case, who: Recipient) -> bool:
    return evaluation(case.text, who).tiers[case["subject"]] is None


def _member(case: Case, who: Recipient) -> bool:
    return case["subject"] in evaluation(case.text, who).segments


def _stranger(case: Case, who: Recipient) -> bool:
    return not _member(case, who)


def _tells(case: Case, who: Recipient) -> bool:
    """Whether the condition that is said to be redundant makes a difference."""
    shorter = case.text.replace(case["drop"], case["put"])
    assert shorter != case.text
    return _member(case, who) != (case["subject"] in evaluation(shorter, who).segments)


def in_one_alone(case: Case, who: Recipient) -> bool:
    one, two = case["segments"]
    found = evaluation(case.text, who).segments
    return one in found and two not in found


def in_two_alone(case: Case, who: Recipient) -> bool:
    one, two = case["segments"]
    found = evaluation(case.text, who).segments
    return two in found and one not in found


def _differs(case: Case, who: Recipient) -> bool:
    return in_one_alone(case, who) or in_two_alone(case, who)


def _in_both_rows(case: Case, who: Recipient) -> bool:
    return set(case["rows"]) <= evaluation(case.text, who).segments


def _by_row(case: Case, who: Recipient) -> bool:
    chosen = selection(case.text, who)
    slots = [case["slot"]] if "slot" in case.row else list(chosen or ())
    return chosen is not None and any(case["row"] in chosen.reasons[slot].rows for slot in slots)


def _shown(case: Case, who: Recipient) -> bool:
    chosen = selection(case.text, who)
    return chosen is not None and any(case["block"] in blocks for blocks in chosen.values())


def _overridden(case: Case, who: Recipient) -> bool:
    """Whether the answer is another one without the override."""
    without = re.sub(r"(?m)^override .*\n", "", case.text)
    return selection(case.text, who) != selection(without, who)


def _in_arm(case: Case, who: Recipient) -> bool:
    chosen = selection(case.text, who)
    return chosen is not None and chosen.arms.get(case["experiment"]) == case["arm"]


def _breaks(case: Case, who: Recipient) -> bool:
    chosen = selection(case.text, who)
    return chosen is not None and chosen.reasons[case["slot"]].how == "broken"


def _without_consent(case: Case, who: Recipient) -> bool:
    """Whether the block, whose texts name the data, is shown to somebody who has not agreed."""
    texts = [*case.path.glob("blocks/own/*.html"), case.path / "campaign.toml"]
    named = any("profile.genre" in each.read_text(encoding="utf-8") for each in texts)
    return named and not who.profile.get("consent", {}).get(case["consent"]) and _shown(case, who)


def _turns(case: Case, who: Recipient) -> bool:
    """Whether another value of the attribute alone, or none, changes the choice."""
    name, chosen = case["attribute"], selection(case.text, who)
    values = {str(each.profile.get(name)): each.profile.get(name) for each in case.people}
    twins = (replace(who, profile={**who.profile, name: value}) for value in values.values())
    return any(selection(case.text, twin) != chosen for twin in twins)


def _in_both_trials(case: Case, who: Recipient) -> bool:
    chosen = selection(case.text, who)
    return chosen is not None and set(case["experiments"]) <= set(chosen.arms)


def in_a_link(case: Case, who: Recipient) -> bool:
    """Whether a URL of the mail holds the personal value: of a made-up recipient, one that is theirs."""
    urls = re.findall(r"""(?:href|src)="([^"]*)"|url\('([^']*)'""", html(case, who))
    assert urls
    theirs = [str(who.profile[name]).lower() for name in ("email", "first_name") if name in who.profile]
    values = [value for value in (case["leaks"], *theirs) if case["leaks"] in value or not case.clean]
    return any(value in unquote("".join(url)).lower() for url in urls for value in values)


def _in_the_branch(case: Case, who: Recipient) -> bool:
    return case["shows"] in html(case, who)


Shows = Callable[[Case, Recipient], bool]

EXISTS: Mapping[str, Shows] = {
    "tier-gap": _lost,
    "overlap-priority": _in_both_rows,
    "overlap-tie": _in_both_rows,
    "overlap-order": _in_both_rows,
    "unique-violated": _breaks,
    "any-violated": _breaks,
    "experiments-meet": _in_both_trials,
    "consent-leak": _without_consent,
    "sensitive": _turns,
}
"""Faults that somebody shows: the witness does, and of the clean cases nobody does."""

NOBODY: Mapping[str, Shows] = {
    "never-true": _member,
    "always-true": _stranger,
    "redundant": _tells,
    "segment-equal": _differs,
    "unreachable-row": _by_row,
    "unreachable-cell": _by_row,
    "unreachable-block": _shown,
    "unreachable-override": _overridden,
    "unreachable-arm": _in_arm,
    "branch-unreachable": _in_the_branch,
}
"""Faults that say nobody: nobody of the small world does, and of the clean cases the witness does."""
