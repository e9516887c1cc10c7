//! What must stand in the end: the words that the server answered, in the journal's order, kept in a book of a few
//! lines that knows nothing of the rules. It also says of each word whether it was to be accepted.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use domain::ids::{Hash, PersonId, RecordId, RuleId};
use domain::operations::{Action, Amend, Blot, Commit, DecideAppeal, Delivery, Enter, Hide, Kind, Merge};
use domain::operations::{Photo, PublishText, ReportProgress};
use domain::text::{Localized, Text};

use crate::asked::Asked;
use crate::line::Setting;
use crate::said::{Word, words_of};
use crate::village::PARAGRAPHS;

/// What stands where words were blotted out.
const BLOT: &str = "▒▒▒";

/// The most documents of a consultation at a time.
const DOCUMENTS: usize = 10;

/// What became of a hiding.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fate {
    Hidden,
    Appealed,
    Upheld,
    ShownAgain,
}

/// One contribution.
pub struct Said {
    pub by: PersonId,
    pub words: String,
    /// The words and the photos that are left for everyone.
    pub shown: String,
    /// Where its words are blotted out.
    gone: Vec<Range<usize>>,
    pub photos: Vec<Photo>,
    written: Vec<Photo>,
    pub answer: Option<String>,
    /// Whether the office has yet to look at it.
    pub awaits: bool,
    pub withdrawn: bool,
    /// By whom it was hidden last, by which rule.
    pub hidden: Option<(PersonId, RuleId, Fate)>,
    pub merged: Vec<RecordId>,
    pub merged_into: Option<RecordId>,
    /// Who pointed at it, with the name of that.
    pub flags: BTreeMap<PersonId, RecordId>,
    pub kept: BTreeSet<RecordId>,
    supporters: BTreeSet<PersonId>,
}

impl Said {
    pub fn stands(&self) -> bool {
        !self.awaits && !self.withdrawn && !self.is_hidden()
    }

    /// What is read of its words: one mark for what goes together.
    fn read(&self) -> String {
        let is_gone = |at: usize| self.gone.iter().any(|gone| gone.contains(&at));
        let mut read = String::new();
        for (at, letter) in self.words.char_indices() {
            match is_gone(at) {
                false => read.push(letter),
                true if read.ends_with(BLOT) && at > 0 && is_gone(at - 1) => {}
                true => read.push_str(BLOT),
            }
        }
        read
    }

    pub fn is_hidden(&self) -> bool {
        self.hidden.as_ref().is_some_and(|(.., fate)| *fate != Fate::ShownAgain)
    }
}

/// What a code takes back.
pub struct Slip {
    record: RecordId,
    act: Kind,
    about: RecordId,
    pub taken: bool,
}

/// A text: its version, its paragraphs with their numbers, and how many numbers there were.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Version {
    pub number: u32,
    pub paragraphs: Vec<(u32, String)>,
    pub numbered: u32,
}

pub struct Ledger {
    pub said: BTreeMap<RecordId, Said>,
    pub promises: BTreeMap<RecordId, Vec<(String, Delivery)>>,
    pub slips: BTreeMap<Hash, Slip>,
    pub text: Version,
    /// Whether the office looks at what is said before anybody else does.
    looks_first: bool,
    /// The file of each, and whether it was taken away.
    pub documents: BTreeMap<RecordId, (Hash, bool)>,
    /// Where an office asks something.
    pub asked: Option<Asked>,
}

/// In French, in which all is written here.
pub fn french(text: &Localized<Text>) -> String {
    text.iter().next().map(|(_, text)| text.as_str().to_owned()).unwrap_or_default()
}

impl Ledger {
    /// All that was said; and the first word that was answered otherwise than it had to be.
    pub fn of(words: &[Word], setting: &Setting) -> (Self, Option<String>) {
        let paragraphs = (1..).zip(PARAGRAPHS.map(str::to_owned)).collect();
        let text = Version { number: 1, paragraphs, numbered: PARAGRAPHS.len() as u32 };
        let (said, promises, slips) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        let asked = setting.survey.map(|_| Asked::default());
        let (documents, looks_first) = (BTreeMap::new(), setting.looks_first);
        let mut ledger = Self { said, promises, slips, text, looks_first, documents, asked };
        let mut odd = None;
        for word in words {
            let (record, action) = (word.operation.record(), &word.operation.action);
            let expected = ledger.takes(record, &word.person, action);
            if expected.is_some_and(|expected| expected != word.accepted) {
                let (kind, at) = (action.kind().name(), word.position);
                odd = odd.or(Some(format!("{kind} {record} at {at}: accepted is {}", word.accepted)));
            }
        }
        (ledger, odd)
    }

    /// Whether something was taken back, is hidden or not seen yet.
    pub fn is_gone(&self, record: RecordId) -> bool {
        self.said.get(&record).is_some_and(|said| !said.stands())
    }

    /// Whether words of it were blotted out.
    pub fn is_blotted(&self, record: RecordId) -> bool {
        self.said.get(&record).is_some_and(|said| said.shown != said.words)
    }

    fn stands(&self, record: RecordId) -> bool {
        self.said.get(&record).is_some_and(Said::stands)
    }

