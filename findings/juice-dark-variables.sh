#!/usr/bin/env bash
# Subject: juice 12.2.0 (npm).
# Guess: a dark mode that sets custom properties anew inside a media query, which juice keeps, still
#   works; at the latest with `resolveCSSVariables: false`.
# Seen: by default `var(--ink)` is written out as the light colour, so the kept query sets what
#   nobody reads. With the option off the light value itself goes inline, on the html element, where
#   it beats the query's `:root`.
# Cost: dark mode is dead either way, in a mail that has all of its code.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{}' > package.json
npm install --silent --no-audit --no-fund juice@12.2.0 || exit 2
cat > expected <<'END'
default: html none; p color: #222222;; query kept true
resolveCSSVariables false: html --ink: #222222;; p color: var(--ink);; query kept true
END
cat > look.mjs <<'END'
import juice from "juice";

const sheet = ":root{--ink:#222222} p{color:var(--ink)} @media (prefers-color-scheme:dark){:root{--ink:#eeeeee}}";
const page = `<html><head><style>${sheet}</style></head><body><p>x</p></body></html>`;
for (const [name, options] of [["default", {}], ["resolveCSSVariables false", { resolveCSSVariables: false }]]) {
  const made = juice(page, options);
  const style = (element) => made.match(new RegExp(`<${element} style="([^"]*)"`))?.[1] ?? "none";
  const kept = /prefers-color-scheme:\s*dark/.test(made) && made.includes("#eeeeee");
  console.log(`${name}: html ${style("html")}; p ${style("p")}; query kept ${kept}`);
}
END
node look.mjs > seen
cat seen
diff expected seen
