#!/usr/bin/env bash
# Subject: sqlglot 30.30.0 (Python).
# Guess: BigQuery's `COUNTIF` counts, so its translation says 0 where there are no rows.
# Seen: SQLite and PostgreSQL get a `SUM` over ones and zeros without a `COALESCE`; a sum of no
#   rows is NULL.
# Cost: "fewer than 3 opens" leaves out everybody without any: NULL is not below 3.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check sqlglot==30.30.0 || exit 2
cat > "$work/expected" <<'END'
(0,)
sqlite SELECT SUM(IIF(x > 1, 1, 0)) FROM t (None,)
postgres SELECT SUM(CASE WHEN x > 1 THEN 1 ELSE 0 END) FROM t (None,)
END
"$work/venv/bin/python" - > "$work/seen" <<'END'
import sqlite3

import sqlglot

table = sqlite3.connect(":memory:")
table.execute("CREATE TABLE t (x)")
print(table.execute("SELECT COUNT(*) FROM t").fetchone())
for dialect in ("sqlite", "postgres"):
    [query] = sqlglot.transpile("SELECT COUNTIF(x > 1) FROM t", read="bigquery", write=dialect)
    print(dialect, query, table.execute(query).fetchone())
END
cat "$work/seen"
diff "$work/expected" "$work/seen"