    fn standing(&mut self, record: RecordId) -> Option<&mut Said> {
        self.said.get_mut(&record).filter(|said| said.stands())
    }

    /// It stands, or will once it is approved.
    fn present(&mut self, record: RecordId) -> Option<&mut Said> {
        self.said.get_mut(&record).filter(|said| said.stands() || said.awaits)
    }

    /// Those that are counted together with one that was not merged: each person once.
    pub fn supporters(&self, record: RecordId) -> u64 {
        let Some(said) = self.said.get(&record) else { return 0 };
        let parts = said.merged.iter().filter_map(|part| self.said.get(part));
        let all: BTreeSet<&PersonId> = parts.chain([said]).flat_map(|part| &part.supporters).collect();
        all.len() as u64
    }

    /// Whether it is to be accepted, where this book knows; then it is written down.
    fn takes(&mut self, record: RecordId, person: &PersonId, action: &Action) -> Option<bool> {
        Some(match action {
            Action::Propose(_) => self.made(record, person, action),
            Action::Comment(it) => self.stands(it.on) && self.made(record, person, action),
            Action::Amend(it) => self.says(it) && self.made(record, person, action),
            Action::Support(it) => self.supported(it.record, person, it.given),
            Action::Withdraw(it) => self.withdrawn(it.record, person),
            Action::Answer(it) => match self.standing(it.record) {
                Some(said) => {
                    said.answer = Some(french(&it.text));
                    true
                }
                None => false,
            },
            Action::Flag(it) => match self.standing(it.record) {
                Some(said) => {
                    said.flags.entry(person.clone()).or_insert(record);
                    true
                }
                None => false,
            },
            Action::Approve(it) => match self.said.get_mut(&it.record).filter(|said| said.awaits) {
                Some(said) => {
                    said.awaits = false;
                    true
                }
                None => false,
            },
            Action::Keep(it) => {
                if let Some(said) = self.said.get_mut(&it.record) {
                    let known: BTreeSet<RecordId> = said.flags.values().copied().collect();
                    said.kept.extend(it.flags.iter().filter(|flag| known.contains(flag)));
                }
                true
            }
            Action::Blot(it) => self.blotted(it),
            Action::Hide(it) => self.hidden(it, person),
            Action::Appeal(it) => match self.said.get_mut(&it.record).filter(|said| said.by == *person) {
                Some(Said { hidden: Some((.., fate @ Fate::Hidden)), .. }) => {
                    *fate = Fate::Appealed;
                    true
                }
                _ => false,
            },
            Action::DecideAppeal(it) => self.decided(it, person),
            Action::Merge(it) => self.merged(it),
            Action::Unmerge(it) => self.parted(it.record),
            Action::Commit(it) => self.promised(record, it),
            Action::ReportProgress(it) => self.reported(it),
            Action::PublishText(it) => self.published(it),
            Action::AttachDocument(it) => self.attached(record, it.file),
            Action::DetachDocument(it) => match self.documents.get_mut(&it.document) {
                Some((_, gone)) => !std::mem::replace(gone, true),
                None => false,
            },
            Action::Cast(it) => self.asked.as_mut()?.cast(person, it),
            Action::Respond(it) => self.asked.as_mut()?.answered(record, person, it),
            Action::Enter(it) => self.entered(record, it),
            Action::TakeBack(it) => self.taken_back(it.code.hash()),
            _ => return None,
        })
    }

    fn made(&mut self, record: RecordId, person: &PersonId, action: &Action) -> bool {
        let words = words_of(action).unwrap_or_default();
        let photos = match action {
            Action::Propose(it) => it.photos.clone(),
            _ => Vec::new(),
        };
        let said = Said {
            by: person.clone(),
            words: words.to_owned(),
            shown: words.to_owned(),
            gone: Vec::new(),
            written: photos.clone(),
            photos,
            answer: None,
            awaits: self.looks_first,
            withdrawn: false,
            hidden: None,
            merged: Vec::new(),
            merged_into: None,
            flags: BTreeMap::new(),
            kept: BTreeSet::new(),
            supporters: BTreeSet::new(),
        };
        self.said.insert(record, said).is_none()
    }

    fn attached(&mut self, record: RecordId, file: Hash) -> bool {
        let there = self.documents.values().filter(|(_, gone)| !gone).count();
        there < DOCUMENTS && self.documents.insert(record, (file, false)).is_none()
    }

    fn supported(&mut self, record: RecordId, person: &PersonId, given: bool) -> bool {
        let Some(said) = self.standing(record) else { return false };
        match given {
            true => drop(said.supporters.insert(person.clone())),
            false => drop(said.supporters.remove(person)),
        }
        true
    }

    fn withdrawn(&mut self, record: RecordId, person: &PersonId) -> bool {
        let Some(said) = self.present(record).filter(|said| said.by == *person) else { return false };
        (said.withdrawn, said.awaits) = (true, false);
        true
    }

