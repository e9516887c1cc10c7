//! Texts and amendments: who may, when, what stands in the way, and what comes back after a restore.

use super::support::given;
use super::*;
use crate::operations::{
    Amend, Answer, Approve, Blot, Comment, Hide, Merge, NewParagraph, PublishText, Replaces, Stance,
    TEXTS_MAX,
};
use crate::records::{Amendment, PublishedText, What};
use crate::text::Text;

pub(super) const WIDE: &str = "La marge est de 6 mètres.";
const HIGH: &str = "La hauteur est de 2 étages.";

fn text(words: &str) -> Text {
    words.parse().unwrap()
}

fn fresh(words: &str) -> NewParagraph {
    NewParagraph { was: None, words: said(words) }
}

fn kept(was: u32, words: &str) -> NewParagraph {
    NewParagraph { was: Some(was), words: said(words) }
}

fn first(consultation: RecordId) -> Action {
    let paragraphs = vec![fresh(WIDE), fresh(HIGH)];
    Action::PublishText(PublishText { consultation, replaces: None, title: said("Zonage"), paragraphs })
}

/// That version of a text.
fn next(consultation: RecordId, of: RecordId, version: u32, paragraphs: Vec<NewParagraph>) -> Action {
    let replaces = Some(Replaces { text: of, version: version - 1 });
    Action::PublishText(PublishText { consultation, replaces, title: said("Zonage"), paragraphs })
}

pub(super) fn amend(
    consultation: RecordId,
    of: RecordId,
    paragraph: u32,
    quote: &str,
    wording: &str,
) -> Action {
    Action::Amend(Amend {
        consultation,
        text: of,
        paragraph,
        lang: "fr".parse().unwrap(),
        quote: text(quote),
        wording: wording.parse().ok(),
        reason: Some(text("Les terrains sont étroits.")),
    })
}

fn refused(refusal: Refusal) -> Outcome {
    Outcome::Refused(refusal)
}

impl Village {
    /// A consultation that asks for everything, with a text in it.
    pub(super) fn with_text(&mut self) -> (RecordId, RecordId) {
        let Action::OpenConsultation(plain) = open() else { unreachable!() };
        let open = Action::OpenConsultation(OpenConsultation { takes: Form::ALL.to_vec(), ..plain });
        assert_eq!(self.act(&clerk(), 1, &open), Outcome::Accepted);
        let here = act(&clerk(), 1, &open).record();
        assert_eq!(self.act(&clerk(), 2, &first(here)), Outcome::Accepted);
        (here, act(&clerk(), 2, &first(here)).record())
    }

    fn text(&self, here: RecordId, id: RecordId) -> &PublishedText {
        self.held.published_text(&Key::inside(&laforce(), here, id)).unwrap()
    }

    fn amended(&mut self, number: u8, here: RecordId, action: &Action) -> RecordId {
        assert_eq!(self.act(&rose(), number, action), Outcome::Accepted);
        let id = act(&rose(), number, action).record();
        assert!(self.amendment(here, id).is_some());
        id
    }

    pub(super) fn amendment(&self, here: RecordId, id: RecordId) -> Option<&Amendment> {
        self.held.contribution(&Key::inside(&laforce(), here, id))?.amendment()
    }
}

fn ids(text: &PublishedText) -> Vec<u32> {
    text.paragraphs.iter().map(|paragraph| paragraph.id).collect()
}

