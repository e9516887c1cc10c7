//! Adding people: each gets a participation code, shown once.

use std::fmt::{self, Write as _};
use std::io::Write as _;

use domain::authority::Role;
use domain::codes::Code;
use domain::ids::{CommunityId, Hash};
use domain::ports::{Identity, PortError};
use domain::records::Place;
use domain::text::Label;
use serde::Deserialize;

use super::{Malformed, malformed};
use crate::data::{Held, secret_file};
use crate::failure::Failure;
use crate::places;

/// A line of the file.
#[derive(Deserialize)]
struct Line {
    community: String,
    role: String,
    name: String,
}

/// Somebody to be added.
#[derive(Clone, PartialEq, Debug)]
pub struct Newcomer {
    /// Where.
    pub community: CommunityId,
    /// As what.
    pub role: Role,
    /// Seen by the desk only.
    pub name: Label,
    /// Where they stand in the file.
    pub spot: Spot,
}

/// Fingerprints of the files that were loaded before.
const LEDGER: &str = "imported-people.txt";

/// Refuses a file that was loaded before.
pub fn refuse_known(held: &Held, bytes: &[u8], again: bool) -> Result<(), Failure> {
    let known = std::fs::read_to_string(held.dir().join(LEDGER)).unwrap_or_default();
    if again || !known.lines().any(|line| line == Hash::of(bytes).to_string()) {
        return Ok(());
    }
    Err(Failure::new(
        "This same file of people was loaded before.",
        "Nobody was added twice.",
        "Load a file with the new people only. With --again everyone in it gets a second entry and a new code.",
    ))
}

/// Remembers a file whose people were added.
pub fn note(held: &Held, bytes: &[u8]) -> Result<(), Failure> {
    let path = held.dir().join(LEDGER);
    let failed = |error: std::io::Error| {
        Failure::new(
            format!("The list of loaded files {} could not be written: {error}.", path.display()),
            "The people above were added, and these codes are theirs.",
            "Do not load this file again: everyone in it would get a second entry and a new code.",
        )
    };
    let mut known = std::fs::read_to_string(&path).unwrap_or_default();
    // Writing to a string cannot fail.
    let _ = writeln!(known, "{}", Hash::of(bytes));
    secret_file(&path).and_then(|mut file| file.write_all(known.as_bytes())).map_err(failed)
}

/// Reads JSON or CSV, and checks every line.
pub fn read(bytes: &[u8], known: &[Place]) -> Result<Vec<Newcomer>, Failure> {
    // Some editors begin a file with the mark of its encoding.
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let lines = if bytes.trim_ascii_start().starts_with(b"[") { from_json(bytes)? } else { from_csv(bytes) };
    let (mut people, mut wrong) = (Vec::new(), Vec::new());
    for (place, read) in lines {
        match read.and_then(|one| newcomer(&one, known, place)) {
            Ok(person) => people.push(person),
            Err(why) => wrong.push(place.says(&why)),
        }
    }
    if wrong.is_empty() { Ok(people) } else { Err(malformed(&wrong)) }
}

/// Where somebody stands in the file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Spot {
    /// Of a table, as editors count.
    Line(u64),
    /// Of a list.
    Entry(usize),
}

impl fmt::Display for Spot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line(line) => write!(f, "line {line}"),
            Self::Entry(number) => write!(f, "entry {number}"),
        }
    }
}

impl Spot {
    fn says(self, why: &str) -> Malformed {
        match self {
            Self::Line(line) => Malformed { line, why: why.to_owned() },
            Self::Entry(_) => Malformed { line: 0, why: format!("{self}: {why}") },
        }
    }
}

type Lines = Vec<(Spot, Result<Line, String>)>;

fn from_json(bytes: &[u8]) -> Result<Lines, Failure> {
    let lines: Vec<Line> = serde_json::from_slice(bytes).map_err(|error| {
        malformed(&[Spot::Line(error.line() as u64).says("not the JSON that is expected")])
    })?;
    Ok(lines.into_iter().zip(1..).map(|(line, number)| (Spot::Entry(number), Ok(line))).collect())
}

fn from_csv(bytes: &[u8]) -> Lines {
    // Spreadsheets in French write semicolons.
    let first = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let delimiter = if first.contains(&b',') { b',' } else { b';' };
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(bytes);
    let headers = reader.headers().cloned().unwrap_or_default();
    let line = |position: Option<&csv::Position>| Spot::Line(position.map_or(0, csv::Position::line));
    let lines = reader.records().map(|row| match row {
        Ok(row) => {
            let read = row.deserialize(Some(&headers));
            (line(row.position()), read.map_err(|_| "community, role or name is missing".to_owned()))
        }
        Err(error) => (line(error.position()), Err("not the columns community, role and name".to_owned())),
    });
    lines.collect()
}

fn newcomer(line: &Line, known: &[Place], spot: Spot) -> Result<Newcomer, String> {
    let community = places::find(known, line.community.trim()).cloned().ok_or("no such community")?;
    let role = Role::named(line.role.trim()).ok_or_else(unknown_role)?;
    let name = line.name.trim().parse().map_err(|error| format!("the name is {error}"))?;
    Ok(Newcomer { community, role, name, spot })
}

fn unknown_role() -> String {
    let names: Vec<_> = Role::ALL.iter().map(|role| role.name()).collect();
    format!("there is no such role: there are {}", names.join(", "))
}

/// What became of a file.
#[derive(Debug)]
pub struct Adding {
    /// Those who were added, in the order of the file.
    pub added: Vec<Added>,
    /// Why it ended before the file did.
    pub stopped: Option<Failure>,
}

/// Adds them one after the other. The first who cannot be added ends it; the codes of those before
/// are valid.
pub async fn add(identity: &dyn Identity, people: Vec<Newcomer>) -> Adding {
    let (mut added, all) = (Vec::new(), people.len());
    for person in people {
        match identity.add(person.name.clone(), person.community.clone(), person.role).await {
            Ok((id, code)) => added.push(Added { id, person, code }),
            Err(error) => {
                let stopped = Some(stopped(&person.spot, &error, added.len(), all));
                return Adding { added, stopped };
            }
        }
    }
    Adding { added, stopped: None }
}

fn stopped(spot: &Spot, error: &PortError, added: usize, all: usize) -> Failure {
    let (happened, after) = (format!("The person at {spot} could not be added: {error}."), all - added - 1);
    match added {
        0 => Failure::new(
            happened,
            "Nobody of the file was added.",
            "Correct the cause, then load the file again.",
        ),
        _ => Failure::new(
            format!("{happened} Neither were the {after} after it."),
            format!("The {added} before it were added: their codes stand above and are valid."),
            format!(
                "Correct the cause, then load a file with {spot} and what comes after it: whoever is loaded twice \
                 gets a second entry and a new code."
            ),
        ),
    }
}

/// Somebody who was added.
#[derive(Clone, Debug)]
pub struct Added {
    /// Their id.
    pub id: domain::ids::PersonId,
    /// Who.
    pub person: Newcomer,
    /// What they type.
    pub code: Code,
}

/// The codes, for printing.
pub fn codes(added: &[Added]) -> String {
    let mut said = format!("{} people were added. These codes are shown this once:\n\n", added.len());
    for Added { person, code, .. } in added {
        let (community, role) = (person.community.as_str(), person.role.name());
        let _ = writeln!(said, "  {code}  {community:<26} {role:<12} {}", person.name);
    }
    said.push_str("\nKeep the first four characters of each: they name it, should it have to be revoked.\n");
    said
}
