#!/usr/bin/env bash
# Subject: import-linter 2.16 (Python).
# Guess: an exception in `ignore_imports` that no import needs any more is told beside the contracts,
#   or breaks the contract that it stands in.
# Seen: it ends the run with one line and the exit code of a broken contract. Other contracts are not
#   reported: one that is broken goes unseen until the stale exception is gone. (In the contract that
#   has the exception, `unmatched_ignore_imports_alerting = warn` makes it what one guessed.)
# Cost: a build that is mended by taking out the stale line is red again for something older.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check import-linter==2.16 grimp==3.19 || exit 2
cd "$work"
mkdir shop
touch shop/__init__.py shop/people.py
echo "import shop.people" > shop/orders.py
cat > without.ini <<'END'
[importlinter]
root_package = shop

[importlinter:contract:broken]
name = orders know no people
type = forbidden
source_modules = shop.orders
forbidden_modules = shop.people

[importlinter:contract:kept]
name = people know no orders
type = forbidden
source_modules = shop.people
forbidden_modules = shop.orders
END
cat without.ini - > with.ini <<'END'
ignore_imports =
    shop.people -> shop.orders
END
cat with.ini - > warned.ini <<'END'
unmatched_ignore_imports_alerting = warn
END
cat > expected <<'END'
without: exit code 1
orders know no people BROKEN
people know no orders KEPT
with: exit code 1
No matches for ignored import shop.people -> shop.orders.
warned: exit code 1
orders know no people BROKEN
people know no orders KEPT (1 warning)
- No matches for ignored import shop.people -> shop.orders.
END
for name in without with warned; do
  code=0
  PYTHONPATH=. venv/bin/lint-imports --no-cache --no-logo --config "$name.ini" > out 2>&1 || code=$?
  echo "$name: exit code $code"
  grep -E "BROKEN|KEPT|No matches" out
done > seen
cat seen
diff expected seen
