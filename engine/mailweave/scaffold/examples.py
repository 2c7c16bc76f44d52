"""The campaigns that ship with the package, as files of a new one.

Each lies in a folder of its own name. What bears that name takes the new campaign's: the file of the rules, and in
settings `name` and the campaign that links are counted for, in the rules the rule set.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from importlib.resources.abc import Traversable
from typing import Final, TypeAlias

from mailweave import resources

Files: TypeAlias = Mapping[str, bytes]
"""The content of each file, by its path in the folder, sorted by it."""

FOLDER: Final = "examples"
START: Final = "start"
"""What a new campaign is made of where no example is asked for."""

EXAMPLES: Final[Mapping[str, str]] = {
    "cart": "a reminder of what lies in the cart, once a week at most",
    "newsletter": "a letter for everybody, with more for those who read it",
    "receipt": "what was ordered, for everybody, with an offer for those who agreed",
    "birthday": "a wish for the day, and a present by what somebody is to the shop",
    "winback": "who has gone quiet is asked back, with a gift that is tried against none",
    "world": "a receipt in six languages, on a library that campaigns can share",
}
"""What each example is for, by its name."""

_NAMED_IN: Final = (".toml", ".rules")
_BEARS: Final = rb'^(name = |campaign = |ruleset )"%s"'


def example_files(example: str, name: str) -> Files:
    """The files of an example, as a campaign of that name."""
    folder = resources.folder(FOLDER) / example
    made = {
        _path(path, example, name): _content(path, file.read_bytes(), example, name)
        for path, file in _files(folder, "")
    }
    return dict(sorted(made.items()))


def _files(folder: Traversable, above: str) -> Iterator[tuple[str, Traversable]]:
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _files(entry, f"{above}{entry.name}/")
        else:
            yield f"{above}{entry.name}", entry


def _path(path: str, example: str, name: str) -> str:
    return f"{name}.rules" if path == f"{example}.rules" else path


def _content(path: str, content: bytes, example: str, name: str) -> bytes:
    """The content with the name of the example replaced, where a campaign bears its name."""
    if "/" in path or not path.endswith(_NAMED_IN):
        return content
    bears_its_name = re.compile(_BEARS % example.encode(), re.M)
    return bears_its_name.sub(rb'\1"%s"' % name.encode(), content)
