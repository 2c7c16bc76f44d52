"""A campaign: the folder, its compilation, and what comes out of it."""

from mailweave.campaign.campaign import Campaign
from mailweave.campaign.compiling import compile_folder
from mailweave.campaign.many import Failure

__all__ = ["Campaign", "Failure", "compile_folder"]
