"""Makes a Maildir as Dovecot has it, or compares two: messages, flags, dates, folders, UIDs, UIDVALIDITY.

usage: maildir.py make DIR | maildir.py compare DIR OTHER
"""
import hashlib
import os
import random
import re
import sys

FOLDERS = {"": 1_234_567_890, ".Archive": 1_700_000_001, ".Archive.2026": 1_700_000_002, ".Entw&APw-rfe": 1_700_000_003}
KEYWORDS = ["$Work", "Later", "$Forwarded"]


def write(path, text):
    with open(path, "wb") as file:
        file.write(text)


def make(root):
    rng = random.Random(1)
    for folder, validity in FOLDERS.items():
        path = os.path.join(root, folder)
        for part in ("cur", "new", "tmp"):
            os.makedirs(os.path.join(path, part))
        uid = 0
        uidlist = ""
        for number in range(150 if folder == "" else 20):
            uid += rng.choice([1, 1, 1, 7])
            base = f"{1_700_000_000 + number}.M{number}.host,S=1"
            flags = "".join(flag for flag in "DFRST" if rng.random() < 0.3)
            letters = "".join(chr(ord("a") + i) for i in range(len(KEYWORDS)) if rng.random() < 0.2)
            text = f"From: a@example.org\nSubject: {folder} {number}\nMessage-ID: <{number}{folder}@x>\n\n"
            text += "Text. \n" * rng.randrange(200 if number else 100_000)
            name = os.path.join(path, "cur", f"{base}:2,{flags}{letters}")
            write(name, text.encode())
            date = 1_600_000_000 + 3600 * number
            os.utime(name, (date, date))
            uidlist += f"{uid} :{base}\n"
        write(os.path.join(path, "dovecot-uidlist"), f"3 V{validity} N{uid + 5} G{'%032x' % validity}\n{uidlist}".encode())
        write(
            os.path.join(path, "dovecot-keywords"),
            "".join(f"{i} {keyword}\n" for i, keyword in enumerate(KEYWORDS)).encode(),
        )


def read(root):
    """By folder UIDVALIDITY, and by UID what a message is."""
    folders = {}
    for folder in FOLDERS:
        path = os.path.join(root, folder)
        lines = open(os.path.join(path, "dovecot-uidlist"), encoding="latin-1").read().splitlines()
        keywords = dict(line.split(" ", 1) for line in open(os.path.join(path, "dovecot-keywords")).read().splitlines())
        uids = {}
        for line in lines[1:]:
            uid, base = re.fullmatch(r"(\d+) (?:[^:]* )?:(.*)", line).groups()
            uids[base.split(":")[0]] = int(uid)
        messages = {}
        for part in ("cur", "new"):
            for file in os.listdir(os.path.join(path, part)):
                name = os.path.join(path, part, file)
                text = open(name, "rb").read().replace(b"\r\n", b"\n")
                base, _, flags = file.partition(":2,")
                words = {keywords[str(ord(c) - ord("a"))] for c in flags if c.islower()}
                messages[uids[base]] = (
                    hashlib.sha256(text).hexdigest(),
                    "".join(sorted(c for c in flags if c.isupper())),
                    sorted(words),
                    int(os.stat(name).st_mtime),
                )
        validity = re.search(r"\bV(\d+)", lines[0]).group(1)
        folders[folder] = (validity, messages)
    return folders


if sys.argv[1] == "make":
    make(sys.argv[2])
else:
    one, other = read(sys.argv[2]), read(sys.argv[3])
    for folder in FOLDERS:
        assert one[folder][0] == other[folder][0], (folder, one[folder][0], other[folder][0])
        assert one[folder][1].keys() == other[folder][1].keys(), folder
        for uid, message in one[folder][1].items():
            assert other[folder][1][uid] == message, (folder, uid, message, other[folder][1][uid])
print("ok")
