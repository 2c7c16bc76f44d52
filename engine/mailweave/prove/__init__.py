"""Whole-campaign proofs: nothing is sent that was not proved."""

from __future__ import annotations

from mailweave.prove.rules import prove_quickly, prove_rules

__all__ = ["prove_quickly", "prove_rules"]
