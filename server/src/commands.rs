//! The commands: each opens what it needs, does one thing, and says in plain words what it
//! did.

use std::path::Path;
use std::sync::Arc;

use domain::ports::Clock;
use domain::time::Millis;
use tracing::level_filters::LevelFilter;

use crate::cli::{Cli, Command, Data, Import};
use crate::config::{Config, LogFormat};
use crate::data::Held;
use crate::failure::Failure;
use crate::import::people::{self, Adding};
use crate::import::{decidim, statements, territory};
use crate::system::{SystemClock, SystemRandom};
use crate::{dates, demo, erase, logging, places, revoke, serve};

/// Does what the command line says.
pub async fn run(cli: Cli) -> Result<(), Failure> {
    if !matches!(cli.command, Command::Serve { .. }) {
        logging::start(LogFormat::Text, LevelFilter::WARN);
    }
    match cli.command {
        Command::Serve { config } => serve::run(Config::load(config.as_deref())?).await,
        Command::Demo(options) => demo::run(options).await,
        Command::Import { what } => import(what).await,
        Command::Revoke { who, place } => revoked(&who, place).await,
        Command::Erase { what, place } => erased(&what, place).await,
        Command::Backup { folder, place } => backup(&folder, place).await,
        Command::Restore { from, place, without_log } => restore(&from, place, without_log).await,
        Command::Check { place } => check(place).await,
    }
}

/// The configuration, with the data folder that the command line names.
fn configured(place: Data) -> Result<Config, Failure> {
    let mut config = Config::load(place.config.as_deref())?;
    if let Some(data) = place.data {
        config.data = data;
    }
    Ok(config)
}

async fn import(what: Import) -> Result<(), Failure> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    match what {
        Import::Territory { file, place } => {
            let config = configured(place)?;
            let territory = territory::read(&read(&file)?)?;
            let held = Held::take(&config.data)?;
            let store = held.open(clock, config.backups).await?;
            let summary = territory::load(&store, territory).await;
            store.close().await;
            println!("{}", summary?);
        }
        Import::People { file, again, place } => {
            let config = configured(place)?;
            let bytes = read(&file)?;
            let held = Held::existing(&config.data)?;
            people::refuse_known(&held, &bytes, again)?;
            let store = held.open(clock, config.backups.clone()).await?;
            let people = people::read(&bytes, &places::communities(&store).await?)?;
            let Adding { added, stopped } = people::add(&store, people).await;
            if added.is_empty() && stopped.is_some() {
                store.close().await;
                return stopped.map_or(Ok(()), Err);
            }
            let noted = people::note(&held, &bytes);
            // Codes go out only once a backup knows them: people keep them for years.
            let kept = match &config.backups {
                Some(folder) => store.backup(folder).await.map(|_| true),
                None => Ok(false),
            };
            store.close().await;
            // Nothing that fails from here on may keep the codes back: this is the only time.
            print!("{}", people::codes(&added));
            if let Err(failure) = noted {
                println!("{failure}");
            }
            match kept {
                Ok(true) => println!("A backup that holds these codes was made."),
                Ok(false) => {
                    println!("Make a backup before you hand the codes out: `rabaska backup FOLDER`.")
                }
                Err(error) => {
                    println!("The backup failed ({error}). Make one before you hand the codes out.")
                }
            }
            return stopped.map_or(Ok(()), Err);
        }
        Import::Statements { community, consultation, source, file, place } => {
            contributions(Format::Statements, (&community, &consultation, &source), &file, place, clock)
                .await?;
        }
        Import::Decidim { file, community, consultation, source, place } => {
            contributions(Format::Decidim, (&community, &consultation, &source), &file, place, clock).await?;
        }
    }
    Ok(())
}

/// Whose columns a file of contributions has.
enum Format {
    Statements,
    Decidim,
}

