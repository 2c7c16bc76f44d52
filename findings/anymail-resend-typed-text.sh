#!/usr/bin/env bash
# Subject: django-anymail 15.2 (PyPI) with Django 5.2.8, its backend for Resend.
# Guess: a parameter of a media type travels with the file, as with anymail's other backends.
# Seen: a file is refused as an unsupported feature once its type has a parameter, whether or not its
#   name fits the type: the whole type is compared with what the name alone would give.
#   `text/csv` and `text/calendar` go, and are sent with a charset that nobody gave;
#   `text/csv; charset=utf-8` and `text/calendar; method=REQUEST` do not. Postmark's takes all four.
# Cost: an invitation needs `method` in its type to be one. A mail with a calendar, or with a table
#   whose letters are declared, ends in an exception when the provider is changed to Resend.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check django-anymail==15.2 Django==5.2.8 requests==2.32.5 || exit 2
cat > expected <<'END'
resend prices.csv text/csv: text/csv; charset="utf-8"
resend prices.csv text/csv; charset=utf-8: AnymailUnsupportedFeature
resend event.ics text/calendar: text/calendar; charset="utf-8"
resend event.ics text/calendar; method=REQUEST: AnymailUnsupportedFeature
postmark prices.csv text/csv: text/csv; charset="utf-8"
postmark prices.csv text/csv; charset=utf-8: text/csv; charset=utf-8
postmark event.ics text/calendar: text/calendar; charset="utf-8"
postmark event.ics text/calendar; method=REQUEST: text/calendar; method="REQUEST"; charset="utf-8"
END
env/bin/python - > seen <<'END'
from django.conf import settings

settings.configure(ANYMAIL={}, DEFAULT_CHARSET="utf-8")
from anymail.backends import postmark, resend
from anymail.exceptions import AnymailUnsupportedFeature
from django.core.mail import EmailMessage

FILES = [
    ("prices.csv", "text/csv"),
    ("prices.csv", "text/csv; charset=utf-8"),
    ("event.ics", "text/calendar"),
    ("event.ics", "text/calendar; method=REQUEST"),
]


def told(backend, key, name, kind):
    message = EmailMessage("A file", "Here it is.", "shop@example.com", ["ann@example.com"])
    message.attach(name, b"a,b\n", kind)
    try:
        (one,) = backend.build_message_payload(message, {}).data[key]
    except AnymailUnsupportedFeature as error:
        return type(error).__name__
    return one.get("content_type") or one.get("ContentType")


for title, backend, key in (
    ("resend", resend.EmailBackend(api_key="none"), "attachments"),
    ("postmark", postmark.EmailBackend(server_token="none"), "Attachments"),
):
    for name, kind in FILES:
        print(f"{title} {name} {kind}: {told(backend, key, name, kind)}")
END
cat seen
diff expected seen
