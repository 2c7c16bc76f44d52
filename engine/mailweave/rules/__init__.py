"""The rule language: from an author's text to a program that is asked about recipients.

    text --parse--> Document --check--> CheckedDocument --compile_checked--> Program --evaluate--> Evaluation

`compile_rules` is the convenience over the first three. Names are loaded when first used: a program that
comes from the cache needs no grammar.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any
from warnings import warn

if TYPE_CHECKING:
    from mailweave.rules.checked import CheckedDocument
    from mailweave.rules.checker import check
    from mailweave.rules.compiler import compile_checked, compile_rules
    from mailweave.rules.context import Context
    from mailweave.rules.nodes import Document
    from mailweave.rules.parser import parse
    from mailweave.rules.program import Evaluation, Program, SkipReason
    from mailweave.rules.validation import BadData, ValidatedRecipient

__all__ = [
    "BadData",
    "CheckedDocument",
    "Context",
    "Document",
    "Evaluation",
    "Program",
    "SkipReason",
    "ValidatedRecipient",
    "check",
    "compile_checked",
    "compile_rules",
    "parse",
]

_MODULES = {
    "BadData": "validation",
    "CheckedDocument": "checked",
    "Context": "context",
    "Document": "nodes",
    "Evaluation": "program",
    "Program": "program",
    "SkipReason": "program",
    "ValidatedRecipient": "validation",
    "check": "checker",
    "compile_checked": "compiler",
    "compile_rules": "compiler",
    "parse": "parser",
}


_RENAMED = {"Admitted": "ValidatedRecipient"}  # these work until 0.3


if not TYPE_CHECKING:  # a name that is not there stays an error to mypy

    def __getattr__(name: str) -> Any:
        if name in _RENAMED:
            warn(f"{__name__}.{name} is {_RENAMED[name]} now", DeprecationWarning, stacklevel=2)
            name = _RENAMED[name]
        if name not in _MODULES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
