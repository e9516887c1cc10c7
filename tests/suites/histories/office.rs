//! What an office does with what people say, and what they say to that: answers, amendments to a text that changes,
//! hiding, blotting out, pointing at, appeals that a second person decides, merging, commitments, approval first, a poll and a survey, and what is
//! entered for somebody.

use domain::authority::{Doers, doers};
use domain::codes::SlipCode;
use domain::ids::{RecordId, RuleId};
use domain::operations::{
    Act, Action, Amend, Answer, Appeal, Approve, Blot, Comment, Commit, Consent, DecideAppeal, Delivery,
    Enter, Flag, Hide, Keep, Kind, Merge, NewParagraph, PublishText, Replaces, ReportProgress, Stance,
    Support, TakeBack, Unmerge, Way,
};
use domain::records::{PublishedText, Record};
use domain::scopes::Key;
use domain::text::{Label, Localized};
use domain::time::DAY;

use crate::line::Net;
use crate::said::Sealed;
use crate::story::{Phone, Story};
use crate::template::RULES;
use crate::village::{START, laforce, localized};

/// Whose the phones of such a history are, after the two that propose: two clerks of one office.
pub const OFFICES: [usize; 2] = [2, 5];
const PEOPLE: usize = 2;

/// Whether something that is said to it is said to something: what was refused never comes.
fn comes(net: &Net, sealed: &Sealed) -> bool {
    let contributes = match &sealed.action {
        Action::Enter(it) => it.act.action().kind().contributes(),
        _ => sealed.kind().contributes(),
    };
    sealed.kind() == Kind::Propose || contributes && net.is_accepted(sealed)
}

fn is_proposal(net: &Net, sealed: &Sealed) -> bool {
    let entered = matches!(&sealed.action, Action::Enter(it) if matches!(it.act, Act::Propose(_)));
    sealed.kind() == Kind::Propose || entered && net.is_accepted(sealed)
}

/// One that was said.
fn said(net: &Net) -> Option<RecordId> {
    net.one(|sealed| comes(net, sealed)).map(|sealed| sealed.record())
}

fn proposal(net: &Net) -> Option<RecordId> {
    net.one(|sealed| is_proposal(net, sealed)).map(|sealed| sealed.record())
}

/// The phone of whoever made it.
fn phone_of(net: &Net, record: Option<RecordId>) -> usize {
    let own = |sealed: &Sealed| Some(sealed.record()) == record && sealed.phone < PEOPLE;
    net.one(own).map_or(0, |own| own.phone)
}

/// What one act of a kind is about; sometimes one of which nobody knows yet whether it is taken.
fn about(net: &Net, kind: Kind) -> Option<RecordId> {
    let early = net.world.dice.once_in(5);
    net.one(|sealed| sealed.kind() == kind && (early || net.is_accepted(sealed)))?.action.about()
}

use Kind as K;

/// What such a history is mostly about, by its number.
const MATTERS: [&[Kind]; 5] = [
    &[K::Answer, K::Answer, K::Flag, K::Keep, K::Hide, K::Blot, K::Appeal, K::Appeal, K::DecideAppeal],
    &[K::Support, K::Support, K::Merge, K::Unmerge, K::Unmerge, K::Hide, K::Appeal, K::DecideAppeal],
    &[K::Amend, K::PublishText, K::Commit, K::ReportProgress, K::Answer],
    &[K::Enter, K::Enter, K::TakeBack, K::Support, K::Merge, K::Hide, K::Comment],
    &[K::Cast, K::Respond, K::Respond, K::Enter, K::Enter, K::TakeBack],
];

/// Whether the office looks at what is said before others see it: in one of three histories about each matter.
pub fn looks_first(number: u64) -> bool {
    (number / MATTERS.len() as u64).is_multiple_of(3)
}

