"""Hostile rule texts end in a diagnostic, within little time and memory."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import sys
from mailweave.diagnostics.printers import print_text
from mailweave.rules import check, parse
from mailweave.source import Source

text = sys.stdin.buffer.read().decode("utf-8", "surrogatepass")
parsed = parse(Source("hostile.rules", text))
checked = check(parsed.document)
found = (*parsed.diagnostics, *checked.diagnostics)
print_text(found)
assert checked.document is None or not parsed.diagnostics
print(",".join(sorted({d.code for d in found})))
"""
MEGABYTE = 1_000_000
ALLOWED = 249_000  # just below the limit of length


def limited() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (15, 15))
    resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))


def codes(text: str) -> set[str]:
    environment = dict(os.environ, PYTHONPATH=str(Path(__file__).resolve().parents[2] / "engine"))
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        input=text.encode("utf-8", "surrogatepass"),
        capture_output=True,
        preexec_fn=limited,
        env=environment,
        check=False,
    )
    assert run.returncode == 0, run.stderr.decode()[-2000:]
    return set(run.stdout.decode().strip().split(",")) - {""}


def repeated(text: str, size: int = ALLOWED) -> str:
    return text * (size // len(text))


def varied(constants: int, arms: int) -> str:
    """A condition that hangs on so many experiments on constants."""
    lets = "".join(f"let c{at} = {at}\n" for at in range(constants))
    asked = " + ".join(f"c{at}" for at in range(constants))
    split = ", ".join(f"a{at} 0% -> {at}" for at in range(arms - 1))
    trials = "".join(
        f'experiment e{at} on let c{at} {{\n unit id salt "{at}"\n split control 100%, {split}\n}}\n'
        for at in range(constants)
    )
    return f'ruleset "x" version 1\nprofile {{ id: key }}\n{lets}segment a = {asked} > 1\n{trials}'


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (repeated("(", MEGABYTE), "MW101"),
        ("segment a = " + repeated("(", ALLOWED), "MW103"),
        ("segment a = " + "(" * 20_000 + "x" + ")" * 20_000, "MW103"),
        ("segment a = " + repeated("x or\n"), "MW112"),
        ("segment a = " + repeated("not\n") + "x", "MW103"),
        ("segment a = " + repeated("x +\n") + "x", "MW103"),
        ("segment a = " + repeated("-\n") + "x", "MW103"),
        ("segment a = " + repeated("time since\n") + "x", "MW103"),
        ("segment a = x" + repeated(" or x"), "MW104"),
        (repeated("\x00"), "MW102"),
        (repeated("segment a = \u202ex\n"), "MW102"),
        (repeated("\ud800\n"), "MW102"),
        (repeated('"a\n'), "MW105"),
        (repeated("segment a {\n"), "MW107"),
        (repeated("}\n"), "MW108"),
        (repeated("segmnt a = b\n"), "MW109"),
        ("segment a {\n" + repeated("  x adn y\n") + "}\n", "MW110"),
        ("profile {\n" + repeated("  x int\n") + "}\n", "MW110"),
        (repeated("segment a = = b\n"), "MW110"),
        (repeated("let a = b\n"), "MW201"),
        ("".join(f"let a{i} = a{i + 1}\n" for i in range(8_000)) + "segment s = a0", "MW237"),
        ("".join(f"segment a{i} = a{i + 1}\n" for i in range(8_000)), "MW203"),
        ("".join(f"segment a{i} = a{i + 1}\n" for i in range(8_000)) + "segment a8000 = a0\n", "MW238"),
        ("let f(x) = g(x) == g(x)\nlet g(x) = f(x)\nsegment s = f(1)", "MW238"),
        (
            "".join(f"let f{i}(x) = f{i + 1}(x) == f{i + 1}(x)\n" for i in range(28))
            + "let f28(x) = x\nsegment s = f0(true)",
            "MW237",
        ),
        ("segment a = " + "9" * 9_000 + " > 1", "MW210"),
        ("segment a = b in (" + repeated("1,\n") + "1)", "MW203"),
        ('segment a = b matches "' + "*" * 9_000 + '"', "MW203"),
        ("# " + repeated("c\n#") + "\nsegment a = b", "MW203"),
        ("segment a {\n" + repeated("# c\n") + "x }\n", "MW203"),
        ('test "t" { profile { a: ' + "(" * 45 + ")" * 45 + " } }", "MW103"),
        (varied(12, 2), "MW237"),
        (varied(2, 300), "MW237"),
    ],
    ids=range(33),
)
def test_a_diagnostic_within_limits(text: str, code: str) -> None:
    assert code in codes(text)
