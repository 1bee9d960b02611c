"""Several clients change one mailbox at random; then all of them, and one that was away, know the same as the server.

usage: together.py IMAP_PORT[,IMAP_PORT...] USER PASSWORD CLIENTS SECONDS SEED      clients take the ports in turn
"""
import imaplib
import itertools
import random
import re
import sys
import threading
import time

ports, user, password, clients, seconds, seed = sys.argv[1:]
ports = itertools.cycle(ports.split(","))
FLAGS = [rb"\Seen", rb"\Flagged", rb"\Answered", b"$Work", b"$Later"]
FETCH = re.compile(rb"FETCH \((?=.*UID (\d+))(?=.*FLAGS \(([^)]*)\))")


def ok(answer):
    status, data = answer
    assert status == "OK", answer
    return data


class Client:
    """Knows the mailbox by what it is told: UIDs in the order of their numbers, and flags."""

    def __init__(self):
        self.imap = imaplib.IMAP4("127.0.0.1", int(next(ports)))
        self.imap.login(user, password)
        ok(self.imap.enable("QRESYNC"))
        self.appended = set()
        self.errors = []

    def line(self, command):
        """Sends a command and returns its untagged lines and the tagged one."""
        tag = self.imap._new_tag()
        self.imap.send(tag + b" " + command + b"\r\n")
        lines = []
        while True:
            line = self.imap.readline()
            assert line, "the connection is gone"
            if line.startswith(tag):
                return lines, line[len(tag) + 1:].rstrip()
            lines.append(line.rstrip())

    def select(self, qresync=b""):
        lines, end = self.line(b"SELECT INBOX" + qresync)
        assert end.startswith(b"OK"), end
        text = b"\n".join(lines)
        self.validity = int(re.search(rb"UIDVALIDITY (\d+)", text).group(1))
        self.modseq = int(re.search(rb"HIGHESTMODSEQ (\d+)", text).group(1))
        return lines

    def messages(self, known=None):
        """All UIDs with their flags, over what the client knew: what has gone it has been told by now."""
        known = {} if known is None else known
        lines, end = self.line(b"UID FETCH 1:* (UID FLAGS)")
        assert end.startswith(b"OK"), end
        there = {int(found.group(1)) for found in map(FETCH.search, lines) if found}
        for line in lines:
            apply(line, known)
        assert set(known) <= there, set(known) - there
        return known


def uids(text):
    for part in text.split(b","):
        first, _, last = part.partition(b":")
        yield from range(int(first), int(last or first) + 1)


def apply(line, known):
    """What an untagged line with UIDs says, over what is known."""
    fetch = FETCH.search(line)
    if fetch:
        known[int(fetch.group(1))] = frozenset(fetch.group(2).split()) - {rb"\Recent"}
    vanished = re.match(rb"\* VANISHED (?:\(EARLIER\) )?([\d:,]+)", line)
    if vanished:
        for uid in uids(vanished.group(1)):
            known.pop(uid, None)


def work(client, chance, until, points):
    """Random commands; keeps what it knows by what it is told, and compares at the end."""
    client.select()
    known = client.messages()
    number = 0
    while time.monotonic() < until:
        some = b",".join(b"%d" % uid for uid in chance.sample(sorted(known), min(len(known), chance.randint(1, 9))))
        what = chance.randrange(10)
        if what < 4 or not some:
            body = b"Subject: %d\r\n\r\nx\r\n" % number
            number += 1
            lines, end = client.line(b"APPEND INBOX (%s) {%d+}\r\n%s" % (chance.choice(FLAGS), len(body), body))
            assert end.startswith(b"OK [APPENDUID"), end
            client.appended.add(int(end.split()[3].rstrip(b"]")))
        elif what < 7:
            lines, end = client.line(
                b"UID STORE %s %s (%s)" % (some, chance.choice([b"+FLAGS", b"-FLAGS", b"FLAGS"]), chance.choice(FLAGS))
            )
        elif what < 8:
            lines, end = client.line(b"UID STORE %s +FLAGS.SILENT (\\Deleted)" % some)
            more, end = client.line(b"UID EXPUNGE %s" % some)
            lines += more
        elif what < 9:
            lines, end = client.line(b"UID MOVE %s Archive" % some)
        else:
            lines, end = client.line(b"UID COPY %s INBOX" % some)
        assert not end.startswith(b"BAD"), end
        for line in lines:
            apply(line, known)
        if chance.random() < 0.3:
            client.messages(known)
        if chance.random() < 0.05:
            points.append((client.validity, *point()))


def point():
    """What a client knows that goes away now."""
    away = Client()
    away.select()
    modseq = away.modseq
    known = away.messages()
    away.imap.logout()
    return modseq, known


def main():
    chance = random.Random(int(seed))
    everyone = [Client() for _ in range(int(clients))]
    everyone[0].line(b"CREATE Archive")
    points = []
    until = time.monotonic() + float(seconds)

    def run(client, own):
        try:
            work(client, own, until, points)
        except Exception as failure:
            client.errors.append(failure)
            raise

    threads = [threading.Thread(target=run, args=(each, random.Random(chance.random()))) for each in everyone]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not any(each.errors for each in everyone)
    fresh = Client()
    fresh.select()
    truth = fresh.messages()
    for each in everyone:
        each.line(b"NOOP")
        assert each.messages() == truth
        numbers, _ = each.line(b"FETCH 1:* (UID)")
        found = [int(re.search(rb"UID (\d+)", line).group(1)) for line in numbers if b"FETCH" in line]
        assert found == sorted(truth), "numbers follow UIDs"
    # Nobody's UID was given to another message.
    appended = [uid for each in everyone for uid in each.appended]
    assert len(appended) == len(set(appended))
    status = ok(fresh.imap.status("INBOX", "(MESSAGES UNSEEN UIDNEXT)"))[0]
    messages, unseen, uidnext = (
        int(re.search(name + rb" (\d+)", status).group(1)) for name in (b"MESSAGES", b"UNSEEN", b"UIDNEXT")
    )
    assert messages == len(truth), (messages, len(truth))
    assert unseen == sum(rb"\Seen" not in flags for flags in truth.values())
    assert uidnext > max([0, *truth, *appended])
    # RFC 7162 3.2.5: from wherever a client was away, what it is told makes it know all.
    for validity, modseq, known in points:
        back = Client()
        lines = back.select(b" (QRESYNC (%d %d))" % (validity, modseq))
        for line in lines:
            apply(line, known)
        assert known == truth, (modseq, known.items() ^ truth.items())
        back.imap.logout()
    print(f"ok: {len(appended)} appended, {len(truth)} left, {len(points)} came back")


main()
