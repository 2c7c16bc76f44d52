"""The compiler: one generated Python function for each template."""

from mailweave.liquid.compiler.function import Compiled, compile_template

__all__ = ["Compiled", "compile_template"]
