//! The log: on stderr, as text or JSON. It names methods, routes, statuses and times; never
//! people, codes, tokens or what anyone wrote.

use tracing::level_filters::LevelFilter;

use crate::config::LogFormat;

/// Begins to log.
pub fn start(format: LogFormat, level: LevelFilter) {
    let log = tracing_subscriber::fmt().with_max_level(level).with_writer(std::io::stderr).with_ansi(false);
    // A second call (tests) keeps the first log.
    let _ = match format {
        LogFormat::Text => log.with_target(false).try_init(),
        LogFormat::Json => log.json().try_init(),
    };
}
