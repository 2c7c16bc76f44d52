"""MJML as a source: compiled to HTML once, with its Liquid kept, and with the places of what the author wrote."""

from mailweave.mjml.compiled import MJML, Frame, block_of, layout_of

__all__ = ["MJML", "Frame", "block_of", "layout_of"]
