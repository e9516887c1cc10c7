//! The command line. Its help is the manual that people read first.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// Rabaska: take part in your municipality, also without a network.
///
/// One program: the server, its pages, and the tools for its data.
#[derive(Debug, Parser)]
#[command(
    name = "rabaska",
    version,
    after_help = "Examples:\n  \
    rabaska demo                           try it with invented people\n  \
    rabaska serve --config rabaska.toml    run it for real\n  \
    rabaska backup /srv/backups            make a backup and read it back"
)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What can be done.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the server.
    ///
    /// Settings come from the file and from RABASKA_ variables, which win. Keys: data (folder),
    /// listen (address and port), public_url (what people type), tls_certificate and tls_key
    /// (PEM files; leave them out behind a proxy), trusted_hops (how many proxies of yours stand in
    /// front), backups (folder; one is made every night), keep_backups (days after which those are
    /// deleted, the newest three excepted; 30), operations_per_day (new ones of one person; ten times
    /// as many of an office; 300), connections (at a time; 5000), log (text or json). A renewed
    /// certificate is taken up within a minute. Stop it with Ctrl-C: requests under way are finished first.
    Serve {
        /// The configuration file (TOML).
        #[arg(long, value_name = "FILE")]
        config: Option<PathBuf>,
    },
    /// Try Rabaska with invented people and consultations.
    ///
    /// Prints the address and a participation code for each person. Without --data everything is
    /// removed when you stop it with Ctrl-C.
    Demo(Demo),
    /// Load a file.
    Import {
        /// What it holds.
        #[command(subcommand)]
        what: Import,
    },
    /// Revoke participation codes: they open nothing any more, and their sessions end.
    ///
    /// What their holders wrote stays. Stop the server first. It is also written to the log beside the
    /// backups, so that a backup that is restored does not open them again.
    #[command(
        after_help = "Example:\n  rabaska revoke 7KQ2                    the code that begins with 7KQ2"
    )]
    Revoke {
        /// The first four characters of a code, as `import people` printed it; or a person's id.
        #[arg(required = true, value_name = "CODE|PERSON")]
        who: Vec<String>,
        /// Where the data are.
        #[command(flatten)]
        place: Data,
    },
    /// Erase a proposal for good: its words, its author and its pictures.
    ///
    /// Its receipt stays, so that everybody's proofs still hold. Stop the server first. It is also
    /// written to the log beside the backups, so that a backup that is restored does not bring it back.
    /// It cannot be undone; to take something out of public view, the office hides it.
    #[command(
        after_help = "Example:\n  rabaska erase 04B-0X2-W                the proposal whose receipt has this number"
    )]
    Erase {
        /// The number on its receipt, or its id.
        #[arg(value_name = "RECEIPT|PROPOSAL")]
        what: String,
        /// Where the data are.
        #[command(flatten)]
        place: Data,
    },
    /// Make a backup, read it back, and keep it only when it reads back whole.
    ///
    /// From then on the server writes what is hidden, decided, counted, revoked or erased to changes.jsonl in
    /// that folder too, as long as it finds the folder there, so that it stays so when the backup is restored.
    Backup {
        /// The folder that holds backups.
        folder: PathBuf,
        /// Where the data are.
        #[command(flatten)]
        place: Data,
    },
    /// Put a backup into an empty data folder.
    ///
    /// What was hidden, decided, counted, revoked or erased after the backup is applied again from the log
    /// beside it (changes.jsonl), as far as that log goes; the date that it goes up to is printed. Devices then
    /// offer again what the backup did not hold.
    Restore {
        /// The backup: one of the dated folders.
        from: PathBuf,
        /// Where the data go.
        #[command(flatten)]
        place: Data,
        /// Go on although the log of changes is missing. What was hidden or erased since will be shown again.
        #[arg(long)]
        without_log: bool,
    },
    /// Read everything back: operations, receipts, records and photos.
    Check {
        /// Where the data are.
        #[command(flatten)]
        place: Data,
    },
}

/// Where the data are.
#[derive(Debug, Args)]
pub struct Data {
    /// The data folder. Otherwise the one of the configuration.
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// The configuration file that names the data folder.
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

/// How to run the demonstration.
#[derive(Debug, Args)]
pub struct Demo {
    /// Print one line of JSON instead of text, when ready.
    #[arg(long)]
    pub json: bool,
    /// Where to listen. Port 0 takes any free one. Otherwise 127.0.0.1:8080, or any port when that one is taken.
    #[arg(long, value_name = "ADDRESS")]
    pub listen: Option<SocketAddr>,
    /// Keep the data in this folder and find them again next time.
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// The address that browsers use, when it is another one (a proxy in between).
    #[arg(long, value_name = "URL")]
    pub at: Option<String>,
}

/// What can be loaded.
#[derive(Debug, Subcommand)]
pub enum Import {
    /// Load the statements of another conversation (CSV, as Polis exports it).
    ///
    /// All or nothing: when one line is malformed, its number is shown and nothing is loaded. Running
    /// it again adds only what is new. Statements that were rejected there are loaded hidden, under
    /// the rule `source-moderation`.
    #[command(after_help = "Example:\n  rabaska import statements --community ville-marie \\\n    \
        --consultation 3f0c… comments.csv")]
    Statements {
        /// The community, by id or by the last part of its address.
        #[arg(long)]
        community: String,
        /// The consultation: its id, or its title as it stands in an address (title-in-small-letters).
        #[arg(long)]
        consultation: String,
        /// A word for where the file comes from. Two files with the same row numbers need two words.
        #[arg(long, default_value = "statements")]
        source: String,
        /// The file.
        file: PathBuf,
        /// Where the data are.
        #[command(flatten)]
        place: Data,
    },
    /// Load the proposals of a Decidim (CSV, as its open data have them) or of another Rabaska.
    ///
    /// All or nothing: when one line is malformed, its number and column are shown and nothing is
    /// loaded. Running it again adds only what is new. Names, votes, answers and comments are not
    /// loaded: the proposals are signed as imported, and known by their week. Those that were
    /// withdrawn and amendments are left out.
    #[command(after_help = "Example:\n  rabaska import decidim proposals.csv ville-marie une-patinoire")]
    Decidim {
        /// The file.
        file: PathBuf,
        /// The community, by id or by the last part of its address.
        community: String,
        /// The consultation: its id, or its title as it stands in an address (title-in-small-letters).
        consultation: String,
        /// A word for where the file comes from. Two files with the same row numbers need two words.
        #[arg(long, default_value = "decidim")]
        source: String,
        /// Where the data are.
        #[command(flatten)]
        place: Data,
    },
    /// Load communities with their subjects and rules (JSON).
    ///
    /// Running it again changes only what differs. Nothing is removed.
    Territory {
        /// The file.
        file: PathBuf,
        /// Where the data are.
        #[command(flatten)]
        place: Data,
    },
    /// Add people, and print a participation code for each.
    ///
    /// The file is JSON (a list of objects) or CSV, with community, role (participant, resident, clerk,
    /// elected, mayor, coordinator, researcher or operator) and name. The codes are shown once and cannot be shown again; their first four characters name them
    /// for `rabaska revoke`. A file that was loaded before is
    /// refused, so that nobody is added twice.
    People {
        /// The file.
        file: PathBuf,
        /// Load it although the same file was loaded before.
        #[arg(long)]
        again: bool,
        /// Where the data are.
        #[command(flatten)]
        place: Data,
    },
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }
}
