#!/usr/bin/env python3
"""Checks the chain of one journal file without Firedrill: verify.py journal.jsonl

Prints `whole`, `torn` or `corrupt`, then how many entries verify and the hash of the last one, or the first bad line.
Exit code 0 for whole, 1 otherwise. A later segment (journal-2.jsonl) is a file of its own: its header names what it continues.
"""
import hashlib
import json
import re
import sys

LINE = re.compile(rb'(.*),"hash":"([0-9a-f]{64})"}\n', re.DOTALL)


def follows(previous, line):
    found = LINE.fullmatch(line)
    return found and hashlib.sha256(previous + b"\n" + found[1]).hexdigest().encode() == found[2]


if len(sys.argv) != 2:
    sys.exit(__doc__)
lines = list(open(sys.argv[1], "rb"))
head, first, good = b"firedrill", 0, 0
for line in lines:
    if not follows(head, line):
        break
    data = json.loads(line)
    if good == 0:
        first = data.get("continues", {}).get("next", 0)
    elif data["n"] != first + good - 1:
        print("corrupt", good + 1)
        sys.exit(1)
    head, good = LINE.fullmatch(line)[2], good + 1

rest, due = lines[good:], first + good - 1
following = []
for before, after in zip(rest, rest[1:]):
    found = LINE.fullmatch(before)
    if found and follows(found[2], after):
        following.append(json.loads(after))


def has_hole(line):
    """A hole is longer than a byte, or begins with the line: one zero byte in the middle is a changed bit."""
    return line.startswith(b"\0") or b"\0\0" in line


def was_written_whole(line):
    if line.endswith(b"\n"):
        return not has_hole(line[:-1])
    return line[-1] != 0 and follows(head, line[:-1] + b"\n")


# A line without its end, or a hole of zeros within one commit, is what a power cut can leave behind; any other bad line was changed.
unsynced = all(good and has_hole(rest[0]) and data.get("with", data["n"]) <= due for data in following)
if unsynced and not (rest and was_written_whole(rest[0])):
    print("torn" if rest or not good else "whole", max(good - 1, 0), head.decode())
else:
    print("corrupt", good + 1)
sys.exit(0 if good and not rest else 1)
