"""Mail in by LMTP and out by IMAP, with the clients of Python's standard library.

usage: round_trip.py IMAP_PORT LMTP_PORT USER PASSWORD
"""
import email
import imaplib
import smtplib
import sys
import threading

HOST = "127.0.0.1"


def ok(answer):
    status, data = answer
    assert status == "OK", answer
    return data


def message(number, text="Hello.\r\n"):
    return (
        f"From: Ada <ada@example.org>\r\nTo: {USER}@example.org\r\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?= {number}\r\n"
        f"Message-ID: <{number}@example.org>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}"
    ).encode()


def deliver(first, count):
    with smtplib.LMTP(HOST, LMTP_PORT) as lmtp:
        for number in range(first, first + count):
            # What comes back are the recipients that were refused.
            refused = lmtp.sendmail("ada@example.org", [f"{USER}@example.org", "nobody@example.org"], message(number))
            assert list(refused) == ["nobody@example.org"], refused
            assert refused["nobody@example.org"][0] == 550, refused


def login():
    imap = imaplib.IMAP4(HOST, IMAP_PORT)
    ok(imap.login(USER, PASSWORD))
    return imap


def deliveries():
    threads = [threading.Thread(target=deliver, args=(10 * i, 10)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    imap = login()
    assert ok(imap.select("INBOX")) == [b"40"]
    subjects = set()
    for part in ok(imap.fetch("1:*", "(UID RFC822.SIZE BODY.PEEK[])")):
        if isinstance(part, tuple):
            parsed = email.message_from_bytes(part[1])
            assert parsed["Return-Path"] == "<ada@example.org>", parsed
            assert parsed["Delivered-To"] == f"{USER}@example.org"
            assert parsed.get_payload(decode=True) == b"Hello.\r\n"
            assert f"RFC822.SIZE {len(part[1])}".encode() in part[0], part[0]
            subjects.add(str(email.header.make_header(email.header.decode_header(parsed["Subject"]))))
    assert subjects == {f"Grüße {number}" for number in range(40)}, subjects
    assert ok(imap.uid("SEARCH", "UNSEEN")) == [" ".join(str(uid) for uid in range(1, 41)).encode()]
    imap.logout()


def flags_and_folders():
    imap = login()
    ok(imap.create("Archive/2026"))
    ok(imap.select("INBOX"))
    ok(imap.store("1:3", "+FLAGS", r"(\Seen $Work)"))
    assert ok(imap.search(None, "KEYWORD", "$Work")) == [b"1 2 3"]
    ok(imap.copy("1:2", "Archive/2026"))
    ok(imap.uid("MOVE", "3", "Archive/2026"))
    ok(imap.store("1", "+FLAGS", r"(\Deleted)"))
    # The first was told by MOVE.
    assert ok(imap.expunge()) == [b"3", b"1"]
    assert ok(imap.uid("SEARCH", "ALL"))[0].split()[:3] == [b"2", b"4", b"5"]
    assert ok(imap.select("Archive/2026", readonly=True)) == [b"3"]
    assert b"$Work" in ok(imap.fetch("3", "(FLAGS)"))[0]
    names = [line.decode().split(' "/" ')[1] for line in ok(imap.list())]
    assert names == ["Archive", "Archive/2026", "Drafts", "INBOX", "Junk", "Sent", "Trash"], names
    ok(imap.append("Drafts", r"(\Draft)", None, message("draft", "x" * 1_000_000 + "\r\n")))
    assert b"MESSAGES 1" in ok(imap.status("Drafts", "(MESSAGES SIZE)"))[0]
    imap.logout()


def idle():
    """An idle client is told by a client on another connection, which may be on another event loop."""
    imap = login()
    count = int(ok(imap.select("INBOX"))[0])
    for number in range(4):
        imap.send(b"i IDLE\r\n")
        assert imap.readline().startswith(b"+ ")
        deliver(100 + number, 1)
        assert imap.readline() == f"* {count + number + 1} EXISTS\r\n".encode()
        imap.send(b"DONE\r\n")
        assert imap.readline().startswith(b"i OK ")
    imap.logout()


def refusals():
    imap = imaplib.IMAP4(HOST, IMAP_PORT)
    try:
        imap.login(USER, "wrong")
        raise AssertionError("a wrong password is taken")
    except imaplib.IMAP4.error as refused:
        assert b"AUTHENTICATIONFAILED" in refused.args[0], refused
    imap.shutdown()
    imap = login()
    assert imap.append("Drafts", None, None, b"x" * 30_000_000)[0] == "NO"
    imap.logout()


IMAP_PORT, LMTP_PORT, USER, PASSWORD = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4]
deliveries()
flags_and_folders()
idle()
refusals()
print("ok")
