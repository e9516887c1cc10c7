//! One history: what people do, and what the line and the machines do to it.

use std::cell::Cell;
use std::rc::Rc;

use app::offline::outbox::{act_with, items};
use app::offline::sender::{Sender, Step};
use app::offline::session;
use app::offline::store::{DeviceStore, Table, Value, Write};
use app::offline::surroundings::Trusting;
use domain::authority::Person;
use domain::envelope::Author;
use domain::ids::{CommunityId, Entry, OpId, RecordId, Salt};
use domain::operations::{Action, Kind, Kinds, Photo, Propose, Support, Withdraw, seal};
use domain::outbox::{Item, State};
use domain::ports::Journal;
use domain::scopes::Scope;
use tokio::sync::Mutex;

use crate::across::OTHERS;
use crate::device::{Death, Mortal};
use crate::dice::{Dice, World};
use crate::line::{Line, Net, Setting, Weather};
use crate::mutants::Mutant;
use crate::office::{OFFICES, looks_first};
use crate::said::Sealed;
use crate::template::Template;
use crate::village::{START, Village, laforce};

pub struct Story {
    pub number: u64,
    mutant: Option<Mutant>,
    /// Kill the server between steps too; each history then has its own file.
    pub own_file: bool,
}

/// What a history is about, besides proposing, supporting and taking back.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Theme {
    Plain,
    /// Two communities.
    Across,
    /// What an office does.
    Office,
    /// And documents.
    Photos,
}

impl Theme {
    fn drawn(dice: &Dice) -> Self {
        match dice.roll(24) {
            0 | 1 => Self::Across,
            2 | 3 => Self::Office,
            4 => Self::Photos,
            _ => Self::Plain,
        }
    }

    /// How many steps more it has than a plain one.
    fn more(self) -> u64 {
        match self {
            Self::Plain => 0,
            Self::Across | Self::Photos => 10,
            Self::Office => 24,
        }
    }

    /// Once in how many steps happens what does in every history.
    fn usual(self) -> u64 {
        match self {
            Self::Plain => 1,
            Self::Across | Self::Photos => 2,
            Self::Office => 5,
        }
    }

    /// Once in how many of the others something leaves.
    fn sends(self) -> u64 {
        if self == Self::Office { 2 } else { 3 }
    }

    /// Who takes part besides the two who propose, among the people of the village.
    fn others(self) -> &'static [usize] {
        match self {
            Self::Plain => &[],
            Self::Across => &OTHERS,
            Self::Office => &OFFICES,
            Self::Photos => &OFFICES[..1],
        }
    }
}

pub struct Phone {
    place: usize,
    pub store: Rc<Mortal>,
    line: Rc<Line>,
    sender: Sender<Mortal, Line>,
    pub person: Person,
}

impl Phone {
    /// Somebody does something on it; files go with it.
    pub async fn does(
        &self,
        net: &Net,
        community: CommunityId,
        action: Action,
        files: Vec<Vec<u8>>,
    ) -> Option<OpId> {
        let (author, done) = (Some(self.person.id.clone()), action.clone());
        let sealing = act_with(&*self.store, &*net.world, Kinds::ALL, author, community, action, files);
        let op = self.store.live(sealing).await?.ok()?;
        let entry = Entry::of(&Author::Person(self.person.id.clone()), op);
        net.sealed.borrow_mut().push(Sealed { phone: self.place, op, entry, action: done });
        Some(op)
    }

    /// The same in La Force.
    pub async fn says(&self, net: &Net, action: Action) {
        self.does(net, laforce(), action, Vec::new()).await;
    }
}

impl Story {
    pub fn new(number: u64, mutant: Option<Mutant>, own_file: bool) -> Self {
        Self { number, mutant, own_file }
    }

