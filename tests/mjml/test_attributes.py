"""Each attribute of each component: what comes out of our compiler looks as npm's MJML makes it, or is told; and Liquid in
a value comes out where the value would."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from mailweave.mjml.vocabulary import COMPONENTS, is_carried, is_dropped
from tests.mjml.conftest import Camera
from tests.mjml.templates import compiled

FIXTURE: dict[str, Any] = tomllib.loads(
    (Path(__file__).resolve().parents[2] / "fixtures" / "mjml" / "attributes.toml").read_text(
        encoding="utf-8"
    )
)
_ADDRESSES = ("url", "href", "src", "icon", "open", "close")


class Case(NamedTuple):
    component: str
    attribute: str
    value: str

    def page(self, value: str | None = None) -> str:
        """A page with the component, and the attribute at this value."""
        also = " ".join(FIXTURE["also"].get(key, "") for key in (self.attribute, self.component)).strip()
        others = " ".join(one for one in also.split(" ") if one and not one.startswith(f"{self.attribute}="))
        mine = f' {others} {self.attribute}="{self.value if value is None else value}"'
        shape = FIXTURE["shapes"][self.component]
        if f" {self.attribute}=" in shape.split("@")[0].rpartition("<")[2]:
            before, _, behind = shape.partition("@")
            head, _, tag = before.rpartition("<")
            kept = " ".join(part for part in tag.split(" ") if not part.startswith(f"{self.attribute}="))
            shape = f"{head}<{kept}@{behind}"
        return f"<mjml><mj-head></mj-head><mj-body>{shape.replace('@', mine)}</mj-body></mjml>"


def values(attribute: str) -> list[str]:
    if attribute in FIXTURE["values"]:
        return list(FIXTURE["values"][attribute])
    if "color" in attribute:
        return ["#123456"]
    if "radius" in attribute:
        return ["8px"]
    if attribute.split("-")[0] in ("border", "inner") and "border" in attribute and "width" not in attribute:
        return ["2px solid #ff0000"]
    if any(attribute.endswith(one) for one in _ADDRESSES) or attribute in _ADDRESSES:
        return ["https://x.example/q.png"]
    if any(one in attribute for one in ("width", "height", "size", "padding", "gap", "gutter", "spacing")):
        return ["20px"]
    return ["word"]


def cases() -> Iterator[Case]:
    for component in FIXTURE["shapes"]:
        for attribute in sorted(COMPONENTS[component].attributes - {"mj-class"}):
            for value in values(attribute):
                yield Case(component, attribute, value)


ALL = tuple(cases())


def check(case: Case, npm_html: Callable[[str], str], camera: Camera) -> None:
    made, codes = compiled(case.page())
    assert made is not None, codes
    is_told = is_dropped(*case)
    assert ("MW648" in codes) == is_told
    if not is_told:
        assert camera(made.html.text, 600) == camera(npm_html(case.page()), 600)


def shown(case: Case) -> str:
    return " ".join(case)


@pytest.mark.browser
@pytest.mark.parametrize("case", ALL[::25], ids=shown)
def test_an_attribute_looks_as_npm_makes_it(
    case: Case, npm_html: Callable[[str], str], camera: Camera
) -> None:
    check(case, npm_html, camera)


@pytest.mark.deep
@pytest.mark.browser
@pytest.mark.parametrize("case", ALL, ids=shown)
def test_all_attributes_look_as_npm_makes_them(
    case: Case, npm_html: Callable[[str], str], camera: Camera
) -> None:
    check(case, npm_html, camera)


@pytest.mark.parametrize(
    "case", {case[:2]: case for case in ALL if is_carried(*case[:2])}.values(), ids=shown
)
def test_liquid_in_a_value_comes_out_where_the_value_would(case: Case) -> None:
    liquid = '{{ profile.x | append: "y" }}'
    made, codes = compiled(case.page(liquid))
    plain, _ = compiled(case.page())
    assert plain is not None
    if made is None:  # the compiler makes nothing of it there, so it is refused
        assert "MW651" in codes
        assert liquid not in plain.html.text
    else:
        assert made.html.text.count(liquid) >= 1
        assert made.html.text.replace(liquid, case.value) == plain.html.text


@pytest.mark.parametrize(
    "case", {case[:2]: case for case in ALL if not is_carried(*case[:2])}.values(), ids=shown
)
def test_a_value_that_is_read_may_not_be_liquid(case: Case) -> None:
    made, codes = compiled(case.page("{{ profile.x }}"))
    assert made is None
    assert "MW645" in codes
