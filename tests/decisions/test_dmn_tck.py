"""The hit-policy tables of the DMN TCK, turned into rule texts: one segment a rule, one block an output."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import pytest

from mailweave.decisions import Selection, compile_decisions

DMN = "{https://www.omg.org/spec/DMN/20230324/MODEL/}"
TCK = "{http://www.omg.org/spec/DMN/20160719/testcase}"
NOW = "2026-11-22T09:00Z"

TABLES = {
    "0004-simpletable-U": "unique",
    "0005-simpletable-A": "any",
    "0006-simpletable-P1": "priority",
    "0007-simpletable-P2": "priority",
    "0108-first-hitpolicy": "first",
    # lists of all outputs: `collect`, ranked by the row (rule order) or by the output (output order)
    "0109-ruleOrder-hitpolicy": "collect",
    "0110-outputOrder-hitpolicy": "collect",
}
ATTRIBUTES = {"Age": "age", "RiskCategory": "risk", "isAffordable": "affordable"}


@dataclass(frozen=True)
class Table:
    policy: str
    conditions: list[str]
    outputs: list[tuple[str, ...]]
    order: list[str]
    hit: str


def texts(node: ElementTree.Element, path: str) -> list[str]:
    return [found.text or "" for found in node.findall(path.replace("dmn:", DMN))]


def condition(attribute: str, entry: str) -> str | None:
    """A unary test of FEEL as a condition of ours."""
    if entry == "-":
        return None
    if entry in ("true", "false"):
        return attribute if entry == "true" else f"not {attribute}"
    if match := re.fullmatch(r"(<=|>=|<|>)(\d+)", entry):
        return f"{attribute} {match[1]} {match[2]}"
    return f"{attribute} in ({', '.join(re.findall(r'[A-Za-z]+', entry))})"


def read(folder: Path) -> Table:
    root = ElementTree.parse(folder / f"{folder.name}.dmn").getroot()
    table = next(root.iter(f"{DMN}decisionTable"))
    names = [ATTRIBUTES[name] for name in texts(table, "dmn:input/dmn:inputExpression/dmn:text")]
    conditions, outputs = [], []
    for rule in table.findall(f"{DMN}rule"):
        entries = zip(names, texts(rule, "dmn:inputEntry/dmn:text"), strict=True)
        terms = [term for name, entry in entries if (term := condition(name, entry))]
        conditions.append(" and ".join(terms) or "age is known or age is unknown")
        outputs.append(tuple(text.strip('"') for text in texts(rule, "dmn:outputEntry/dmn:text")))
    order = re.findall(r"\w+", " ".join(texts(table, "dmn:output/dmn:outputValues/dmn:text")[:1]))
    return Table(TABLES[folder.name], conditions, outputs, order, table.get("hitPolicy", "UNIQUE"))


def block(output: tuple[str, ...]) -> str:
    return "_".join(output).lower()


def rank(table: Table, row: int) -> str:
    if table.policy not in ("priority", "collect"):
        return ""
    if table.hit == "RULE ORDER":
        return f" {100 - row}"
    return f" {10 - table.order.index(table.outputs[row][0])}"


def rules(table: Table) -> str:
    names = sorted({block(output) for output in table.outputs})
    segments = [f"segment rule_{row} = {text}" for row, text in enumerate(table.conditions)]
    cells = [f"  rule_{row} | {block(out)}{rank(table, row)} |" for row, out in enumerate(table.outputs)]
    return "\n".join(
        [
            'ruleset "tck" version 1',
            "profile {",
            "  id: key",
            "  age: number",
            "  risk: enum(High, Low, Medium)",
            "  affordable: bool",
            "}",
            *segments,
            "slot answer max 9 fallback nothing",
            *(f"block {name} for answer" for name in (*names, "nothing")),
            f"matrix main policy {table.policy} {{",
            "  tie order",
            "  | answer |",
            *cells,
            "  otherwise | nothing |",
            "}",
        ]
    )


def cases(folder: Path) -> Iterator[tuple[dict[str, object], list[tuple[str, ...]]]]:
    for case in ElementTree.parse(folder / f"{folder.name}-test-01.xml").getroot().iter(f"{TCK}testCase"):
        profile: dict[str, object] = {"id": case.get("id")}
        for node in case.findall(f"{TCK}inputNode"):
            text = node.findtext(f"{TCK}value") or ""
            name = ATTRIBUTES[node.get("name", "")]
            profile[name] = {"age": float, "affordable": lambda v: v == "true"}.get(name, str)(text)
        expected = case.find(f"{TCK}resultNode/{TCK}expected")
        assert expected is not None
        items = list(expected.iter(f"{TCK}item")) or [expected]
        yield profile, [tuple(value.text or "" for value in item.iter(f"{TCK}value")) for item in items]


@pytest.mark.parametrize("name", TABLES)
def test_table(name: str, shared_data: Path) -> None:
    folder = shared_data / "dmn-tck" / name
    program = compile_decisions(rules(read(folder)))
    found = list(cases(folder))
    assert len(found) == 3
    for profile, expected in found:
        selection = program.select(profile, now=NOW)
        assert isinstance(selection, Selection)
        assert selection["answer"] == tuple(block(output) for output in expected), profile
