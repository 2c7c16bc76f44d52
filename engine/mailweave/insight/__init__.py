"""What was learned from what was sent: models of buying, results of experiments (extra `insight`)."""

from mailweave.batch.extras import require

require("insight", place="mailweave.insight", what="insight")

from mailweave.insight.bgnbd import BGNBD, StandardErrors, bgnbd  # noqa: E402 - a missing extra is told first
from mailweave.insight.campaign_results import Results, results  # noqa: E402
from mailweave.insight.gammagamma import GammaGamma, ValueErrors, gammagamma  # noqa: E402
from mailweave.insight.learning import Learned, Learning, learn  # noqa: E402
from mailweave.insight.off_policy import Estimate, doubly_robust, ips, snips  # noqa: E402
from mailweave.insight.power import Plan, plan  # noqa: E402
from mailweave.insight.purchase_counts import PurchaseCounts, purchase_counts  # noqa: E402
from mailweave.insight.responses import Question  # noqa: E402

__all__ = [
    "BGNBD",
    "Estimate",
    "GammaGamma",
    "Learned",
    "Learning",
    "Plan",
    "PurchaseCounts",
    "Question",
    "Results",
    "StandardErrors",
    "ValueErrors",
    "bgnbd",
    "doubly_robust",
    "gammagamma",
    "ips",
    "learn",
    "plan",
    "purchase_counts",
    "results",
    "snips",
]
