"""Opens many IMAP connections, spread over user0 to user9, that select INBOX and idle; waits until its standard input ends; then
delivers to user0 and waits until all connections of user0 are told. Prints `idle` and `told P50 P99`, in milliseconds.

usage: idlers.py IMAP_PORT LMTP_PORT COUNT
"""
import selectors
import smtplib
import socket
import sys
import time

imap, lmtp, count = (int(word) for word in sys.argv[1:])


def until(client, end):
    """Reads until a line begins so; one connection after the other, so that the server is not flooded with logins."""
    data = b""
    while not any(line.startswith(end) for line in data.split(b"\r\n")[:-1]):
        piece = client.recv(65536)
        assert piece, data
        data += piece
    assert b" NO" not in data and b" BAD" not in data, data


clients = []
for number in range(count):
    client = socket.create_connection(("127.0.0.1", imap))
    until(client, b"* OK")
    client.sendall(b"a LOGIN user%d secret\r\nb SELECT INBOX\r\nc IDLE\r\n" % (number % 10))
    until(client, b"+ ")
    clients.append(client)
print("idle", flush=True)
sys.stdin.read()

selector = selectors.DefaultSelector()
waiting = 0
for number, client in enumerate(clients):
    if number % 10 == 0:
        client.setblocking(False)
        selector.register(client, selectors.EVENT_READ)
        waiting += 1
begin = time.monotonic()
with smtplib.LMTP("127.0.0.1", lmtp) as server:
    server.sendmail("a@example.org", ["user0"], b"Subject: news\r\n\r\nnow\r\n")
told = []
while waiting > len(told):
    events = selector.select(60)
    assert events, f"{waiting - len(told)} were not told"
    for key, _ in events:
        if b"EXISTS" in key.fileobj.recv(65536):
            told.append((time.monotonic() - begin) * 1000)
            selector.unregister(key.fileobj)
print(f"told {told[len(told) // 2]:.1f} {told[len(told) * 99 // 100]:.1f}")