#[test]
fn paragraphs_keep_their_number_through_versions_and_none_gets_that_of_another() {
    let mut village = Village::new();
    let (here, id) = village.with_text();
    assert_eq!((ids(village.text(here, id)), village.text(here, id).version), (vec![1, 2], 1));
    village.now = NOW.plus(DAY);
    let second = next(here, id, 2, vec![fresh("Objet."), kept(2, HIGH)]);
    assert_eq!(village.act(&clerk(), 3, &second), Outcome::Accepted);
    let shown = village.text(here, id).clone();
    assert_eq!((ids(&shown), shown.version, shown.published_at), (vec![3, 2], 2, NOW.plus(DAY)));
    // The first one went: a later one is not it.
    let third = next(here, id, 3, vec![kept(3, "Objet."), fresh(WIDE)]);
    assert_eq!(village.act(&clerk(), 4, &third), Outcome::Accepted);
    assert_eq!(ids(village.text(here, id)), [3, 4]);
    // Another colleague wrote from the second version, or names a paragraph that is none.
    let late = next(here, id, 3, vec![kept(2, "Autre chose.")]);
    assert_eq!(village.act(&clerk(), 5, &late), refused(Refusal::TextChanged));
    let unknown = next(here, id, 4, vec![kept(2, "Autre chose.")]);
    assert_eq!(village.act(&clerk(), 6, &unknown), refused(Refusal::TextChanged));
    assert_eq!(ids(village.text(here, id)), [3, 4]);
}

#[test]
fn the_office_publishes_some_texts_and_nobody_else_does() {
    let mut village = Village::new();
    let (here, id) = village.with_text();
    let of_moffet = Person {
        memberships: vec![Membership { community: "moffet".parse().unwrap(), role: Role::Clerk }],
        ..clerk()
    };
    let second = next(here, id, 2, vec![kept(1, WIDE)]);
    for someone in [rose(), of_moffet.clone()] {
        assert_eq!(village.act(&someone, 3, &first(here)), refused(Refusal::NotPermitted));
        assert_eq!(village.act(&someone, 4, &second), refused(Refusal::NotPermitted));
    }
    // And an amendment is of somebody who takes part here.
    let narrower = amend(here, id, 1, WIDE, "La marge est de 4 mètres.");
    assert_eq!(village.act(&of_moffet, 5, &narrower), refused(Refusal::NotPermitted));
    assert_eq!(village.act(&clerk(), 5, &narrower), refused(Refusal::NotPermitted));
    for number in 1..TEXTS_MAX {
        village.act(&clerk(), 10 + u8::try_from(number).unwrap(), &first(here));
    }
    assert_eq!(village.act(&clerk(), 20, &first(here)), refused(Refusal::TooManyTexts));
    let nowhere = RecordId([9; 16]);
    assert_eq!(village.wait(&clerk(), 21, &first(nowhere)), nowhere);
    assert_eq!(village.wait(&clerk(), 22, &next(here, nowhere, 2, vec![kept(1, WIDE)])), nowhere);
}

#[test]
fn an_amendment_is_discussed_answered_and_taken_back_like_a_proposal() {
    let mut village = Village::new();
    let (here, id) = village.with_text();
    let one = village.amended(3, here, &amend(here, id, 1, WIDE, "La marge est de 4 mètres."));
    let trail = village.held.trail(&trail_key(&rose().id, one)).unwrap();
    assert_eq!(trail.title.as_ref().unwrap().as_str(), "… 4 mètres.");
    let comment =
        Action::Comment(Comment { consultation: here, on: one, stance: Stance::For, text: text("Oui.") });
    assert_eq!(village.act(&rose(), 4, &comment), Outcome::Accepted);
    let neighbour = person("n1", Role::Participant);
    assert_eq!(village.act(&neighbour, 5, &given(here, one, true)), Outcome::Accepted);
    // Its number is told from five on, as that of a proposal.
    let counts = crate::rules::support::counts(&laforce(), here, one);
    assert_eq!(village.held.supports(&counts.public), None);
    assert_eq!(village.held.supports(&counts.desk).unwrap().count, 1);
    let answer = Action::Answer(Answer { consultation: here, record: one, text: said("Retenu.") });
    assert_eq!(village.act(&clerk(), 6, &answer), Outcome::Accepted);
    assert_eq!(village.desk(one), &DeskState::Answered);
    assert_eq!(village.act(&rose(), 7, &withdraw(here, one)), Outcome::Accepted);
    assert!(village.amendment(here, one).is_none());
    let late = amend(here, id, 1, WIDE, "");
    let gone = village.amended(8, here, &late);
    assert_eq!(village.amendment(here, gone).unwrap().wording, None);
    // An amendment is no text: nothing is amended in it.
    assert_eq!(village.wait(&rose(), 9, &amend(here, gone, 1, WIDE, "Rien.")), gone);
}

