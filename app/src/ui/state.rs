//! The tide line and ages, decided without a browser.

use domain::time::{DAY, HOUR, Millis};

/// What the tide line says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Tide {
    /// In touch; so long ago.
    UpToDate(Age),
    /// In touch, and this many are leaving.
    Sending(usize),
    /// In touch, and this many cannot leave before somebody signs in.
    SignIn(usize),
    /// In touch, and this many were written before anybody signed in: whose are they?
    Claim(usize),
    /// No network; this many wait.
    Offline(usize),
    /// A network, and no answer.
    ServerAway(usize),
    /// Never in touch yet.
    Never,
}

impl Tide {
    /// For `data-state`.
    pub fn name(self) -> &'static str {
        match self {
            Self::UpToDate(_) => "ok",
            Self::Sending(_) | Self::Never => "sending",
            Self::SignIn(_) | Self::Claim(_) | Self::Offline(_) | Self::ServerAway(_) => "off",
        }
    }
}

/// What the tide is told from.
#[derive(Clone, Copy, Debug)]
pub struct Seen {
    /// The server answered the last time it was asked.
    pub in_touch: bool,
    /// The browser believes that there is a network (it may be wrong).
    pub network: bool,
    /// When the server last answered.
    pub last_contact: Option<Millis>,
    /// Whether somebody is signed in.
    pub signed_in: bool,
    /// The server no longer knows the session of whoever is.
    pub lapsed: bool,
    /// How many items leave by themselves.
    pub unsent: usize,
    /// How many wait for somebody to say that they are theirs.
    pub unclaimed: usize,
}

/// How the network is.
pub fn tide(seen: Seen, now: Millis) -> Tide {
    let waiting = seen.unsent + seen.unclaimed;
    match seen {
        Seen { in_touch: false, network: false, .. } => Tide::Offline(waiting),
        Seen { in_touch: false, .. } => Tide::ServerAway(waiting),
        Seen { last_contact: None, .. } => Tide::Never,
        Seen { lapsed: true, .. } => Tide::SignIn(waiting),
        Seen { signed_in: false, .. } if waiting > 0 => Tide::SignIn(waiting),
        Seen { unsent: unsent @ 1.., .. } => Tide::Sending(unsent),
        Seen { unclaimed: unclaimed @ 1.., .. } => Tide::Claim(unclaimed),
        Seen { last_contact, .. } => Tide::UpToDate(last_contact.map_or(Age::Now, |at| age(at, now))),
    }
}

/// How long ago, as people say it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Age {
    /// Less than a minute.
    Now,
    /// Minutes.
    Minutes(i64),
    /// Hours.
    Hours(i64),
    /// Days.
    Days(i64),
}

/// The age of something.
pub fn age(at: Millis, now: Millis) -> Age {
    const MINUTE: i64 = 60_000;
    match now.since(at) {
        ..MINUTE => Age::Now,
        passed @ ..HOUR => Age::Minutes(passed / MINUTE),
        passed @ ..DAY => Age::Hours(passed / HOUR),
        passed => Age::Days(passed / DAY),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUIET: Seen = Seen {
        in_touch: true,
        network: true,
        last_contact: Some(Millis(0)),
        signed_in: true,
        lapsed: false,
        unsent: 0,
        unclaimed: 0,
    };

    #[test]
    fn the_tide_says_what_matters_most() {
        let now = Millis(5 * 60_000);
        assert_eq!(tide(QUIET, now), Tide::UpToDate(Age::Minutes(5)));
        assert_eq!(tide(Seen { unsent: 2, ..QUIET }, now), Tide::Sending(2));
        assert_eq!(tide(Seen { unsent: 2, signed_in: false, ..QUIET }, now), Tide::SignIn(2));
        assert_eq!(tide(Seen { unclaimed: 1, ..QUIET }, now), Tide::Claim(1));
        assert_eq!(tide(Seen { unclaimed: 1, unsent: 2, ..QUIET }, now), Tide::Sending(2));
        assert_eq!(tide(Seen { unclaimed: 1, signed_in: false, ..QUIET }, now), Tide::SignIn(1));
        assert_eq!(tide(Seen { unclaimed: 1, in_touch: false, ..QUIET }, now), Tide::ServerAway(1));
        assert_eq!(tide(Seen { lapsed: true, ..QUIET }, now), Tide::SignIn(0));
        assert_eq!(tide(Seen { in_touch: false, unsent: 2, ..QUIET }, now), Tide::ServerAway(2));
        assert_eq!(tide(Seen { in_touch: false, network: false, ..QUIET }, now), Tide::Offline(0));
        assert_eq!(tide(Seen { last_contact: None, ..QUIET }, now), Tide::Never);
        assert_eq!(tide(Seen { in_touch: false, last_contact: None, ..QUIET }, now), Tide::ServerAway(0));
    }

    #[test]
    fn ages_are_whole() {
        assert_eq!(age(Millis(0), Millis(59_999)), Age::Now);
        assert_eq!(age(Millis(0), Millis(HOUR - 1)), Age::Minutes(59));
        assert_eq!(age(Millis(0), Millis(DAY - 1)), Age::Hours(23));
        assert_eq!(age(Millis(0), Millis(3 * DAY)), Age::Days(3));
    }
}