    pub async fn run(&self, village: &Rc<Mutex<Village>>) -> Result<(), String> {
        let world = Rc::new(World::new(self.number, START));
        let drawn = Theme::drawn(&world.dice);
        let theme = self.mutant.and_then(Mutant::theme).unwrap_or(drawn);
        let (setting, people) = {
            let village = village.lock().await;
            (self.setting(&village, theme).await, village.people.clone())
        };
        let net = Net::new(world.clone(), self.mutant, setting, village.clone());
        let mut phones = Vec::new();
        // Two devices, of one person or of two.
        let second = world.dice.roll(2) as usize;
        for whose in [0, second].iter().chain(theme.others()) {
            let (person, token) = &people[*whose];
            phones.push(self.phone(&net, phones.len(), person, token).await);
        }
        if theme == Theme::Office {
            self.begin(&net, &phones).await;
        }
        for _ in 0..6 + world.dice.roll(14) + theme.more() {
            if world.dice.once_in(theme.usual()) {
                self.usual(&net, &phones[..2]).await;
            } else if world.dice.once_in(theme.sends()) {
                let phone = &phones[world.dice.roll(phones.len() as u64) as usize];
                // What follows on each other has to arrive in between.
                match theme == Theme::Office && world.dice.once_in(2) {
                    true => drop(self.calm(&net, phone, 3).await),
                    false => self.send(&net, phone).await,
                }
            } else {
                match theme {
                    Theme::Plain => {}
                    Theme::Across => self.across(&net, &phones).await,
                    Theme::Office => self.office(&net, &phones).await,
                    Theme::Photos => self.photos(&net, &phones).await,
                }
            }
        }
        while !net.afloat.borrow().is_empty() {
            self.afloat(&net).await;
        }
        net.floats_in().await;
        // What one phone is about may still be on another: that one's outbox empties first. And what is asked on
        // both shores has to be brought to the other one.
        for phone in phones.iter().filter(|_| theme != Theme::Plain).chain(&phones[..1]) {
            let _ = self.calm(&net, phone, 8).await;
        }
        if theme == Theme::Across {
            net.calms().await;
        }
        if theme == Theme::Office && world.dice.once_in(2) {
            self.appeals(&net, &phones).await;
        }
        if theme == Theme::Photos && world.dice.once_in(2) {
            self.hides(&net, &phones).await;
            self.blots(&net, &phones).await;
            self.approves(&net, &phones).await;
        }
        for phone in phones.iter().rev() {
            self.calm(&net, phone, 60).await?;
        }
        let judged = self.judge(&net, &phones, theme).await;
        judged.map_err(|what| format!("history {}: {what}", self.number))
    }

    async fn setting(&self, village: &Village, theme: Theme) -> Setting {
        let (consultation, text) = match theme {
            Theme::Office | Theme::Photos => {
                let (consultation, text) = village.opens(self.number).await;
                (consultation, Some(text))
            }
            _ => (village.consultation, None),
        };
        let looks_first = matches!(theme, Theme::Office | Theme::Photos) && looks_first(self.number);
        village.looks_first(self.number, looks_first).await;
        let poll = match theme {
            Theme::Across | Theme::Office => Some(village.polls(self.number, consultation).await),
            _ => None,
        };
        let survey = match theme {
            Theme::Office => Some(village.surveys(self.number, consultation).await),
            _ => None,
        };
        let head = async |scope| village.store().head(&scope).await.unwrap();
        let since = match text {
            Some(_) => 0,
            None => head(Scope::Consultation(laforce(), consultation)).await,
        };
        let desk_since = head(Scope::Desk(laforce())).await;
        Setting { consultation, since, desk_since, poll, survey, text, looks_first, own_file: self.own_file }
    }

    async fn phone(&self, net: &Rc<Net>, place: usize, person: &Person, token: &str) -> Phone {
        let store = Mortal::new(self.mutant);
        session::change(&*store, Some(person)).await.unwrap();
        let line = Rc::new(Line {
            net: net.clone(),
            token: token.to_owned(),
            person: person.id.clone(),
            weather: Cell::new(Weather::Calm),
        });
        let sender = Sender::new(store.clone(), line.clone(), net.world.clone(), Rc::new(Trusting));
        Phone { place, store, line, sender, person: person.clone() }
    }

    /// What happens in every history.
    async fn usual(&self, net: &Net, phones: &[Phone]) {
        let dice = &net.world.dice;
        let phone = &phones[dice.roll(2) as usize];
        match dice.roll(12) {
            0..=2 => {
                let propose = self.proposal(net, vec![]);
                phone.says(net, propose).await;
            }
            3 => self.withdraw(net, phone).await,
            4 => self.other_bytes(net, phone).await,
            5 => self.afloat(net).await,
            10 | 11 => self.support(net, phone, phones).await,
            6 => net.world.pass(1 + dice.roll(400_000) as i64),
            7 if self.own_file => net.village.lock().await.crash().await,
            _ => self.send(net, phone).await,
        }
    }

    /// Words that nothing else says.
    pub fn words<T: std::str::FromStr<Err: std::fmt::Debug>>(&self, net: &Net) -> T {
        format!("({} {})", self.number, net.sealed.borrow().len()).parse().unwrap()
    }

    pub fn proposal(&self, net: &Net, photos: Vec<Photo>) -> Action {
        let (consultation, title) = (net.setting.consultation, self.words(net));
        let subject = "other".parse().unwrap();
        Action::Propose(Propose { consultation, title, text: None, subject, photos, place: None })
    }

