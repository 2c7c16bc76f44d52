"""Names in a list that no rule declares, and declared ones that the list has nothing for.

What is not declared is not read. A misspelt name is then a datum that is silently absent, so it is counted and named.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from mailweave.batch.list_import import OWNER
from mailweave.batch.row_decoding import ROOTS
from mailweave.diagnostics import Diagnostic, diagnose, did_you_mean
from mailweave.diagnostics.suggest import closest
from mailweave.schema.model import Schema

_NAMED: Final = 10  # of a kind that are named on the terminal; the report has more
_KEPT: Final = 100  # of a kind that are in the report
_NO_TYPE: Final = ("type", "at", OWNER)


@dataclass(frozen=True, slots=True)
class Undeclared:
    """Names that no rule declares, with how often each has a value; `absent`: declared names without any.

    columns: of profiles, members of `scores` and `lists` as `scores.name`. purposes: members of `consent`.
    events: types of events. properties: columns of events.
    """

    columns: Mapping[str, int] = field(default_factory=dict)
    purposes: Mapping[str, int] = field(default_factory=dict)
    events: Mapping[str, int] = field(default_factory=dict)
    properties: Mapping[str, int] = field(default_factory=dict)
    absent: tuple[str, ...] = ()

    @property
    def is_nothing(self) -> bool:
        """Whether rules and list agree."""
        return not any((self.columns, self.purposes, self.events, self.properties, self.absent))

    def as_json(self) -> dict[str, Any]:
        """As the report holds it."""
        return {**asdict(self), "absent": list(self.absent)}

    def diagnostics(self, schema: Schema, place: str, events: str) -> list[Diagnostic]:
        """What the terminal is told: names that are near to declared ones each, others together.

        place, events: what the lists of recipients and of events are called."""
        known, types = sorted(declared_names(schema)), sorted(schema.events)
        fields = sorted(declared_properties(schema))
        purposes = {f"consent.{name}": n for name, n in self.purposes.items()}
        found = [
            *_said("MW812", "the column", "values", {**self.columns, **purposes}, known, place),
            *_said("MW813", "the event", "events", self.events, types, events),
            *_said("MW812", "the property of events", "values", self.properties, fields, events),
        ]
        if self.absent:
            absent = _together(f"`{name}`" for name in self.absent)
            found.append(diagnose("MW814", place=place, what=absent))
        return found


def _said(
    code: str, what: str, values: str, counted: Mapping[str, int], known: Iterable[str], place: str
) -> Iterator[Diagnostic]:
    names = list(known)
    near = [name for name in counted if closest(name, names)][:_NAMED]
    for name in near:
        said = f"{what} `{name}` ({counted[name]:,} {values})"
        yield diagnose(code, place=place, what=said, help=did_you_mean(name, names))
    if others := [name for name in counted if name not in near]:
        said = _together(f"`{name}` ({counted[name]:,})" for name in others)
        yield diagnose(code, place=place, what=f"{what} {said}")


def _together(names: Iterable[str]) -> str:
    shown = list(names)
    more = f" and {len(shown) - _NAMED} more" if len(shown) > _NAMED else ""
    return ", ".join(shown[:_NAMED]) + more


# ---- what is declared


def declared_names(schema: Schema) -> set[str]:
    """The names that profiles may have, members as `consent.name`."""
    names = {each.column or name for name, each in schema.profile.items()}
    names |= {f"consent.{name}" for name in schema.consents}
    names |= {f"scores.{name}" for name in schema.scores}
    return names | {f"lists.{name}" for each in schema.lists.values() for name in each.given}


def declared_properties(schema: Schema) -> set[str]:
    """The names that events may have."""
    fields = [(n, f) for event in schema.events.values() for n, f in event.fields.items()]
    return {*_NO_TYPE, *(each.column or name for name, each in fields)}


# ---- what is there


def compare(
    schema: Schema,
    key: str,
    columns: Mapping[str, int],
    types: Mapping[str, int] | None = None,
    properties: Mapping[str, int] | None = None,
) -> Undeclared:
    """What the names of a list and those of the rules do not have in common.

    columns: those of profiles, members of records as `consent.name`, with how often each has a value; a column that is
    there and empty has 0. types, properties: those of events; None without a list of them.
    """
    known = {*declared_names(schema), *ROOTS, key}
    found = {_member(name): n for name, n in columns.items()}
    unknown = {name: n for name, n in found.items() if name not in known and n}
    consents = {
        name.removeprefix("consent."): n for name, n in unknown.items() if name.startswith("consent.")
    }
    others = {name: n for name, n in unknown.items() if not name.startswith("consent.")}
    strange = {name: n for name, n in (types or {}).items() if name not in schema.events}
    more = {
        name: n for name, n in (properties or {}).items() if n and name not in declared_properties(schema)
    }
    absent = _absent(schema, key, set(found))
    return Undeclared(_most(others), _most(consents), _most(strange), _most(more), absent)


def _member(name: str) -> str:
    """`scores.churn.value` is a part of `scores.churn`."""
    root, _, rest = name.partition(".")
    return ".".join([root, rest.split(".")[0]]) if root in ROOTS and rest else name


def _absent(schema: Schema, key: str, found: set[str]) -> tuple[str, ...]:
    wanted = [each.column or name for name, each in schema.profile.items()]
    wanted += [f"consent.{name}" for name in schema.consents]
    wanted += [f"scores.{name}" for name, score in schema.scores.items() if score.computed is None]
    lists = [
        each.name for each in schema.lists.values() if not any(f"lists.{n}" in found for n in each.given)
    ]
    return (*(name for name in wanted if name not in found and name != key), *(f"lists.{n}" for n in lists))


def _most(counted: Mapping[str, int]) -> dict[str, int]:
    kept = sorted(counted.items(), key=lambda item: (-item[1], item[0]))[:_KEPT]
    return dict(kept)


def refusal(found: Undeclared, schema: Schema, place: str) -> Diagnostic:
    """One error for all of it, where `strict` is asked for."""
    said = [
        one.message + (f" ({one.help})" if one.help else "")
        for one in found.diagnostics(schema, place, place)
    ]
    return diagnose("MW811", place=place, what="; ".join(said))
