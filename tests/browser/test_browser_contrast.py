"""MW950 and Chromium: what is said is so; and over cases without Liquid, axe-core says the same."""

from __future__ import annotations

import re
from typing import Any

import pytest
from tests.inlining.documents import documents
from tests.lint.test_contrast import CASES, said, templates, whole

from mailweave.lint.rules.contrast import of_templates

SEEN = """() => {
  const plain = (text) => {
    const [r, g, b, a = 1] = text.match(/[\\d.]+/g).map(Number);
    return a === 1 ? "#" + [r, g, b].map((c) => Math.round(c).toString(16).padStart(2, "0")).join("") : a ? "?" : "";
  };
  return [...document.querySelectorAll("[data-at]")].map((element) => {
    let ground = "", shown = true;
    for (let at = element; at; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (style.display === "none" || style.visibility !== "visible" || style.opacity !== "1") shown = false;
      if (!ground && style.backgroundImage !== "none") ground = "?";
      ground ||= plain(style.backgroundColor);
    }
    const dark = getComputedStyle(document.documentElement).colorScheme.includes("dark") || document.querySelector(
      "meta[name=color-scheme][content*=dark]");
    const night = matchMedia("(prefers-color-scheme: dark)").matches;
    ground ||= dark && night ? "#121212" : "#ffffff";
    return [element.dataset.at, shown, plain(getComputedStyle(element).color), ground].join(" ");
  });
}"""
AXE = """async () => {
  const found = await axe.run(document, {runOnly: ["color-contrast"], resultTypes: ["violations"]});
  return found.violations.flatMap(v => v.nodes.map(n => [n.target[0], n.any[0].data])).map(
    ([target, data]) => [document.querySelector(target).tagName.toLowerCase(), data.fgColor, data.bgColor].join(" "));
}"""
AGREED = [case for case in CASES if case.get("axe", True) and "{" not in case["layout"].split("</style>")[-1]]
FEW, MANY = range(4000, 4040), range(5000, 5400)


def confirmed(viewer: Any, html: str) -> list[str]:
    """What MW950 says of a document and Chromium does not see, in any width."""
    found = list(of_templates(templates(html)))
    told = {f"{d.span.start} {said(d.message)}" for d in found if d.span}
    marked = html
    for at in sorted({d.span.start for d in found if d.span}, reverse=True):
        name = re.match(r"<\w+", html[at:])
        assert name is not None
        marked = marked[: at + name.end()] + f' data-at="{at}"' + marked[at + name.end() :]
    seen = set()
    for dark in (False, True):
        for width in (375, 800):
            for line in viewer.look(marked, SEEN, width=width, dark=dark, images=False) if told else ():
                at, shown, front, back = line.split(" ")
                if shown == "true":
                    tag = re.match(r"<(\w+)", html[int(at) :])
                    seen.add(
                        f"{at} {'dark' if dark else 'light'} {tag[1].lower() if tag else ''} {front} {back}"
                    )
    return sorted(told - seen)


@pytest.mark.parametrize("case", AGREED, ids=[case["name"] for case in AGREED])
def test_axe_says_the_same(viewer: Any, axe: str, case: dict[str, Any]) -> None:
    found: list[str] = []
    for dark in (False, True):
        seen = {
            f"{'dark' if dark else 'light'} {one}"
            for width in (375, 800)
            for one in viewer.look(whole(case), f"{axe}; ({AXE})()", width=width, dark=dark, images=False)
        }
        found += [one for one in seen if not dark or one.replace("dark", "light", 1) not in found]
    assert sorted(found) == sorted(case["found"])


@pytest.mark.parametrize("seed", FEW)
def test_what_is_said_is_so(viewer: Any, seed: int) -> None:
    (one,) = documents([seed])
    assert confirmed(viewer, one.html) == []


@pytest.mark.deep
@pytest.mark.parametrize("seed", MANY)
def test_what_is_said_is_so_of_many(viewer: Any, seed: int) -> None:
    (one,) = documents([seed])
    assert confirmed(viewer, one.html) == []
