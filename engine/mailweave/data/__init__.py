"""Data at the door: exports cleaned, doubles merged, consent on record, one person erased or told all (extra `data`)."""
