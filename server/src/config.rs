//! Configuration: a file of a few lines, and `RABASKA_*` variables that win over it. A key
//! or variable that is not known is an error with its name: a misspelt one must not be passed
//! over.

use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::connections::CONNECTIONS;
use crate::failure::Failure;

/// How the log is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// For people.
    Text,
    /// For machines.
    Json,
}

/// Everything that can be set. Flat, so that each key has one variable.
#[derive(Clone, PartialEq, Debug)]
pub struct Config {
    /// Database, keys and photos.
    pub data: PathBuf,
    /// Where to listen.
    pub listen: SocketAddr,
    /// The address that people type: our pages' origin.
    pub public_url: String,
    /// PEM chain; with `tls_key`, this server speaks TLS itself.
    pub tls_certificate: Option<PathBuf>,
    /// PEM key.
    pub tls_key: Option<PathBuf>,
    /// How many proxies of ours stand in front, each of which appends to `X-Forwarded-For`.
    pub trusted_hops: usize,
    /// Where backups go, every night.
    pub backups: Option<PathBuf>,
    /// After how many days those of the nights are deleted.
    pub keep_backups: usize,
    /// The most new operations of one person in a day, ten times as many of an office's; 0: no limit.
    pub operations_per_day: usize,
    /// The most connections at a time; of one network half as many, unless proxies of ours stand in front.
    pub connections: usize,
    /// How the log is written.
    pub log: LogFormat,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            data: PathBuf::from("rabaska-data"),
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            public_url: "http://localhost:8080".to_owned(),
            tls_certificate: None,
            tls_key: None,
            trusted_hops: 0,
            backups: None,
            keep_backups: 30,
            operations_per_day: 300,
            connections: CONNECTIONS,
            log: LogFormat::Text,
        }
    }
}

/// Every key, as it is written in the file; `RABASKA_` and capitals make the variable.
pub const KEYS: &[&str] = &[
    "data",
    "listen",
    "public_url",
    "tls_certificate",
    "tls_key",
    "trusted_hops",
    "backups",
    "keep_backups",
    "operations_per_day",
    "connections",
    "log",
];

const PREFIX: &str = "RABASKA_";

/// Variables of that beginning that the build, tests and tools set for themselves.
fn is_of_tools(key: &str) -> bool {
    const NAMES: &[&str] = &[
        "AXE",
        "BASE",
        "BIN",
        "CHROMIUM",
        "FAILURES",
        "HISTORY",
        "PARTS",
        "PICTURES",
        "PLAIN",
        "PSEUDO",
        "PSEUDO_PAGES",
        "PYTHON",
        "TOOLS",
        "WASM_BINDGEN",
        "WASM_SPLIT",
        "WRITE_VECTORS",
    ];
    NAMES.contains(&key) || key.starts_with("FAULT_") || key.starts_with("TEST_")
}

impl Config {
    /// Reads the file, when there is one, and the variables of this process.
    pub fn load(file: Option<&Path>) -> Result<Self, Failure> {
        let text = match file {
            Some(path) => std::fs::read_to_string(path)
                .map_err(|e| Failure::file("The configuration file", path, &e))?,
            None => String::new(),
        };
        // What is not UTF-8 becomes a value that no key takes for another one.
        let text_of = |text: OsString| text.to_string_lossy().into_owned();
        Self::read(&text, std::env::vars_os().map(|(name, value)| (text_of(name), text_of(value))))
    }

    /// Reads a file's text, and variables with their names.
    pub fn read(text: &str, variables: impl IntoIterator<Item = (String, String)>) -> Result<Self, Failure> {
        let mut table: toml::Table = text.parse().map_err(|error: toml::de::Error| wrong(error.message()))?;
        for (name, value) in variables {
            let Some(key) = name.strip_prefix(PREFIX).filter(|key| !is_of_tools(key)) else { continue };
            let known = KEYS.iter().find(|known| known.to_uppercase() == key);
            let known = known.ok_or_else(|| wrong(&format!("the variable `{name}` is not known")))?;
            if value.trim().is_empty() {
                return Err(wrong(&format!("the variable `{name}` is empty: give it a value or unset it")));
            }
            table.insert((*known).to_owned(), toml::Value::String(value));
        }
        if let Some(key) = table.keys().find(|key| !KEYS.contains(&key.as_str())) {
            return Err(wrong(&format!("the key `{key}` is not known. Known keys: {}", KEYS.join(", "))));
        }
        let mut config = Self::default();
        for (key, value) in table {
            config.set(&key, value).map_err(|error| wrong(&format!("`{key}`: {error}")))?;
        }
        config.check()
    }

