"""Reads exported files with libraries that others wrote, and compares what they found.

    python exports.py FOLDER [WORD ...]

Every folder below FOLDER that holds a datapackage.json holds all files of one export. The words
must stand in none of them. Says what is wrong and ends with 1, or how much was read.
"""

import csv
import json
import logging
import re
import sys
from datetime import datetime, timezone
from pathlib import Path
from urllib.parse import urlsplit

import feedparser
import icalendar
from frictionless import Package

RUN = ("=", "+", "-", "@", "\t", "\r", "\n")
NUMBER = re.compile(r"-?\d+(\.\d+)?")
# How much of what is rare was read.
RARE = ("located", "forwarded", "from_another_shore", "shared", "adapted", "parts", "survey_parts")
faults, found = [], dict.fromkeys(("rows", "events", "entries", "places", *RARE), 0)


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
            # A number below nought is a number: nothing in it is run.
            if cell.startswith(RUN) and not NUMBER.fullmatch(cell):
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
        amends = ("amends", "paragraph", "amended_language", "quote", "wording")
        for column in ("form", "on", "stance", "title", "text", "subject", "week", "signed", "home", *amends):
            if str(one.get(column) or "") != row.get(column):
                wrong(folder / "contributions.csv", f"{column} of {name} is not what export.json says")
        check_ways(folder, name, one, row)
        step = one["step"] or {}
        told = {"step": step.get("progress"), "step_on": step.get("on"), "agenda_on": step.get("agenda_on")}
        told |= {f"declined_{lang}": text for lang, text in step.get("declined", {}).items()}
        told["merged_into"] = one["merged_into"]
        for column, cell in row.items():
            if column.startswith(("step", "agenda", "declined", "merged")) and cell != (told.get(column) or ""):
                wrong(folder / "contributions.csv", f"{column} of {name} is not what export.json says")
        if not told.keys() <= row.keys() or step.get("progress") == "read":
            wrong(folder / "contributions.csv", f"{name} lacks a column, or tells that it was read")
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


def check_ways(folder, name, one, row):
    """Where it is, and from where and to where it went."""
    place, gone, came = one.get("place") or {}, one["forwarded"] or {}, one["forwarded_from"] or {}
    told = cells(
        latitude=place.get("latitude"), longitude=place.get("longitude"), place=place.get("words"),
        forwarded_to=gone.get("to"), forwarded_as=gone.get("arrived"),
        forwarded_from=came.get("community"), forwarded_from_contribution=came.get("record"),
    )
    for column, said in told.items():
        cell = row.get(column)
        if column in ("latitude", "longitude") and cell and said:
            cell, said = float(cell), float(said)
        if cell != said:
            wrong(folder / "contributions.csv", f"{column} of {name} is {cell!r}, not {said!r}")
    found["located"] += bool(row.get("latitude"))
    found["forwarded"] += bool(row.get("forwarded_to") or row.get("forwarded_from"))
    found["from_another_shore"] += bool(row.get("home"))


def check_consultations(folder, document):
    """Each with those who hold it too, and where its words come from."""
    said = []
    for it in document["consultations"]:
        model = it["adapted_from"] or {}
        row = cells(
            id=it["id"], opened_at=it["opened_at"], ends_at=it["ends_at"], closed_at=it["closed_at"],
            answer_by=it["answer_by"], takes=" ".join(it["takes"]), shared_with=" ".join(it["shared_with"]),
            adapted_from_community=model.get("community"), adapted_from_consultation=model.get("consultation"),
        )
        said.append(row | by_lang("title", it["title"]) | by_lang("summary", it["summary"]))
        found["shared"] += bool(it["shared_with"])
        found["adapted"] += bool(model)
    same(folder, "consultations.csv", said)


def same(folder, name, expected):
    """A table has these rows, as far as these columns go."""
    rows = table(folder, name)
    told = [{column: row.get(column) for column in one} for one, row in zip(expected, rows)]
    if len(rows) != len(expected) or told != expected:
        wrong(folder / name, f"is not what export.json says: {told} for {expected}"[:400])


def cells(**values):
    """As a table writes them: nothing is an empty cell."""
    return {column: "" if value is None else str(value) for column, value in values.items()}


def by_lang(column, text):
    return {f"{column}_{lang}": said for lang, said in (text or {}).items()}


def check_conclusions(folder, document):
    given = [(it["id"], it["conclusion"]) for it in document["consultations"] if it["conclusion"]]
    said = [
        cells(consultation=name, language=lang, text=text, concluded_at=it["concluded_at"])
        for name, it in given
        for lang, text in sorted(it["text"].items())
    ]
    same(folder, "conclusions.csv", said)
    uses = [cells(consultation=name, contribution=used) for name, it in given for used in it["uses"]]
    same(folder, "conclusion_uses.csv", uses)


