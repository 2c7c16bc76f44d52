"""Data at the door: exports cleaned, doubles merged, consent on record, one person erased or told all (extra `data`)."""

from mailweave.batch.extras import require

require("data", place="mailweave.data", what="mailweave data")

from mailweave.data.consent.processing import ProcessingRecord, processing_record  # noqa: E402 - a missing extra is told first
from mailweave.data.consent.records import Consent  # noqa: E402
from mailweave.data.consent.state import state  # noqa: E402
from mailweave.data.consent.store import ConsentStore  # noqa: E402
from mailweave.data.consent.verification import verify  # noqa: E402
from mailweave.data.doubles.merge_log import follow, undo  # noqa: E402
from mailweave.data.doubles.merging import Deduped, dedupe  # noqa: E402
from mailweave.data.erasing import Erased, Holdings, erase, erase_expired  # noqa: E402
from mailweave.data.intake.checking import Checked, check  # noqa: E402
from mailweave.data.intake.loading import Loaded, load  # noqa: E402
from mailweave.data.mapping import DataMapping, read_mapping  # noqa: E402
from mailweave.data.person_export import held_about  # noqa: E402
from mailweave.data.pseudonyms import Pseudonyms  # noqa: E402

__all__ = [
    "Checked",
    "Consent",
    "ConsentStore",
    "DataMapping",
    "Deduped",
    "Erased",
    "Holdings",
    "Loaded",
    "ProcessingRecord",
    "Pseudonyms",
    "check",
    "dedupe",
    "erase",
    "erase_expired",
    "follow",
    "held_about",
    "load",
    "processing_record",
    "read_mapping",
    "state",
    "undo",
    "verify",
]
