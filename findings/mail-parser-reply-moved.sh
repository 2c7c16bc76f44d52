#!/usr/bin/env bash
# Subject: mail-parser-reply 1.36 (Python), the customer's words in an answer to a mail.
# Guess: lines count as the header of a quoted mail where there is a mail behind them.
# Seen: two lines in a row that begin with `From:` and `To:` are enough, whatever they say: all that
#   follows them is taken for a quoted mail, and is no part of `latest_reply`.
# Cost: "I have moved: From: .. To: .." arrives at the help desk without both addresses.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check mail-parser-reply==1.36 || exit 2
cat > "$work/expected" <<'END'
from and to: 'I have moved.'
old and new: 'I have moved.\nOld: 1 High Street\nNew: 2 Low Road\nPlease send it there.'
END
"$work/venv/bin/python" - > "$work/seen" <<'END'
from mailparser_reply import EmailReplyParser

TEXT = "I have moved.\n{}: 1 High Street\n{}: 2 Low Road\nPlease send it there.\n"
for one, other in (("From", "To"), ("Old", "New")):
    reply = EmailReplyParser(languages=["en"]).read(text=TEXT.format(one, other))
    print(f"{one.lower()} and {other.lower()}: {reply.latest_reply!r}")
END
cat "$work/seen"
diff "$work/expected" "$work/seen"
