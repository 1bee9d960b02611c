"""Delivers messages of 20 KiB on one connection.

usage: deliver.py LMTP_PORT USER COUNT
"""
import smtplib
import sys

with smtplib.LMTP("127.0.0.1", int(sys.argv[1])) as lmtp:
    for number in range(int(sys.argv[3])):
        text = f"Subject: {number}\r\n\r\n" + ("x" * 70 + "\r\n") * 284
        assert lmtp.sendmail("ada@example.org", [sys.argv[2]], text) == {}
print("ok")
