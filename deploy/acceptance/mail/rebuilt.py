"""A mailbox that is thrown away and rebuilt.

usage: rebuilt.py fill|change|show IMAP_PORT USER PASSWORD
    fill    folders, messages with flags and keywords and other dates, gaps in the UIDs
    change  what no checkpoint knows: deliveries, flags, a move, an expunge, a new folder
    show    a line for each message: folder, UID, flags, internal date, subject
"""
import imaplib
import re
import sys

imap = imaplib.IMAP4("127.0.0.1", int(sys.argv[2]))
imap.login(sys.argv[3], sys.argv[4])


def ok(answer):
    assert answer[0] == "OK", answer
    return answer[1]


def append(folder, flags, subject):
    text = f"Subject: {subject}\r\nContent-Type: text/plain\r\n\r\nAbout {subject}.\r\n"
    ok(imap.append(folder, flags, '" 5-Mar-2021 10:20:30 +0000"', text.encode()))


def fill():
    ok(imap.create("Work/&AOQ-"))
    for number in range(1, 21):
        append("INBOX", r"(\Seen)" if number % 2 else "()", f"inbox {number}")
    for number in range(1, 6):
        append("Work/&AOQ-", r"(\Answered $Work)", f"work {number}")
    ok(imap.select("INBOX"))
    ok(imap.uid("STORE", "3:5", "+FLAGS", r"(\Flagged later)"))
    ok(imap.uid("COPY", "6", "Work/&AOQ-"))
    ok(imap.uid("STORE", "8:9", "+FLAGS", r"(\Deleted)"))
    ok(imap.expunge())


def change():
    append("INBOX", r"(\Flagged new)", "after it")
    ok(imap.create("New"))
    append("New", "()", "in a new folder")
    ok(imap.select("INBOX"))
    ok(imap.uid("STORE", "10", "+FLAGS", r"(\Draft)"))
    ok(imap.uid("MOVE", "11", "Work/&AOQ-"))
    ok(imap.uid("STORE", "12", "+FLAGS", r"(\Deleted)"))
    ok(imap.expunge())


def show():
    folders = [re.search(rb'"([^"]*)"$|(\S+)$', line) for line in ok(imap.list())]
    for folder in sorted((found.group(1) or found.group(2)).decode() for found in folders):
        # A name that only has folders below it cannot be selected.
        if imap.select(f'"{folder}"', readonly=True)[0] != "OK":
            continue
        for answer in ok(imap.uid("FETCH", "1:*", "(FLAGS INTERNALDATE BODY.PEEK[])")):
            if isinstance(answer, tuple):
                uid = re.search(rb"UID (\d+)", answer[0]).group(1).decode()
                flags = " ".join(sorted(re.search(rb"FLAGS \(([^)]*)\)", answer[0]).group(1).decode().split()))
                date = re.search(rb'INTERNALDATE "([^"]*)"', answer[0]).group(1).decode()
                subject = re.search(rb"Subject: (.*)\r\n", answer[1]).group(1).decode()
                assert answer[1].endswith(f"About {subject}.\r\n".encode()), answer
                print(folder, uid, f"({flags})", date, subject, sep="|")


{"fill": fill, "change": change, "show": show}[sys.argv[1]]()
imap.logout()
