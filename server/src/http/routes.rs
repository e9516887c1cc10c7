//! Every route there is, in one table. Router, guard and tests read it; what is not in it
//! is answered 404.

use domain::envelope::{BODY_MAX, PUSH_MAX};

/// What a route takes as its body.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Takes {
    /// Nothing that is looked at.
    Nothing,
    /// A JSON object with these fields and no others.
    Json {
        /// In bytes.
        limit: usize,
        /// Their names.
        fields: &'static [&'static str],
    },
    /// Bytes.
    Octets {
        /// In bytes.
        limit: usize,
    },
}

/// Who serves a route.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Serves {
    /// A server function.
    Function,
    /// A page of a scope.
    Pull,
    /// Heads as they change.
    Events,
    /// Photos and documents.
    Blob,
    /// A file of what a community has published.
    CommunityFile,
    /// A file of what was published of one consultation.
    ConsultationFile,
    /// Whether the server is well.
    Health,
    /// The receipt keys.
    Keys,
}

/// Who may ask. Whatever else a route decides, it decides by the tables of `domain::authority`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Asks {
    /// Anyone, signed in or not.
    Anyone,
    /// Whoever may pull the scope that is named.
    ByScope,
    /// The author of each envelope, whose kind their role has to push.
    ByKind,
    /// To write, whoever is signed in; to read, whoever may pull a record that names it.
    ByRecord,
}

/// One route.
#[derive(Clone, Copy, Debug)]
pub struct Route {
    /// As axum writes it.
    pub path: &'static str,
    /// Which methods it answers; HEAD comes with GET.
    pub methods: &'static [&'static str],
    /// What it takes.
    pub takes: Takes,
    /// Who serves it.
    pub serves: Serves,
    /// Who may ask.
    pub asks: Asks,
}

/// The route that takes participation codes.
pub const OPEN_SESSION: &str = "/api/v1/session/open";
/// Small requests: a code and its punctuation.
const SMALL: usize = 16 * 1024;
/// A full push of large texts would be twice this; devices send fewer at a time then.
const PUSH_LIMIT: usize = min(PUSH_MAX * (BODY_MAX + 4 * 1024), 4 * 1024 * 1024);
/// One piece of a photo or a document.
pub const CHUNK_MAX: usize = 256 * 1024;

const fn min(a: usize, b: usize) -> usize {
    if a < b { a } else { b }
}

const fn function(path: &'static str, asks: Asks, limit: usize, fields: &'static [&'static str]) -> Route {
    Route { path, methods: &["POST"], takes: Takes::Json { limit, fields }, serves: Serves::Function, asks }
}

const fn read(path: &'static str, asks: Asks, serves: Serves) -> Route {
    Route { path, methods: &["GET"], takes: Takes::Nothing, serves, asks }
}

/// The table.
pub const ROUTES: &[Route] = &[
    function("/api/v1/push", Asks::ByKind, PUSH_LIMIT, &["envelopes"]),
    function(OPEN_SESSION, Asks::Anyone, SMALL, &["code"]),
    function("/api/v1/session/show", Asks::Anyone, SMALL, &[]),
    function("/api/v1/session/close", Asks::Anyone, SMALL, &[]),
    read("/api/v1/pull", Asks::ByScope, Serves::Pull),
    read("/api/v1/events", Asks::ByScope, Serves::Events),
    read("/api/v1/export/{community}/{file}", Asks::Anyone, Serves::CommunityFile),
    read("/api/v1/export/{community}/{consultation}/{file}", Asks::Anyone, Serves::ConsultationFile),
    read("/api/v1/health", Asks::Anyone, Serves::Health),
    read("/api/v1/keys", Asks::Anyone, Serves::Keys),
    Route {
        path: "/api/v1/blobs/{sha256}",
        methods: &["HEAD", "PUT", "GET"],
        takes: Takes::Octets { limit: CHUNK_MAX },
        serves: Serves::Blob,
        asks: Asks::ByRecord,
    },
];
