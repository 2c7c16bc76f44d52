#!/usr/bin/env bash
# Subject: sqlglot 30.30.0 (Python).
# Guess: a translation keeps which rows are chosen: `NOT x IS TRUE` is true where `x` is NULL.
# Seen: for Snowflake and Trino the `IS TRUE` goes and `NOT x` stays, which is NULL there;
#   SQLite, run on both forms, shows the row that is lost.
# Cost: "has not unsubscribed" loses everyone of whom nothing is known, on that warehouse only.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check sqlglot==30.30.0 || exit 2
cat > "$work/expected" <<'END'
postgres SELECT x FROM t WHERE NOT x IS TRUE [0, None]
snowflake SELECT x FROM t WHERE NOT x [0]
trino SELECT x FROM t WHERE NOT x [0]
END
"$work/venv/bin/python" - > "$work/seen" <<'END'
import sqlite3

import sqlglot

table = sqlite3.connect(":memory:")
table.execute("CREATE TABLE t (x)")
table.executemany("INSERT INTO t VALUES (?)", [(1,), (0,), (None,)])
for dialect in ("postgres", "snowflake", "trino"):
    [query] = sqlglot.transpile("SELECT x FROM t WHERE NOT x IS TRUE", read="postgres", write=dialect)
    print(dialect, query, [x for (x,) in table.execute(query)])
END
cat "$work/seen"
diff "$work/expected" "$work/seen"