def check_commitments(folder, document):
    """Each with its log, and the date by now is the last one that it was moved to."""
    commitments, log, follows = [], [], []
    for at, it in ((it["id"], one) for it in document["consultations"] for one in it["commitments"]):
        name = it["id"]
        own = cells(id=name, consultation=at, made_at=it["made_at"], promised=it["promised"], due=it["due"])
        commitments.append(own | cells(state=it["state"]) | by_lang("text", it["text"]) | by_lang("owner", it["owner"]))
        for number, one in enumerate(it["log"], 1):
            row = cells(commitment=name, number=number, state=one["state"], moved_to=one["moved_to"])
            log.append(row | cells(reported_at=one["reported_at"]) | by_lang("text", one["text"]))
        follows += [cells(commitment=name, contribution=record) for record in it["follows"]]
        if it["due"] != ([it["promised"]] + [one["moved_to"] for one in it["log"] if one["moved_to"]])[-1]:
            wrong(folder / "commitments.csv", f"{name} is not due when its log says")
    same(folder, "commitments.csv", commitments)
    same(folder, "commitment_log.csv", log)
    same(folder, "commitment_follows.csv", follows)


def check_documents(folder, document):
    """What was taken away has no address."""
    attached = [(it["id"], one) for it in document["consultations"] for one in it["documents"]]
    told = ("id", "file", "bytes", "address", "added_at", "removed_at")
    said = [
        cells(consultation=name, language=lang, title=title, **{column: one[column] for column in told})
        for name, one in attached
        for lang, title in sorted(one["title"].items())
    ]
    same(folder, "documents.csv", said)
    for _, one in attached:
        if (one["address"] is None) == (one["removed_at"] is None):
            wrong(folder / "documents.csv", f"{one['id']} has an address and is gone, or neither")


def check_texts(folder, document):
    """Each paragraph in each of its languages, in its place."""
    said = [
        cells(
            id=text["id"], paragraph=one["id"], language=lang, consultation=it["id"], title=text["title"].get(lang),
            place=place, text=words, version=text["version"], published_at=text["published_at"],
        )
        for it in document["consultations"]
        for text in it["texts"]
        for place, one in enumerate(text["paragraphs"], 1)
        for lang, words in sorted(one["words"].items())
    ]
    same(folder, "texts.csv", said)


def counted(poll, tally, named, labels=True):
    """The rows that a tally makes: choices, grades, pairs; each begins with its names."""
    choices, grades, pairs = [], [], []
    totals = tally["totals"] if tally else {}
    counts = totals.get("votes") or totals.get("approvals")
    merits, matrix = totals.get("merits"), totals.get("pairwise", [])
    for at, label in enumerate(poll["choices"]):
        place = tally and next(n for n, group in enumerate(tally["order"], 1) if at in group)
        row = cells(**named, number=at, count=counts and counts[at], place=place)
        row |= cells(majority_grade=merits and merits[at].get("majority_grade"))
        choices.append(row | by_lang("label", labels and label))
        if merits and sum(merits[at]["grades"]) != tally["ballots"]:
            faults.append(f"the grades of {poll['id']} do not add up")
        for grade, said in enumerate(poll["grades"]):
            count = merits and merits[at]["grades"][grade]
            grades.append(cells(**named, choice=at, grade=grade, count=count) | by_lang("label", labels and said))
    for one, row in enumerate(matrix):
        others = [(other, count) for other, count in enumerate(row) if one != other]
        pairs += [cells(**named, choice=one, before=other, count=count) for other, count in others]
    return choices, grades, pairs


