"""Contracts against declared data: names, types, consents, holes, unread attributes."""

from __future__ import annotations

from typing import Any

import pytest

from mailweave.diagnostics import TABLE
from mailweave.liquid.contract import check_reads, contract_of, items, leaf, record, unread
from mailweave.schema.model import CatalogType, RecommendedList, Schema, ScoreType
from mailweave.schema.types import (
    Bool,
    Date,
    Duration,
    Enum,
    Field,
    Int,
    Key,
    ListOf,
    Money,
    Number,
    SetOf,
    Text,
)

CART = (Field("title", Text()), Field("price", Money("EUR")), Field("note", Text(), optional=True))
FIELDS = (
    Field("id", Key()),
    Field("first_name", Text(), pii=True),
    Field("nick", Text(), optional=True),
    Field("city", Text(), optional=True, default="Rome"),
    Field("age", Int()),
    Field("spent", Money("EUR")),
    Field("born", Date()),
    Field("member", Bool()),
    Field("quiet", Duration()),
    Field("plan", Enum(("free", "gold"))),
    Field("tags", SetOf(Text())),
    Field("interests", SetOf(Text()), needs="profiling"),
    Field(
        "cart", ListOf((Field("title", Text()), Field("price", Money("EUR")), Field("note", Text(), True)))
    ),
)
ITEM = {"sku": Field("sku", Key()), "title": Field("title", Text())}
SCHEMA = Schema(
    profile={field.name: field for field in FIELDS},
    consents=("profiling",),
    scores={"churn": ScoreType("churn", Number(), 0, None)},
    catalogs={"music": CatalogType("music", ITEM, "sku")},
    lists={"picks": RecommendedList("picks", "music", "als", 3, "top")},
)


def codes(template: str, **options: Any) -> list[str]:
    return [d.code for d in check_reads(contract_of(template), SCHEMA, **options)]


FINE = [
    "{{ profile.first_name }}{{ profile.age | plus: 1 }}{{ profile.spent | money }}",
    "{{ profile.born | date: '%d' }}{{ profile.first_name.size }}{{ profile.cart.size }}",
    "{% for item in profile.cart %}{{ item.title }}{{ item.price | money }}{% endfor %}",
    "{{ profile.tags | join: ', ' }}{% if profile.tags contains 'a' %}{% endif %}",
    "{% if profile.plan == 'gold' and profile.age > 3 and profile.spent >= 10 %}a{% endif %}",
    "{% for p in lists.picks %}{{ p.title }}{% endfor %}{{ lists.picks.first.sku }}{{ now | date: '%Y' }}",
    "{{ campaign.anything.at.all }}{{ context.x }}{{ block.y }}{{ let.z }}",
    "{% assign p = profile %}{{ p.city }}{{ profile.cart | map: 'price' | sum }}",
    "{% if scores.churn.size %}{% endif %}",
]


@pytest.mark.parametrize("template", FINE)
def test_fine(template: str) -> None:
    assert codes(template) == []


WRONG = [
    ("{{ profile.frist_name }}", "MW470", "did you mean `first_name`?"),
    ("{{ first_name }}", "MW470", "did you mean `profile.first_name`?"),
    ("{{ profil.age }}", "MW470", "did you mean `profile`?"),
    ("{{ profile.cart.title }}", "MW470", "`profile.cart` is a list"),
    ("{% for i in profile.cart %}{{ i.titel }}{% endfor %}", "MW470", "did you mean `title`?"),
    ("{{ profile.age.years }}", "MW470", ""),
    ("{{ profile.language }}", "MW470", "declare it in `profile` of the rules, such as `language : text?`"),
    (
        "{% for i in profile.cart %}{% assign a = i.title %}{% endfor %}{{ a }}",
        "MW470",
        "a loop above that sets it may have no turn",
    ),
    (
        "{% if profile.member %}{% liquid\nassign a = 1 %}{% endif %}{{ a }}",
        "MW470",
        "set `a` before it, too",
    ),
    ("{% for p in lists.pics %}{% endfor %}", "MW470", "did you mean `picks`?"),
    ("{% for c in profile.first_name %}{% endfor %}", "MW471", ""),
    ("{% for c in profile.age %}{{ c.x }}{% endfor %}", "MW471", ""),
    ("{{ profile.first_name | money }}", "MW471", ""),
    ("{{ profile.member | plus: 1 }}", "MW471", ""),
    ("{{ profile.plan | date: '%d' }}", "MW471", ""),
    ("{{ profile.age.size }}{{ profile.age | size }}", "MW471", ""),
    ("{% if profile.first_name > 3 %}{% endif %}", "MW471", ""),
    ("{% if profile.spent == '10' %}{% endif %}", "MW471", ""),
    ("{{ profile }}", "MW471", ""),
    ("{{ profile.cart }}", "MW471", ""),
    ("{{ profile.tags }}", "MW472", "join"),
    ("{% if profile.plan == 'golden' %}{% endif %}", "MW477", "did you mean `gold`?"),
    ("{% case profile.plan %}{% when 'fre' %}{% endcase %}", "MW477", "did you mean `free`?"),
    ("{{ profile.interests | join: ',' }}", "MW473", "requires consent.profiling"),
    ("{% if profile.interests contains 'x' %}{% endif %}", "MW473", ""),
    ("{% assign p = profile %}{% for i in p.interests %}{{ i }}{% endfor %}", "MW473", ""),
    ("{{ profile[block.field] }}", "MW473", ""),
    ("{{ profile | json }}", "MW473", ""),
]


