"""How long SELECT takes in two folders, alternately, and FETCH 1:* (FLAGS) of the larger.

usage: scale.py IMAP_PORT USER PASSWORD SMALL LARGE
"""
import socket
import statistics
import sys
import time

port, user, password, small, large = sys.argv[1:]
client = socket.create_connection(("127.0.0.1", int(port)))
reader = client.makefile("rb", 1 << 20)
reader.readline()


def command(text):
    """Lines of the answer, counted; the last must be OK."""
    begin = time.perf_counter()
    client.sendall(b"t " + text.encode() + b"\r\n")
    lines = 0
    for line in reader:
        lines += 1
        if line.startswith(b"t "):
            assert line.startswith(b"t OK"), line
            return lines - 1, (time.perf_counter() - begin) * 1000


command(f"LOGIN {user} {password}")
times = {small: [], large: []}
for _ in range(200):
    for folder in (small, large):
        times[folder].append(command(f"SELECT {folder}")[1])
# The first ones warm the server up.
medians = {folder: statistics.median(taken[50:]) for folder, taken in times.items()}
for folder, median in medians.items():
    print(f"report SELECT {folder}: {median:.2f} ms")
print(f"select {medians[large] / medians[small]:.2f}")
lines, millis = command("FETCH 1:* (FLAGS)")
print(f"report FETCH 1:* (FLAGS): {lines} messages in {millis:.0f} ms")
