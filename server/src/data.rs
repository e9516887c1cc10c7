//! The data folder: opened by one process at a time, with its database and keys.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use domain::ports::{Clock, Random};
use store::{Options, Store};

use crate::config::Config;
use crate::failure::Failure;
use crate::system::SystemRandom;

/// The key that salts of imported rows are made with; backed up with the database.
const IMPORT_KEY: &str = "import.key";

/// Holds a data folder; let go when dropped.
#[derive(Debug)]
pub struct Held {
    _lock: File,
    dir: PathBuf,
}

impl Held {
    /// Takes a folder, making it when it is not there.
    pub fn take(dir: &Path) -> Result<Self, Failure> {
        let failed = |error: std::io::Error| Failure::file("The data folder", dir, &error);
        store::make_folder(dir).map_err(failed)?;
        let path = dir.join("rabaska.lock");
        let lock = OpenOptions::new().create(true).write(true).truncate(false).open(&path).map_err(failed)?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { _lock: lock, dir: dir.to_owned() }),
            Err(TryLockError::Error(error)) => Err(failed(error)),
            Err(TryLockError::WouldBlock) => Err(Failure::new(
                format!("Another rabaska is using the data folder {}.", dir.display()),
                "It was left alone; nothing was changed.",
                "Stop that server first. A running server makes its own backups when `backups` is set.",
            )),
        }
    }

    /// Takes a folder that must hold a database already.
    pub fn existing(dir: &Path) -> Result<Self, Failure> {
        if holds_database(dir) {
            return Self::take(dir);
        }
        Err(Failure::new(
            format!("There is no Rabaska database in {}.", dir.display()),
            "Nothing was changed.",
            "Name the data folder with --data, or the configuration with --config.",
        ))
    }

    /// Opens the database in it, for a command.
    pub async fn open(&self, clock: Arc<dyn Clock>, backups: Option<PathBuf>) -> Result<Store, Failure> {
        self.open_with(Options { backups, ..Options::new(clock, Arc::new(SystemRandom)) }).await
    }

    /// Opens it to serve devices, with what the configuration says of them.
    pub async fn open_to_serve(&self, clock: Arc<dyn Clock>, config: &Config) -> Result<Store, Failure> {
        let most = u64::try_from(config.operations_per_day).ok().filter(|most| *most > 0);
        let options = Options::new(clock, Arc::new(SystemRandom));
        self.open_with(Options { backups: config.backups.clone(), operations_per_day: most, ..options }).await
    }

    async fn open_with(&self, options: Options) -> Result<Store, Failure> {
        #[cfg(debug_assertions)]
        let options = Options { decide: crate::faults::decide, ..options };
        Ok(Store::open_with(&self.dir, options).await?)
    }

    /// The import key, made the first time.
    pub fn import_key(&self) -> Result<[u8; 32], Failure> {
        let path = self.dir.join(IMPORT_KEY);
        let failed = |error: std::io::Error| Failure::file("The import key", &path, &error);
        let mut key = [0; 32];
        if path.exists() {
            File::open(&path).and_then(|mut file| file.read_exact(&mut key)).map_err(failed)?;
            return Ok(key);
        }
        SystemRandom.fill(&mut key)?;
        // Whole and on the disk before anything is made with it: with another key the same rows
        // would look changed.
        let beside = path.with_extension("new");
        secret_file(&beside)
            .and_then(|mut file| file.write_all(&key).and_then(|()| file.sync_all()))
            .and_then(|()| std::fs::rename(&beside, &path))
            .and_then(|()| File::open(&self.dir)?.sync_all())
            .map_err(failed)?;
        Ok(key)
    }

    /// Its path.
    pub fn dir(&self) -> &Path {
        &self.dir
    }
}

/// Whether a folder holds a database.
pub fn holds_database(dir: &Path) -> bool {
    dir.join("rabaska.db").exists()
}

/// A new file that only its owner reads.
pub fn secret_file(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.create(true).write(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
