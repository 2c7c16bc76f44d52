#!/usr/bin/env bash
# Subject: caniemail 2.0.2 (npm; asks for Node 22, runs on 20).
# Guess: a client is judged by its newest version in the table.
# Seen: "newest" is the last name in alphabetical order. Outlook for macOS has the versions 2011,
#   2016 and 16.80, of which 16.80 is the newest, and 2016 is taken: keyframes that 16.80 does not
#   know pass. (The order of the keys is no help: JavaScript puts whole numbers first.)
# Cost: a lint that passes says nothing about the Outlook that a Mac has today.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{}' > package.json
npm install --silent --no-audit --no-fund caniemail@2.0.2 || exit 2
cat > expected <<'END'
table: 2011 y, 2016 y, 16.80 n
outlook.macos passes
outlook.windows fails
features of which 16.80 and the version taken differ: 77 of 269
END
cat > look.mjs <<'END'
import { caniemail, rawData } from "caniemail";

const told = rawData.data.map((feature) => feature.stats.outlook?.macos).filter((versions) => versions?.["16.80"]);
const keyframes = rawData.data.find((feature) => feature.slug === "css-at-keyframes").stats.outlook.macos;
console.log("table:", Object.entries(keyframes).map((pair) => pair.join(" ")).join(", "));
const html = "<style>@keyframes a{from{color:red}}</style><p>x</p>";
for (const client of ["outlook.macos", "outlook.windows"]) {
  console.log(client, caniemail({ clients: [client], html }).success ? "passes" : "fails");
}
const differ = told.filter((versions) => versions[Object.keys(versions).sort().at(-1)][0] !== versions["16.80"][0]);
console.log(`features of which 16.80 and the version taken differ: ${differ.length} of ${told.length}`);
END
node look.mjs > seen
cat seen
diff expected seen