#[test]
fn an_amendment_to_words_that_changed_is_refused_and_one_to_others_taken() {
    let mut village = Village::new();
    let (here, id) = village.with_text();
    let second = next(here, id, 2, vec![kept(2, HIGH), kept(1, "La marge est de 5 mètres.")]);
    assert_eq!(village.act(&clerk(), 3, &second), Outcome::Accepted);
    let changed = refused(Refusal::TextChanged);
    assert_eq!(village.act(&rose(), 4, &amend(here, id, 1, WIDE, "La marge est de 4 mètres.")), changed);
    village.amended(5, here, &amend(here, id, 2, HIGH, "La hauteur est de 3 étages."));
    // The same words in another language, or in a paragraph that went.
    let Action::Amend(french) = amend(here, id, 2, HIGH, "The height is 3 floors.") else { unreachable!() };
    let english = Action::Amend(Amend { lang: "en".parse().unwrap(), ..french });
    assert_eq!(village.act(&rose(), 6, &english), changed);
    let third = next(here, id, 3, vec![kept(1, "La marge est de 5 mètres.")]);
    assert_eq!(village.act(&clerk(), 7, &third), Outcome::Accepted);
    assert_eq!(village.act(&rose(), 8, &amend(here, id, 2, HIGH, "")), changed);
}

#[test]
fn amendments_are_taken_while_it_is_asked_for_them() {
    let mut village = Village::new();
    let (here, id) = village.with_text();
    let plain = village.opened(3);
    assert_eq!(village.act(&clerk(), 4, &first(plain)), Outcome::Accepted);
    let its = act(&clerk(), 4, &first(plain)).record();
    assert_eq!(village.act(&rose(), 5, &amend(plain, its, 1, WIDE, "")), refused(Refusal::NotTaken));
    // A text of another consultation is not here.
    assert_eq!(village.wait(&rose(), 6, &amend(here, its, 1, WIDE, "")), its);
    village.now = NOW.plus(9 * DAY + HOUR);
    let since = NOW.plus(9 * DAY);
    assert_eq!(village.act(&rose(), 7, &amend(here, id, 1, WIDE, "")), refused(Refusal::Closed { since }));
    // The office still publishes what was adopted.
    assert_eq!(village.act(&clerk(), 8, &next(here, id, 2, vec![kept(1, WIDE)])), Outcome::Accepted);
}

#[test]
fn amendments_to_the_same_words_are_merged_and_no_others() {
    let mut village = Village::new();
    let (here, id) = village.with_text();
    let four = village.amended(3, here, &amend(here, id, 1, WIDE, "La marge est de 4 mètres."));
    let three = village.amended(4, here, &amend(here, id, 1, WIDE, "La marge est de 3 mètres."));
    let high = village.amended(5, here, &amend(here, id, 2, HIGH, ""));
    let bench = village.proposed(6, here);
    let merge = |record, into| Action::Merge(Merge { consultation: here, record, into });
    for other in [high, bench] {
        assert_eq!(village.act(&clerk(), 7, &merge(four, other)), refused(Refusal::NotAlike));
        assert_eq!(village.act(&clerk(), 8, &merge(other, four)), refused(Refusal::NotAlike));
    }
    assert_eq!(village.act(&clerk(), 9, &merge(three, four)), Outcome::Accepted);
    let key = Key::inside(&laforce(), here, four);
    assert_eq!(village.held.contribution(&key).unwrap().merged, [three]);
}

