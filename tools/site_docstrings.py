"""For the API pages of the site: examples in docstrings (`>>> `) are fenced, so that Markdown shows them as code."""

from __future__ import annotations

import re
import textwrap
from typing import Any

import griffe

EXAMPLE = re.compile(r"^(?P<by> *)>>> .*(?:\n(?! *$).*)*", re.M)


def fenced(text: str) -> str:
    """A docstring with each paragraph that begins with a prompt in a fence.

    >>> fenced("It adds.\\n\\n>>> 1 + 1\\n2")
    'It adds.\\n\\n```pycon\\n>>> 1 + 1\\n2\\n```'
    """

    def fence(example: re.Match[str]) -> str:
        return textwrap.indent(f"```pycon\n{textwrap.dedent(example[0])}\n```", example["by"])

    return EXAMPLE.sub(fence, text)


class FencedExamples(griffe.Extension):
    """Fences the examples of every object."""

    def on_object(self, *, obj: griffe.Object, **_: Any) -> None:
        if obj.docstring:
            obj.docstring.value = fenced(obj.docstring.value)
