//! The parts of the app that only those devices fetch, and keep for offline, that need them.

/// One of them, by what is in it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Part {
    /// What a consultation asks: polls, surveys, texts; and the map.
    Asked,
    /// What an office tells: commitments, documents, how it moderates.
    Told,
    /// What is one's own: signing in, this device, what became of what one said, what a form offers besides words.
    Own,
}

impl Part {
    /// Each of them.
    pub const ALL: [Self; 3] = [Self::Asked, Self::Told, Self::Own];

    /// Its name in the address of its file, by which the service worker knows it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Told => "told",
            Self::Own => "own",
        }
    }
}
