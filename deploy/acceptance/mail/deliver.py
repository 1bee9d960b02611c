"""Delivers messages of 20 KiB on one connection, of what can hardly be compressed.

usage: deliver.py LMTP_PORT USER COUNT
"""
import base64
import os
import smtplib
import sys

with smtplib.LMTP("127.0.0.1", int(sys.argv[1])) as lmtp:
    for number in range(int(sys.argv[3])):
        text = f"Subject: {number}\r\n\r\n" + base64.encodebytes(os.urandom(15_000)).decode().replace("\n", "\r\n")
        assert lmtp.sendmail("ada@example.org", [sys.argv[2]], text) == {}
print("ok")
