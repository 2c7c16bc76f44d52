"""Rows that are one person: found by exact keys and by likeness, merged by rules, given back exactly."""
