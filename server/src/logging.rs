//! The log: on stderr, as text or JSON. It names methods, routes, statuses and times; never
//! people, codes, tokens or what anyone wrote.

use std::sync::Arc;

use async_trait::async_trait;
use domain::authority::{Person, Role};
use domain::codes::Code;
use domain::ids::{CommunityId, PersonId};
use domain::ports::{CodeError, Identity, Opened, PortError};
use domain::text::Label;
use tracing::level_filters::LevelFilter;

use crate::config::LogFormat;

/// Begins to log.
pub fn start(format: LogFormat, level: LevelFilter) {
    // Whoever read the log may be gone: that must not bring requests or the end down.
    let log = tracing_subscriber::fmt().with_max_level(level).with_writer(std::io::stderr).with_ansi(false);
    let log = log.log_internal_errors(false);
    // A second call (tests) keeps the first log.
    let _ = match format {
        LogFormat::Text => log.with_target(false).try_init(),
        LogFormat::Json => log.json().try_init(),
    };
}

/// Identity, its failures logged: on their way to the device they lose their text.
pub struct Logged(pub Arc<dyn Identity>);

const FAILED: &str = "people and sessions could not be asked";

fn note<T>(result: Result<T, PortError>) -> Result<T, PortError> {
    result.inspect_err(|error| tracing::error!(%error, "{FAILED}"))
}

#[async_trait]
impl Identity for Logged {
    async fn open(&self, code: Code) -> Result<Opened, CodeError> {
        self.0.open(code).await.inspect_err(|error| {
            if let CodeError::Port(error) = error {
                tracing::error!(%error, "{FAILED}");
            }
        })
    }

    async fn session(&self, token: &str) -> Result<Option<Person>, PortError> {
        note(self.0.session(token).await)
    }

    async fn close(&self, token: &str) -> Result<(), PortError> {
        note(self.0.close(token).await)
    }

    async fn add(
        &self,
        name: Label,
        community: CommunityId,
        role: Role,
    ) -> Result<(PersonId, Code), PortError> {
        note(self.0.add(name, community, role).await)
    }

    async fn revoke(&self, person: &PersonId) -> Result<(), PortError> {
        note(self.0.revoke(person).await)
    }

    async fn person(&self, id: &PersonId) -> Result<Option<Person>, PortError> {
        note(self.0.person(id).await)
    }
}
