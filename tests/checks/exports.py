"""Reads exported files with libraries that others wrote, and compares what they found.

    python exports.py FOLDER [WORD ...]

Every folder below FOLDER that holds a datapackage.json holds all files of one export. The words
must stand in none of them. Says what is wrong and ends with 1, or how much was read.
"""

import csv
import json
import logging
import sys
from datetime import datetime, timezone
from pathlib import Path
from urllib.parse import urlsplit

import feedparser
import icalendar
from frictionless import Package

RUN = ("=", "+", "-", "@", "\t", "\r", "\n")
faults = []


def wrong(where, what):
    faults.append(f"{where}: {what}")


def unguarded(text):
    """As docs/exports.md says: one apostrophe goes, where something that is run follows."""
    if text.startswith("'") and text.lstrip("'").startswith(RUN):
        return text[1:]
    return text


def table(folder, name):
    with open(folder / name, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, strict=True))
    for row in rows:
        for column, cell in row.items():
            if cell.startswith(RUN):
                wrong(folder / name, f"a spreadsheet runs what stands in {column}: {cell[:40]!r}")
    return [{column: unguarded(cell) for column, cell in row.items()} for row in rows]


def check_package(folder):
    descriptor = json.loads((folder / "datapackage.json").read_text("utf-8"))
    report = Package(str(folder / "datapackage.json")).validate()
    for row in report.flatten(["title", "message"]):
        wrong(folder / "datapackage.json", row)
    rows = 0
    for resource in descriptor["resources"]:
        raw = (folder / resource["path"]).read_bytes()
        if raw.count(b"\r\n") == 0 or not raw.endswith(b"\r\n"):
            wrong(folder / resource["path"], "lines do not end as RFC 4180 says")
        rows += len(table(folder, resource["path"]))
        for field in resource["schema"]["fields"]:
            if not all(field["descriptions"].get(lang) for lang in ("fr", "en")):
                wrong(folder / resource["path"], f"{field['name']} is not described in both languages")
    return rows


def check_document(folder):
    """The tables and the document say the same; returns the contributions by their id."""
    document = json.loads((folder / "export.json").read_text("utf-8"))
    said = {one["id"]: one for it in document["consultations"] for one in it["contributions"]}
    rows = {row["id"]: row for row in table(folder, "contributions.csv")}
    if said.keys() != rows.keys():
        wrong(folder, "contributions.csv and export.json hold different contributions")
    for name, one in said.items():
        row = rows.get(name, {})
        for column in ("form", "on", "stance", "title", "text", "subject", "week", "signed"):
            if (one.get(column) or "") != row.get(column):
                wrong(folder / "contributions.csv", f"{column} of {name} is not what export.json says")
        licence = (one["source"] or {}).get("licence", "")
        if row.get("source_licence") != licence or (one["signed"] == "imported") != bool(licence):
            wrong(folder / "contributions.csv", f"{name} does not carry its licence")
    for row in table(folder, "supports.csv"):
        count = said[row["contribution"]]["supports"]
        if row["count"] != ("" if count is None else str(count)) or (count is not None and count < 5):
            wrong(folder / "supports.csv", f"{row['contribution']}: {row['count']!r} for {count}")
    decidim = table(folder, "decidim-proposals.csv")
    proposals = {name for name, one in said.items() if one["form"] == "proposal"}
    if {row["id"] for row in decidim} != proposals:
        wrong(folder / "decidim-proposals.csv", "holds other proposals than export.json")
    if any(row["author/name"] for row in decidim):
        wrong(folder / "decidim-proposals.csv", "names an author")
    return said, document


def check_calendar(folder, document):
    path = folder / "calendar.ics"
    raw = path.read_bytes()
    if raw.replace(b"\r\n", b"").count(b"\n") or not raw.endswith(b"\r\n"):
        wrong(path, "lines do not end as RFC 5545 says")
    if any(len(line) > 75 for line in raw.split(b"\r\n")):
        wrong(path, "a line is longer than 75 octets")
    calendar = icalendar.Calendar.from_ical(raw)
    if not calendar.subcomponents:
        wrong(path, "holds nothing, not even a time zone")
    events = calendar.walk("VEVENT")
    names = [str(event["UID"]) for event in events]
    if len(set(names)) != len(names):
        wrong(path, "two events have one UID")
    for event in events:
        if event.errors:
            wrong(path, f"{event['UID']}: {event.errors}")
        if event["DTSTAMP"].dt.tzinfo is None or event["DTSTART"].dt.tzinfo is None:
            wrong(path, f"{event['UID']}: a time without a zone")
        if "DTEND" in event and event["DTEND"].dt <= event["DTSTART"].dt:
            wrong(path, f"{event['UID']}: ends before it begins")
    titles = [text for it in document["consultations"] for text in it["title"].values()]
    for event in events:
        if not any(str(event["SUMMARY"]).endswith(title) for title in titles):
            wrong(path, f"{event['UID']}: {event['SUMMARY']!r} is no title of a consultation")
    phases = sum(len(it["phases"]) for it in document["consultations"])
    if sum("-phase-" in name for name in names) != phases:
        wrong(path, f"does not hold the {phases} phases")
    return len(events)


def check_feed(folder, said):
    path = folder / "feed.atom"
    raw = path.read_bytes()
    feed = feedparser.parse(raw, sanitize_html=False, resolve_relative_uris=False)
    if feed.bozo or feed.version != "atom10":
        wrong(path, f"is not read as Atom: {feed.get('bozo_exception')}")
    names = [entry.id for entry in feed.entries]
    if len(set(names)) != len(names):
        wrong(path, "two entries have one id")
    # XML cannot carry two of the characters that a text may hold.
    texts = {(one.get("text") or "").translate({0xFFFE: 0xFFFD, 0xFFFF: 0xFFFD}).strip() for one in said.values()}
    for entry in feed.entries:
        updated = datetime(*entry.updated_parsed[:6], tzinfo=timezone.utc)
        terms = {tag.term for tag in entry.tags}
        if entry.title_detail.type != "text/plain" or entry.content[0].type != "text/plain":
            wrong(path, f"{entry.id}: words that are not plain text")
        if not urlsplit(entry.link).scheme:
            wrong(path, f"{entry.id}: leads nowhere")
        if not terms & {"proposal", "comment"}:
            continue
        if updated.weekday() or (updated.hour, updated.minute, updated.second) != (0, 0, 0):
            wrong(path, f"{entry.id}: tells more of when it was written than its week")
        if entry.content[0].value.strip() not in texts:
            wrong(path, f"{entry.id}: {entry.content[0].value[:60]!r} is no text of a contribution")
    return len(feed.entries)


def main():
    logging.disable(logging.WARNING)
    csv.field_size_limit(1 << 24)
    root, words = Path(sys.argv[1]), sys.argv[2:]
    folders = sorted(path.parent for path in root.rglob("datapackage.json"))
    found = {"rows": 0, "events": 0, "entries": 0}
    for folder in folders:
        found["rows"] += check_package(folder)
        said, document = check_document(folder)
        found["events"] += check_calendar(folder, document)
        found["entries"] += check_feed(folder, said)
        for path in folder.iterdir():
            raw = path.read_bytes() if path.is_file() else b""
            faults.extend(f"{path}: holds {word!r}" for word in words if word.encode() in raw)
    if not folders or not all(found.values()):
        wrong(root, f"too little to read: {len(folders)} folders, {found}")
    for fault in faults:
        print(fault)
    print(f"{len(folders)} exports: {found}, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
