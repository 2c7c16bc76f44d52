#!/bin/sh
# example_data.sh MAILWEAVE DIR: from a shop's exports to its mails, and one customer out of all of it again.
set -eu
mailweave=$1 dir=$2
# rows that are refused, and what stands out, end a command with 1: here they are what is shown
told() { "$@" || test $? = 1; }
step() { printf '\n== %s\n' "$1"; }

step "check: what the export is like"
told "$mailweave" data check "$dir/data.toml" --now 2026-11-22T09:00Z
step "load: recipients and purchases"
told "$mailweave" data load "$dir/data.toml" --out "$dir/people.jsonl"
told "$mailweave" data load "$dir/data.toml" --event purchase --out "$dir/purchases.jsonl"
step "dedupe: 1001 and 1006 are one person; undone, to the byte; the events follow"
"$mailweave" data dedupe "$dir/data.toml" --list "$dir/people.jsonl" --out "$dir/merged.jsonl"
"$mailweave" data dedupe "$dir/data.toml" --list "$dir/merged.jsonl" --undo "$dir/merged.merges.jsonl" --out "$dir/undone.jsonl"
cmp "$dir/undone.jsonl" "$dir/people.jsonl"
rm "$dir/undone.jsonl"
"$mailweave" data dedupe "$dir/data.toml" --list "$dir/purchases.jsonl" --follow "$dir/merged.merges.jsonl" --out "$dir/events.jsonl"
step "consent: recorded, verified, put into the list as of now"
"$mailweave" data consent --mapping "$dir/data.toml" --add "$dir/consents.jsonl"
"$mailweave" data consent --mapping "$dir/data.toml" --verify
"$mailweave" data consent --mapping "$dir/data.toml" --state "$dir/list.jsonl" --list "$dir/merged.jsonl" --now 2026-11-22T09:00Z
"$mailweave" data consent --processing "$dir/campaign" > "$dir/processing.md"
step "batch: who has not agreed, or has taken it back, gets no mail"
"$mailweave" batch "$dir/campaign" --profiles "$dir/list.jsonl" --events "$dir/events.jsonl" --out "$dir/mails" --workers 1
step "export and erase: one customer, and what is too old"
"$mailweave" data export 1007 --mapping "$dir/data.toml" --out "$dir/1007.json"
"$mailweave" data erase 1007 --mapping "$dir/data.toml"
rm "$dir/1007.json"
"$mailweave" data erase --expired --mapping "$dir/data.toml" --now 2026-11-22T09:00Z
"$mailweave" data consent --mapping "$dir/data.toml" --verify
