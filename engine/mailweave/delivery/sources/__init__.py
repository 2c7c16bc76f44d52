"""Data that is fetched before a mail: the sources of a campaign asked, so that rendering asks nobody (extra `service`)."""

from mailweave.batch.extras import require

require("service", place="mailweave.delivery.sources", what="asking sources")

from mailweave.delivery.sources.fetching import Fetcher  # noqa: E402 - a missing extra is told first
from mailweave.delivery.sources.outcomes import Outcome  # noqa: E402
from mailweave.delivery.sources.resolving import Sources  # noqa: E402

__all__ = ["Fetcher", "Outcome", "Sources"]
