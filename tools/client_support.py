"""python tools/client_support.py CHECKOUT: write the table of what mail clients lose, from a checkout of caniemail.

caniemail (github.com/hteumeuleu/caniemail, MIT licence) holds for each feature, client and platform what was seen in each
version. Kept is, for each CSS property, at-rule and unit: the families of clients whose newest versions lose it on every
platform, and those that lose it on some.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
TABLE = ROOT / "engine" / "mailweave" / "lint" / "client_support.py"
_HEAD = '''"""What mail clients lose of CSS, by the families of clients: on all platforms, and on some.

Written by tools/client_support.py from caniemail.com's data ({commit}, {date}; MIT licence, Remi Parmentier).
The newest version of each client that was tested counts; a feature that is kept in part counts as kept.
"""

from typing import Final

SUPPORT: Final[dict[str, tuple[str, str]]] = {{
'''


def main(arguments: list[str]) -> int:
    checkout = Path(arguments[0])
    names = _git(checkout, "ls-tree", "-r", "--name-only", "HEAD", "_features").split()
    commit, date = _git(checkout, "log", "-1", "--format=%h %cs").split()
    rows = [row for name in names if (row := _row(name, _git(checkout, "show", f"HEAD:{name}")))]
    lines = [f'    "{name}": ("{lost}", "{partly}"),\n' for name, lost, partly in sorted(rows)]
    TABLE.write_text(_HEAD.format(commit=commit, date=date) + "".join(lines) + "}\n", encoding="utf-8")
    return 0


def _git(checkout: Path, *words: str) -> str:
    return subprocess.run(
        ["git", "-C", str(checkout), *words], capture_output=True, text=True, check=True
    ).stdout


def _row(file: str, text: str) -> tuple[str, str, str] | None:
    """A feature by the name that CSS gives it, and the families that lose it."""
    slug = Path(file).stem
    if not slug.startswith("css-") or slug.startswith(
        ("css-selector", "css-pseudo", "css-function", "css-unit")
    ):
        return None
    stats = _stats(text)
    lost = [family for family, seen in stats.items() if seen and all(seen)]
    partly = [family for family, seen in stats.items() if any(seen) and family not in lost]
    name = (
        slug.removeprefix("css-").replace("at-", "@", 1)
        if slug.startswith("css-at-")
        else slug.removeprefix("css-")
    )
    return (name, " ".join(sorted(lost)), " ".join(sorted(partly))) if lost or partly else None


def _stats(text: str) -> dict[str, list[bool]]:
    """For each family of clients: whether the newest version on each platform loses the feature."""
    found = re.search(r"^stats:\s*(\{.*?^\})", text, re.MULTILINE | re.DOTALL)
    if found is None:
        return {}
    data = _read(iter(re.findall(r'[{}]|"[^"]*"|[\w.-]+', found[1])))
    return {
        family: [
            str(list(versions.values())[-1]).startswith("n") for versions in platforms.values() if versions
        ]
        for family, platforms in data.items()
    }


def _read(words: Iterator[str]) -> dict[str, Any]:
    """The braces as dicts: commas are often missing, or too many."""
    made: dict[str, Any] = {}
    key = ""
    for word in words:
        if word == "{":
            inner = _read(words)
            made = inner if not key else {**made, key: inner}
            key = ""
        elif word == "}":
            return made
        elif key:
            made[key], key = word.strip('"'), ""
        else:
            key = word.strip('"')
    return made


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
