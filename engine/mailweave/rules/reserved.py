"""The words of the language, and the names that a statement declares: no name may be such a word."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from mailweave.diagnostics import Diagnostic, diagnose
from mailweave.rules import nodes, tables
from mailweave.source import Source

EMPTY = "empty"
"""What is said of a slot without a block, in tests, explanations and counts: no block may be called so."""


_FREE = frozenset({"sent", "optional", "after", "wait", "at", "most", "quiet", "hours", "to"})


@lru_cache(maxsize=1)
def keywords() -> Mapping[str, str]:
    """The words and signs of the grammar, by terminal."""
    return {t.name: t.pattern.value for t in tables.parser().terminals if t.pattern.type == "str"}


@lru_cache(maxsize=1)
def reserved() -> frozenset[str]:
    """The words that no author may take for a name. `sent` is the event that the language itself reads; the others
    that are left out stand where no name can."""
    return frozenset(word for word in keywords().values() if word.isalpha()) - _FREE


def reserved_names(statement: nodes.Statement, source: Source) -> Iterator[Diagnostic]:
    """A finding for each declared name that is a word of the language."""
    for name in declared_names(statement):
        is_empty = isinstance(statement, nodes.Block) and name.id == EMPTY
        if name.id in reserved() or is_empty:
            inner = isinstance(statement, nodes.Profile) and name.id not in ("consent", "scores", "lists")
            help = "" if inner else f"take another name, such as `{name.id}_1`"
            yield diagnose("MW113", source, name.span, help=help, word=name.id)


def declared_names(statement: nodes.Statement) -> Iterator[nodes.Name]:
    """The names that a statement declares, those of its parts included, which may be no words of the language."""
    match statement:
        case nodes.Profile(fields=fields):
            yield from (field.name for field in fields)
            yield from _inner_names(field.type for field in fields)
        case nodes.Event(name=name, fields=fields) | nodes.Catalog(name=name, fields=fields):
            yield name
            own = statement.name.id == "sent"
            yield from (field.name for field in fields if not (own and field.name.id == "block"))
            yield from _inner_names(field.type for field in fields)
        case nodes.Consent(purposes=purposes):
            yield from purposes
        case nodes.Let(name=name, parameters=parameters):
            yield name
            yield from parameters
        case nodes.Tier(name=name, members=members, otherwise=otherwise):
            yield name
            yield from (member.name for member in members)
            yield from (() if otherwise is None else (otherwise,))
        case nodes.Score() | nodes.Lookup():
            yield statement.name
            yield from _inner_names((statement.type,))
        case nodes.Experiment() | nodes.ConstantExperiment() | nodes.WaitExperiment():
            yield statement.name
            yield from (arm.name for arm in nodes.arms(statement))
        case nodes.Segment() | nodes.Skip() | nodes.Block() | nodes.RecommendedList():
            yield statement.name
        case nodes.Trigger(name=name, follow_ups=follow_ups):
            yield name
            yield from (each.name for each in follow_ups if each.name is not None)
        case nodes.Slot():
            pass  # where a slot is named, nothing else can stand
        case nodes.Ruleset() | nodes.Import() | nodes.Timezone() | nodes.Budget():
            pass  # they declare nothing
        case nodes.QuietHours() | nodes.MailCap():
            pass  # they declare nothing
        case nodes.Matrix() | nodes.Override() | nodes.Test():
            pass  # nothing is called by the names of these


def _inner_names(types: Iterable[nodes.TypeNode]) -> Iterator[nodes.Name]:
    """The members of enums and the fields of records inside types."""
    for each in types:
        for node in nodes.walk(each):
            if isinstance(node, nodes.EnumType):
                yield from node.members
            elif isinstance(node, nodes.RecordField):
                yield node.name
