"""Stock blocks and layouts, the examples and the demo: `check` has no warning and no error, whatever is chosen.

Lint asks of every block that somebody can be shown and of each branch, in light and in dark; so one campaign with each
stock block in each slot where it fits stands for all selections.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from mailweave import lint
from mailweave.content.catalog import Catalog
from mailweave.diagnostics import Severity

ROOT = Path(__file__).resolve().parents[2]
CATALOG = Catalog()
LOCALES = {"en_GB": "GBP", "de_DE": "EUR", "ar_EG": "EGP"}
EXAMPLES = sorted(settings.parent for settings in (ROOT / "examples").rglob("campaign.toml"))
DEMO = ROOT / "fixtures" / "campaigns" / "cdnow-winback"
OWN = frozenset({"preheader", "header", "footer"})
NEEDING = frozenset(
    {"cart_reminder", "order_summary", "recommendations", "live_offer", "product_grid", "product_card"}
)
"""Blocks that show a recipient's list or profile: the examples show them."""


def said(folder: Path) -> list[str]:
    return [
        f"{d.code} {d.location}: {d.message}" for d in lint.check(folder) if d.severity is not Severity.NOTE
    ]


@pytest.mark.parametrize("folder", [*EXAMPLES, DEMO], ids=lambda folder: folder.name)
def test_the_examples_and_the_demo(folder: Path) -> None:
    assert said(folder) == []


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize(
    "example",
    [folder for folder in EXAMPLES if folder.name in ("start", "newsletter", "cart", "receipt")],
    ids=lambda f: f.name,
)
def test_the_examples_in_other_languages(example: Path, locale: str, tmp_path: Path) -> None:
    folder = tmp_path / example.name
    shutil.copytree(example, folder)
    settings = (folder / "campaign.toml").read_text(encoding="utf-8").splitlines()
    kept = [line for line in settings if not line.startswith(("locale", "locales"))]
    (folder / "campaign.toml").write_text("\n".join([f'locale = "{locale}"', *kept]), encoding="utf-8")
    assert [
        one
        for one in said(folder)
        if one.startswith(("MW93", "MW94", "MW95", "MW96", "MW97", "MW98", "MW99"))
    ] == []


def written(name: str, use: str, inputs: dict[str, Any]) -> str:
    lines = [f"[blocks.{name}]", f'use = "{use}"']
    return "\n".join([*lines, *(f"inputs.{key} = {toml(value)}" for key, value in inputs.items())])


def toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {toml(each)}" for key, each in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    return value.isoformat() if hasattr(value, "isoformat") else json.dumps(value, ensure_ascii=False)


def stock(folder: Path, layout: str, locale: str) -> Path:
    """A campaign in which each stock block may stand in the slot `main` of a layout, with the inputs of its sample."""
    names = [name for name in CATALOG.names() if name not in OWN | NEEDING]
    made, _ = CATALOG.layout(layout)
    assert made is not None
    rows = "".join(f"  g{n} | show_{name} {90 - n} | - |\n" for n, name in enumerate(names[1:]))
    segments = "".join(f"segment g{n} = number == {n}\n" for n, _ in enumerate(names[1:]))
    (folder / "blocks").mkdir(parents=True)
    (folder / "main.rules").write_text(
        'ruleset "stock" version 1\nprofile {\n  id : key\n  email : text pii\n  first_name : text? pii\n'
        "  number : int = 0\n}\nconsent marketing\n"
        f"{segments}slot subject text max 1 fallback hello\nslot preheader text max 1 fallback more\n"
        f"slot main max 1 fallback show_{names[0]}\nslot footer max 1 fallback legal\n"
        'block hello for subject says "What is new"\nblock more for preheader says "Chosen by those behind the counter"\n'
        + "".join(f"block show_{name} for main\n" for name in names)
        + "block legal for footer\nmatrix all policy priority {\n  tie order\n  | main | footer |\n"
        + f"{rows}  otherwise | show_{names[0]} | legal |\n}}\n",
        encoding="utf-8",
    )
    blocks = [written(f"show_{name}", name, dict(spec_of(name).sample.inputs)) for name in names]
    (folder / "campaign.toml").write_text(
        f'name = "stock"\nfrom = "hello@shop.example"\nlocale = "{locale}"\ncurrency = "{LOCALES[locale]}"\n'
        'unsubscribe_url = "https://shop.example/unsubscribe?who={{ profile.id }}"\n'
        'postal_address = "Harbour Books, 4 Quay Street, Bristol"\nnow = 2026-11-30T09:00:00Z\namp = "never"\n'
        f'layout = "{layout}"\n' + "\n".join([*blocks, '[blocks.legal]\nuse = "footer"']) + "\n",
        encoding="utf-8",
    )
    return folder


def spec_of(name: str) -> Any:
    block, wrong = CATALOG.block(name)
    assert block is not None, wrong
    return block.spec


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("layout", CATALOG.layouts())
def test_every_stock_block_in_every_layout(layout: str, locale: str, tmp_path: Path) -> None:
    assert said(stock(tmp_path / "stock", layout, locale)) == []
