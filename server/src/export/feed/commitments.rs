//! Commitments in the feed: when they were made, and each entry of their log.

use app::ui::routes::Route;
use domain::operations::Delivery;
use domain::records::{Commitment, Consultation, Report};

use super::{Entry, asks, best, id};
use crate::export::words::{self, Both};
use crate::export::{Asked, times};

/// All that is told of one.
pub fn entries(one: &Commitment, it: &Consultation, asked: &Asked) -> Vec<Entry> {
    let entry = || {
        let page = Route::Consultation(asked.public.own.place.slug.clone(), it.id);
        let title = best(Some(&one.text.in_one_line()), asked);
        asks(it, asked, page, title)
    };
    let choose = |both| asked.tongue.choose(both);
    let line = |label: Both, what: &str| format!("{}{}{what}", choose(label), choose(words::COLON));
    let made = Entry {
        id: id("commitment", &one.id.to_string()),
        updated: one.made_at,
        what: words::COMMITMENT,
        text: [
            best(Some(&one.text), asked),
            line(words::OWNER, &best(Some(&one.owner), asked)),
            line(words::DUE, &times::day(one.promised)),
        ]
        .join("\n"),
        ..entry()
    };
    let reported = |report: &Report| Entry {
        id: id("commitment-report", &format!("{} {}", one.id, report.at.0)),
        updated: report.at,
        what: words::COMMITMENT_REPORT,
        text: format!("{}\n{}", state(report.state, asked), best(Some(&report.text), asked)),
        ..entry()
    };
    std::iter::once(made).chain(one.log.iter().map(reported)).collect()
}

fn state(state: Delivery, asked: &Asked) -> String {
    let choose = |both| asked.tongue.choose(both);
    match state {
        Delivery::UnderWay => choose(words::UNDER_WAY).to_owned(),
        Delivery::Done => choose(words::DONE).to_owned(),
        Delivery::GivenUp => choose(words::GIVEN_UP).to_owned(),
        Delivery::Moved(to) => {
            format!("{}{}{}", choose(words::MOVED_TO), choose(words::COLON), times::day(to))
        }
    }
}
