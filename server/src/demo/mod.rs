//! The demonstration: a territory with invented people, consultations and proposals, written
//! by the same path as everything else, and one real imported conversation.

mod asked;
mod files;
mod seed;
mod texts;

use std::io::Write;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use store::Store;

use crate::cli::Demo;
use crate::connections::{CONNECTIONS, Limits};
use crate::data::{Held, holds_database, secret_file};
use crate::failure::Failure;
use crate::http::Reach;
use crate::http::guard::Origins;
use crate::listen::{self, Stop};
use crate::safekeeping;
use crate::serve::{self, Front};
use crate::system::SetClock;

/// Codes are hashed in the database; a demonstration that is opened again still shows them.
const PEOPLE: &str = "demo-people.json";

/// Somebody to sign in as.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Person {
    /// `participant` or `clerk`.
    pub role: String,
    /// Where.
    pub community: String,
    /// Invented.
    pub name: String,
    /// What to type.
    pub code: String,
}

#[derive(Serialize)]
struct Ready<'a> {
    url: &'a str,
    people: &'a [Person],
}

/// `rabaska demo`.
pub async fn run(options: Demo) -> Result<(), Failure> {
    let mut stop = Stop::hear()?;
    let (listener, address) = bind(options.listen)?;
    let temporary = match &options.data {
        Some(_) => None,
        None => {
            Some(tempfile::tempdir().map_err(|e| Failure::file("A temporary folder", Path::new(""), &e))?)
        }
    };
    let dir = match (&options.data, &temporary) {
        (Some(dir), _) => dir.as_path(),
        (None, Some(temporary)) => temporary.path(),
        (None, None) => Path::new("."),
    };
    let clock = Arc::new(SetClock::default());
    let held = Held::take(dir)?;
    // Until the server listens for signals itself, a Ctrl-C still removes the folder.
    let opened = tokio::select! {
        opened = open(&held, clock.clone()) => opened?,
        () = stop.asked() => return Ok(()),
    };
    let (store, people) = opened;
    let local = format!("http://localhost:{}", address.port());
    let url = options.at.map_or_else(|| local.clone(), |at| at.trim_end_matches('/').to_owned());
    tell(&url, &people, options.json, temporary.is_some());
    let origins = vec![url.clone(), local, format!("http://127.0.0.1:{}", address.port())];
    let reach =
        Reach { origins: Origins::new(origins), secure: url.starts_with("https://"), trusted_hops: 0 };
    let telling = tokio::spawn(safekeeping::keep(store.clone(), None, clock.clone()));
    let front = Front { listener, tls: None, reach, limits: Limits::new(CONNECTIONS, 0), stop };
    let served = serve::present(store, clock, front).await;
    telling.abort();
    served
}

/// The usual port, so that a browser finds its own copy again; any port when it is taken.
fn bind(wanted: Option<SocketAddr>) -> Result<(TcpListener, SocketAddr), Failure> {
    let local = |port| SocketAddr::from(([127, 0, 0, 1], port));
    match wanted {
        Some(address) => listen::bind(address),
        None => listen::bind(local(8080)).or_else(|_| listen::bind(local(0))),
    }
}

async fn open(held: &Held, clock: Arc<SetClock>) -> Result<(Store, Vec<Person>), Failure> {
    let path = held.dir().join(PEOPLE);
    let failed = |error: std::io::Error| Failure::file("The list of people", &path, &error);
    if path.exists() {
        let text = std::fs::read(&path).map_err(failed)?;
        let people = serde_json::from_slice(&text).map_err(|error| failed(error.into()))?;
        let store = held.open(clock, None).await?;
        safekeeping::tell(&store).await?;
        return Ok((store, people));
    }
    if holds_database(held.dir()) {
        return Err(Failure::new(
            format!("The folder {} holds a database that is no demonstration.", held.dir().display()),
            "It was left as it was.",
            "Name another folder, or an empty one. If an earlier demonstration was stopped while it started, \
             delete its folder.",
        ));
    }
    let store = held.open(clock.clone(), None).await?;
    let people = seed::seed(&store, &clock, &held.import_key()?).await?;
    safekeeping::tell(&store).await?;
    let text = serde_json::to_vec(&people).map_err(|error| failed(error.into()))?;
    secret_file(&path).and_then(|mut file| file.write_all(&text)).map_err(failed)?;
    Ok((store, people))
}

fn tell(url: &str, people: &[Person], json: bool, temporary: bool) {
    let said = match json {
        true => serde_json::to_string(&Ready { url, people }).unwrap_or_default(),
        false => text(url, people, temporary),
    };
    let mut out = std::io::stdout().lock();
    // Whoever started this may have closed our output; the server serves all the same.
    let _ = writeln!(out, "{said}").and_then(|()| out.flush());
}

fn text(url: &str, people: &[Person], temporary: bool) -> String {
    let mut said = format!("Rabaska is ready.\n\n  For everyone:             {url}/\n  ");
    said += &format!("For the municipal office: {url}/desk/\n\n");
    said += "Sign in with one of these codes. All of these people are invented.\n";
    let mut community = "";
    for person in people {
        if person.community != community {
            community = &person.community;
            said += &format!("\n  {community}\n");
        }
        said += &format!("    {}  {:<12} {}\n", person.code, person.role, person.name);
    }
    said += match temporary {
        true => "\nStop with Ctrl-C. Everything is removed then.",
        false => "\nStop with Ctrl-C. The data stay in their folder.",
    };
    said
}
