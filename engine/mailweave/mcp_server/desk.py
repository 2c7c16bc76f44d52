"""What the tools do: each is one question about a campaign, answered as plain JSON; personal data are masked."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

from mailweave import lint
from mailweave.campaign import Campaign
from mailweave.campaign.block_folders import block_folders
from mailweave.campaign.compiler import compile_folder
from mailweave.campaign.folder import FolderReader
from mailweave.campaign.saved_recipients import SavedRecipient, saved_recipient
from mailweave.content.block_files import Folder
from mailweave.content.catalog import Catalog
from mailweave.content.files import SNAPSHOT
from mailweave.decisions import Explanation, Skip, compile_decisions
from mailweave.decisions.testing import run_tests
from mailweave.diagnostics import (
    CampaignError,
    Diagnostic,
    MailweaveError,
    diagnose,
    did_you_mean,
    failed,
    ordered,
)
from mailweave.diagnostics.printers import as_dict
from mailweave.masking import decide_masked, masked_profile
from mailweave.mcp_server.border import Border, is_file, refused
from mailweave.prove import prove_rules
from mailweave.prove.cover import campaign_cover
from mailweave.root import Refused, Root, laid_over
from mailweave.rules.prover.default_values import NOW
from mailweave.rules.prover.prover import Prover
from mailweave.source import joined
from mailweave.values.json_text import read_json

Part: TypeAlias = Literal["summary", "html", "text", "amp"]
Answer: TypeAlias = dict[str, Any]
_SHOWN: Final = 200  # findings of one answer; the rest are counted
_LONGEST: Final = 60_000  # characters of one part of a mail


@dataclass(frozen=True, slots=True)
class Desk:
    """The questions, about the campaigns inside a border. `show_pii`: the owner lets agents see personal data."""

    border: Border
    show_pii: bool = False

    def check(self, campaign: str, unsaved: Mapping[str, str] | None = None) -> Answer:
        """All findings of a campaign, as `mailweave check` says them; `unsaved` texts are laid over its files."""
        folder = self.border.campaign(campaign)
        with laid_over(self._unsaved(unsaved or {})):
            compiled, found = compile_folder(folder, given=self._given(folder))
            told = found if compiled is None else lint.findings(compiled, folder, found)
        return findings(told)

    def test(self, campaign: str) -> Answer:
        """The examples in the rules: which passed, and what happened instead where one failed."""
        outcomes = run_tests(compile_decisions(self._rules(campaign)))
        return {
            "passed": sum(one.passed for one in outcomes),
            "failed": [
                {"name": one.name, "file": one.place.file, "line": one.place.line, "why": one.failure}
                for one in outcomes
                if not one.passed
            ],
            "notes": [note for one in outcomes for note in one.notes],
        }

    def explain(self, campaign: str, recipient: str | Mapping[str, Any], part: str = "") -> Answer:
        """Why a recipient gets what: a sentence a slot, or every candidate of one part; values labelled `pii` masked."""
        compiled = self._compiled(campaign)
        who = self._who(compiled, campaign, recipient)
        told = compiled.explain(
            who.profile, events=who.events, now=who.moment(), context=who.context, show_pii=self.show_pii
        )
        if part and part not in (names := _parts(compiled, told)):
            why, todo = "nothing is called so", f"there are {', '.join(names)}"
            hint = did_you_mean(part, names)
            raise MailweaveError([diagnose("MW682", help=hint, argument="part", why=why, todo=todo)])
        detail: Literal["once", "short"] = "once" if part else "short"
        return {"explanation": told.to_text(part=part or None, detail=detail).strip("\n")}

    def render(self, campaign: str, recipient: str | Mapping[str, Any], part: Part = "summary") -> Answer:
        """The mail of a recipient: its subject, its text and what was chosen, or one part whole."""
        compiled = self._compiled(campaign)
        who = self._who(compiled, campaign, recipient)
        decide = compiled.decide if self.show_pii else None
        given: Any = {"events": who.events, "now": who.moment(), "context": who.context}
        made = decide(who.profile, **given) if decide else decide_masked(compiled, who.profile, **given)
        if isinstance(made, Skip):
            return {"status": "skipped", "code": made.code, "reason": made.reason}
        chosen, email = made
        if part != "summary":
            text = {"html": email.html, "text": email.text, "amp": email.amp or ""}[part]
            return {"status": "rendered", part: text[:_LONGEST], "cut": len(text) > _LONGEST}
        return {
            "status": "rendered",
            "subject": email.subject,
            "text": email.text[:_LONGEST],
            "selection": {slot: list(blocks) for slot, blocks in chosen.items()},
            "reasons": {slot: str(reason) for slot, reason in chosen.reasons.items()},
            "segments": sorted(chosen.evaluation.segments),
            "arms": dict(chosen.arms),
            "masked": not self.show_pii,
        }

    def prove(self, campaign: str) -> Answer:
        """What is so of every recipient, each finding with one who is made up."""
        folder = self.border.campaign(campaign)
        return findings(prove_rules(self._rules(campaign), folder))

    def cover(self, campaign: str) -> Answer:
        """Few made-up recipients who together get everything that anybody can get."""
        folder = self.border.campaign(campaign)
        program = compile_decisions(self._rules(campaign)).knowing(dict(self._compiled(campaign).context))
        found = campaign_cover(program, Prover(program.document, NOW), folder)
        return {
            "recipients": [
                {"shows": list(one.shows), "recipient": one.recipient.as_json()} for one in found.recipients
            ],
            "nobody_gets": list(found.unreached),
            "undecided": list(found.open),
            "beyond_rules": list(found.unsaid),
        }

    def segments(self, campaign: str) -> Answer:
        """The segments and tiers of a campaign, as its rules write them, and the attributes that they may ask of."""
        compiled = self._compiled(campaign)
        document = compiled.decisions.document
        text = document.source.text
        return {
            "segments": {one.name: one.label or "" for one in document.segments.values()},
            "tiers": {one.name: list(one.answers) for one in document.tiers.values()},
            "attributes": {
                name: f"{one.type}{'?' if one.optional else ''}{' pii' if one.pii else ''}"
                for name, one in compiled.schema.profile.items()
            },
            "events": {name: list(one.fields) for name, one in compiled.schema.events.items()},
            "consents": list(compiled.schema.consents),
            "lines": text.count("\n"),
        }

    def blocks(self, campaign: str = "") -> Answer:
        """The blocks that a campaign may use, its own and the stock ones, with their inputs."""
        folders: tuple[Folder, ...] = ()
        if campaign:
            folder = self.border.campaign(campaign)
            reader = FolderReader(folder)
            reader.find_libraries()
            folders = block_folders(reader.root, self._given(folder), reader.libraries)
        catalog = Catalog(folders)
        found = (catalog.block(name)[0] for name in catalog.names())
        return {
            one.name: {
                "title": one.spec.title,
                "doc": one.spec.doc,
                "origin": one.origin,
                "inputs": {name: f"{spec.type}: {spec.doc}" for name, spec in one.spec.inputs.items()},
            }
            for one in found
            if one is not None
        }

    def recipients(self, campaign: str) -> Answer:
        """The recipients that are saved with a campaign, by the names that other tools take; pii masked."""
        folder = self.border.campaign(campaign)
        compiled, root = self._compiled(campaign), Root(folder)
        names = root.names("recipients") if root.is_folder("recipients") else ()
        saved = {name: self._saved(compiled, folder, name) for name in names if name.endswith(".json")}
        return {
            name: who.profile if self.show_pii else masked_profile(compiled, who.profile)
            for name, who in saved.items()
        }

    def _compiled(self, campaign: str) -> Campaign:
        folder = self.border.campaign(campaign)
        compiled, found = compile_folder(folder, given=self._given(folder))
        if compiled is None:
            raise CampaignError(found)
        return compiled

    def _rules(self, campaign: str) -> Any:
        """The rules of a campaign as one text. Raises CampaignError where they cannot be read."""
        folder = self.border.campaign(campaign)
        reader = FolderReader(folder, self._given(folder))
        rules = reader.rules
        if not rules or reader.diagnostics:
            raise CampaignError(ordered(reader.diagnostics))
        return joined(rules)

    def _given(self, folder: Path) -> Path:
        return Path(self.border.shown(folder))

    def _unsaved(self, texts: Mapping[str, str]) -> dict[str, str]:
        """Texts by real path: of files that are there, inside."""
        laid = {}
        for name, text in texts.items():
            path = self.border.inside(name)
            if not is_file(path):
                raise refused(
                    name,
                    "no such file is there to lay a text over; files are named from the folder, as `CAMPAIGN/main.rules`",
                )
            laid[os.fspath(path)] = text
        return laid

    def _who(self, campaign: Campaign, name: str, recipient: str | Mapping[str, Any]) -> SavedRecipient:
        if isinstance(recipient, str):
            return self._saved(campaign, self.border.campaign(name), recipient)
        return saved_recipient(campaign, dict(recipient), "recipient")

    def _saved(self, campaign: Campaign, folder: Path, name: str) -> SavedRecipient:
        """A recipient of the campaign's folder `recipients`."""
        file = name if name.endswith(".json") else f"{name}.json"
        try:
            value = read_json(Root(folder).below("recipients").text(file, SNAPSHOT))
        except Refused as error:
            why = f"{error.what}; the tool `recipients` lists the names, or give the recipient as JSON"
            raise MailweaveError(
                [diagnose("MW682", argument="recipient", why=why, todo="name one")]
            ) from None
        except (ValueError, RecursionError):
            why = f"`recipients/{file}` is no JSON object in UTF-8"
            raise MailweaveError(
                [diagnose("MW682", argument="recipient", why=why, todo="mend the file")]
            ) from None
        return saved_recipient(campaign, value, file)


def _parts(campaign: Campaign, told: Explanation) -> list[str]:
    """The parts of an explanation."""
    names = ["skip", *(one.name for one in told.slots), *(one.name for one in told.segments)]
    names += [one.name for one in told.tiers]
    return [*names, *(one.name for one in campaign.decisions.plan.all_experiments)]


def findings(found: tuple[Diagnostic, ...]) -> Answer:
    """Findings as agents take them: each with its place, what to do, and the text that mends it, where one is known."""
    listed = ordered(found)
    return {
        "failed": failed(listed),
        "counts": dict(Counter(one.severity.value for one in listed)),
        "findings": [as_dict(one) for one in listed[:_SHOWN]],
        "left_out": max(0, len(listed) - _SHOWN),
    }
