#!/usr/bin/env bash
# Subject: Polars 2.1.0 (Python), its expressions and its own SQL, beside DuckDB 2.0.1.
# Guess: `price * rate` and `ROUND(price, 1)` on decimals are the same in Polars' two languages: the
#   product keeps all digits, as decimals do in SQL.
# Seen: SQL gives a product the digits of both factors, the expression only those of the longer one,
#   and rounds each row to that: 0.05 at 7.5 % is 0.00375 or 0.004. `round` goes to even for the
#   expression and up for SQL: 0.05 is 0.0 or 0.1.
# Cost: a discount shown per line and one summed by a query differ by cents, in one and the same file.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check polars==2.1.0 duckdb==2.0.1 pyarrow==26.0.1 || exit 2
cat > "$work/expected" <<'END'
product: expression 1.499 0.004, SQL 1.49925 0.00375, DuckDB 1.49925 0.00375
rounded: expression 20.00 0.00, SQL 20.00 0.10, DuckDB 20.0 0.1
END
"$work/venv/bin/python" - > "$work/seen" <<'END'
from decimal import Decimal

import duckdb
import polars

values = {"price": [Decimal("19.99"), Decimal("0.05")], "rate": [Decimal("0.075")] * 2}
lines = polars.DataFrame(values, schema={"price": polars.Decimal(10, 2), "rate": polars.Decimal(5, 3)})
price, rate = polars.col("price"), polars.col("rate")
WAYS = (("product", price * rate, "price * rate"), ("rounded", price.round(1), "ROUND(price, 1)"))
for name, expression, query in WAYS:
    made = lines.select(expression).to_series().to_list()
    asked = lines.sql(f"SELECT {query} FROM self").to_series().to_list()
    other = [value for (value,) in duckdb.sql(f"SELECT {query} FROM lines").fetchall()]
    print(f"{name}: expression {made[0]} {made[1]}, SQL {asked[0]} {asked[1]}, DuckDB {other[0]} {other[1]}")
END
cat "$work/seen"
diff "$work/expected" "$work/seen"
