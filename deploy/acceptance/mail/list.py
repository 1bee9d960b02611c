"""What a mailbox holds: a line for each message, with its Message-ID and whether it is flagged.

usage: list.py IMAP_PORT USER PASSWORD
"""
import imaplib
import re
import sys

imap = imaplib.IMAP4("127.0.0.1", int(sys.argv[1]))
imap.login(sys.argv[2], sys.argv[3])
for folder in ("INBOX", "Sent"):
    count = int(imap.select(folder, readonly=True)[1][0])
    if count == 0:
        continue
    status, answers = imap.fetch("1:*", "(FLAGS BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])")
    assert status == "OK", answers
    found = [answer for answer in answers if isinstance(answer, tuple)]
    assert len(found) == count, (len(found), count)
    for head, header in found:
        identity = re.search(rb"<(.*)>", header).group(1).decode()
        print("flagged" if rb"\Flagged" in head else "plain", identity)
imap.logout()