    fn set(&mut self, key: &str, value: toml::Value) -> Result<(), String> {
        fn read<T: serde::de::DeserializeOwned>(value: toml::Value) -> Result<T, String> {
            value.try_into().map_err(|error: toml::de::Error| error.message().to_owned())
        }
        match key {
            "data" => self.data = read(value)?,
            "listen" => self.listen = read(value)?,
            "public_url" => self.public_url = read(value)?,
            "tls_certificate" => self.tls_certificate = Some(read(value)?),
            "tls_key" => self.tls_key = Some(read(value)?),
            "trusted_hops" => self.trusted_hops = number(value)?,
            "backups" => self.backups = Some(read(value)?),
            "keep_backups" => self.keep_backups = number(value)?,
            "connections" => self.connections = number(value)?,
            "operations_per_day" => self.operations_per_day = number(value)?,
            _ => self.log = read(value)?,
        }
        Ok(())
    }

    fn check(mut self) -> Result<Self, Failure> {
        self.public_url = origin(&self.public_url).ok_or_else(|| {
            wrong("`public_url`: write the scheme and the name only, like https://rabaska.example.org")
        })?;
        if self.connections == 0 {
            return Err(wrong("`connections`: with 0 nobody is let in"));
        }
        if self.tls_certificate.is_some() != self.tls_key.is_some() {
            return Err(wrong("`tls_certificate` and `tls_key` go together: set both or neither"));
        }
        Ok(self)
    }

    /// Whether browsers reach us by TLS, ours or a proxy's.
    pub fn secure(&self) -> bool {
        self.public_url.starts_with("https://")
    }
}

/// An address as browsers write an origin: small letters, no path, and no port that is the
/// scheme's own. Requests are compared with it letter by letter.
fn origin(address: &str) -> Option<String> {
    let address = address.trim_end_matches('/').to_ascii_lowercase();
    let (scheme, host) = address.split_once("://")?;
    let own = match scheme {
        "https" => ":443",
        "http" => ":80",
        _ => return None,
    };
    let host = host.strip_suffix(own).unwrap_or(host);
    let strange = |c: char| matches!(c, '/' | '?' | '#' | '@' | '\\') || c.is_whitespace();
    (!host.is_empty() && !host.contains(strange)).then(|| format!("{scheme}://{host}"))
}

/// A small number; a variable holds it as text.
fn number(value: toml::Value) -> Result<usize, String> {
    let number = match &value {
        toml::Value::Integer(number) => usize::try_from(*number).ok(),
        toml::Value::String(text) => text.parse().ok(),
        _ => None,
    };
    number.ok_or_else(|| "a whole number is expected, 0 or more".to_owned())
}

