//! What a community has published, as files that other programs read: tables (CSV) with their
//! dictionary, one document (JSON), a calendar, a feed, and the columns of Decidim.
//!
//! Nothing is read here but the public scopes, and a contribution is known by its week. Rows stand
//! in the order of week and name: the feed's own order would tell who came after whom.

mod asking;
mod calendar;
mod cells;
mod decidim;
mod document;
mod feed;
mod out;
mod package;
pub(crate) mod read;
mod tables;
pub mod times;
mod words;

use domain::ports::{Journal, PortError};
use domain::text::Lang;
use domain::time::Millis;

pub use cells::unguarded;
pub use decidim::REFERENCE;
pub use out::{Chunk, Out};
pub use read::Public;
pub use words::Tongue;

/// One of the files.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum File {
    /// A table.
    Table(tables::Kind),
    /// What the tables hold, described.
    Package,
    /// Everything in one document.
    Document,
    /// Phases, deadlines, promised answers, polls and surveys.
    Calendar,
    /// What happened.
    Feed,
    /// The proposals, in the columns of Decidim.
    Decidim,
}

impl File {
    /// By its name in an address.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "datapackage.json" => Some(Self::Package),
            "export.json" => Some(Self::Document),
            "calendar.ics" => Some(Self::Calendar),
            "feed.atom" => Some(Self::Feed),
            "decidim-proposals.csv" => Some(Self::Decidim),
            table => tables::Kind::named(table.strip_suffix(".csv")?).map(Self::Table),
        }
    }

    /// Every file there is, by its name.
    pub fn all() -> Vec<String> {
        let others =
            ["datapackage.json", "export.json", "calendar.ics", "feed.atom", "decidim-proposals.csv"];
        let tables = tables::Kind::ALL.iter().map(|kind| format!("{}.csv", kind.name()));
        tables.chain(others.map(str::to_owned)).collect()
    }

    /// Its type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Table(_) | Self::Decidim => "text/csv; charset=utf-8; header=present",
            Self::Package | Self::Document => "application/json",
            Self::Calendar => "text/calendar; charset=utf-8",
            Self::Feed => "application/atom+xml; charset=utf-8",
        }
    }

    /// Whether programs ask for it again and again, rather than people once.
    pub fn is_followed(self) -> bool {
        matches!(self, Self::Calendar | Self::Feed)
    }

    /// Whether it holds words of ours, hence is another one in another language.
    pub fn has_words(self) -> bool {
        matches!(self, Self::Package | Self::Calendar | Self::Feed)
    }
}

/// What a file is written from.
pub struct Asked {
    /// Which file.
    pub file: File,
    /// Of what.
    pub public: Public,
    /// In which language, where there are words.
    pub tongue: Tongue,
    /// Where people find the pages: scheme and host.
    pub home: String,
    /// By the server's clock: what has closed by now.
    pub now: Millis,
}

impl Asked {
    /// The address of a page.
    fn page(&self, route: &app::ui::routes::Route) -> String {
        format!("{}{route}", self.home)
    }

    /// The languages in which a text is looked for, the best first.
    fn order(&self) -> Vec<Lang> {
        let asked = self.tongue.lang().into_iter();
        asked.chain(self.public.own.place.languages.iter().cloned()).collect()
    }
}

/// Why a file was not written to its end.
#[derive(Debug)]
pub enum Broken {
    /// Something could not be read.
    Port(PortError),
    /// Nobody takes it any more.
    Gone,
}

impl From<PortError> for Broken {
    fn from(error: PortError) -> Self {
        Self::Port(error)
    }
}

/// Writes a file.
pub async fn write(asked: &Asked, journal: &dyn Journal, out: &mut Out) -> Result<(), Broken> {
    match asked.file {
        File::Table(kind) => tables::write(kind, asked, journal, out).await,
        File::Package => {
            let asking = asking::read(journal, &asked.public).await?;
            out.put(package::text(asked, &asking).as_bytes()).await
        }
        File::Document => document::write(asked, journal, out).await,
        File::Calendar => {
            let asking = asking::read(journal, &asked.public).await?;
            out.put(calendar::text(asked, &asking).as_bytes()).await
        }
        File::Feed => {
            let feed = feed::text(asked, journal).await?;
            out.put(&feed).await
        }
        File::Decidim => decidim::write(asked, journal, out).await,
    }?;
    out.finish().await
}
