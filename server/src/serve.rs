//! The composition root: the only place that holds everything. What it builds is handed on
//! port by port.

use std::net::TcpListener;
use std::sync::Arc;

use axum::Router;
use domain::ports::{Clock, Identity, Journal};
use store::Store;
use tokio::sync::watch;
use tracing::level_filters::LevelFilter;

use crate::config::Config;
use crate::connections::{self, Limits};
use crate::data::Held;
use crate::failure::Failure;
use crate::http::assets::Assets;
use crate::http::guard::Origins;
use crate::http::{Parts, Reach, router};
use crate::listen::{self, Stop};
use crate::logging::{self, Logged};
use crate::passing;
use crate::push::Push;
use crate::safekeeping::{self, Nightly};
use crate::system::SystemClock;
use crate::tls::Tls;
use crate::upkeep;

/// How the server meets browsers.
pub struct Front {
    /// Already taken.
    pub listener: TcpListener,
    /// When it speaks TLS itself.
    pub tls: Option<Tls>,
    /// How browsers reach it.
    pub reach: Reach,
    /// How much of each thing at a time, and for how long.
    pub limits: Limits,
    /// When it goes down.
    pub stop: Stop,
}

/// `rabaska serve`.
pub async fn run(config: Config) -> Result<(), Failure> {
    logging::start(config.log, LevelFilter::INFO);
    let stop = Stop::hear()?;
    let tls = match (&config.tls_certificate, &config.tls_key) {
        (Some(certificate), Some(key)) => Some(Tls::read(certificate, key).await?),
        _ => None,
    };
    let held = Held::take(&config.data)?;
    let (listener, address) = listen::bind(config.listen)?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let store = held.open_to_serve(clock.clone(), &config).await?;
    let origins = Origins::new([config.public_url.clone()]);
    let reach = Reach { origins, secure: config.secure(), trusted_hops: config.trusted_hops };
    let most = connections::open_files(config.connections);
    let limits = Limits::new(most, config.trusted_hops);
    let front = Front { listener, tls, reach, limits, stop };
    tracing::info!(%address, url = config.public_url, epoch = %store.epoch(), "serving");
    let nightly = config.backups.map(|folder| Nightly { folder, keep_days: config.keep_backups });
    let keeping = tokio::spawn(safekeeping::keep(store.clone(), nightly, clock.clone()));
    let tidying = tokio::spawn(upkeep::keep(store.clone()));
    let served = present(store, clock, front).await;
    keeping.abort();
    tidying.abort();
    served
}

/// Serves a store until a signal, then closes it.
pub async fn present(store: Store, clock: Arc<dyn Clock>, front: Front) -> Result<(), Failure> {
    let (closing, closes) = watch::channel(false);
    let passing = tokio::spawn(passing::keep(Arc::new(store.clone()), clock.clone()));
    let routes = routes(&store, clock, front.reach, closes, Assets::embedded());
    let served = listen::serve(front.listener, front.tls, routes, front.limits, closing, front.stop).await;
    passing.abort();
    store.close().await;
    served
}

/// The routes over a store.
pub fn routes(
    store: &Store,
    clock: Arc<dyn Clock>,
    reach: Reach,
    closing: watch::Receiver<bool>,
    assets: Assets,
) -> Router {
    if !assets.has_pages() {
        tracing::warn!(
            "this rabaska was built without its pages: only /api/ answers. Build the pages into dist/, then build again"
        );
    }
    let shared = Arc::new(store.clone());
    let journal: Arc<dyn Journal> = shared.clone();
    let identity: Arc<dyn Identity> = Arc::new(Logged(shared.clone()));
    let pushing = Arc::new(Push::new(journal.clone(), identity.clone()));
    let heads = store.clone();
    let listen = Arc::new(move || heads.heads());
    router(Parts { journal, identity, blobs: shared, pushing, clock, listen, closing, reach, assets })
}
