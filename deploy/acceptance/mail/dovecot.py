"""A client of a Dovecot that stands before Roost: delivery, reading, flags, moves, search, expunge, IDLE; and what Roost has of it.

usage: dovecot.py DOVECOT_IMAP DOVECOT_LMTP ROOST_IMAP ROOST_LMTP USER DOVECOT_PASSWORD ROOST_PASSWORD MODE

In mode imapc a Sieve rule of the user puts mail about a list into the folder Lists, which must exist.
"""
import imaplib
import smtplib
import sys
import time

HOST = "127.0.0.1"
DOVECOT_IMAP, DOVECOT_LMTP, ROOST_IMAP, ROOST_LMTP = (int(port) for port in sys.argv[1:5])
USER, DOVECOT_PASSWORD, ROOST_PASSWORD, MODE = sys.argv[5:]


def ok(answer):
    status, data = answer
    assert status == "OK", answer
    return data


def deliver(port, subject, text):
    with smtplib.LMTP(HOST, port) as lmtp:
        message = f"From: eve@example.org\r\nTo: {USER}\r\nSubject: {subject}\r\n\r\n{text}\r\n".encode()
        assert lmtp.sendmail("eve@example.org", [USER], message) == {}


def login(port, password):
    imap = imaplib.IMAP4(HOST, port)
    ok(imap.login(USER, password))
    return imap


def uids(imap, *criteria):
    return [int(uid) for uid in ok(imap.uid("SEARCH", *criteria))[0].split()]


def until(condition):
    """What others change comes to a Dovecot with imapc when it comes."""
    for _ in range(6_000):
        if condition():
            return
        time.sleep(0.01)
        ok(client.noop())
    raise AssertionError("it does not come true")


# Whoever has another password gets in at neither.
for port in (DOVECOT_IMAP, ROOST_IMAP):
    try:
        login(port, "wrong")
        raise AssertionError("a wrong password is taken")
    except imaplib.IMAP4.error:
        pass

roost = login(ROOST_IMAP, ROOST_PASSWORD)
ok(roost.create("Lists"))
ok(roost.create("Archive"))
for number, subject in enumerate(["first", "about a list", "third", "fourth"]):
    deliver(DOVECOT_LMTP, subject, f"Text {number}" if number else "x" * 300_000)

client = login(DOVECOT_IMAP, DOVECOT_PASSWORD)
in_lists = 1 if MODE == "imapc" else 0
assert ok(client.select("Lists")) == [str(in_lists).encode()]
count = 4 - in_lists
assert ok(client.select("INBOX")) == [str(count).encode()]
assert ok(roost.select("INBOX")) == [str(count).encode()]

# Read.
first = uids(client, "SUBJECT", "first")[0]
sizes = ok(client.uid("FETCH", str(first), "(RFC822.SIZE BODY.PEEK[])"))
assert len(sizes[0][1]) > 300_000 and b"x" * 300_000 in sizes[0][1], sizes[0][0]
assert f"RFC822.SIZE {len(sizes[0][1])}".encode() in sizes[0][0], sizes[0][0]
envelope = ok(client.uid("FETCH", str(first), "(ENVELOPE BODYSTRUCTURE)"))[0]
assert b'"first"' in envelope and b'"eve" "example.org"' in envelope and b'"text" "plain"' in envelope.lower(), envelope

# Search, in headers and bodies.
third = uids(client, "SUBJECT", "third")[0]
assert uids(client, "BODY", '"Text 2"') == [third]
assert uids(client, "UNSEEN", "LARGER", "100000") == [first]
assert uids(roost, "SUBJECT", "third") == [third]

# Flags.
ok(client.uid("STORE", str(third), "+FLAGS", r"(\Seen \Flagged $Work)"))
ok(roost.noop())
assert uids(roost, "SEEN", "FLAGGED", "KEYWORD", "$Work") == [third]
ok(roost.uid("STORE", str(first), "+FLAGS", r"(\Answered)"))
until(lambda: uids(client, "ANSWERED") == [first])

# Move.
ok(client.uid("MOVE", str(third), "Archive"))
assert uids(client, "SUBJECT", "third") == []
ok(roost.noop())
assert uids(roost, "SUBJECT", "third") == []
assert ok(roost.select("Archive", readonly=True)) == [b"1"]
assert b"$Work" in ok(roost.fetch("1", "(FLAGS)"))[0]
ok(roost.select("INBOX"))

# Expunge.
ok(client.uid("STORE", str(first), "+FLAGS", r"(\Deleted)"))
ok(client.expunge())
ok(roost.noop())
assert uids(roost, "SUBJECT", "first") == []

# IDLE: what comes in at Roost is told to the client of Dovecot.
client.send(b"i IDLE\r\n")
assert client.readline().startswith(b"+ ")
deliver(ROOST_LMTP, "news", "now")
line = client.readline()
while b"EXISTS" not in line:
    assert line.startswith(b"* "), line
    line = client.readline()
client.send(b"DONE\r\n")
while not client.readline().startswith(b"i OK"):
    pass
until(lambda: len(uids(client, "SUBJECT", "news")) == 1)

# Append.
ok(client.append("Drafts", r"(\Draft)", None, b"Subject: draft\r\n\r\nLater.\r\n"))
assert b"MESSAGES 1" in ok(roost.status("Drafts", "(MESSAGES)"))[0]
client.logout()
roost.logout()
print("ok")
