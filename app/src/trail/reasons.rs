//! Why something was not taken, in words: what happened, and what to do next.

use domain::outbox::Unsendable;
use domain::receipts::Refusal;

use crate::ui::dates;
use crate::w;

/// Why the rules said no.
pub fn refusal(why: &Refusal, community: &str) -> String {
    match why {
        Refusal::Closed { since } => w!(refused_closed_since, date = dates::day(*since)),
        Refusal::NotYetOpen { from } => w!(refused_not_yet_open, date = dates::day(*from)),
        Refusal::NotTaken => w!(refused_not_taken),
        Refusal::TooManyDocuments => w!(refused_too_many_documents),
        Refusal::TooManyTexts => w!(refused_too_many_texts),
        Refusal::TextChanged => w!(refused_text_changed),
        Refusal::NotAlike => w!(refused_not_alike),
        Refusal::NotAProposal => w!(refused_not_a_proposal),
        Refusal::AlreadyMerged => w!(refused_already_merged),
        Refusal::NotMerged => w!(refused_not_merged),
        Refusal::AlreadyForwarded => w!(refused_already_forwarded),
        Refusal::NoSuchCommunity => w!(refused_no_such_community),
        Refusal::NoSuchWords => w!(refused_no_such_words),
        Refusal::NothingAsked => w!(refused_nothing_asked),
        Refusal::NotHidden => w!(refused_not_hidden),
        Refusal::NotApproved => w!(refused_not_approved),
        Refusal::NothingAppealed => w!(refused_nothing_appealed),
        Refusal::SecondPerson => w!(refused_second_person),
        Refusal::BadBallot => w!(refused_bad_ballot),
        Refusal::BadAnswers => w!(refused_bad_answers),
        Refusal::AlreadyDone => w!(refused_already_done),
        Refusal::TookPartElsewhere => w!(refused_took_part_elsewhere),
        Refusal::NotPermitted => w!(refused_not_permitted, community = community.to_owned()),
        Refusal::UnknownSubject => w!(refused_unknown_subject),
        Refusal::OutsideTerritory => w!(refused_outside_territory),
        Refusal::UnknownRule => w!(refused_unknown_rule),
        Refusal::NotYours => w!(refused_others),
        Refusal::AlreadyWithdrawn => w!(refused_already_withdrawn),
        Refusal::AlreadyHidden => w!(refused_already_hidden),
        Refusal::AlreadyClosed => w!(refused_already_closed),
        Refusal::ClosesInThePast => w!(refused_closes_in_the_past),
        Refusal::DueInThePast => w!(refused_due_in_the_past),
        Refusal::AlreadyOver => w!(refused_already_over),
        Refusal::LogFull => w!(refused_log_full),
        Refusal::NoSuchCode => w!(refused_no_such_code),
        Refusal::AlreadyCounted => w!(refused_already_counted),
    }
}

/// Why it will never leave as it is.
pub fn unsendable(why: &Unsendable) -> String {
    match why {
        Unsendable::Conflict => w!(refused_conflict),
        Unsendable::Invalid(_) => w!(refused_invalid),
        Unsendable::Unsupported => w!(refused_unsupported),
        Unsendable::NotYours => w!(refused_not_yours),
    }
}
