"""The language server on the demo: 500 edits, each state asked about as an editor would, wall seconds of each answer.

The edits are typed letter by letter, words are cut, lines doubled and taken out, so that most states are broken ones.
Meanwhile the process beside checks the campaign, as it does while somebody types.
"""

from __future__ import annotations

import random
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks import Report
from benchmarks.lsp_client import Client

EDITS = 500
MOST_MS = 50.0
DEMO = Path(__file__).resolve().parents[1] / "examples" / "newsletter"
_TYPED = {
    "newsletter.rules": (
        'segment bakers "Bake with rye" within members {\n  orders >= 2 and no purchase in last 30 days\n}\n',
        "block subject_new for subject requires consent.profiling says \"{{ profile.first_name | default: 'x' }}\"\n",
        "let spent = sum(purchase.total in last 90 days where total > 5 GBP)\n",
    ),
    "campaign.toml": (
        '[blocks.hero_new]\nuse = "hero"\ninputs = { heading = "{{ let.friend | capitalize }}" }\n',
        "[let]\nlate = \"{% if profile.orders > 3 %}{{ profile.joined | date: '%B' }}{% endif %}\"\n",
    ),
}
_ASKED = ("completion", "hover", "definition", "references", "documentSymbol", "codeAction", "formatting")


def run() -> Report:
    report = Report(f"language server: {EDITS} edits of the demo, wall milliseconds of an answer")
    spent = measured(EDITS)
    for name, taken in spent.items():
        report.say(f"   {name:16s} {_percentiles(taken)}")
    together = [one for taken in spent.values() for one in taken]
    report.say(f"   {'all':16s} {_percentiles(together)}")
    report.claim("an answer, ms, at the 99th of 100", statistics.quantiles(together, n=100)[98], MOST_MS)
    return report


def _percentiles(taken: list[float]) -> str:
    cuts = statistics.quantiles(taken, n=1000)
    told = " ".join(f"p{label} {cuts[at]:6.1f}" for label, at in (("50", 499), ("95", 949), ("99", 989)))
    return f"{told}  max {max(taken):6.1f}  of {len(taken)}"


def measured(edits: int, seed: int = 1) -> dict[str, list[float]]:
    """How long each kind of answer took, in milliseconds. Raises where the server dies, errs or hangs."""
    spent: dict[str, list[float]] = {name: [] for name in _ASKED}
    with tempfile.TemporaryDirectory() as held:
        folder = (Path(held) / "newsletter").resolve()
        shutil.copytree(DEMO, folder)
        with Client(folder) as client:
            texts = {name: (folder / name).read_text(encoding="utf-8") for name in _TYPED}
            uris = {name: client.open(folder / name) for name in texts}
            client.findings(next(iter(uris.values())))  # the engine is loaded
            for name, at, stop, new in _edits(texts, edits, random.Random(seed)):
                text = texts[name]
                change = {"range": {"start": _place(text, at), "end": _place(text, stop)}, "text": new}
                client.type(uris[name], [change])
                texts[name] = text[:at] + new + text[stop:]
                for kind in _ASKED:
                    began = time.perf_counter()
                    _ask(client, kind, uris[name], _place(texts[name], at + len(new)))
                    spent[kind].append((time.perf_counter() - began) * 1e3)
            assert client.close() == 0
    return spent


def _ask(client: Client, kind: str, uri: str, place: dict[str, int]) -> Any:
    document = {"textDocument": {"uri": uri}}
    if kind == "documentSymbol":
        return client.ask("textDocument/documentSymbol", document)
    if kind == "formatting":
        options = {"tabSize": 2, "insertSpaces": True}
        return client.ask("textDocument/formatting", {**document, "options": options})
    if kind == "codeAction":
        asked = {"range": {"start": place, "end": place}, "context": {"diagnostics": []}}
        return client.ask("textDocument/codeAction", {**document, **asked})
    more = {"context": {"includeDeclaration": True}} if kind == "references" else {}
    return client.at(kind, uri, place["line"], place["character"], **more)


def _edits(texts: dict[str, str], count: int, chance: random.Random) -> Iterator[tuple[str, int, int, str]]:
    """Edits by file: where, up to where, and what is written there; `texts` is changed meanwhile."""
    done = 0
    while done < count:
        name = chance.choice(list(texts))
        typed = chance.choice(_TYPED[name])
        at = chance.choice([n + 1 for n, sign in enumerate(texts[name]) if sign == "\n"])
        for letter in typed[: count - done]:
            yield name, at, at, letter
            at, done = at + 1, done + 1
        for _ in range(min(10, count - done)):
            cut = chance.randrange(len(texts[name]) - 8)
            yield (name, cut, cut + chance.randrange(1, 6), "") if chance.random() < 0.5 else (
                name, cut, cut, chance.choice(("{", "}", '"', "{{", "|", "\n", "(", "\U0001f600", "é"))
            )  # fmt: skip
            done += 1


def _place(text: str, offset: int) -> dict[str, int]:
    start = text.rfind("\n", 0, offset) + 1
    units = len(text[start:offset].encode("utf-16-le")) // 2
    return {"line": text.count("\n", 0, offset), "character": units}
