"""Running the `test` blocks of a rule text."""

from mailweave.decisions.testing.run import Outcome, run_tests, suite_of

__all__ = ["Outcome", "run_tests", "suite_of"]
