//! What went wrong, in plain words, and what the reader can do next.

use std::fmt::{Display, Formatter};

pub type Outcome<T> = Result<T, Problem>;

#[derive(Debug)]
pub struct Problem {
    what: String,
    next: Option<String>,
}

impl Problem {
    pub fn new(what: impl Into<String>) -> Self {
        Self { what: what.into(), next: None }
    }

    /// Adds the next step for the reader.
    pub fn next(mut self, next: impl Into<String>) -> Self {
        self.next = Some(next.into());
        self
    }
}

impl Display for Problem {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.what.trim_end())?;
        match &self.next {
            Some(next) => write!(f, "\n{}", next.trim_end()),
            None => Ok(()),
        }
    }
}

/// Gives a file error the sentence it lacks.
pub trait While<T> {
    /// `doing` completes “I could not …”.
    fn or_say(self, doing: impl Display) -> Outcome<T>;
}

impl<T> While<T> for std::io::Result<T> {
    fn or_say(self, doing: impl Display) -> Outcome<T> {
        self.map_err(|error| Problem::new(format!("Could not {doing}: {error}.")))
    }
}