impl Story {
    /// A few proposals are there from the start.
    pub async fn begin(&self, net: &Net, phones: &[Phone]) {
        for place in 0..3 {
            phones[place % PEOPLE].says(net, self.proposal(net, vec![])).await;
        }
        for phone in &phones[..PEOPLE] {
            let _ = self.calm(net, phone, 3).await;
        }
        while net.setting.looks_first && !net.world.dice.once_in(4) {
            let Some(approve) = self.of_office(net, Kind::Approve).await else { return };
            phones[PEOPLE].says(net, approve).await;
            let _ = self.calm(net, &phones[PEOPLE], 3).await;
        }
    }

    /// Whoever was hidden appeals, and both clerks show it again: one of them is somebody else than who hid it.
    pub async fn appeals(&self, net: &Net, phones: &[Phone]) {
        let consultation = net.setting.consultation;
        let (people, clerks) = phones.split_at(PEOPLE);
        let is_hidden = |sealed: &&Sealed| sealed.kind() == Kind::Hide && net.is_accepted(sealed);
        let hidden: Vec<RecordId> =
            net.sealed.borrow().iter().filter(is_hidden).filter_map(|sealed| sealed.action.about()).collect();
        for record in &hidden {
            let (phone, text) = (phone_of(net, Some(*record)), self.words(net));
            people[phone].says(net, Action::Appeal(Appeal { consultation, record: *record, text })).await;
        }
        for phone in people {
            let _ = self.calm(net, phone, 8).await;
        }
        for (record, clerk) in
            hidden.iter().flat_map(|record| clerks.iter().map(move |clerk| (*record, clerk)))
        {
            let text = self.told(net);
            let decide = DecideAppeal { consultation, record, restored: true, text };
            clerk.says(net, Action::DecideAppeal(decide)).await;
        }
    }

    /// One thing that happens there; nothing where there is nothing for it yet.
    pub async fn office(&self, net: &Net, phones: &[Phone]) {
        let dice = &net.world.dice;
        let mut done = None;
        for _ in 0..3 {
            let matter = match dice.once_in(5) {
                true => dice.roll(MATTERS.len() as u64),
                false => self.number % MATTERS.len() as u64,
            };
            let kinds = MATTERS[matter as usize];
            let kind = match net.setting.looks_first && dice.once_in(3) {
                true => Kind::Approve,
                false => kinds[dice.roll(kinds.len() as u64) as usize],
            };
            let action = match doers(kind) {
                Doers::Office => self.of_office(net, kind).await,
                _ => self.of_people(net, kind).await,
            };
            if action.is_some() {
                done = action;
                break;
            }
        }
        let Some(action) = done else { return };
        let phone = match (action.kind(), doers(action.kind())) {
            (_, Doers::Office) => PEOPLE + dice.roll(OFFICES.len() as u64) as usize,
            // Whose it is appeals.
            (Kind::Appeal, _) => phone_of(net, action.about()),
            _ => dice.roll(PEOPLE as u64) as usize,
        };
        phones[phone].says(net, action).await;
    }

    async fn of_people(&self, net: &Net, kind: Kind) -> Option<Action> {
        let consultation = net.setting.consultation;
        Some(match kind {
            Kind::Comment => {
                let (on, text) = (proposal(net)?, self.words(net));
                Action::Comment(Comment { consultation, on, stance: Stance::Against, text })
            }
            Kind::Amend => Action::Amend(self.amendment(net).await),
            Kind::Cast => Action::Cast(self.ballot(net)),
            Kind::Respond => Action::Respond(self.answers(net)),
            Kind::Flag => {
                let (record, rule) = (said(net)?, rule(net));
                Action::Flag(Flag { consultation, record, rule, text: None })
            }
            Kind::Appeal => {
                let (record, text) = (about(net, Kind::Hide)?, self.words(net));
                Action::Appeal(Appeal { consultation, record, text })
            }
            _ => {
                let (record, given) = (proposal(net)?, !net.world.dice.once_in(3));
                Action::Support(Support { consultation, record, given })
            }
        })
    }

