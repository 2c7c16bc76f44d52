"""Where in the HTML each output of a template stands, and so how it must be escaped.

The algorithm is that of Go's html/template, done once, when a template is compiled.
"""

from mailweave.liquid.contexts.addresses import in_addresses
from mailweave.liquid.contexts.captures import PartialTree
from mailweave.liquid.contexts.model import PLAIN, STARTS, TEXT, Context, State, describe
from mailweave.liquid.contexts.placement import Placement
from mailweave.liquid.contexts.walk import Annotated, PartialKey, annotate

__all__ = [
    "PLAIN",
    "STARTS",
    "TEXT",
    "Annotated",
    "Context",
    "PartialKey",
    "PartialTree",
    "Placement",
    "State",
    "annotate",
    "describe",
    "in_addresses",
]
