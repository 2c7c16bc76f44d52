"""Consent on record: who, for what, when, in which words, from where; chained, and erasable one person at a time."""