def check_polls(folder, document):
    """What is counted is there when it is published, and adds up: all together, and each community's part."""
    polls, parts = [], []
    whole, part_rows = ([], [], []), ([], [], [])
    for poll in (poll for it in document["consultations"] for poll in it["polls"]):
        name, result = poll["id"], poll["result"]
        [(word, told_of)] = result.items() if isinstance(result, dict) else [(result, None)]
        # Of one counted with other communities, all together.
        tally = told_of["together"] if word == "shared" else told_of
        own = cells(id=name, method=poll["method"], opens_at=poll["opens_at"], closes_at=poll["closes_at"])
        own |= cells(result=word, ballots=tally and tally["ballots"], **ways(tally))
        polls.append(own | by_lang("question", poll["question"]) | by_lang("text", poll["text"]))
        if tally and tally["ballots"] < 10:
            wrong(folder / "polls.csv", f"{name} tells of {tally['ballots']} ballots")
        for rows, more in zip(whole, counted(poll, tally, {"poll": name})):
            rows += more
        shown = told_of.get("parts", []) if word == "shared" else []
        for part in shown:
            if part["tally"]["ballots"] < 10:
                wrong(folder / "poll_parts.csv", f"{name} tells of {part['tally']['ballots']} ballots of one part")
            named = {"poll": name, "community": part["community"]}
            parts.append(cells(**named, ballots=part["tally"]["ballots"], **ways(part["tally"])))
            for rows, more in zip(part_rows, counted(poll, part["tally"], named, labels=False)):
                rows += more
        if shown and sum(part["tally"]["ballots"] for part in shown) != tally["ballots"]:
            wrong(folder / "poll_parts.csv", f"the parts of {name} do not add up")
        found["parts"] += len(shown)
    same(folder, "polls.csv", polls)
    same(folder, "poll_parts.csv", parts)
    for table_of, rows, of_parts in zip(("choices", "grades", "pairs"), whole, part_rows):
        same(folder, f"poll_{table_of}.csv", rows)
        same(folder, f"poll_part_{table_of}.csv", of_parts)


def ways(tally):
    channels = (tally or {}).get("channels") or {}
    return {way: channels.get(way) for way in ("own_device", "on_behalf", "paper")}


def told(count):
    return count if isinstance(count, str) else count["exactly"]


def value(what):
    """The kind of what is counted, and which one."""
    if isinstance(what, str):
        return what, None
    [(kind, of)] = what.items()
    return kind, f"{of['from']}..{of['to']}" if kind == "band" else of


def check_surveys(folder, document):
    """Results are exactly those that were published."""
    surveys, questions, results, parts = [], [], [], []
    for survey in (survey for it in document["consultations"] for survey in it["surveys"]):
        name, published = survey["id"], survey["results"] or {}
        own = cells(id=name, opens_at=survey["opens_at"], closes_at=survey["closes_at"])
        own |= cells(respondents=told(published["respondents"]) if published else None)
        own |= by_lang("title", survey["title"]) | by_lang("intro", survey["survey"].get("intro"))
        surveys.append(own | cells(**ways(published)))
        for page, it in enumerate(survey["survey"]["pages"], 1):
            for one in it["questions"]:
                row = cells(survey=name, question=one["id"], page=page)
                questions.append(row | by_lang("label", one["label"]))
        shown = published.get("parts", [])
        for part in shown:
            whose = cells(survey=name, community=part["community"], respondents=told(part["results"]["respondents"]))
            parts.append(whose | cells(**ways(part["results"])))
        found["survey_parts"] += len(shown)
        number = 0
        each = [(None, published), *((part["community"], part["results"]) for part in shown)]
        for whose, counts in ((whose, counts) for whose, of in each for counts in of.get("tables", [])):
            for cell in counts["cells"]:
                number += 1
                kind, of = value(cell["what"])
                row = cells(survey=name, number=number, community=whose, question=counts["question"], row=counts.get("row"))
                row |= cells(asked=counts["asked"], what=kind, value=of, count=told(cell["count"]))
                results.append(row)
                if isinstance(told(cell["count"]), int) and told(cell["count"]) < 5:
                    wrong(folder / "survey_results.csv", f"{name} tells a count of {told(cell['count'])}")
    same(folder, "surveys.csv", surveys)
    same(folder, "survey_questions.csv", questions)
    same(folder, "survey_results.csv", results)
    same(folder, "survey_parts.csv", parts)


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
    titles += [text for it in document["consultations"] for one in it["polls"] for text in one["question"].values()]
    titles += [text for it in document["consultations"] for one in it["surveys"] for text in one["title"].values()]
    for event in events:
        # The line of a commitment may be shortened.
        if str(event["UID"]).endswith("-commitment@rabaska"):
            continue
        if not any(str(event["SUMMARY"]).endswith(title) for title in titles):
            wrong(path, f"{event['UID']}: {event['SUMMARY']!r} is no title of what is asked")
    phases = sum(len(it["phases"]) for it in document["consultations"])
    if sum("-phase-" in name for name in names) != phases:
        wrong(path, f"does not hold the {phases} phases")
    for kind in ("poll", "survey", "commitment"):
        asked = {f"{one['id']}-{kind}@rabaska" for it in document["consultations"] for one in it[f"{kind}s"]}
        if asked != {name for name in names if name.endswith(f"-{kind}@rabaska")}:
            wrong(path, f"does not hold each {kind} once")
    return len(events)


