//! The rows of a Decidim's proposals, each checked; line and column of what cannot be taken.

use std::collections::HashMap;

use csv::{ByteRecord, ReaderBuilder};
use domain::sectors::{Bounds, DEGREE, Sector, Spot};
use domain::text::{InvalidText, Label, Lang, Text, Title, shorten};
use domain::time::Millis;

use super::columns::{Cell, Columns};
use super::html;
use crate::export::{REFERENCE, times, unguarded};
use crate::failure::Failure;
use crate::import::{Malformed, malformed};

/// A proposal.
#[derive(Clone, PartialEq, Debug)]
pub struct Proposal {
    /// Where it stands in the file.
    pub line: u64,
    /// Its id there.
    pub id: String,
    /// When it was published.
    pub written_at: Millis,
    /// In one line.
    pub title: Title,
    /// The rest; all of it when the title had to be cut.
    pub text: Option<Text>,
    /// The id of its category.
    pub subject: Option<String>,
    /// The names of its category.
    pub categories: Vec<String>,
    /// Where it is, in words.
    pub address: Option<Label>,
    /// In which sector that lies.
    pub sector: Option<Sector>,
    /// It was withdrawn there, or changes another one.
    pub left_out: bool,
}

impl Proposal {
    /// Where it is. A position outside the territory is left out: Decidim finds addresses by itself, and
    /// not always the right one.
    pub fn place(&self, bounds: Option<Bounds>) -> Option<Spot> {
        let inside = |sector: &Sector| bounds.is_none_or(|bounds| bounds.hold(*sector));
        Spot::of(self.sector.filter(inside), self.address.clone())
    }
}

/// Every row, or every line that is wrong.
pub fn rows(file: &[u8], order: &[Lang]) -> Result<Vec<Proposal>, Failure> {
    // Some editors begin a file with the mark of its encoding.
    let file = file.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(file);
    let mut reader = ReaderBuilder::new().flexible(true).delimiter(delimiter(file)).from_reader(file);
    let header = reader.byte_headers().cloned().unwrap_or_default();
    let columns = Columns::of(&header).map_err(|why| malformed(&[Malformed { line: 1, why }]))?;
    let (mut rows, mut wrong) = (Vec::new(), Vec::new());
    let mut seen: HashMap<String, u64> = HashMap::new();
    for record in reader.byte_records() {
        let (line, read) = match record {
            Ok(record) => {
                let line = record.position().map_or(0, csv::Position::line);
                (line, row(&record, line, &columns, order))
            }
            Err(error) => {
                (error.position().map_or(0, csv::Position::line), Err("cannot be read as CSV".to_owned()))
            }
        };
        let read = read.and_then(|row| match seen.insert(row.id.clone(), line) {
            Some(first) => Err(format!("id is the same as on line {first}")),
            None => Ok(row),
        });
        match read {
            Ok(row) => rows.push(row),
            Err(why) => wrong.push(Malformed { line, why }),
        }
    }
    if wrong.is_empty() { Ok(rows) } else { Err(malformed(&wrong)) }
}

/// Decidim writes semicolons unless it is told otherwise.
fn delimiter(file: &[u8]) -> u8 {
    let first = file.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let count = |wanted: u8| first.iter().filter(|byte| **byte == wanted).count();
    if count(b';') > count(b',') { b';' } else { b',' }
}

fn row(record: &ByteRecord, line: u64, columns: &Columns, order: &[Lang]) -> Result<Proposal, String> {
    if record.len() != columns.count() {
        return Err(format!("has {} columns instead of {}", record.len(), columns.count()));
    }
    let plain =
        |name: &str| columns.cell(record, name).map(|cell| cell.map(|cell| cell.text.trim().to_owned()));
    let id = plain("id")?.filter(|id| id.len() <= 80 && !id.chars().any(char::is_control));
    let id = id.ok_or("id is empty, too long or holds control characters")?;
    let published = columns.cell(record, "published_at")?;
    let Some(published) =
        published.map_or_else(|| columns.cell(record, "created_at"), |cell| Ok(Some(cell)))?
    else {
        return Err("published_at is empty".to_owned());
    };
    let written_at =
        times::read(published.text).ok_or_else(|| format!("{} is not a date", published.column))?;
    let ours = plain("reference")?.is_some_and(|reference| reference.starts_with(REFERENCE));
    let (title, text) = words(record, columns, order, ours)?;
    let truth =
        |name: &str| plain(name).map(|said| said.is_some_and(|said| said.eq_ignore_ascii_case("true")));
    let withdrawn = truth("withdrawn")? || plain("state")?.is_some_and(|state| state == "withdrawn");
    let mut categories = columns.every(record, "category/name", order)?;
    // Since 0.30: `taxonomies/ID/LANGUAGE`.
    categories.extend(columns.every(record, "taxonomies", order)?);
    // What is no address or no position says nothing.
    let address = columns.cell(record, "address")?.and_then(|cell| {
        let text = unguarded(cell.text);
        text.parse().or_else(|_| shorten(text, Label::GRAPHEMES).parse()).ok()
    });
    Ok(Proposal {
        line,
        id,
        written_at,
        title,
        text,
        subject: plain("category/id")?,
        categories: categories.into_iter().map(|cell| unguarded(cell.text.trim()).to_owned()).collect(),
        address,
        sector: sector(plain("latitude")?, plain("longitude")?),
        left_out: withdrawn || truth("is_amend")?,
    })
}