fn wrong(what: &str) -> Failure {
    Failure::new(
        format!("The configuration cannot be used: {}.", what.trim_end().trim_end_matches('.')),
        "Nothing was started and nothing was changed.",
        "Correct the file or the RABASKA_ variable, then start again. `rabaska serve --help` lists the keys.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Config, String> {
        Config::read(text, []).map_err(|failure| failure.to_string())
    }

    fn set(variables: &[(&str, &str)]) -> Vec<(String, String)> {
        variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn a_variable_that_is_unknown_or_empty_is_named_and_those_of_others_are_left() {
        for (name, value) in [
            ("RABASKA_TLS_CERT", "/etc/chain.pem"),
            ("RABASKA_", "x"),
            ("RABASKA_BACKUPS", ""),
            ("RABASKA_DATA", "  "),
        ] {
            let said = Config::read("", set(&[(name, value)])).unwrap_err().to_string();
            assert!(said.contains(&format!("`{name}`")), "{said}");
        }
        let others = ["HOME", "RABASKA_FAULT_PANIC_AT", "RABASKA_TEST_SCALE", "RABASKA_BIN", "RABASKA_AXE"];
        let others: Vec<_> = others.iter().map(|name| (*name, "")).collect();
        assert_eq!(Config::read("", set(&others)).unwrap(), Config::default());
    }

    /// Every variable of ours that the sources in a folder name, as a whole literal.
    fn named_in(folder: &Path, names: &mut std::collections::BTreeSet<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                named_in(&path, names);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                let literals = text.split('"').filter(|literal| literal.starts_with(PREFIX));
                let is_name = |literal: &&str| literal.bytes().all(|b| b == b'_' || b.is_ascii_uppercase());
                names.extend(literals.filter(is_name).map(str::to_owned));
            }
        }
    }

    #[test]
    fn the_variables_of_our_own_tools_do_not_stop_a_server_that_they_start() {
        let mut names = std::collections::BTreeSet::new();
        named_in(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests"), &mut names);
        for name in ["RABASKA_PARTS", "RABASKA_WASM_SPLIT", "RABASKA_BIN"] {
            assert!(names.contains(name), "{name} is not found any more: {names:?}");
        }
        for name in names {
            assert!(is_of_tools(&name[PREFIX.len()..]), "{name} is set by our tools and is not known");
        }
    }

    #[test]
    fn the_public_address_is_written_as_browsers_write_an_origin() {
        let url = |text: &str| read(&format!("public_url = '{text}'")).map(|config| config.public_url);
        for (written, origin) in [
            ("HTTPS://Rabaska.Example.org/", "https://rabaska.example.org"),
            ("https://rabaska.example.org:443", "https://rabaska.example.org"),
            ("http://rabaska.example.org:80/", "http://rabaska.example.org"),
            ("https://rabaska.example.org:8443", "https://rabaska.example.org:8443"),
            ("http://localhost:8080", "http://localhost:8080"),
            ("https://[2001:db8::1]:443", "https://[2001:db8::1]"),
        ] {
            assert_eq!(url(written).unwrap(), origin);
        }
        for wrong in
            ["https://a.org?x", "https://a.org#x", "https://me@a.org", "https://a.org/b", "https://:443"]
        {
            assert!(url(wrong).unwrap_err().contains("`public_url`"), "{wrong}");
        }
    }

    #[test]
    fn errors_name_the_key() {
        for (text, named) in [
            ("data_folder = \"/srv\"", "`data_folder`"),
            ("listen = \"everywhere\"", "`listen`"),
            ("listen = 8080", "`listen`"),
            ("log = \"xml\"", "`log`"),
            ("public_url = \"rabaska.example.org\"", "`public_url`"),
            ("trusted_hops = -1", "`trusted_hops`"),
            ("keep_backups = \"for ever\"", "`keep_backups`"),
            ("connections = 0", "`connections`"),
            ("tls_key = \"/etc/key.pem\"", "`tls_certificate`"),
            ("data = ", "configuration"),
        ] {
            let said = read(text).unwrap_err();
            assert!(said.contains(named), "{text}: {said}");
        }
    }

    #[test]
    fn variables_win_over_the_file() {
        let config = Config::read(
            "data = \"/file\"\nlog = \"json\"",
            set(&[("RABASKA_DATA", "/variable"), ("RABASKA_TRUSTED_HOPS", "2")]),
        );
        let config = config.unwrap();
        assert_eq!((config.data, config.log), (PathBuf::from("/variable"), LogFormat::Json));
        assert_eq!(config.trusted_hops, 2);
    }

    #[test]
    fn the_example_names_every_key() {
        let text = include_str!("../rabaska.example.toml");
        assert!(read(text).unwrap().secure());
        for key in KEYS {
            assert!(text.contains(&format!("\n{key} = ")), "{key}");
        }
    }

    #[test]
    fn every_key_can_be_set() {
        for key in KEYS {
            assert!(!read(&format!("{key} = true")).unwrap_err().contains("not known"), "{key}");
        }
    }
}
