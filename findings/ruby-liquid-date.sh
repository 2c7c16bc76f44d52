#!/usr/bin/env bash
# Subject: Ruby Liquid 5.4.0 (Debian's ruby-liquid; without it or with another version this
#   exits with 2).
# Guess: the `date` filter reads `3/4/16` as `3/4/2016` is read, in one of the two orders of day
#   and month.
# Seen: with a year of four digits the day comes first; with two digits the year does, so that
#   the same day lies thirteen years away.
# Cost: an offer ended thirteen years ago for all whose dates come with a short year.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
command -v ruby > /dev/null || { echo "ruby is missing"; exit 2; }
ruby -e 'require "liquid"; exit Liquid::VERSION == "5.4.0"' 2> /dev/null ||
  { echo "ruby-liquid 5.4.0 is missing"; exit 2; }
cat > "$work/expected" <<'END'
3/4/2016 -> 2016-04-03
3/4/16 -> 2003-04-16
END
ruby - > "$work/seen" <<'END'
require "liquid"
["3/4/2016", "3/4/16"].each do |day|
  puts "#{day} -> #{Liquid::Template.parse("{{ day | date: '%Y-%m-%d' }}").render("day" => day)}"
end
END
cat "$work/seen"
diff "$work/expected" "$work/seen"