@pytest.mark.parametrize(("template", "code", "help"), WRONG)
def test_wrong(template: str, code: str, help: str) -> None:
    found = check_reads(contract_of(template), SCHEMA)
    assert code in [d.code for d in found]
    assert any(help in d.help for d in found if d.code == code)


def test_a_block_that_requires_the_consent_may_read() -> None:
    template = "{% for i in profile.interests %}{{ i }}{% endfor %}"
    assert codes(template, consents={"profiling"}) == []
    assert set(codes(template, has_consent_rule=False)) == {"MW478"}


def test_holes_are_known_beforehand() -> None:
    bare, ready = (
        "{{ profile.nick }}",
        "{{ profile.nick | default: 'x' }}{% if profile.nick %}{{ profile.nick }}{% endif %}",
    )
    assert codes(bare) == ["MW475"]
    assert codes(bare, undefined="default") == codes(bare, undefined="strict") == ["MW476"]
    assert codes(ready) == codes(ready, undefined="default") == []
    assert set(codes(ready, undefined="strict")) == {"MW476"}
    assert codes("{{ profile.city }}", undefined="strict") == []
    assert codes("{% for i in profile.cart %}{{ i.note }}{% endfor %}") == ["MW475"]
    assert [TABLE[code].severity.value for code in ("MW475", "MW476")] == ["note", "warning"]


def test_other_roots_are_declared_by_the_caller() -> None:
    roots = {"block": record({"label": leaf(Text()), "items": items(record({"url": leaf(Text())}))})}
    assert codes("{{ block.label }}{% for i in block.items %}{{ i.url }}{% endfor %}", roots=roots) == []
    assert codes("{{ block.lable }}", roots=roots) == ["MW470"]


def test_a_name_that_may_be_an_item_of_itself_is_no_mistake() -> None:
    contract = contract_of("{% include 'p' with profile.cart as i %}", partials={"p": "{{ i.title }}"})
    assert check_reads(contract, SCHEMA) == ()
    contract = contract_of("{% include 'p' with profile.cart as i %}", partials={"p": "{{ i.tilte }}"})
    assert {d.code for d in check_reads(contract, SCHEMA)} == {"MW470"}


def test_what_nothing_reads() -> None:
    contracts = [contract_of("{{ profile.first_name }}"), contract_of("{{ profile.cart.first.title }}")]
    names = {
        d.message.split("`")[1].removeprefix("profile.") for d in unread(contracts, SCHEMA, also={"age"})
    }
    assert names == {field.name for field in FIELDS} - {"id", "first_name", "cart", "age"}
    assert unread([contract_of("{{ profile[x] }}")], SCHEMA) == ()
    assert unread([contract_of("{{ profile | json }}")], SCHEMA) == ()


def test_findings_stand_where_the_author_wrote() -> None:
    contract = contract_of("a\n{% for i in profile.cart %}\n  {{ i.titel }}\n{% endfor %}")
    (problem,) = check_reads(contract, SCHEMA)
    assert str(problem.location) == "<template>:3:6"
    assert problem.source is not None
    assert problem.span is not None
    assert problem.source.text[problem.span.start : problem.span.stop] == "i.titel"


def test_findings_in_partials_stand_in_the_partial() -> None:
    contract = contract_of("{% render 'p', i: profile %}", partials={"p": "x {{ i.frist_name }}"})
    (problem,) = check_reads(contract, SCHEMA)
    assert str(problem.location) == "p:1:6"