    async fn of_office(&self, net: &Net, kind: Kind) -> Option<Action> {
        let (dice, consultation) = (&net.world.dice, net.setting.consultation);
        Some(match kind {
            Kind::Answer => Action::Answer(Answer { consultation, record: said(net)?, text: self.told(net) }),
            Kind::Approve => Action::Approve(Approve { consultation, record: awaits(net)? }),
            // What is hidden is no longer merged, answered or supported.
            Kind::Hide if dice.once_in(2) => return None,
            Kind::Hide => Action::Hide(Hide { consultation, record: said(net)?, rule: rule(net) }),
            Kind::Blot => {
                let early = dice.once_in(2);
                let hidden = about(net, Kind::Hide).filter(|_| early);
                let record = hidden.or_else(|| said(net))?;
                let words = blotted(net, record)?;
                Action::Blot(Blot { consultation, record, words, photos: vec![], covers: vec![] })
            }
            Kind::DecideAppeal => {
                let (record, restored) = (about(net, Kind::Appeal)?, !dice.once_in(3));
                let text = self.told(net);
                Action::DecideAppeal(DecideAppeal { consultation, record, restored, text })
            }
            Kind::Merge => {
                let into = proposal(net)?;
                let record = net.one(|sealed| is_proposal(net, sealed) && sealed.record() != into)?.record();
                Action::Merge(Merge { consultation, record, into })
            }
            Kind::Unmerge => Action::Unmerge(Unmerge { consultation, record: about(net, Kind::Merge)? }),
            Kind::Keep => {
                let flag = net.one(|sealed| sealed.kind() == Kind::Flag)?;
                let (record, flags) = (flag.action.about()?, vec![flag.record()]);
                Action::Keep(Keep { consultation, record, flags })
            }
            Kind::Commit => {
                let follows = said(net).filter(|_| dice.once_in(2)).into_iter().collect();
                let (text, owner) = (self.told(net), localized("Les travaux publics"));
                let due = START.plus(300 * DAY);
                Action::Commit(Commit { consultation, text, owner, due, follows })
            }
            Kind::ReportProgress => {
                // What was not taken is not reported on.
                let of = |sealed: &Sealed| sealed.kind() == Kind::Commit && net.is_accepted(sealed);
                let record = net.one(of)?.record();
                let later = Delivery::Moved(START.plus(350 * DAY));
                let states = [Delivery::UnderWay, later, Delivery::Done, Delivery::GivenUp];
                let (state, text) = (states[dice.roll(4) as usize], self.told(net));
                Action::ReportProgress(ReportProgress { consultation, record, text, state })
            }
            Kind::PublishText => self.version(net).await,
            Kind::TakeBack => {
                let entered = net.one(|sealed| sealed.kind() == Kind::Enter)?;
                let Action::Enter(enter) = &entered.action else { return None };
                // It stands on the slip alone: here it is drawn from the place of the entry.
                let mut codes = (0..net.sealed.borrow().len()).map(|place| self.code(place));
                let code = codes.find(|code| code.hash() == enter.slip)?;
                Action::TakeBack(TakeBack { code })
            }
            _ => Action::Enter(self.entry(net).await?),
        })
    }

    fn told<T: std::str::FromStr<Err: std::fmt::Debug>>(&self, net: &Net) -> Localized<T> {
        Localized::new([("fr".parse().unwrap(), self.words(net))]).unwrap()
    }

