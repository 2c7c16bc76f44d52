#!/usr/bin/env bash
# Subject: DuckDB 2.0.1 (Python), beside Polars' SQL 2.1.0.
# Guess: `//` divides without a remainder, as it does for whole numbers; one would at most expect an
#   error for others.
# Seen: for decimals it is the plain division: 19.99 // 10 is the DOUBLE 1.999, and 20.00 // 3 has its
#   thirds, while `%` gives the remainder all the same. Polars reads the same query as 1. `fdiv` is
#   the function that means what `//` says.
# Cost: "a point for every 10 euros" makes 1.999 points of 19.99, which a template shows as 2.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check duckdb==2.0.1 polars==2.1.0 pyarrow==26.0.1 || exit 2
cat > "$work/expected" <<'END'
whole // 10: DuckDB 1 INTEGER, Polars 1
spent // 10: DuckDB 1.999 DOUBLE, Polars 1
spent % 10: DuckDB 9.99 DECIMAL(12,2), Polars 9.99
fdiv(spent, 10): DuckDB 1 DOUBLE
END
"$work/venv/bin/python" - > "$work/seen" <<'END'
from decimal import Decimal

import duckdb
import polars

schema = {"whole": polars.Int32, "spent": polars.Decimal(10, 2)}
points = polars.DataFrame({"whole": [19], "spent": [Decimal("19.99")]}, schema=schema)
for query in ("whole // 10", "spent // 10", "spent % 10", "fdiv(spent, 10)"):
    [[value, kind]] = duckdb.sql(f"SELECT {query}, typeof({query}) FROM points").fetchall()
    line = f"{query}: DuckDB {float(value):.4g} {kind}"
    if not query.startswith("fdiv"):
        line += f", Polars {float(points.sql(f'SELECT {query} FROM self').item()):.4g}"
    print(line)
END
cat "$work/seen"
diff "$work/expected" "$work/seen"
