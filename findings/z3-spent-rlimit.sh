#!/usr/bin/env bash
# Subject: z3-solver 5.4.1.0 (Python).
# Guess: a check that has used up its `rlimit` says so in `reason_unknown`, and the statistic
#   "rlimit count" is what that check has used.
# Seen: one and the same question reads "max. resource limit exceeded" with a small limit and
#   "canceled", as if someone had stopped it, with a larger one. The limit holds for each check, but
#   the count runs on through all solvers of a context. Steps are no clock: a second run counts alike.
# Cost: a checker that tells "stopped" from "gave up" by the text tells its user wrong.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check z3-solver==5.4.1.0 || exit 2
cat > "$work/expected" <<'END'
rlimit 300 unknown max. resource limit exceeded
rlimit 1000 unknown canceled
no limit unsat
count well over the limit: no, yes, yes
each check used as much as the first: yes
a second run counts the same: yes
END
"$work/venv/bin/python" - > "$work/seen" <<'END'
import z3


def seven_in_six(context, limit):
    """Whether seven different whole numbers lie between 0 and 5; the reason; and the count."""
    solver = z3.Solver(ctx=context)
    solver.set("rlimit", limit)
    numbers = [z3.Int(f"n{at}", context) for at in range(7)]
    solver.add(z3.Distinct(numbers), *(z3.And(n >= 0, n <= 5) for n in numbers))
    answer = solver.check()
    return answer, solver.reason_unknown(), solver.statistics().get_key_value("rlimit count")


def said(true):
    return "yes" if true else "no"


for limit in (300, 1000):
    answer, reason, _ = seven_in_six(z3.Context(), limit)
    print("rlimit", limit, answer, reason)
print("no limit", seven_in_six(z3.Context(), 0)[0])
runs = []
for _ in range(2):
    context = z3.Context()
    runs.append([seven_in_six(context, 1000)[2] for _ in range(3)])
first = runs[0][0]
print("count well over the limit:", ", ".join(said(count > 1500) for count in runs[0]))
print("each check used as much as the first:", said(runs[0] == [first, 2 * first, 3 * first]))
print("a second run counts the same:", said(runs[0] == runs[1]))
END
cat "$work/seen"
diff "$work/expected" "$work/seen"
