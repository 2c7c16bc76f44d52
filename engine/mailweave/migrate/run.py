"""A template of another system as a campaign: parse, look at how the data are read, write."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from mailweave.diagnostics import Diagnostic, ordered
from mailweave.migrate.beginnings import begun
from mailweave.migrate.bench import Bench
from mailweave.migrate.comparisons import Comparing
from mailweave.migrate.django_tags import parse_django
from mailweave.migrate.handlebars import parse_handlebars
from mailweave.migrate.jinja_tree import parse_jinja
from mailweave.migrate.liquid_tags import parse_liquid
from mailweave.migrate.mailchimp import parse_mailchimp
from mailweave.migrate.mustache import parse_mustache
from mailweave.migrate.origins import Marks, Origins
from mailweave.migrate.places import UNSUBSCRIBES, Places
from mailweave.migrate.sample import Kind, Sample
from mailweave.migrate.tree import Node, Path
from mailweave.migrate.uses import Uses, uses_of
from mailweave.migrate.writer import Writer
from mailweave.source import Source


@dataclass(frozen=True, slots=True)
class Dialect:
    """A language that is read. booleans: how it shows true and false, where not as Liquid does.

    if_tested: what a value is that is tested alone, where no data say it. comparing: what is equal in it. letters:
    whether a number behind a text reads a letter of it. usual: where texts are here that their data usually have."""

    title: str
    parse: Callable[[Bench], tuple[Node, ...]]
    booleans: tuple[str, str] | None = None
    if_tested: Kind = "bool"
    comparing: Comparing = "unknown"
    letters: bool = False
    usual: Mapping[Path, Path] = field(default_factory=dict)


DIALECTS: Final[Mapping[str, Dialect]] = {
    "braze": Dialect("Braze", lambda bench: parse_liquid(bench, "braze"), comparing="strict"),
    "klaviyo": Dialect("Klaviyo", parse_django, ("True", "False"), comparing="python", letters=True),
    "customerio": Dialect("Customer.io", lambda bench: parse_liquid(bench, "customerio"), comparing="strict"),
    "handlebars": Dialect("Handlebars", parse_handlebars, letters=True, usual=UNSUBSCRIBES),
    "mailchimp": Dialect("Mailchimp", parse_mailchimp, if_tested="text"),
    "jinja": Dialect(
        "Jinja", parse_jinja, ("True", "False"), comparing="python", letters=True, usual=UNSUBSCRIBES
    ),
    "mustache": Dialect("Mustache", parse_mustache, letters=True, usual=UNSUBSCRIBES),
}
_JOINED: Final = "whole numbers of the list are shown with `.0`, as others of it have digits behind the point"


@dataclass(frozen=True, slots=True)
class Converted:
    """A template as Liquid: with what it reads, where that is here, and what a person should look at."""

    liquid: str
    origins: Origins
    tree: tuple[Node, ...]
    uses: Uses
    places: Places
    told: tuple[Diagnostic, ...]


def translate(
    source: Source, dialect: str, *, given: Mapping[Path, Path] | None = None, sample: Sample | None = None
) -> Converted:
    """One template as Liquid over `profile`, `events` and the like. given: the author's own targets of paths.

    Raises MailweaveError (MW665) for what the dialect itself cannot read.

    >>> translate(Source("hi.html", "Hi {{${first_name} | default: 'you'}}!"), "braze").liquid
    'Hi {{ profile.first_name | default: "you" }}!'
    """
    language = DIALECTS[dialect]
    bench = Bench(source, language.title, sample or Sample())
    tree = begun(language.parse(bench))
    uses = uses_of(tree, bench.sample, language.if_tested)
    usual = {path: target for path, target in language.usual.items() if uses.kind(path) == "text"}
    places = Places(dict(given or {}), usual)
    _settle(bench, uses, places)
    marks = Marks(source.text)
    writer = Writer(uses, places, marks, language.booleans, language.comparing, letters=language.letters)
    liquid, origins = marks.taken_from(writer.write(tree))
    for at in writer.joined:
        bench.tell("MW669", at, _end_of(source.text, at), instead="join", difference=_JOINED)
    return Converted(liquid, origins, tree, uses, places, ordered(bench.told))


def _end_of(text: str, at: int) -> int:
    """The end of the line."""
    stop = text.find("\n", at)
    return len(text) if stop < 0 else stop


def _settle(bench: Bench, uses: Uses, places: Places) -> None:
    """Gives each path of the data its place here; tells what an attribute cannot be."""
    wanted = {data_part(path) for path in uses.roles}
    meeting = places.settle((path, uses.kind(path) == "list") for path in wanted)
    for one, other in meeting:
        at = uses.places.get(other, 0)
        names = {"one": ".".join(one), "other": ".".join(other)}
        bench.tell("MW671", at, at, target=".".join(places.target(other)), **names)


def data_part(path: Path) -> Path:
    """The part of a path that is an attribute: up to the items of a list."""
    return path[: path.index("[]")] if "[]" in path else path
