//! The rows of a conversation's CSV, each checked; the line numbers of those that cannot be
//! taken.

use std::collections::HashMap;

use csv::{ByteRecord, ReaderBuilder};
use domain::text::{InvalidText, Text, Title, shorten};
use domain::time::Millis;

use super::{Malformed, malformed};
use crate::failure::Failure;

/// The columns, as Polis exports them.
const COLUMNS: [&str; 8] =
    ["timestamp", "datetime", "comment-id", "author-id", "agrees", "disagrees", "moderated", "comment-body"];

/// A statement.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Row {
    /// Where it stands in the file.
    pub line: u64,
    /// Its id there.
    pub id: String,
    /// When it was written.
    pub written_at: Millis,
    /// Whether it was rejected there.
    pub hidden: bool,
    /// Its text.
    pub text: String,
}

/// Every row, or every line that is wrong.
pub fn rows(file: &[u8]) -> Result<Vec<Row>, Failure> {
    let mut reader = ReaderBuilder::new().flexible(true).from_reader(file);
    let headers = reader.byte_headers().cloned().unwrap_or_default();
    if headers.iter().ne(COLUMNS.iter().map(|name| name.as_bytes())) {
        let why = format!("must name the columns {}", COLUMNS.join(","));
        return Err(malformed(&[Malformed { line: 1, why }]));
    }
    let (mut rows, mut wrong) = (Vec::new(), Vec::new());
    let mut seen: HashMap<String, u64> = HashMap::new();
    for record in reader.byte_records() {
        let (line, read) = match record {
            Ok(record) => (record.position().map_or(0, csv::Position::line), row(&record)),
            Err(error) => {
                (error.position().map_or(0, csv::Position::line), Err("cannot be read as CSV".into()))
            }
        };
        match read {
            Ok(row) => match seen.insert(row.id.clone(), line) {
                Some(first) => {
                    let why = format!("has the same comment-id as line {first}");
                    wrong.push(Malformed { line, why });
                }
                None => rows.push(Row { line, ..row }),
            },
            Err(why) => wrong.push(Malformed { line, why }),
        }
    }
    if wrong.is_empty() { Ok(rows) } else { Err(malformed(&wrong)) }
}

fn row(record: &ByteRecord) -> Result<Row, String> {
    if record.len() != COLUMNS.len() {
        return Err(format!("has {} columns instead of {}", record.len(), COLUMNS.len()));
    }
    let column =
        |at: usize| std::str::from_utf8(&record[at]).map_err(|_| format!("{} is not UTF-8", COLUMNS[at]));
    let written_at = column(0)?.trim().parse().map(Millis);
    let written_at = written_at.map_err(|_| "timestamp is not a whole number of milliseconds")?;
    let id = column(2)?.trim().to_owned();
    if id.is_empty() || id.len() > 80 || id.chars().any(char::is_control) {
        return Err("comment-id is empty, too long or holds control characters".to_owned());
    }
    let hidden = match column(6)?.trim() {
        "-1" => true,
        "0" | "1" => false,
        _ => return Err("moderated is none of -1, 0, 1".to_owned()),
    };
    // A line break is a line break, whichever system wrote it.
    let text = column(7)?.replace("\r\n", "\n");
    let checked = text
        .parse::<Text>()
        .map(|_| ())
        .and_then(|()| shorten(&text, Title::GRAPHEMES).parse::<Title>().map(|_| ()));
    match checked {
        Ok(()) => Ok(Row { line: 0, id, written_at, hidden, text }),
        Err(InvalidText::Empty) => Err("comment-body is empty".to_owned()),
        Err(InvalidText::TooLong) => Err("comment-body is too long".to_owned()),
        Err(InvalidText::Control) => Err("comment-body holds control characters".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "timestamp,datetime,comment-id,author-id,agrees,disagrees,moderated,comment-body\n";

    #[test]
    fn a_statement_over_several_lines_is_one_row() {
        let rows =
            rows(format!("{HEAD}5,x,1,2,0,0,-1,\"a \"\"b\"\",\nc\"\n6,x,2,2,0,0,1,d\n").as_bytes()).unwrap();
        assert_eq!((rows[0].text.as_str(), rows[0].hidden, rows[0].line), ("a \"b\",\nc", true, 2));
        assert_eq!((rows[1].text.as_str(), rows[1].line), ("d", 4));
    }

    #[test]
    fn every_malformed_line_is_named_and_nothing_else_returned() {
        let lines = [
            "x,x,1,2,0,0,1,not a time",
            "5,x,2,2,0,0,1,good",
            "5,x,3,2,0,0,7,moderated",
            "5,x,4,2,0,0,1,",
            "5,x,2,2,0,0,1,same id",
            "5,x,5,2,0,0,1,bell\u{7}",
            "5,x,6,2,0,0",
        ];
        let said = rows(format!("{HEAD}{}\n", lines.join("\n")).as_bytes()).unwrap_err().to_string();
        for line in [2, 4, 5, 6, 7, 8] {
            assert!(said.contains(&format!("line {line}:")), "{line}: {said}");
        }
        assert!(!said.contains("line 3:") && !said.contains("good"), "{said}");
        assert!(rows(b"a,b\n1,2\n").unwrap_err().to_string().contains("line 1"));
    }
}
