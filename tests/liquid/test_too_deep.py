"""What nests further than anybody can follow is told with its place, soon, and by one of our codes."""

from __future__ import annotations

import re
import time
import tomllib
from pathlib import Path
from typing import Any

import pytest

from mailweave.diagnostics import TemplateError
from mailweave.liquid import Template

CASES = tomllib.loads(Path("fixtures/liquid/too_deep.toml").read_text(encoding="utf-8"))["case"]


def _endless(kind: str) -> Any:
    found: Any = {} if kind == "mapping" else []
    if kind == "deep":
        for _ in range(5_000):
            found = [found]
    elif kind == "mapping":
        found["of"] = found
    else:
        found.append(found)
    return found


def _repeated(text: str, times: int) -> str:
    return re.sub(r"<([^>]*)>", lambda match: match[1] * times, text)


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_it_is_told_with_its_place(case: dict[str, Any]) -> None:
    times = case.get("repeat", 1)
    text, *partial = (_repeated(one, times) for one in (case["template"], *case.get("partial", [])))
    kind, before = case.get("data", "list"), time.process_time()
    data, partials = {"x": _endless(kind), "y": _endless(kind)}, {"p": "".join(partial)}
    with pytest.raises(TemplateError) as caught:
        Template.from_string(text, name="a.html", partials=partials).render(data)
    assert time.process_time() - before < 2
    (one,) = caught.value.diagnostics
    assert one.source is not None
    assert one.span is not None
    assert (one.code, one.source.locate(one.span.start).line) == (case["code"], case["line"])
    assert one.source.text[one.span.start :].startswith(case["at"])
    assert "Error" not in one.message


def test_what_is_merely_deep_is_shown() -> None:
    value: Any = ["x"]
    for _ in range(100):
        value = [value]
    assert (
        Template.from_string("{{ v }}{% if v == w %}!{% endif %}").render({"v": value, "w": [*value]}) == "x!"
    )
