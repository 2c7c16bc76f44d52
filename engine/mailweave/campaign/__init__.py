"""A campaign: the folder, its compilation, and what comes out of it."""

from mailweave.campaign.campaign import Campaign
from mailweave.campaign.compiler import compile_folder
from mailweave.campaign.render_many import Failure

__all__ = ["Campaign", "Failure", "compile_folder"]
