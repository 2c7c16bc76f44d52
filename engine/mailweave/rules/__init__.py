"""The rule language: from an author's text to a program that is asked about recipients.

    text --parse--> Document --check--> CheckedDocument --compile_checked--> Program --evaluate--> Evaluation

`compile_rules` is the convenience over the first three. Names are loaded when first used: a program that
comes from the cache needs no grammar.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mailweave.rules.admission import Admitted, BadData
    from mailweave.rules.checked import CheckedDocument
    from mailweave.rules.checker import check
    from mailweave.rules.compiler import compile_checked, compile_rules
    from mailweave.rules.context import Context
    from mailweave.rules.nodes import Document
    from mailweave.rules.parser import parse
    from mailweave.rules.program import Evaluation, Program, SkipReason
    from mailweave.rules.trace import Operand, Trace, TraceNode

__all__ = [
    "Admitted",
    "BadData",
    "CheckedDocument",
    "Context",
    "Document",
    "Evaluation",
    "Operand",
    "Program",
    "SkipReason",
    "Trace",
    "TraceNode",
    "check",
    "compile_checked",
    "compile_rules",
    "parse",
]

_MODULES = {
    "Admitted": "admission",
    "BadData": "admission",
    "CheckedDocument": "checked",
    "Context": "context",
    "Document": "nodes",
    "Evaluation": "program",
    "Operand": "trace",
    "Program": "program",
    "SkipReason": "program",
    "Trace": "trace",
    "TraceNode": "trace",
    "check": "checker",
    "compile_checked": "compiler",
    "compile_rules": "compiler",
    "parse": "parser",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