fn sector(lat: Option<String>, lon: Option<String>) -> Option<Sector> {
    let parts = |degrees: Option<String>| {
        let degrees: f64 = degrees?.parse().ok()?;
        #[expect(clippy::cast_possible_truncation, reason = "at most 180 degrees")]
        (degrees.abs() <= 180.0).then(|| (degrees * f64::from(DEGREE)).round() as i32)
    };
    Sector::around(parts(lat)?, parts(lon)?)
}

/// Title and text, in the best language that the title has.
fn words(
    record: &ByteRecord,
    columns: &Columns,
    order: &[Lang],
    ours: bool,
) -> Result<(Title, Option<Text>), String> {
    let Some(title) = columns.first(record, "title", order)? else {
        return Err("title is empty in every language".to_owned());
    };
    let same = title.column.replacen("title", "body", 1);
    let bodies = columns.every(record, "body", order)?;
    let body = bodies.iter().find(|cell| cell.column == same).or(bodies.first()).copied();
    let wrong = |cell: &Cell<'_>, error: InvalidText| match error {
        InvalidText::Empty => format!("{} is empty", cell.column),
        InvalidText::TooLong => format!("{} is too long", cell.column),
        InvalidText::Control => format!("{} holds control characters", cell.column),
    };
    if ours {
        // Written by us: the texts are what they were, to the letter.
        let said = unguarded(title.text).parse().map_err(|error| wrong(&title, error))?;
        let text = body.map(|cell| unguarded(cell.text).parse().map_err(|error| wrong(&cell, error)));
        return Ok((said, text.transpose()?));
    }
    let line = html::plain(unguarded(title.text)).split_whitespace().collect::<Vec<_>>().join(" ");
    let rest = body.map(|cell| html::plain(unguarded(cell.text))).filter(|text| !text.is_empty());
    let (short, rest) = match (line.parse::<Title>(), rest) {
        (Err(InvalidText::TooLong), rest) => {
            let whole = rest.map_or_else(|| line.clone(), |rest| format!("{line}\n\n{rest}"));
            (shorten(&line, Title::GRAPHEMES), Some(whole))
        }
        (_, rest) => (line, rest),
    };
    let said = short.parse().map_err(|error| wrong(&title, error))?;
    let text = rest.map(|rest| rest.parse().map_err(|error| wrong(&body.unwrap_or(title), error)));
    Ok((said, text.transpose()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order() -> Vec<Lang> {
        ["fr", "en"].iter().map(|tag| tag.parse().unwrap()).collect()
    }

    fn read(file: &str) -> Result<Vec<Proposal>, String> {
        rows(file.as_bytes(), &order()).map_err(|failure| failure.to_string())
    }

    #[test]
    fn the_columns_of_several_versions_are_read() {
        let old = "id;category/id;category/name/fr;title/en;title/fr;body/en;body/fr;state;supports;published_at;is_amend\n\
                   7;3;Loisirs;A bench;Un banc;Facing it;<p>Face au lac</p>;;4;2019-02-11 10:22:11 UTC;false\n";
        let new = "\u{feff}id,author/name,taxonomies,title/fr-CA,title/machine_translations/en,body/fr-CA,state_published_at,votes,likes/total_count,published_at,withdrawn,withdrawn_at\r\n\
                   8,\"Tremblay, A.\",,Un banc,A bench,Face au lac,,,,2026-11-23T07:00:00Z,false,\r\n";
        let plain = "id,title,body,created_at\n9,Un banc,Face au lac,2019-02-11\n";
        for file in [old, new, plain] {
            let rows = read(file).unwrap();
            assert_eq!(rows[0].title.as_str(), "Un banc");
            assert_eq!(rows[0].text.as_ref().map(Text::as_str), Some("Face au lac"));
            assert!(!format!("{rows:?}").contains("Tremblay"));
        }
        assert_eq!(read(old).unwrap()[0].categories, ["Loisirs"]);
    }

    #[test]
    fn another_language_is_taken_where_ours_are_empty_and_a_machines_last() {
        let head = "id,title/machine_translations/fr,title/ca,title/fr,body/ca,body/fr,published_at\n";
        let rows = read(&format!(
            "{head}1,Machine,Un banc català,,cos,,2019-01-01\n2,Machine,,,,corps,2019-01-01\n"
        ));
        let rows = rows.unwrap();
        assert_eq!(
            (rows[0].title.as_str(), rows[0].text.as_ref().unwrap().as_str()),
            ("Un banc català", "cos")
        );
        assert_eq!(rows[1].title.as_str(), "Machine");
    }

    #[test]
    fn each_broken_row_is_named_by_line_and_column() {
        let head = "id,title/fr,body/fr,published_at,withdrawn\n";
        let lines = [
            "1,Bon,corps,2019-01-01,false",
            ",Sans nom,corps,2019-01-01,false",
            "3,,corps,2019-01-01,false",
            "4,Titre,corps,hier,false",
            "5,Titre,corps,,false",
            "6,Titre,son\u{7},2019-01-01,false",
            "1,Encore,corps,2019-01-01,false",
            "8,Titre,corps,2019-01-01",
            &format!("9,Titre,{},2019-01-01,false", "mot ".repeat(6_000)),
        ];
        let said = read(&format!("{head}{}\n", lines.join("\n"))).unwrap_err();
        for wanted in [
            "line 3: id is empty",
            "line 4: title is empty in every language",
            "line 5: published_at is not a date",
            "line 6: published_at is empty",
            "line 7: body/fr holds control characters",
            "line 8: id is the same as on line 2",
            "line 9: has 4 columns instead of 5",
            "line 10: body/fr is too long",
            "Nothing of the file was loaded",
        ] {
            assert!(said.contains(wanted), "{wanted}: {said}");
        }
        assert!(!said.contains("line 2:") && !said.contains("Encore"), "{said}");
        assert!(read("a,b\n1,2\n").unwrap_err().contains("line 1: does not name the column id"));
        let dateless = read("id,title/fr\n1,x\n").unwrap_err();
        assert!(dateless.contains("published_at or created_at"), "{dateless}");
    }

    #[test]
    fn what_was_withdrawn_or_amends_another_is_left_out() {
        let head = "id,title,published_at,state,is_amend,withdrawn\n";
        let rows = read(&format!(
            "{head}1,a,2019-01-01,withdrawn,false,\n2,b,2019-01-01,,true,\n3,c,2019-01-01,,,true\n4,d,2019-01-01,accepted,false,false\n"
        ));
        let left: Vec<bool> = rows.unwrap().iter().map(|row| row.left_out).collect();
        assert_eq!(left, [true, true, true, false]);
    }

    #[test]
    fn an_address_and_a_position_become_a_place_within_the_territory() {
        let head = "id,title,published_at,address,latitude,longitude\n";
        let rows = read(&format!(
            "{head}1,a,2019-01-01,\"Quai, rue Notre-Dame\",47.3334,-79.433\n2,b,2019-01-01,,45.5,-73.56\n\
             3,c,2019-01-01,,NaN,-79\n4,d,2019-01-01,,47.3,\n5,e,2019-01-01,,91,-79\n"
        ));
        let frame = "46.2000,-79.7000,48.0000,-77.6000".parse().ok();
        let places: Vec<Option<Spot>> = rows.unwrap().iter().map(|row| row.place(frame)).collect();
        let quay = Spot {
            sector: Some("47.3350,-79.4325".parse().unwrap()),
            words: Some("Quai, rue Notre-Dame".parse().unwrap()),
        };
        assert_eq!(places, [Some(quay), None, None, None, None]);
    }

    #[test]
    fn a_long_title_is_cut_and_stands_whole_in_the_text() {
        let long = "banc ".repeat(40);
        let rows = read(&format!("id,title,body,published_at\n1,{long},corps,2019-01-01\n")).unwrap();
        assert!(rows[0].title.as_str().ends_with('…'));
        assert_eq!(rows[0].text.as_ref().unwrap().as_str(), format!("{}\n\ncorps", long.trim()));
    }
}
