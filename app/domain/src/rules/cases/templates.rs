//! Templates of answers: the office's own, changed and taken out by any of its clerks.

use super::*;
use crate::operations::{DropTemplate, KeepTemplate};
use crate::records::AnswerTemplate;
use crate::rules::templates::key;

fn keep(template: Option<RecordId>, text: &str) -> Action {
    Action::KeepTemplate(KeepTemplate { template, title: said("Déneigement"), text: said(text) })
}

fn dropped(template: RecordId) -> Action {
    Action::DropTemplate(DropTemplate { template })
}

impl Village {
    fn template(&self, id: RecordId) -> Option<&AnswerTemplate> {
        self.held.answer_template(&key(&laforce(), id))
    }
}

#[test]
fn a_template_is_kept_changed_and_taken_out_by_the_office_alone() {
    let mut village = Village::new();
    let not = Outcome::Refused(Refusal::NotPermitted);
    assert_eq!(village.act(&rose(), 1, &keep(None, "Merci.")), not);
    assert_eq!(village.act(&clerk(), 2, &keep(None, "Merci.")), Outcome::Accepted);
    let id = act(&clerk(), 2, &keep(None, "Merci.")).record();
    assert_eq!(village.template(id).unwrap().text, said("Merci."));
    village.now = NOW.plus(DAY);
    assert_eq!(village.act(&clerk(), 3, &keep(Some(id), "Merci bien.")), Outcome::Accepted);
    let changed = village.template(id).unwrap();
    assert_eq!((&changed.text, changed.kept_at), (&said("Merci bien."), NOW.plus(DAY)));
    assert_eq!(village.act(&rose(), 4, &dropped(id)), not);
    assert_eq!(village.act(&clerk(), 5, &dropped(id)), Outcome::Accepted);
    assert_eq!(village.template(id), None);
    assert_eq!(village.act(&clerk(), 6, &dropped(id)), Outcome::Refused(Refusal::AlreadyDone));
    // A colleague was still writing it.
    assert_eq!(village.act(&clerk(), 7, &keep(Some(id), "Encore.")), Outcome::Accepted);
    assert_eq!(village.template(id).unwrap().text, said("Encore."));
}

#[test]
fn after_a_restore_an_older_wording_does_not_replace_a_newer_one() {
    let mut village = Village::new();
    village.now = NOW.plus(DAY);
    assert_eq!(village.act(&clerk(), 1, &keep(None, "Neuf.")), Outcome::Accepted);
    let id = act(&clerk(), 1, &keep(None, "Neuf.")).record();
    village.again(&clerk(), 2, &keep(Some(id), "Vieux."), NOW);
    assert_eq!(village.template(id).unwrap().text, said("Neuf."));
}
