//! The certificate and its key: read at the start, and again whenever their files change. A
//! renewal needs no restart.

use std::path::{Path, PathBuf};
use std::time::Duration;

use axum_server::tls_rustls::RustlsConfig;
use domain::ids::Hash;

use crate::failure::Failure;

/// How often the files are looked at.
const LOOK: Duration = Duration::from_secs(60);

/// A certificate chain with its key, read and found to belong together.
pub struct Tls {
    config: RustlsConfig,
    certificate: PathBuf,
    key: PathBuf,
    /// What lay there when the files were read last, also when it could not be used.
    seen: Seen,
    every: Duration,
}

/// The digests of both files; none of one that could not be read.
type Seen = [Option<Hash>; 2];

impl Tls {
    /// Reads a PEM chain and its PEM key.
    pub async fn read(certificate: &Path, key: &Path) -> Result<Self, Failure> {
        // A second call finds the provider of the first, which is the same.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let chain = std::fs::read(certificate);
        let chain = chain.map_err(|error| Failure::file("The TLS certificate", certificate, &error))?;
        let secret = std::fs::read(key).map_err(|error| Failure::file("The TLS key", key, &error))?;
        let seen = [Some(Hash::of(&chain)), Some(Hash::of(&secret))];
        let config = RustlsConfig::from_pem(chain, secret).await.map_err(|error| {
            let (certificate, key) = (certificate.display(), key.display());
            Failure::new(
                format!("The certificate {certificate} and the key {key} cannot be used together: {error}."),
                "Nothing was started and nothing was changed.",
                "Write a PEM chain under `tls_certificate` and the PEM key that it was made for under \
                 `tls_key`, then start again.",
            )
        })?;
        Ok(Self { config, certificate: certificate.to_owned(), key: key.to_owned(), seen, every: LOOK })
    }

    /// What connections are accepted with; it changes with the files.
    pub fn config(&self) -> RustlsConfig {
        self.config.clone()
    }

    /// The same, its files looked at so often.
    pub fn looked_at_every(self, every: Duration) -> Self {
        Self { every, ..self }
    }

    /// Looks at the files every so often, until it is stopped. A pair that cannot be used changes
    /// nothing: it is named once in the log, and the one before goes on.
    pub async fn keep_current(mut self) {
        loop {
            tokio::time::sleep(self.every).await;
            self.look().await;
        }
    }

    async fn look(&mut self) {
        // By what lies in them: files are also exchanged under the same name and time.
        let read = [tokio::fs::read(&self.certificate).await, tokio::fs::read(&self.key).await];
        let seen = read.each_ref().map(|file| file.as_ref().ok().map(|bytes| Hash::of(bytes)));
        if seen == self.seen {
            return;
        }
        self.seen = seen;
        let [chain, secret] = read;
        let taken = match (chain, secret) {
            (Ok(chain), Ok(secret)) => self.config.reload_from_pem(chain, secret).await,
            (Err(error), _) | (_, Err(error)) => Err(error),
        };
        let (certificate, key) = (self.certificate.display(), self.key.display());
        match taken {
            Ok(()) => tracing::info!(%certificate, "the new TLS certificate is used from now on"),
            Err(error) => tracing::error!(
                %error, %certificate, %key,
                "the new TLS certificate and key cannot be used together: the old ones stay in use. Write both \
                 files as they belong together"
            ),
        }
    }
}