    /// The code of the entry at that place among what was sealed.
    fn code(&self, place: usize) -> SlipCode {
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&(self.number * 1_000 + place as u64).to_le_bytes());
        SlipCode::from_random(bytes)
    }

    /// Something for somebody who came.
    async fn entry(&self, net: &Net) -> Option<Enter> {
        let consultation = net.setting.consultation;
        let slip = self.code(net.sealed.borrow().len()).hash();
        let act = match net.world.dice.roll(9) {
            0 => match self.proposal(net, vec![]) {
                Action::Propose(it) => Act::Propose(it),
                _ => return None,
            },
            1 => Act::Amend(self.amendment(net).await),
            2 => {
                let (on, text) = (proposal(net)?, self.words(net));
                Act::Comment(Comment { consultation, on, stance: Stance::Neutral, text })
            }
            3 | 4 => Act::Cast(self.ballot(net)),
            5 | 6 => Act::Respond(self.answers(net)),
            _ => Act::Support(Support { consultation, record: proposal(net)?, given: true }),
        };
        let way = Way::ALL[net.world.dice.roll(4) as usize];
        Some(Enter { act, way, consent: Consent::Spoken, slip })
    }

    /// The text as it stands; what is made of it may come when it does so no longer.
    async fn text(&self, net: &Net) -> PublishedText {
        let key = Key::inside(&laforce(), net.setting.consultation, net.setting.text.unwrap());
        match net.village.lock().await.record(&key).await {
            Some(Record::PublishedText(text)) => text,
            other => panic!("no text: {other:?}"),
        }
    }

    async fn amendment(&self, net: &Net) -> Amend {
        let text = self.text(net).await;
        let paragraph = &text.paragraphs[net.world.dice.roll(text.paragraphs.len() as u64) as usize];
        let (lang, quote) = paragraph.words.iter().next().unwrap();
        Amend {
            consultation: text.consultation,
            text: text.id,
            paragraph: paragraph.id,
            lang: lang.clone(),
            quote: quote.clone(),
            wording: Some(self.words(net)),
            reason: None,
        }
    }

    /// A new version: one paragraph goes, or says something else; and one may come.
    async fn version(&self, net: &Net) -> Action {
        let (text, dice) = (self.text(net).await, &net.world.dice);
        let at = dice.roll(text.paragraphs.len() as u64) as usize;
        let kept =
            |it: &domain::records::Paragraph| NewParagraph { was: Some(it.id), words: it.words.clone() };
        let mut paragraphs: Vec<NewParagraph> = text.paragraphs.iter().map(kept).collect();
        match paragraphs.len() {
            2.. if dice.once_in(3) => drop(paragraphs.remove(at)),
            _ => paragraphs[at].words = self.told(net),
        }
        if dice.once_in(2) {
            paragraphs.push(NewParagraph { was: None, words: localized("Un mot de plus.") });
        }
        let replaces = Some(Replaces { text: text.id, version: text.version });
        let (consultation, title) = (text.consultation, text.title);
        Action::PublishText(PublishText { consultation, replaces, title, paragraphs })
    }
}

/// One that nobody approved yet; sometimes any.
pub fn awaits(net: &Net) -> Option<RecordId> {
    let any = net.world.dice.once_in(6);
    let sealed = net.sealed.borrow();
    let approved: Vec<RecordId> =
        sealed.iter().filter(|it| it.kind() == Kind::Approve).filter_map(|it| it.action.about()).collect();
    drop(sealed);
    net.one(|sealed| comes(net, sealed) && (any || !approved.contains(&sealed.record())))
        .map(|sealed| sealed.record())
}

/// Words of a contribution: all, the last one, both; sometimes those of another one.
fn blotted(net: &Net, record: RecordId) -> Option<Vec<Label>> {
    let of = |sealed: &Sealed| sealed.words().is_some_and(|_| sealed.record() == record);
    let sealed = match net.world.dice.once_in(6) {
        true => net.one(|sealed| sealed.words().is_some())?,
        false => net.one(of)?,
    };
    let all = sealed.words()?;
    let (_, last) = all.split_once(' ')?;
    let words: &[&str] = match net.world.dice.roll(4) {
        0 => &[last, all],
        1 | 2 => &[last],
        _ => &[all],
    };
    Some(words.iter().map(|word| word.parse().unwrap()).collect())
}

fn rule(net: &Net) -> RuleId {
    RULES[net.world.dice.roll(RULES.len() as u64) as usize].parse().unwrap()
}