#[test]
fn what_was_hidden_stays_hidden_and_what_is_private_is_blotted_out_of_what_the_author_wrote() {
    let mut village = Village::new();
    let (here, id) = village.with_text();
    village.rules(&["insult"]);
    let one = village.amended(3, here, &amend(here, id, 1, WIDE, "La marge de Jean est de 4 mètres."));
    let blot = |words: &str| {
        Action::Blot(Blot {
            consultation: here,
            record: one,
            words: vec![words.parse().unwrap()],
            photos: vec![],
            covers: vec![],
        })
    };
    assert_eq!(village.act(&clerk(), 4, &blot("Jean")), Outcome::Accepted);
    assert_eq!(village.amendment(here, one).unwrap().proposed(), "La marge de ▒▒▒ est de 4 mètres.");
    assert_eq!(village.act(&clerk(), 5, &blot("étroits")), Outcome::Accepted);
    let reason = village.amendment(here, one).unwrap().reason.clone().unwrap();
    assert_eq!(reason.as_str(), "Les terrains sont ▒▒▒.");
    // The office's own words are not the author's.
    assert_eq!(village.act(&clerk(), 6, &blot("6 mètres")), refused(Refusal::NoSuchWords));
    let hide = Action::Hide(Hide { consultation: here, record: one, rule: "insult".parse().unwrap() });
    assert_eq!(village.act(&clerk(), 7, &hide), Outcome::Accepted);
    assert!(village.amendment(here, one).is_none());
    let trace = village.held.hiding(&hiding_key(&laforce(), here, one)).unwrap();
    assert_eq!(trace.act, Some(crate::operations::Kind::Amend));
}

#[test]
fn what_comes_back_after_a_restore_stands_also_before_a_text_of_another_version() {
    let mut village = Village::new();
    let (here, id) = village.with_text();
    // The second version was lost, with an amendment to it.
    let five = "La marge est de 5 mètres.";
    let lost = amend(here, id, 1, five, "La marge est de 4 mètres.");
    assert_eq!(village.act(&rose(), 3, &lost), refused(Refusal::TextChanged));
    village.again(&rose(), 4, &lost, NOW.plus(2 * HOUR));
    let back = act(&rose(), 4, &lost).record();
    assert_eq!(village.amendment(here, back).unwrap().quote.as_str(), five);
    // Its third version comes back before its second, and neither takes the place of a newer one.
    let second = next(here, id, 2, vec![kept(1, five), fresh("Objet.")]);
    let third = next(here, id, 3, vec![kept(3, "Objet."), kept(1, five), fresh("Fin.")]);
    village.again(&clerk(), 5, &third, NOW.plus(3 * HOUR));
    village.again(&clerk(), 6, &second, NOW.plus(HOUR));
    let shown = village.text(here, id);
    assert_eq!((shown.version, shown.published_at), (3, NOW.plus(3 * HOUR)));
    assert_eq!(ids(shown), [3, 1, 4]);
    assert!(shown.says(1, &"fr".parse().unwrap(), &text(five)));
    // A fourth text that was accepted once has its place again.
    for number in 7..12 {
        village.again(&clerk(), number, &first(here), NOW);
    }
    assert_eq!(village.act(&clerk(), 12, &first(here)), refused(Refusal::TooManyTexts));
    // The amendment was hidden while it was lost.
    let hidden = amend(here, id, 2, HIGH, "Non.");
    let record = act(&rose(), 13, &hidden).record();
    village.rules(&["insult"]);
    let hide = Hide { consultation: here, record, rule: "insult".parse().unwrap() };
    let changes = crate::rules::moderation::hide_again(&laforce(), &hide, None, &village.held, NOW);
    village.held.apply(&changes);
    village.again(&rose(), 13, &hidden, NOW);
    assert!(village.amendment(here, record).is_none());
    assert!(matches!(village.desk(record), DeskState::Hidden(_)));
}

