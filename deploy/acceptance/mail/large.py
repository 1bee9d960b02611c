"""A message beyond one transaction, in by LMTP and by APPEND, out by FETCH; one beyond the limit is refused.

usage: large.py IMAP_PORT LMTP_PORT USER PASSWORD
"""
import imaplib
import smtplib
import sys

imap_port, lmtp_port, user, password = sys.argv[1:]
imaplib._MAXLINE = 100_000_000
text = b"Subject: large\r\n\r\n" + b"0123456789" * 7 + b"\r\n"
text += (b"0123456789abcdef" * 4 + b"\r\n") * 150_000


def ok(answer):
    status, data = answer
    assert status == "OK", answer
    return data


with smtplib.LMTP("127.0.0.1", int(lmtp_port)) as lmtp:
    lmtp.sendmail("ada@example.org", [user], text)
    limit = int(lmtp.esmtp_features["size"])
    try:
        lmtp.sendmail("ada@example.org", [user], b"x" * 998 + b"\r\n" + b"y\r\n" * (limit // 3))
        raise AssertionError("larger than the limit")
    except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as refused:
        assert refused.smtp_code == 552, refused
imap = imaplib.IMAP4("127.0.0.1", int(imap_port))
ok(imap.login(user, password))
ok(imap.select("INBOX"))
last = ok(imap.search(None, "SUBJECT", "large"))[0].split()[-1]
got = ok(imap.fetch(last, "(BODY.PEEK[])"))[0][1]
assert got.endswith(text), len(got)
assert ok(imap.fetch(last, "(BODY.PEEK[TEXT]<10000000.5>)"))[0][1] == text[text.index(b"\r\n\r\n") + 4:][10_000_000:10_000_005]
ok(imap.append("Sent", None, None, text))
ok(imap.select("Sent"))
assert ok(imap.fetch("*", "(BODY.PEEK[])"))[0][1] == text
imap.logout()
print("ok")
