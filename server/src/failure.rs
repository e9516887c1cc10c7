//! What is said when a command fails: what happened, what is safe, what to do next. Plain
//! sentences for the one at the keyboard; they hold no words of participants.

use std::fmt;

use domain::ports::PortError;

/// A command's failure, in words.
#[derive(Debug, Clone)]
pub struct Failure {
    happened: String,
    safe: String,
    next: String,
}

impl Failure {
    /// Three answers: what happened, what is safe, what to do next.
    pub fn new(happened: impl Into<String>, safe: impl Into<String>, next: impl Into<String>) -> Self {
        Self { happened: happened.into(), safe: safe.into(), next: next.into() }
    }

    /// Done in the database, and not yet in the log beside the backups: a backup that is restored
    /// would undo it.
    pub fn unlogged(done: &str, error: &PortError, safe: &str, undone: &str) -> Self {
        Self::new(
            format!("{done} here, but the log beside the backups could not be written: {error}."),
            safe,
            format!(
                "Until that log can be written, a backup that is restored {undone}. Mend the folder of the \
                 backups, then run the same command again."
            ),
        )
    }

    /// A file that could not be read or written.
    pub fn file(what: &str, path: &std::path::Path, error: &std::io::Error) -> Self {
        Self::new(
            format!("{what} {} could not be used: {error}.", path.display()),
            "Nothing was changed.",
            "Check the path and the permissions, then run the command again.",
        )
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.happened)?;
        [&self.safe, &self.next]
            .into_iter()
            .filter(|part| !part.is_empty())
            .try_for_each(|part| write!(f, "\n{part}"))
    }
}

impl std::error::Error for Failure {}

impl From<PortError> for Failure {
    fn from(error: PortError) -> Self {
        if matches!(error, PortError::Newer) {
            return Self::new(
                "This database was written by a newer Rabaska than this one.",
                "It was left as it is.",
                "Start the newer one again. To go back to this one, restore a backup that it made into an empty folder.",
            );
        }
        Self::new(
            format!("The database did not answer as it should: {error}."),
            "What was confirmed before is stored; what this command was doing is not.",
            "Check the disk's space and the folder's permissions, run `rabaska check`, then try again.",
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_older_rabaska_says_which_one_to_start() {
        let said = Failure::from(PortError::Newer).to_string();
        assert!(said.contains("newer Rabaska") && said.contains("Start the newer one"), "{said}");
    }
}
