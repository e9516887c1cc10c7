//! The receipt key: beside the database and in every backup. Every key ever used stays in
//! the table of keys, so that old receipts can be verified.

use std::fs;
use std::io::Write;
use std::path::Path;

use domain::ids::{Hash, KeyId, Signature};
use domain::ports::PortError;
use domain::receipts::{Receipt, ReceiptKey, SignedReceipt};
use ed25519_dalek::{Signer, SigningKey, Verifier, VerifyingKey};
use sqlx::{Row, SqliteConnection};

use crate::{Options, engine, failed};

/// The seed's file, beside the database.
pub(crate) const FILE: &str = "receipt.key";

/// Signs receipts, and knows every key that ever did.
pub struct ReceiptSigner {
    signing: SigningKey,
    id: KeyId,
    known: Vec<(KeyId, VerifyingKey)>,
}

impl ReceiptSigner {
    /// The current key's name.
    pub fn id(&self) -> KeyId {
        self.id
    }

    /// Signs a receipt's text.
    pub fn sign(&self, text: String) -> SignedReceipt {
        let signature = Signature(self.signing.sign(&Receipt::signed_bytes(&text)).to_bytes());
        SignedReceipt { text, signature }
    }

    /// Whether one of our keys signed this text.
    pub fn verifies(&self, receipt: &SignedReceipt) -> bool {
        let Some(read) = receipt.read() else { return false };
        let Some((_, key)) = self.known.iter().find(|(id, _)| *id == read.key_id) else { return false };
        let signature = ed25519_dalek::Signature::from_bytes(&receipt.signature.0);
        key.verify(&Receipt::signed_bytes(&receipt.text), &signature).is_ok()
    }

    /// Every key, the current one last.
    pub fn public(&self) -> Vec<ReceiptKey> {
        self.known.iter().map(|(id, key)| ReceiptKey { id: *id, public: Hash(key.to_bytes()) }).collect()
    }

    /// The secret from which other keys are derived.
    pub(crate) fn seed(&self) -> [u8; 32] {
        self.signing.to_bytes()
    }
}

fn id_of(key: &VerifyingKey) -> KeyId {
    let mut id = [0; 8];
    id.copy_from_slice(&Hash::of(&key.to_bytes()).0[..8]);
    KeyId(id)
}

/// Reads the seed of a folder.
pub(crate) fn read_seed(dir: &Path) -> Result<Option<SigningKey>, PortError> {
    let path = dir.join(FILE);
    match fs::read_to_string(&path) {
        Ok(text) => {
            let seed: Hash = text.trim().parse().map_err(|error| failed(FILE, error))?;
            Ok(Some(SigningKey::from_bytes(&seed.0)))
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(failed(FILE, error)),
    }
}

/// Writes a secret so that only its owner reads it, durably; under its name it is whole.
fn write_secret(path: &Path, text: &str) -> std::io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let beside = path.with_extension("new");
    let mut file = options.open(&beside)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(&beside, path)?;
    sync_folder(path)
}

/// Makes a new name in a folder durable.
pub(crate) fn sync_folder(path: &Path) -> std::io::Result<()> {
    match path.parent() {
        Some(folder) => fs::File::open(folder)?.sync_all(),
        None => Ok(()),
    }
}

/// Loads the key of a folder, making one for a new database.
pub(crate) async fn load(
    dir: &Path,
    connection: &mut SqliteConnection,
    options: &Options,
) -> Result<ReceiptSigner, PortError> {
    let signing = match read_seed(dir)? {
        Some(key) => key,
        None => {
            let mut seed = [0; 32];
            options.random.fill(&mut seed)?;
            let text = format!("{}\n", Hash(seed));
            write_secret(&dir.join(FILE), &text).map_err(|error| failed(FILE, error))?;
            SigningKey::from_bytes(&seed)
        }
    };
    let public = signing.verifying_key();
    sqlx::query("INSERT INTO receipt_keys (id, public, since) VALUES (?, ?, ?) ON CONFLICT DO NOTHING")
        .bind(&id_of(&public).0[..])
        .bind(&public.to_bytes()[..])
        .bind(options.clock.now().0)
        .execute(&mut *connection)
        .await
        .map_err(engine)?;
    signer(signing, connection).await
}

/// The signer of a seed that the table of keys knows.
pub(crate) async fn signer(
    signing: SigningKey,
    connection: &mut SqliteConnection,
) -> Result<ReceiptSigner, PortError> {
    let mut known = known(connection).await?;
    let id = id_of(&signing.verifying_key());
    known.sort_by_key(|(known, _)| *known == id);
    Ok(ReceiptSigner { signing, id, known })
}

/// The public keys in the database.
pub(crate) async fn known(
    connection: &mut SqliteConnection,
) -> Result<Vec<(KeyId, VerifyingKey)>, PortError> {
    let rows = sqlx::query("SELECT public FROM receipt_keys ORDER BY since")
        .fetch_all(connection)
        .await
        .map_err(engine)?;
    let keys = rows.iter().map(|row| {
        let bytes: [u8; 32] = row.get::<Vec<u8>, _>(0).try_into().map_err(|_| damaged())?;
        let key = VerifyingKey::from_bytes(&bytes).map_err(|_| damaged())?;
        Ok((id_of(&key), key))
    });
    keys.collect()
}

fn damaged() -> PortError {
    PortError::Damaged("receipt_keys".to_owned())
}
