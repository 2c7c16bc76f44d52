"""MW950 and Chromium: what is said is so; and over cases without Liquid, axe-core says the same."""

from __future__ import annotations

import re
from typing import Any

import pytest
from tests.inlining.documents import documents
from tests.lint.test_contrast import CASES, said, templates, whole

from mailweave.lint.pages import Pages
from mailweave.lint.rules.contrast import findings

SEEN = """() => {
  const read = (text) => { const [r, g, b, a = 1] = text.match(/[\\d.]+/g).map(Number); return {rgb: [r, g, b], a}; };
  const over = (top, a, below) => top.map((c, i) => Math.round(c * a + below[i] * (1 - a)));
  const light = (rgb) => {
    const [r, g, b] = rgb.map((c) => c / 255).map((c) => c <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4);
    return .2126 * r + .7152 * g + .0722 * b; };
  const plain = (rgb) => rgb ? "#" + rgb.map((c) => Math.round(c).toString(16).padStart(2, "0")).join("") : "?";
  const dark = getComputedStyle(document.documentElement).colorScheme.includes("dark") || document.querySelector(
    "meta[name=color-scheme][content*=dark]");
  const night = matchMedia("(prefers-color-scheme: dark)").matches;
  return [...document.querySelectorAll("[data-at]")].map((element) => {
    const path = [];
    for (let at = element; at; at = at.parentElement) path.unshift(getComputedStyle(at));
    let ground = dark && night ? [18, 18, 18] : [255, 255, 255], veil = 1, below = null, shown = true;
    for (const style of path) {
      if (style.display === "none" || style.visibility !== "visible" || +style.opacity === 0) shown = false;
      if (+style.opacity < 1) { if (veil === 1) below = ground; veil *= +style.opacity; }
      const {rgb, a} = read(style.backgroundColor);
      ground = a === 1 ? rgb : ground && over(rgb, a, ground);
      if (style.backgroundImage !== "none") ground = null;
    }
    const {rgb, a} = read(path.at(-1).color);
    const bare = path.every((style) => read(style.backgroundColor).a === 0);
    const ratio = (one, other) => {
      const [l, h] = [light(one), light(other)].sort((x, y) => x - y); return (h + .05) / (l + .05); };
    if (bare && veil === 1 && ground && ratio(rgb, [255, 255, 255]) < ratio(rgb, ground)) ground = [255, 255, 255];
    let front = a === 1 ? rgb : ground && over(rgb, a, ground);
    const veiled = (color) => color && below && over(color, veil, below);
    if (veil < 1) [front, ground] = [veiled(front), veiled(ground)];
    return [element.dataset.at, shown, plain(front), plain(ground)].join(" ");
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
    found = list(findings(Pages(templates(html))))
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