    /// Out of what is shown, or would be again.
    fn blotted(&mut self, it: &Blot) -> bool {
        let Some(said) = self.said.get_mut(&it.record).filter(|said| !said.withdrawn) else { return false };
        let has = |photos: &[Photo], hash| photos.iter().any(|photo| photo.full == hash);
        // What somebody else took out is out; what they covered is another photo by now.
        let out = |hash| has(&said.written, hash) && said.photos.iter().all(|it| has(&said.written, it.full));
        let words = it.words.iter().all(|word| said.words.contains(word.as_str()));
        if !words || !it.photos.iter().all(|hash| has(&said.photos, *hash) || out(*hash)) {
            return false;
        }
        let mut photos = said.photos.clone();
        photos.retain(|photo| !it.photos.contains(&photo.full));
        for cover in &it.covers {
            if !has(&photos, cover.photo) && !has(&photos, cover.full) {
                return false;
            }
            for photo in photos.iter_mut().filter(|it| it.full == cover.photo) {
                (photo.full, photo.thumb) = (cover.full, cover.thumb);
            }
        }
        said.photos = photos;
        for word in &it.words {
            said.gone.extend(said.words.match_indices(word.as_str()).map(|(at, word)| at..at + word.len()));
        }
        said.shown = said.read();
        true
    }

    fn hidden(&mut self, hide: &Hide, person: &PersonId) -> bool {
        let Some(said) = self.present(hide.record) else { return false };
        // What a second person has shown again is not hidden by the same rule.
        if said.hidden.as_ref().is_some_and(|(_, rule, _)| *rule == hide.rule) {
            return false;
        }
        said.awaits = false;
        said.hidden = Some((person.clone(), hide.rule.clone(), Fate::Hidden));
        true
    }

    fn decided(&mut self, it: &DecideAppeal, person: &PersonId) -> bool {
        let said = self.said.get_mut(&it.record);
        match said.and_then(|said| said.hidden.as_mut()) {
            Some((by, _, fate @ Fate::Appealed)) if by != person => {
                *fate = if it.restored { Fate::ShownAgain } else { Fate::Upheld };
                true
            }
            _ => false,
        }
    }

    fn merged(&mut self, it: &Merge) -> bool {
        let free = |said: &Said| said.stands() && said.merged_into.is_none();
        let one = self.said.get(&it.record).is_some_and(|said| free(said) && said.merged.is_empty());
        let other = self.said.get_mut(&it.into).filter(|said| one && free(said));
        let Some(other) = other else { return false };
        other.merged.push(it.record);
        self.said.get_mut(&it.record).unwrap().merged_into = Some(it.into);
        true
    }

    fn parted(&mut self, record: RecordId) -> bool {
        let Some(into) = self.standing(record).and_then(|said| said.merged_into.take()) else { return false };
        self.said.get_mut(&into).unwrap().merged.retain(|part| *part != record);
        true
    }

    fn promised(&mut self, record: RecordId, it: &Commit) -> bool {
        it.follows.iter().all(|follows| self.stands(*follows))
            && self.promises.insert(record, Vec::new()).is_none()
    }

    fn reported(&mut self, it: &ReportProgress) -> bool {
        let Some(log) = self.promises.get_mut(&it.record) else { return false };
        if log.iter().any(|(_, state)| matches!(state, Delivery::Done | Delivery::GivenUp)) {
            return false;
        }
        log.push((french(&it.text), it.state));
        true
    }

    fn says(&self, it: &Amend) -> bool {
        let said = (it.paragraph, it.quote.as_str().to_owned());
        self.text.paragraphs.contains(&said)
    }

    fn published(&mut self, it: &PublishText) -> bool {
        if it.replaces.is_none_or(|replaces| replaces.version != self.text.number) {
            return false;
        }
        let mut numbered = self.text.numbered;
        let mut paragraphs = Vec::new();
        for paragraph in &it.paragraphs {
            numbered += u32::from(paragraph.was.is_none());
            paragraphs.push((paragraph.was.unwrap_or(numbered), french(&paragraph.words)));
        }
        self.text = Version { number: self.text.number + 1, paragraphs, numbered };
        true
    }

    fn entered(&mut self, record: RecordId, it: &Enter) -> bool {
        let (guest, action) = (PersonId::guest(record), it.act.action());
        if self.slips.contains_key(&it.slip) || self.takes(record, &guest, &action) != Some(true) {
            return false;
        }
        if let Some(asked) = &mut self.asked {
            asked.ways.insert(guest, it.way.channel());
        }
        let (act, about) = (action.kind(), action.about().unwrap_or(record));
        self.slips.insert(it.slip, Slip { record, act, about, taken: false }).is_none()
    }

    fn taken_back(&mut self, slip: Hash) -> bool {
        let Some(Slip { record, act, about, taken: false }) = self.slips.get(&slip) else { return false };
        let (guest, about) = (PersonId::guest(*record), *about);
        let done = match act {
            Kind::Support => self.supported(about, &guest, false),
            Kind::Cast | Kind::Respond => self.asked.as_mut().is_some_and(|asked| asked.taken_out(&guest)),
            _ => self.withdrawn(about, &guest),
        };
        if done {
            self.slips.get_mut(&slip).unwrap().taken = true;
        }
        done
    }
}
