"""A client of a Dovecot that keeps Sieve scripts, METADATA and last logins in Roost's dicts.

usage: dict.py DOVECOT_IMAP DOVECOT_LMTP ROOST_IMAP USER DOVECOT_PASSWORD ROOST_PASSWORD

A rule of the user puts mail about a list into the folder Lists.
"""
import imaplib
import smtplib
import sys

HOST = "127.0.0.1"
DOVECOT_IMAP, DOVECOT_LMTP, ROOST_IMAP = (int(port) for port in sys.argv[1:4])
USER, DOVECOT_PASSWORD, ROOST_PASSWORD = sys.argv[4:]
imaplib.Commands.update({"GETMETADATA": ("AUTH", "SELECTED"), "SETMETADATA": ("AUTH", "SELECTED")})


def ok(answer):
    status, data = answer
    assert status == "OK", answer
    return data


def login(port, password):
    imap = imaplib.IMAP4(HOST, port)
    ok(imap.login(USER, password))
    return imap


roost = login(ROOST_IMAP, ROOST_PASSWORD)
ok(roost.create("Lists"))
with smtplib.LMTP(HOST, DOVECOT_LMTP) as lmtp:
    for subject in ("about a list", "other"):
        message = f"From: eve@example.org\r\nTo: {USER}\r\nSubject: {subject}\r\n\r\nText\r\n".encode()
        assert lmtp.sendmail("eve@example.org", [USER], message) == {}
for folder in ("INBOX", "Lists"):
    assert ok(roost.select(folder))[0] == b"1", folder

dovecot = login(DOVECOT_IMAP, DOVECOT_PASSWORD)
ok(dovecot._simple_command("SETMETADATA", "INBOX", '(/private/comment "my comment")'))
dovecot.logout()
# Another session, which has nothing but what Roost has.
dovecot = login(DOVECOT_IMAP, DOVECOT_PASSWORD)
ok(dovecot._simple_command("GETMETADATA", "INBOX", "(/private/comment)"))
told = dovecot._untagged_response("OK", [None], "METADATA")[1]
assert b"my comment" in repr(told).encode(), told
dovecot.logout()
print("ok")
