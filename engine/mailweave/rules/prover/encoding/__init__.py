"""Rules as z3 terms, and solutions as recipients."""