def check_feed(folder, said, document):
    path = folder / "feed.atom"
    raw = path.read_bytes()
    feed = feedparser.parse(raw, sanitize_html=False, resolve_relative_uris=False)
    if feed.bozo or feed.version != "atom10":
        wrong(path, f"is not read as Atom: {feed.get('bozo_exception')}")
    # What is older than a hundred entries may be missing, and what is not public yet must be.
    terms = [tag.term for entry in feed.entries for tag in entry.tags]
    whole = document["consultations"]
    polls, surveys = [one for it in whole for one in it["polls"]], [one for it in whole for one in it["surveys"]]
    most = {
        "poll": len(polls), "survey": len(surveys),
        "poll-result": sum(one["result"] is not None for one in polls),
        "survey-results": sum(one["results"] is not None for one in surveys),
        "commitment": sum(len(it["commitments"]) for it in whole),
        "commitment-progress": sum(len(one["log"]) for it in whole for one in it["commitments"]),
        "conclusion": sum(it["conclusion"] is not None for it in whole),
    }
    for term, count in most.items():
        if terms.count(term) > count or (len(feed.entries) < 100 and terms.count(term) != count):
            wrong(path, f"tells {terms.count(term)} times of a {term}, not {count} times")
    names = [entry.id for entry in feed.entries]
    if len(set(names)) != len(names):
        wrong(path, "two entries have one id")
    # XML cannot carry two of the characters that a text may hold.
    told = [one.get("text") or "" for one in said.values()]
    # An amendment says what should stand there, and why.
    for one in said.values():
        if one["form"] == "amendment":
            taken_out = [f"{words}{one['quote']}" for words in ("À retirer : ", "To take out: ")]
            wordings = [one["wording"]] if one["wording"] else taken_out
            told += ["\n\n".join(filter(None, (wording, one["text"]))) for wording in wordings]
    texts = {text.translate({0xFFFE: 0xFFFD, 0xFFFF: 0xFFFD}).strip() for text in told}
    places = {
        row["id"]: (float(row["longitude"]), float(row["latitude"]))
        for row in table(folder, "contributions.csv") if row["latitude"]
    }
    for entry in feed.entries:
        place = places.get(urlsplit(entry.link).path.split("/")[-1])
        where = entry.where["coordinates"] if "where" in entry else None
        if where not in (None, place) or ("proposal" in {tag.term for tag in entry.tags} and where != place):
            wrong(path, f"{entry.id}: lies at {where}, not at {place}")
        updated = datetime(*entry.updated_parsed[:6], tzinfo=timezone.utc)
        terms = {tag.term for tag in entry.tags}
        if entry.title_detail.type != "text/plain" or entry.content[0].type != "text/plain":
            wrong(path, f"{entry.id}: words that are not plain text")
        if not urlsplit(entry.link).scheme:
            wrong(path, f"{entry.id}: leads nowhere")
        if not terms & {"proposal", "comment", "amendment"}:
            continue
        if updated.weekday() or (updated.hour, updated.minute, updated.second) != (0, 0, 0):
            wrong(path, f"{entry.id}: tells more of when it was written than its week")
        if entry.content[0].value.strip() not in texts:
            wrong(path, f"{entry.id}: {entry.content[0].value[:60]!r} is no text of a contribution")
    return len(feed.entries), sum("where" in entry for entry in feed.entries)


def main():
    logging.disable(logging.WARNING)
    csv.field_size_limit(1 << 24)
    root, words = Path(sys.argv[1]), sys.argv[2:]
    folders = sorted(path.parent for path in root.rglob("datapackage.json"))
    for folder in folders:
        found["rows"] += check_package(folder)
        said, document = check_document(folder)
        found["events"] += check_calendar(folder, document)
        entries, places = check_feed(folder, said, document)
        found["entries"] += entries
        found["places"] += places
        check_consultations(folder, document)
        check_conclusions(folder, document)
        check_commitments(folder, document)
        check_documents(folder, document)
        check_texts(folder, document)
        check_polls(folder, document)
        check_surveys(folder, document)
        for path in folder.iterdir():
            raw = path.read_bytes() if path.is_file() else b""
            faults.extend(f"{path}: holds {word!r}" for word in words if word.encode() in raw)
    if not folders or not all(found[what] for what in ("rows", "events", "entries")):
        wrong(root, f"too little to read: {len(folders)} folders, {found}")
    for fault in faults:
        print(fault)
    print(f"{len(folders)} exports: {found}, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
