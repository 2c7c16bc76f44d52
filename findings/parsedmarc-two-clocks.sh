#!/usr/bin/env bash
# Subject: parsedmarc 11.1.0 (Python).
# Guess: the times in a parsed DMARC aggregate report are of one clock, and are the same wherever it
#   is parsed.
# Seen: `begin_date` and `end_date` of the report are the local time of the machine, `interval_begin`
#   and `interval_end` of its records are UTC; neither says so, and both are written alike.
# Cost: records lie outside their own report; a day's failures are counted to another day, and two
#   machines store one report under different days.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check parsedmarc==11.1.0 || exit 2
cat > "$work/expected" <<'END'
UTC report 2026-11-27 12:00:00 record 2026-11-27 12:00:00
America/New_York report 2026-11-27 07:00:00 record 2026-11-27 12:00:00
END
cat > "$work/look.py" <<'END'
import os

import parsedmarc

REPORT = """<?xml version="1.0"?><feedback>
<report_metadata><org_name>example.net</org_name><email>r@example.net</email><report_id>1</report_id>
<date_range><begin>1795780800</begin><end>1795867199</end></date_range></report_metadata>
<policy_published><domain>example.com</domain><adkim>r</adkim><aspf>r</aspf><p>none</p></policy_published>
<record><row><source_ip>192.0.2.1</source_ip><count>1</count>
<policy_evaluated><disposition>none</disposition><dkim>pass</dkim><spf>pass</spf></policy_evaluated></row>
<identifiers><header_from>example.com</header_from></identifiers>
<auth_results><spf><domain>example.com</domain><result>pass</result></spf></auth_results></record></feedback>"""
made = parsedmarc.parse_aggregate_report_xml(REPORT, offline=True)
print(os.environ["TZ"], "report", made["report_metadata"]["begin_date"], "record", made["records"][0]["interval_begin"])
END
for zone in UTC America/New_York; do TZ=$zone "$work/venv/bin/python" "$work/look.py" 2> /dev/null; done > "$work/seen"
cat "$work/seen"
diff "$work/expected" "$work/seen"
