"""What is so of everybody, of somebody, of nobody: conditions proved before anything is sent.

Intervals (`regions`) decide what is box-shaped, z3 the rest, and every example is replayed by the evaluators.
"""
