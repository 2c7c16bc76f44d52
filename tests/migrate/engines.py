"""What the real engines make of templates; `python -m tests.migrate.engines` remakes `fixtures/migrate/*.jsonl`."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment

from mailweave.liquid import Template
from mailweave.migrate.carry import carried
from mailweave.migrate.run import translate
from mailweave.migrate.sample import Sample
from mailweave.source import Source
from tests.export.engines import node_modules
from tests.migrate.grammar import PEOPLE, Grammar, read_alike

FOLDER = Path(__file__).resolve().parents[2] / "fixtures" / "migrate"
ENGINES = ("jinja", "handlebars", "mustache")
SEED, EACH = 20, 100
RENDER = """
const [modules] = process.argv.slice(1);
const { engine, cases } = JSON.parse(require("fs").readFileSync(0, "utf8"));
const library = require(`${modules}/${engine}`);
const made = cases.map(([text, data]) =>
  engine === "mustache" ? library.render(text, data) : library.compile(text)(data));
process.stdout.write(JSON.stringify(made));
"""
Case = Mapping[str, str]


def rendered(engine: str, cases: Sequence[tuple[str, Mapping[str, Any]]]) -> list[str]:
    """What the engine makes of each template with its data; skips the test where the engine is missing."""
    if engine == "jinja":
        environment = Environment(autoescape=True)
        return [environment.from_string(text).render(data) for text, data in cases]
    done = subprocess.run(
        ["node", "-e", RENDER, str(node_modules().resolve())],
        input=json.dumps({"engine": engine, "cases": cases}),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    made: list[str] = json.loads(done.stdout)
    return made


def ours(engine: str, text: str, data: Mapping[str, Any]) -> str:
    """What we make of it after conversion, in a block that is trusted as the old one was."""
    sample = Sample(data)
    made = translate(Source(f"{engine}.html", text), engine, sample=sample)
    return Template.from_string(made.liquid, trusted=True).render(carried(sample, made.places))


def cases(engine: str) -> list[Case]:
    """The cases of the fixture."""
    lines = (FOLDER / f"{engine}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def remake() -> None:
    """Draws the templates anew and asks the engines. Reasons why ones differ are kept, where the template is the same."""
    for engine in ENGINES:
        grammar, people = Grammar(SEED), list(PEOPLE)
        drawn = [(grammar.template(engine), people[n % len(people)]) for n in range(EACH)]
        found = rendered(engine, [(text, PEOPLE[who]) for text, who in drawn])
        path = FOLDER / f"{engine}.jsonl"
        known = {case["template"]: case.get("differs", "") for case in cases(engine)} if path.exists() else {}
        rows = []
        for (text, who), expected in zip(drawn, found, strict=True):
            row = {"template": text, "data": who, "expected": expected}
            if read_alike(ours(engine, text, PEOPLE[who])) != read_alike(expected):
                row["differs"] = known.get(text) or "say why"
            rows.append(json.dumps(row, ensure_ascii=False))
        path.write_text("\n".join(rows) + "\n", encoding="utf-8")


if __name__ == "__main__":
    remake()
