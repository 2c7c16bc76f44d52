"""For notebooks: a mail with stand-ins for what is personal, and mails for the rows of a frame of pandas or polars.

Campaigns, decisions, explanations and e-mails show themselves where they are the last line of a cell.
"""

from mailweave.notebooks.frames import render_frame
from mailweave.notebooks.shown import Shown, show

__all__ = ["Shown", "render_frame", "show"]