#[test]
fn where_the_office_looks_first_an_amendment_waits_like_everything_else() {
    let mut village = Village::new();
    let (here, id) = village.with_text();
    village.rules(&["insult"]);
    village.ok(&clerk(), 3, &super::moderation::settled(&[("insult", "Insulte")], true));
    let narrower = amend(here, id, 1, WIDE, "La marge est de 4 mètres.");
    village.ok(&rose(), 4, &narrower);
    let record = act(&rose(), 4, &narrower).record();
    assert_eq!((village.amendment(here, record), village.desk(record)), (None, &DeskState::Awaiting));
    village.ok(&clerk(), 5, &Action::Approve(Approve { consultation: here, record }));
    assert!(village.amendment(here, record).is_some());
}

#[test]
fn a_body_that_says_nothing_or_two_things_is_not_taken() {
    let here = RecordId([3; 16]);
    let decode = |action: &Action| {
        let body = seal(Salt([7; 32]), NOW, vec![], action).unwrap();
        let author = Author::Person(rose().id);
        let envelope = Envelope {
            op: OpId([1; 16]),
            author,
            community: laforce(),
            stream: None,
            proof: Proof::Session,
            body,
        };
        Operation::decode(&envelope).is_ok()
    };
    assert!(decode(&amend(here, here, 1, WIDE, "La marge est de 4 mètres.")));
    assert!(decode(&amend(here, here, 1, WIDE, "")), "a paragraph that should go");
    assert!(!decode(&amend(here, here, 1, WIDE, WIDE)));
    assert!(!decode(&amend(here, here, 1, WIDE, "La marge  est de 6 mètres.\n")));
    let publish = |text: Option<RecordId>, paragraphs| {
        let replaces = text.map(|text| Replaces { text, version: 1 });
        decode(&Action::PublishText(PublishText {
            consultation: here,
            replaces,
            title: said("Zonage"),
            paragraphs,
        }))
    };
    assert!(publish(None, vec![fresh(WIDE)]) && publish(Some(here), vec![kept(1, WIDE), fresh(HIGH)]));
    assert!(!publish(None, vec![]) && !publish(None, vec![fresh(WIDE); 101]));
    assert!(publish(None, vec![fresh(WIDE); 100]));
    assert!(!publish(None, vec![kept(1, WIDE)]));
    assert!(!publish(Some(here), vec![kept(1, WIDE), kept(1, HIGH)]));
    let both = Localized::new(
        [("fr", WIDE), ("en", "The setback is 6 metres.")]
            .map(|(lang, words)| (lang.parse().unwrap(), text(words))),
    );
    assert!(!publish(None, vec![fresh(WIDE), NewParagraph { was: None, words: both.unwrap() }]));
}

#[test]
fn a_device_shows_its_own_amendment_before_it_left() {
    let mut village = Village::new();
    let (here, id) = village.with_text();
    // The texts that a consultation has lie in no scope that a device holds.
    let operation = act(&rose(), 3, &amend(here, id, 1, WIDE, ""));
    let rules = Rules::PARTICIPANTS;
    assert!(
        rules.reads(&operation, &Loaded::default()).iter().all(|key| !matches!(key.scope, Scope::Sealed(_)))
    );
    let actor = Actor::Person(rose());
    let context = Context { now: NOW, position: 9, actor: &actor, honoured: None };
    let Decision::Decided { outcome, changes, .. } = rules.decide(&operation, &village.held, context) else {
        panic!("waits");
    };
    assert_eq!(outcome, Outcome::Accepted);
    let public = |change: &&Change| matches!(&change.record, Some(Record::Contribution(it)) if matches!(it.what, What::Amendment(_)));
    assert_eq!(changes.iter().filter(public).count(), 1);
    // An office is what publishes, so that the participants' rules know nothing of it.
    let publish = act(&clerk(), 4, &first(here));
    let actor = Actor::Person(clerk());
    let context = Context { now: NOW, position: 9, actor: &actor, honoured: None };
    let Decision::Decided { outcome, .. } = rules.decide(&publish, &village.held, context) else {
        panic!("waits");
    };
    assert_eq!(outcome, refused(Refusal::NotPermitted));
}
