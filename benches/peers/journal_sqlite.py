#!/usr/bin/env python3
"""Reads the same from SQLite: usage: journal_sqlite.py JOURNAL (a journal.jsonl, such as benches/replay.rs keeps).

The entries go into a table (number, moment, kind, data). Then it is told what it costs to open that and to read every entry once, without
and with its data as JSON, and to fetch the 2,000 entries before any of 2,000 moments, which is what a replay reads from a keyframe on. No hash
is checked, nothing is folded and nothing is drawn, which `cargo bench --bench replay -- open` does. Processor time, since machines are shared.
"""
import json
import os
import resource
import sqlite3
import sys
import tempfile
import time


def timed(what, work):
    begun = time.process_time()
    work()
    print(f"{what}: {time.process_time() - begun:.2f} s")


def main():
    file = os.path.join(tempfile.mkdtemp(), "journal.db")
    filling = sqlite3.connect(file)
    filling.execute("create table entry (n integer primary key, at integer, kind text, data text)")
    with open(sys.argv[1], encoding="utf-8") as journal:
        next(journal)
        entries = map(json.loads, journal)
        rows = ((e["n"], e["at"], e["kind"], json.dumps(e.get("data"))) for e in entries)
        filling.executemany("insert into entry values (?, ?, ?, ?)", rows)
    filling.execute("create index moment on entry (at)")
    filling.commit()
    filling.close()

    base = sqlite3.connect(file)
    timed("every entry once, in SQLite alone", lambda: base.execute("select count(*), sum(length(data)), max(at) from entry").fetchall())
    timed("and its data as JSON, by SQLite's own reader", lambda: base.execute("select count(json_type(data)) from entry").fetchall())
    last = base.execute("select max(at) from entry").fetchone()[0]
    took = []
    for number in range(2_000):
        moment = number * 618_033_989 % last
        begun = time.process_time()
        base.execute("select n, at, kind, data from entry where at <= ? order by at desc limit 2000", (moment,)).fetchall()
        took.append(time.process_time() - begun)
    took.sort()
    print(f"2,000 entries before a moment: p50 {took[1000] * 1e3:.2f} ms, p99 {took[1980] * 1e3:.2f} ms")
    print(f"database: {os.path.getsize(file) / 2**20:.0f} MiB; memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")


main()
