"""Data that is fetched before a mail: the sources of a campaign asked, so that rendering asks nobody."""

from mailweave.delivery.sources.fetching import Fetcher
from mailweave.delivery.sources.outcomes import Outcome
from mailweave.delivery.sources.resolving import Sources

__all__ = ["Fetcher", "Outcome", "Sources"]
