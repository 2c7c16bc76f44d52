"""What templates read: cases in fixtures/contract/paths.toml."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from mailweave.liquid.contract import Contract, campaign_contract, contract_of, merged, str_path

CASES = tomllib.loads(
    (Path(__file__).resolve().parents[2] / "fixtures/contract/paths.toml").read_text(encoding="utf-8")
)["case"]


def shown(contract: Contract) -> list[str]:
    return [f"{str_path(r.path)} {r.type}{'' if r.required else '?'}" for r in contract.reads]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["template"][:60])
def test_paths(case: dict[str, Any]) -> None:
    contract = contract_of(case["template"], partials=case.get("partials"), constants=case.get("constants"))
    assert sorted(shown(contract)) == sorted(case["reads"])


def test_places_are_those_of_the_author() -> None:
    (read,) = contract_of("a\nb {{  profile.first_name | upcase }}").reads
    place = read.occurrences[0]
    assert str(place.source.locate(place.span.start)) == "<template>:2:7"
    assert place.source.text[place.span.start : place.span.stop] == "profile.first_name"


def test_paths_that_grow_in_a_loop_end_somewhere() -> None:
    contract = contract_of(
        "{% assign n = a %}{% for i in (1..9) %}{{ n.v }}{% assign n = n.next %}{% endfor %}"
    )
    assert any(read.path[-1] == "**" for read in contract.reads)
    assert len(contract.reads) < 40


def test_partials_that_call_themselves_end_somewhere() -> None:
    contract = contract_of(
        "{% render 'tree', node: a %}",
        partials={"tree": "{{ node.v }}{% render 'tree', node: node.next %}"},
    )
    assert any(read.path[-1] == "**" for read in contract.reads)


def test_loops_in_loops_do_not_explode() -> None:
    depth = 14
    text = "".join(f"{{% for x{i} in a.b{i} %}}{{% assign y{i} = x{i} %}}" for i in range(depth))
    contract = contract_of(text + "{{ y0.z }}" + "{% endfor %}" * depth)
    assert contract.reads


def test_a_table_for_people() -> None:
    text = contract_of("{% for item in cart %}{{ item.price | money }}{{ item.price }}{% endfor %}").to_text()
    assert text == ("cart          list   <template>:1:16\ncart[].price  money  <template>:1:26 and 1 more\n")


def test_a_json_schema_for_programs() -> None:
    schema = contract_of(
        "{{ p.name }}{{ p.nick | default: '' }}{% for i in cart %}{{ i.price | money }}{% endfor %}{{ m[k] }}"
    ).to_json_schema()
    assert schema == {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": {
            "cart": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {"price": {"type": ["number", "string"]}},
                    "required": ["price"],
                },
            },
            "k": {"type": ["string", "number", "boolean"]},
            "m": {"type": "object", "additionalProperties": {"type": ["string", "number", "boolean"]}},
            "p": {
                "type": "object",
                "properties": {
                    "name": {"type": ["string", "number", "boolean"]},
                    "nick": {"type": ["string", "number", "boolean"]},
                },
                "required": ["name"],
            },
        },
        "required": ["cart", "k", "m", "p"],
    }


def test_the_contract_of_a_campaign_says_who_reads_what() -> None:
    whole = campaign_contract({"hero": contract_of("{{ a.b }}"), "footer": contract_of("{{ a.b }}{{ a.c }}")})
    assert whole.to_text() == "a.b  text  hero, footer\na.c  text  footer\n"
    assert whole.to_json_schema() == merged(whole.blocks.values()).to_json_schema()


def test_the_example_of_the_documentation() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "contract.md").read_text(encoding="utf-8")
    blocks = [block for block in page.split("\n\n") if block.startswith("    ")]
    template, told = blocks[1], [" ".join(line.split()) for line in blocks[2].splitlines()]
    assert shown(contract_of(template)) == told
