#!/usr/bin/env bash
# Subject: aiosmtplib 5.1.3 (PyPI), against aiosmtpd 1.4.6 without TLS.
# Guess: a server that lacks an extension raises SMTPNotSupported, as the class says: for STARTTLS,
#   for AUTH and for SMTPUTF8.
# Seen: where STARTTLS is asked for, at `connect` or by `starttls()`, what is raised is the base class
#   SMTPException itself. AUTH raises it, too; only SMTPUTF8 raises SMTPNotSupported.
# Cost: who catches SMTPNotSupported to say "this server offers no TLS", and tries again after any
#   other SMTPException, tries for ever at a server that will never offer it.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check aiosmtplib==5.1.3 aiosmtpd==1.4.6 || exit 2
cat > expected <<'END'
STARTTLS at connect: SMTPException
starttls(): SMTPException
login(): SMTPException
SMTPUTF8: SMTPNotSupported
END
cat > look.py <<'END'
import asyncio

import aiosmtplib
from aiosmtpd.smtp import SMTP


class Sink:
    async def handle_DATA(self, server, session, envelope):
        return "250 taken"


async def told(name, doing):
    try:
        await doing
        print(f"{name}: nothing")
    except aiosmtplib.SMTPException as error:
        print(f"{name}: {type(error).__name__}")


async def main():
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(Sink(), hostname="localhost"), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    await told("STARTTLS at connect", aiosmtplib.SMTP(hostname="127.0.0.1", port=port, start_tls=True).connect())
    client = aiosmtplib.SMTP(hostname="127.0.0.1", port=port, start_tls=False)
    await client.connect()
    await told("starttls()", client.starttls())
    await told("login()", client.login("ann", "secret"))
    await told("SMTPUTF8", client.sendmail("zoë@example.com", ["ann@example.com"], "Subject: Hi\r\n\r\nHi\r\n",
                                          mail_options=["SMTPUTF8"]))
    await client.quit()
    server.close()


asyncio.run(main())
END
env/bin/python look.py > seen
cat seen
diff expected seen
