"""Python that was generated, compiled so that tracebacks, profilers and debuggers show its lines."""

from __future__ import annotations

import linecache
from types import CodeType


def compile_source(name: str, text: str) -> CodeType:
    """The code of `text`, which is shown as the file `<generated NAME>`.

    Where two texts have one name, the lines of the later are shown. Raises SyntaxError.

    >>> code = compile_source("sum", "total = 1 + 2")
    >>> code.co_filename, linecache.getline(code.co_filename, 1)
    ('<generated sum>', 'total = 1 + 2')
    """
    shown = name.encode("ascii", "backslashreplace").decode().replace("\\0", "")
    code = compile(text, f"<generated {shown}>", "exec", dont_inherit=True)
    show_source(code, text)
    return code


def show_source(code: CodeType, text: str) -> None:
    """Shows `text` as the source of code that was compiled before, in another process perhaps."""
    name = code.co_filename
    linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