/// Loads a file into a consultation of a community, from a source, and says what became of it.
async fn contributions(
    format: Format,
    (community, consultation, source): (&str, &str, &str),
    file: &Path,
    place: Data,
    clock: Arc<dyn Clock>,
) -> Result<(), Failure> {
    let config = configured(place)?;
    let bytes = read(file)?;
    let held = Held::existing(&config.data)?;
    let store = held.open(clock.clone(), config.backups.clone()).await?;
    let key = held.import_key()?;
    let summary = async {
        let target = statements::target(&store, community, consultation, source).await?;
        Ok::<_, Failure>(match format {
            Format::Statements => statements::load(&store, &*clock, &key, &target, &bytes).await?.to_string(),
            Format::Decidim => decidim::load(&store, &*clock, &key, &target, &bytes).await?.to_string(),
        })
    };
    let summary = summary.await;
    store.close().await;
    println!("{}", summary?);
    Ok(())
}

async fn revoked(who: &[String], place: Data) -> Result<(), Failure> {
    let config = configured(place)?;
    let held = Held::existing(&config.data)?;
    let store = held.open(Arc::new(SystemClock), config.backups).await?;
    let work = async {
        for person in revoke::find(&store, who).await? {
            println!("{}", revoke::revoke(&store, &person).await?);
        }
        Ok(())
    };
    let done = work.await;
    store.close().await;
    done
}

async fn erased(what: &str, place: Data) -> Result<(), Failure> {
    let config = configured(place)?;
    let held = Held::existing(&config.data)?;
    let store = held.open(Arc::new(SystemClock), config.backups).await?;
    let work = async { erase::erase(&store, &erase::find(&store, what).await?).await };
    let done = work.await;
    store.close().await;
    println!("{}", done?);
    Ok(())
}

async fn backup(folder: &Path, place: Data) -> Result<(), Failure> {
    let config = configured(place)?;
    let held = Held::existing(&config.data)?;
    let store = held.open(Arc::new(SystemClock), config.backups).await?;
    let made = store.backup(folder).await;
    store.close().await;
    let made = made?;
    println!(
        "The backup is in {}. It was read back: {} operations, {} records, {} photos, nothing missing.\nWhat is \
         hidden, decided, counted, revoked or erased from now on is also written to changes.jsonl beside it, as long as \
         the server finds that folder there. A copy that you carry away learns nothing more: carry changes.jsonl again too.",
        made.folder.display(),
        made.report.operations,
        made.report.records,
        made.report.blobs
    );
    Ok(())
}

async fn restore(from: &Path, place: Data, without_log: bool) -> Result<(), Failure> {
    let config = configured(place)?;
    let held = Held::take(&config.data)?;
    let restored = store::restore(from, held.dir(), without_log, &SystemClock, &SystemRandom).await;
    let restored = restored.map_err(|error| {
        Failure::new(
            format!("The backup was not restored: {error}."),
            "The backup itself was not touched.",
            "Name one of the dated folders of the backup folder, and an empty data folder.",
        )
    })?;
    println!(
        "Restored up to operation {}. {} hidings, decisions, results, revocations and erasures made since were applied \
         again.\n{}\nDevices will offer again what the backup did not hold. Start the server when you are ready, and make a new backup.",
        restored.position,
        restored.reapplied,
        known_until(restored.complete_until)
    );
    Ok(())
}

/// What the restored database cannot know, and what to do about it.
fn known_until(until: Option<Millis>) -> String {
    let from = until.map_or_else(
        || "No log says what was hidden, decided, counted, revoked or erased after the backup was made: it is".to_owned(),
        |at| {
            format!(
                "The log beside the backup goes up to {}. What was hidden, decided, counted, revoked or erased later is",
                dates::moment(at)
            )
        },
    );
    format!(
        "{from} not known here and would be open again. If the old server ran on after that, look for a newer \
         changes.jsonl and restore again with it, or hide, revoke and erase again by hand before you announce the address."
    )
}

async fn check(place: Data) -> Result<(), Failure> {
    let config = configured(place)?;
    let held = Held::existing(&config.data)?;
    let report = store::check(&store::Place::data(held.dir())).await?;
    let read = format!(
        "Read {} operations, {} records, {} photos.",
        report.operations, report.records, report.blobs
    );
    if report.findings.is_empty() {
        println!("{read} Everything is as it was written.");
        return Ok(());
    }
    Err(Failure::new(
        format!("{read} Not everything is as it was written:\n  {}", report.findings.join("\n  ")),
        "Nothing was changed. Earlier backups are untouched.",
        "Keep this folder as it is, restore the latest backup into another one, and ask for help.",
    ))
}

fn read(file: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(file).map_err(|error| Failure::file("The file", file, &error))
}
