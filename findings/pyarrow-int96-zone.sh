#!/usr/bin/env bash
# Subject: a file that pyarrow 26.0.1 writes, read by pyarrow, Polars 2.1.0 and DuckDB 2.0.1 (Python).
# Guess: a column in time zone Europe/Berlin that is written as INT96 comes back with its zone from
#   the one that wrote it, if from anyone: the Arrow schema stands in the file's metadata.
# Seen: it is Polars that reads the zone from there. pyarrow gives its own column back without one;
#   DuckDB says TIMESTAMP, and then compares it in the zone of the session.
# Cost: the same mail is "opened before nine" for one engine and not for the other; a window of
#   hours is off by the distance from UTC.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check pyarrow==26.0.1 polars==2.1.0 duckdb==2.0.1 || exit 2
cat > "$work/expected" <<'END'
int64 pyarrow Europe/Berlin polars Europe/Berlin duckdb TIMESTAMP WITH TIME ZONE by nine True
int96 pyarrow None polars Europe/Berlin duckdb TIMESTAMP by nine False
END
cd "$work"
venv/bin/python - > seen <<'END'
import datetime

import duckdb
import polars
import pyarrow
import pyarrow.parquet

nine = datetime.datetime(2026, 11, 28, 9, tzinfo=datetime.timezone.utc)
table = pyarrow.table({"opened": pyarrow.array([nine], pyarrow.timestamp("us", "Europe/Berlin"))})
duckdb.sql("SET TimeZone = 'America/New_York'")
for name, old in (("int64", False), ("int96", True)):
    pyarrow.parquet.write_table(table, "opened.parquet", use_deprecated_int96_timestamps=old)
    own = pyarrow.parquet.read_table("opened.parquet").schema.field("opened").type.tz
    other = polars.read_parquet("opened.parquet").schema["opened"].time_zone
    question = "SELECT typeof(opened), opened <= TIMESTAMPTZ '2026-11-28 09:00:00Z' FROM 'opened.parquet'"
    [[kind, by_nine]] = duckdb.sql(question).fetchall()
    print(name, "pyarrow", own, "polars", other, "duckdb", kind, "by nine", by_nine)
END
cat seen
diff expected seen
