"""Mails as templates of the sender's own: one a selection, and the values by recipient."""

from mailweave.export.providers import PROVIDERS, Provider
from mailweave.export.run import Exported, export

__all__ = ["PROVIDERS", "Exported", "Provider", "export"]
