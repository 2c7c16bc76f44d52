#!/usr/bin/env bash
# Subject: unleash-client 6.12.1 (npm) beside UnleashClient 6.9.1 (Python, engine 2.0.0).
# Guess: DATE_AFTER on a context field compares that field, as the other operators do, or the
#   constraint fails where it cannot.
# Seen: the Node client looks at the current time whatever field is named: who signed up in 2020
#   is "after 2025", so is who has no date at all; the Python client compares the field. (Dates are
#   meant for `currentTime` so far, says issue 9878 of Unleash; no client refuses another field.)
# Cost: "customers since 2025" is everybody in one service and the right ones in another.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check UnleashClient==6.9.1 yggdrasil-engine==2.0.0 || exit 2
echo '{}' > package.json
npm install --silent --no-audit --no-fund unleash-client@6.12.1 || exit 2
cat > given.json <<'END'
{"features": {"version": 2, "features": [{"name": "since", "enabled": true, "type": "release", "stale": false,
  "variants": [], "impressionData": false, "strategies": [{"name": "default", "parameters": {}, "segments": [],
  "constraints": [{"contextName": "signup", "operator": "DATE_AFTER", "values": [], "value": "2025-01-01T00:00:00Z",
    "inverted": false, "caseInsensitive": false}]}]}]},
 "people": [{"signup": "2026-06-01T00:00:00Z"}, {"signup": "2020-06-01T00:00:00Z"}, {}]}
END
cat > expected <<'END'
node true true true
python true false false
END
cat > look.js <<'END'
const { Unleash, InMemStorageProvider } = require("unleash-client");
const { features, people } = require("./given.json");
const unleash = new Unleash({
  url: "http://127.0.0.1:9/", appName: "a", refreshInterval: 0, disableMetrics: true, skipInstanceCountWarning: true,
  storageProvider: new InMemStorageProvider(), bootstrap: { data: features.features },
});
unleash.on("error", () => {});
unleash.on("warn", () => {});
unleash.once("ready", () => {
  console.log("node", ...people.map((properties) => unleash.isEnabled("since", { properties })));
  process.exit(0);
});
END
cat > look.py <<'END'
import json, logging, os, sys
from UnleashClient import UnleashClient
from UnleashClient.cache import FileCache

logging.disable(logging.CRITICAL)
given = json.load(open("given.json"))
cache = FileCache("a", directory="cache")
cache.bootstrap_from_dict(given["features"])
client = UnleashClient("http://127.0.0.1:9/", "a", cache=cache, disable_metrics=True, disable_registration=True)
client.initialize_client(fetch_toggles=False)
answers = [client.is_enabled("since", {"properties": who}) for who in given["people"]]
print("python", *(str(answer).lower() for answer in answers))
sys.stdout.flush()
os._exit(0)
END
{ node look.js; venv/bin/python look.py; } > seen
cat seen
diff expected seen
