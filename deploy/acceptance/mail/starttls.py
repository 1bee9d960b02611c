"""Mail in by LMTP under TLS, with the client of Python's standard library.

usage: starttls.py LMTP_PORT USER CERTIFICATE
"""
import smtplib
import ssl
import sys

port, user, certificate = sys.argv[1:]


def lmtp():
    client = smtplib.LMTP("localhost", int(port))
    client.ehlo()
    return client


stranger = lmtp()
try:
    stranger.starttls(context=ssl.create_default_context())
    raise AssertionError("a certificate that nobody trusts")
except ssl.SSLCertVerificationError:
    pass
with lmtp() as client:
    client.starttls(context=ssl.create_default_context(cafile=certificate))
    client.sendmail("ada@example.org", [user], b"Subject: under TLS\r\n\r\nHello.\r\n")
print("ok")
