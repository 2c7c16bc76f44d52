"""Compiled programs, kept between runs.

Nothing is unpickled: a program is kept as JSON and as the code of its functions, in the form in which Python
keeps its own. Code is run, so it is read only from a folder and a file that belong to this user and that
nobody else can write. The name of a file is a digest of the rule text, of the engine and of the Python that
made it. Whatever is wrong with the cache, rules are compiled.
"""

from __future__ import annotations

import marshal
import sys
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from types import CodeType

from mailweave import resources, user_cache
from mailweave.rules.artifact import Generated
from mailweave.rules.serialization import dumped, loaded
from mailweave.source import Source
from mailweave.user_cache import VARIABLE as VARIABLE
from mailweave.user_cache import framed

_LAYERS = ("values", "schema", "rules")  # what a program depends on


def key(source: Source) -> str:
    """What a program depends on: its text, its name, and the engine that compiles it."""
    parts = (engine_digest(), source.name, source.text)
    return sha256(b"".join(framed(part.encode("utf-8", "surrogatepass")) for part in parts)).hexdigest()


@lru_cache(maxsize=1)
def engine_digest() -> str:
    """A digest of the engine's own source and of the Python that runs it."""
    found = sha256(sys.version.encode())
    sources = (path for layer in _LAYERS for path in sorted((user_cache.ENGINE / layer).rglob("*.py")))
    for content in (
        resources.text("grammar", "rules.lark").encode(),
        *(path.read_bytes() for path in sources),
    ):
        found.update(framed(content))
    return found.hexdigest()


def fetch(source: Source) -> tuple[Generated, CodeType] | None:
    """The program of a text and its code, if it is kept and nobody else can have written it."""
    file = _file(source)
    if file is None:
        return None
    try:
        return _unpacked(user_cache.read(file))
    except (OSError, ValueError, KeyError, TypeError, EOFError, RecursionError):
        return None


def keep(source: Source, generated: Generated, code: CodeType) -> None:
    """Keep a program and its code; where that is not possible, nothing happens."""
    file = _file(source)
    if file is not None:
        user_cache.write(file, _packed(generated, code))


def _file(source: Source) -> Path | None:
    where = user_cache.folder("programs")
    return None if where is None else where / f"{key(source)}.program"


def _packed(generated: Generated, code: CodeType) -> bytes:
    return framed(dumped(generated).encode()) + marshal.dumps(code)


def _unpacked(body: bytes) -> tuple[Generated, CodeType]:
    size = 8 + int.from_bytes(body[:8], "big")
    code = marshal.loads(body[size:])
    if not isinstance(code, CodeType):
        raise TypeError("not the code of a program")
    return loaded(body[8:size].decode()), code