    async fn withdraw(&self, net: &Net, phone: &Phone) {
        let own = net.one(|sealed| sealed.phone == phone.place && sealed.kind().contributes());
        let Some(record) = own.map(|own| own.record()).filter(|_| !net.world.dice.once_in(2)) else { return };
        let consultation = net.setting.consultation;
        phone.says(net, Action::Withdraw(Withdraw { consultation, record })).await;
    }

    /// Somebody supports a proposal of either phone, or does no longer.
    pub async fn support(&self, net: &Net, phone: &Phone, phones: &[Phone]) {
        let of = net.world.dice.roll(phones.len() as u64) as usize;
        let Some(record) = made(net, of, Kind::Propose) else { return };
        let (consultation, given) = (net.setting.consultation, net.world.dice.once_in(2));
        phone.says(net, Action::Support(Support { consultation, record, given })).await;
    }

    /// A device put back from an old copy seals other words under an operation that is
    /// already out.
    async fn other_bytes(&self, net: &Net, phone: &Phone) {
        let all = items(&*phone.store).await.unwrap();
        let proposal = |item: &&Item| is_proposal(item) && item.blobs.is_empty() && item.is_stored();
        let Some(item) = all.iter().find(proposal) else { return };
        if net.world.dice.roll(4) != 0 {
            return;
        }
        let title = format!("{} autres mots", self.number).parse().unwrap();
        let (consultation, subject) = (net.setting.consultation, "other".parse().unwrap());
        let action = Action::Propose(Propose {
            consultation,
            title,
            text: None,
            subject,
            photos: vec![],
            place: None,
        });
        let body = seal(Salt([5; 32]), net.world.now.get(), vec![], &action).unwrap();
        let copy = Item { body, state: State::Sealed, receipt: None, ..item.clone() };
        let text = Value::Text(serde_json::to_string(&copy).unwrap());
        phone.store.commit(vec![Write::Put(Table::Outbox, item.op.to_string(), text)]).await.unwrap();
    }

    /// Something that was thought lost arrives.
    async fn afloat(&self, net: &Net) {
        let count = net.afloat.borrow().len() as u64;
        if count == 0 {
            return;
        }
        let (token, envelopes) = net.afloat.borrow_mut().remove(net.world.dice.roll(count) as usize);
        let _ = net.deliver(&token, &envelopes).await;
    }

    async fn send(&self, net: &Net, phone: &Phone) {
        let weather = Weather::ALL[net.world.dice.roll(Weather::ALL.len() as u64) as usize];
        let weather = match weather {
            Weather::ServerDies if !self.own_file => Weather::AnswerLost,
            weather => weather,
        };
        phone.line.weather.set(weather);
        let dies = net.world.dice.once_in(3);
        let death = Death { after: net.world.dice.roll(5), effective: net.world.dice.once_in(2) };
        phone.store.plan(dies.then_some(death));
        if net.world.dice.once_in(2) {
            phone.sender.encourage();
            net.world.pass(2_000);
        }
        if phone.store.live(phone.sender.step()).await.is_none() {
            phone.store.live(phone.sender.recover()).await.unwrap().unwrap();
        }
        phone.store.plan(None);
        // A lapsed session is opened again sooner or later.
        if net.world.dice.once_in(2) {
            session::change(&*phone.store, Some(&phone.person)).await.unwrap();
        }
    }

    /// The network stays: everything leaves.
    pub async fn calm(&self, net: &Net, phone: &Phone, steps: u32) -> Result<(), String> {
        phone.line.weather.set(Weather::Calm);
        session::change(&*phone.store, Some(&phone.person)).await.unwrap();
        phone.sender.recover().await.unwrap();
        for _ in 0..steps {
            phone.sender.encourage();
            net.world.pass(2_000);
            if phone.sender.step().await.map_err(|error| error.to_string())? == Step::Nothing {
                return Ok(());
            }
        }
        Err(format!("history {}: the outbox does not empty", self.number))
    }
}

fn is_proposal(item: &Item) -> bool {
    item.operation().is_ok_and(|operation| operation.action.kind() == Kind::Propose)
}

/// One of the records that a phone makes by acts of a kind.
pub fn made(net: &Net, phone: usize, kind: Kind) -> Option<RecordId> {
    net.one(|sealed| sealed.phone == phone && sealed.kind() == kind).map(|sealed| sealed.record())
}

impl Village {
    /// A village behind a lock that a kill can take.
    pub async fn shared(template: &Template, mutant: Option<Mutant>) -> Rc<Mutex<Village>> {
        Rc::new(Mutex::new(Village::open(template, mutant).await))
    }
}
