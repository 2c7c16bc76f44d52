#!/usr/bin/env bash
# Subject: fastparquet 2026.9.0 with pandas 3.1.1 (Python), read by DuckDB 2.0.1.
# Guess: `times="int96"`, the way for Spark and Hive, writes the same instants as the default does.
# Seen: INT96 counts nanoseconds, and the numbers of the column go in as they are. pandas 3 keeps
#   microseconds unless told otherwise, so that November 2026 is written as January 1970, without a
#   word; fastparquet itself reads it back so.
# Cost: every "opened in the last 90 days" is empty, and everybody is won back as long lost.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check \
  fastparquet==2026.9.0 pandas==3.1.1 duckdb==2.0.1 || exit 2
cat > "$work/expected" <<'END'
datetime64[us] int64 2026-11-28 09:00:00
datetime64[us] int96 1970-01-21 18:50:56.400000
datetime64[ns] int64 2026-11-28 09:00:00
datetime64[ns] int96 2026-11-28 09:00:00
END
cd "$work"
venv/bin/python - > seen <<'END'
import datetime

import duckdb
import fastparquet
import pandas

made = pandas.DataFrame({"opened": [datetime.datetime(2026, 11, 28, 9)]})
for frame in (made, made.astype("datetime64[ns]")):
    for times in ("int64", "int96"):
        fastparquet.write("opened.parquet", frame, times=times)
        [[opened]] = duckdb.sql("SELECT opened FROM 'opened.parquet'").fetchall()
        print(frame["opened"].dtype, times, opened)
END
cat seen
diff expected seen
