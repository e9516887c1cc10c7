//! `docs/protocol.md` as data: its shapes, by the notation of its first section, and its tables.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use domain::surveys::{Day, Decimal, Month};
use serde_json::Value;

const DOCUMENT: &str = include_str!("../../../../docs/protocol.md");

/// What was documented, and which parts of it have been seen.
pub struct Document {
    shapes: BTreeMap<&'static str, Vec<Value>>,
    seen: RefCell<BTreeSet<String>>,
}

type Fits = Result<(), String>;

impl Document {
    pub fn read() -> Self {
        let mut shapes = BTreeMap::new();
        for block in DOCUMENT.split("```json ").skip(1) {
            let (name, rest) = block.split_once('\n').unwrap();
            let (text, _) = rest.split_once("```").unwrap();
            let lines: Result<Vec<Value>, _> = serde_json::Deserializer::from_str(text).into_iter().collect();
            let lines = lines.unwrap_or_else(|error| panic!("the shape {name} is not JSON: {error}"));
            assert!(shapes.insert(name.trim(), lines).is_none(), "{name} stands there twice");
        }
        Self { shapes, seen: RefCell::default() }
    }

    /// The rows of the table whose header begins with this word, without their back-quotes.
    pub fn table(word: &str) -> Vec<Vec<String>> {
        let head = format!("| {word} |");
        let lines = DOCUMENT.lines().skip_while(|line| !line.starts_with(&head));
        let rows = lines.skip(2).take_while(|line| line.starts_with('|'));
        let cells = |row: &str| row.trim_matches('|').split(" | ").map(cell).collect();
        let rows: Vec<Vec<String>> = rows.map(cells).collect();
        assert!(!rows.is_empty(), "there is no table of {word}");
        rows
    }

    pub fn names(&self, shape: &str) -> Vec<String> {
        let [Value::Object(fields)] = &self.shapes[shape][..] else { panic!("{shape} is no object") };
        fields.keys().cloned().collect()
    }

    /// Requires that a value has exactly this shape.
    #[track_caller]
    pub fn fits(&self, shape: &str, value: &Value) {
        let mut seen = BTreeSet::new();
        if let Err(why) = self.named(shape, value, &mut seen) {
            panic!("not a {shape} as documented: {why}\n{value:#}");
        }
        self.seen.borrow_mut().append(&mut seen);
    }

    /// Every documented line, choice and field that nothing has had so far.
    pub fn unseen(&self) -> Vec<String> {
        let mut all = BTreeSet::new();
        for (name, lines) in &self.shapes {
            for (at, line) in lines.iter().enumerate() {
                self.places(&format!("{name}.{at}"), line, &mut all);
            }
        }
        all.difference(&self.seen.borrow()).cloned().collect()
    }

    fn places(&self, place: &str, shape: &Value, all: &mut BTreeSet<String>) {
        all.insert(place.to_owned());
        match shape {
            Value::Object(fields) => {
                for (name, field) in fields {
                    self.places(&format!("{place}.{name}"), field, all);
                }
            }
            Value::Array(items) => self.places(&format!("{place}[]"), &items[0], all),
            Value::String(text) if text.contains(" | ") => {
                all.extend(text.split(" | ").map(|choice| format!("{place}={choice}")));
            }
            _ => {}
        }
    }

    fn named(&self, name: &str, value: &Value, seen: &mut BTreeSet<String>) -> Fits {
        let lines = &self.shapes[name];
        let mut why = Vec::new();
        for (at, line) in lines.iter().enumerate() {
            let mut here = BTreeSet::new();
            match self.value(&format!("{name}.{at}"), line, value, &mut here) {
                Ok(()) => {
                    seen.append(&mut here);
                    return Ok(());
                }
                Err(reason) => why.push(reason),
            }
        }
        Err(why.join("; "))
    }

    fn value(&self, place: &str, shape: &Value, value: &Value, seen: &mut BTreeSet<String>) -> Fits {
        match (shape, value) {
            (Value::Object(fields), Value::Object(given)) => {
                for (name, field) in fields {
                    let (key, optional) =
                        name.strip_suffix('?').map_or((name.as_str(), false), |key| (key, true));
                    let place = format!("{place}.{name}");
                    match given.get(key) {
                        _ if key == "*" => {
                            for value in given.values() {
                                self.value(&place, field, value, seen)?;
                            }
                        }
                        Some(value) => self.value(&place, field, value, seen)?,
                        None if optional => {}
                        None => return Err(format!("{place} is documented and not sent")),
                    }
                }
                let known = |key: &String| {
                    fields.contains_key("*")
                        || fields.contains_key(key)
                        || fields.contains_key(&format!("{key}?"))
                };
                if let Some(key) = given.keys().find(|key| !known(key)) {
                    return Err(format!("{place}.{key} is sent and not documented"));
                }
            }
            (Value::Array(items), Value::Array(given)) => {
                for value in given {
                    self.value(&format!("{place}[]"), &items[0], value, seen)?;
                }
            }
            (Value::String(text), _) if text.contains(" | ") => {
                let mut choices = text.split(" | ");
                let fit = choices.find(|choice| self.text(choice, value, seen).is_ok());
                let fit = fit.ok_or_else(|| format!("{place}: {value} is none of {text}"))?;
                seen.insert(format!("{place}={fit}"));
            }
            (Value::String(text), _) => {
                self.text(text, value, seen).map_err(|why| format!("{place}: {why}"))?
            }
            _ if shape == value => {}
            _ => return Err(format!("{place}: {value} where {shape} was documented")),
        }
        seen.insert(place.to_owned());
        Ok(())
    }

    /// A value for which a text stands.
    fn text(&self, word: &str, value: &Value, seen: &mut BTreeSet<String>) -> Fits {
        let hex = |digits: &str| {
            value.as_str().is_some_and(|text| {
                Some(text.len()) == digits.parse().ok()
                    && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
            })
        };
        let id = |text: &str| {
            (1..=40).contains(&text.len())
                && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        };
        let fits = match word.split_once(' ').unwrap_or((word, "")) {
            ("hex", digits) => hex(digits),
            ("id", "") => value.as_str().is_some_and(id),
            ("text", "") => value.is_string(),
            ("bool", "") => value.is_boolean(),
            ("object", "") => value.is_object(),
            ("null", "") => value.is_null(),
            ("int", "") => value.is_u64(),
            ("ms" | "integer", "") => value.is_i64(),
            ("decimal", "") => written::<Decimal>(value),
            ("day", "") => written::<Day>(value),
            ("month", "") => written::<Month>(value),
            (name, "") if self.shapes.contains_key(name) && name.starts_with(char::is_uppercase) => {
                return self.named(name, value, seen);
            }
            _ => value == word,
        };
        if fits { Ok(()) } else { Err(format!("{value} where {word} was documented")) }
    }
}

/// Whether it is a text that is read back as it was written.
fn written<T: std::str::FromStr + std::fmt::Display>(value: &Value) -> bool {
    let text = value.as_str();
    text.is_some_and(|text| text.parse::<T>().is_ok_and(|read| read.to_string() == text))
}

fn cell(text: &str) -> String {
    text.trim().replace('`', "")
}
