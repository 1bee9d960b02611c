"""Delivers by LMTP and appends and flags by IMAP until the server is gone; a line for whatever was answered 250 or OK.

usage: load.py IMAP_PORT LMTP_PORT USER PASSWORD ROUND
"""
import imaplib
import smtplib
import sys
import threading

imap_port, lmtp_port, user, password, round_ = sys.argv[1:]
lock = threading.Lock()


def acknowledged(what):
    with lock:
        print(what, flush=True)


def until_gone(work):
    def run():
        try:
            work()
        except (OSError, smtplib.SMTPException, imaplib.IMAP4.error):
            pass

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def message(identity):
    return f"Message-ID: <{identity}>\r\nSubject: load\r\n\r\n{'text ' * 200}\r\n".encode()


def deliver(worker):
    with smtplib.LMTP("127.0.0.1", int(lmtp_port)) as lmtp:
        number = 0
        while True:
            identity = f"lmtp-{round_}-{worker}-{number}"
            lmtp.sendmail("load@example.org", [user], message(identity))
            acknowledged(f"stored {identity}")
            number += 1


def append():
    imap = imaplib.IMAP4("127.0.0.1", int(imap_port))
    imap.login(user, password)
    imap.select("Sent")
    number = 0
    while True:
        identity = f"imap-{round_}-{number}"
        status, answer = imap.append("Sent", None, None, message(identity))
        assert status == "OK", answer
        acknowledged(f"stored {identity}")
        uid = answer[0].split()[2].rstrip(b"]").decode()
        status, answer = imap.uid("STORE", uid, "+FLAGS.SILENT", r"(\Flagged)")
        assert status == "OK", answer
        acknowledged(f"flagged {identity}")
        number += 1


for thread in [until_gone(lambda: deliver(1)), until_gone(lambda: deliver(2)), until_gone(append)]:
    thread.join()
