"""What round_trip.py and large.py have left is there.

usage: still_there.py IMAP_PORT USER PASSWORD
"""
import imaplib
import sys

imap = imaplib.IMAP4("127.0.0.1", int(sys.argv[1]))
imap.login(sys.argv[2], sys.argv[3])
assert imap.select("INBOX") == ("OK", [b"43"])
assert imap.uid("SEARCH", "KEYWORD", "$Work") == ("OK", [b"2"])
assert imap.select("Archive/2026") == ("OK", [b"3"])
assert imap.uid("SEARCH", "SEEN") == ("OK", [b"1 2 3"])
imap.logout()
print("ok")
