//! Cells of a table, and the apostrophe before what a spreadsheet would run.

use std::borrow::Cow;

use csv::{Terminator, WriterBuilder};

/// What makes a spreadsheet take a cell for a formula, when it stands first.
const RUN: [char; 7] = ['=', '+', '-', '@', '\t', '\r', '\n'];

/// Whether it begins with something that is run, behind any number of apostrophes.
fn is_run(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(RUN)
}

/// With an apostrophe in front where a spreadsheet would run it. What begins with apostrophes and
/// then such a character gets one more, so that taking one away always gives back the text.
pub fn guarded(text: &str) -> Cow<'_, str> {
    if is_run(text) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// Takes back what [`guarded`] added.
pub fn unguarded(text: &str) -> &str {
    text.strip_prefix('\'').filter(|rest| is_run(rest)).unwrap_or(text)
}

/// One cell.
#[derive(Clone, PartialEq, Debug)]
pub enum Cell {
    /// Nothing is said.
    Empty,
    /// Words, of whoever.
    Text(String),
    /// A name, a number or a date of ours: nothing in it is ever run.
    Plain(String),
}

impl Cell {
    /// Words, when there are some.
    pub fn text(text: Option<impl ToString>) -> Self {
        text.map_or(Self::Empty, |text| Self::Text(text.to_string()))
    }

    /// Something of ours, when there is.
    pub fn plain(what: Option<impl ToString>) -> Self {
        what.map_or(Self::Empty, |what| Self::Plain(what.to_string()))
    }

    fn written(&self) -> Cow<'_, str> {
        match self {
            Self::Empty => Cow::Borrowed(""),
            Self::Text(text) => guarded(text),
            Self::Plain(text) => Cow::Borrowed(text),
        }
    }
}

/// One line of a table, with its end (RFC 4180).
pub fn line(cells: &[Cell]) -> Vec<u8> {
    let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(Vec::new());
    // Writing into memory does not fail, and every line is by itself.
    let _ = writer.write_record(cells.iter().map(|cell| cell.written().into_owned()));
    writer.into_inner().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_spreadsheet_would_run_is_guarded_and_given_back() {
        for text in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "'=1", "''-1", "'\t"] {
            let written = guarded(text);
            assert!(written.starts_with('\'') && written.len() == text.len() + 1, "{text:?}");
            assert_eq!(unguarded(&written), text);
        }
        for text in ["Un banc", "l’été", "'quoted'", "", "1-1", "’=1"] {
            assert_eq!((guarded(text).as_ref(), unguarded(text)), (text, text));
        }
    }

    #[test]
    fn a_line_is_quoted_where_it_must_be() {
        let cells = [
            Cell::Text("a \"b\", c\nd".to_owned()),
            Cell::Empty,
            Cell::Text("=HYPERLINK(\"x\")".to_owned()),
            Cell::Plain("-5".to_owned()),
        ];
        let written = String::from_utf8(line(&cells)).unwrap();
        assert_eq!(written, "\"a \"\"b\"\", c\nd\",,\"'=HYPERLINK(\"\"x\"\")\",-5\r\n");
        assert_eq!(line(&[Cell::Empty]), b"\"\"\r\n");
    }
}
