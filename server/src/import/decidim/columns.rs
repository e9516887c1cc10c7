//! The columns of a Decidim file. Which there are depends on its version, its languages and its
//! settings; nested values are written with slashes, `title/fr`.

use csv::{ByteRecord, StringRecord};
use domain::text::Lang;

/// The header, read.
pub struct Columns {
    names: Vec<String>,
}

/// One cell, by its column.
#[derive(Clone, Copy, Debug)]
pub struct Cell<'r> {
    /// The column's name.
    pub column: &'r str,
    /// What stands there.
    pub text: &'r str,
}

impl Columns {
    /// Of a header; what is missing, when it is none of a proposals file.
    pub fn of(header: &ByteRecord) -> Result<Self, String> {
        let header = StringRecord::from_byte_record_lossy(header.clone());
        let columns = Self { names: header.iter().map(|name| name.trim().to_owned()).collect() };
        let missing = [
            ("id", columns.at("id").is_none()),
            ("title, or title/ and a language", columns.localized("title", &[]).is_empty()),
            ("published_at or created_at", columns.at("published_at").or(columns.at("created_at")).is_none()),
        ];
        match missing.iter().find(|(_, missing)| *missing) {
            Some((name, _)) => Err(format!("does not name the column {name}")),
            None => Ok(columns),
        }
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.names.len()
    }

    fn at(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|known| known == name)
    }

    /// The columns of a text by language, the best first: by `order`, then as in the file, then the
    /// one without a language, and what a machine translated last.
    fn localized(&self, name: &str, order: &[Lang]) -> Vec<usize> {
        let prefix = format!("{name}/");
        let mut found: Vec<(usize, usize)> = Vec::new();
        for (at, column) in self.names.iter().enumerate() {
            let rank = if column == name {
                order.len() + 1
            } else if let Some(locale) = column.strip_prefix(&prefix) {
                let primary = locale.split(['-', '_']).next().unwrap_or_default();
                match locale.contains('/') {
                    true => order.len() + 2,
                    false => order.iter().position(|lang| lang.as_str() == primary).unwrap_or(order.len()),
                }
            } else {
                continue;
            };
            found.push((rank, at));
        }
        found.sort_unstable();
        found.into_iter().map(|(_, at)| at).collect()
    }

    /// A cell of a row; none when it is empty or there is no such column.
    pub fn cell<'r>(&'r self, row: &'r ByteRecord, name: &str) -> Result<Option<Cell<'r>>, String> {
        self.at(name).map_or(Ok(None), |at| self.read(row, at))
    }

    /// The first of the cells of a text by language that is not empty.
    pub fn first<'r>(
        &'r self,
        row: &'r ByteRecord,
        name: &str,
        order: &[Lang],
    ) -> Result<Option<Cell<'r>>, String> {
        Ok(self.every(row, name, order)?.into_iter().next())
    }

    /// Those of them that are not empty.
    pub fn every<'r>(
        &'r self,
        row: &'r ByteRecord,
        name: &str,
        order: &[Lang],
    ) -> Result<Vec<Cell<'r>>, String> {
        let mut cells = Vec::new();
        for at in self.localized(name, order) {
            cells.extend(self.read(row, at)?);
        }
        Ok(cells)
    }

    fn read<'r>(&'r self, row: &'r ByteRecord, at: usize) -> Result<Option<Cell<'r>>, String> {
        let column = self.names[at].as_str();
        let text = std::str::from_utf8(row.get(at).unwrap_or_default());
        let text = text.map_err(|_| format!("{column} is not UTF-8"))?;
        Ok((!text.trim().is_empty()).then_some(Cell { column, text }))
    }
}
