//! One history: what people do, what the line and the machines do to it, and what must hold
//! in the end.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use app::offline::outbox::{act, items};
use app::offline::sender::{Sender, Step};
use app::offline::session;
use app::offline::store::{DeviceStore, Table, Value, Write};
use app::offline::surroundings::Trusting;
use domain::ids::{OpId, RecordId, Salt};
use domain::operations::{Action, Kind, Kinds, Propose, Support, Withdraw, seal};
use domain::outbox::{Item, State, Unsendable};
use domain::receipts::Outcome;
use tokio::sync::Mutex;

use crate::across::OTHERS;
use crate::device::{Death, Mortal};
use crate::dice::World;
use crate::line::{Line, Net, Weather};
use crate::mutants::{Mutant, says};
use crate::village::{START, Template, Village, laforce};

pub struct Story {
    pub number: u64,
    mutant: Option<Mutant>,
    /// Kill the server between steps too; each history then has its own file.
    pub own_file: bool,
}

pub struct Phone {
    pub store: Rc<Mortal>,
    line: Rc<Line>,
    sender: Sender<Mortal, Line>,
    pub person: domain::authority::Person,
}

impl Story {
    pub fn new(number: u64, mutant: Option<Mutant>, own_file: bool) -> Self {
        Self { number, mutant, own_file }
    }

    pub async fn run(&self, village: &Rc<Mutex<Village>>) -> Result<(), String> {
        let world = Rc::new(World::new(self.number, START));
        let net = Rc::new(Net {
            world: world.clone(),
            mutant: self.mutant,
            memory: RefCell::default(),
            afloat: RefCell::default(),
            receipts: RefCell::default(),
            complaint: RefCell::default(),
            village: village.clone(),
        });
        let people = village.lock().await.people.clone();
        let mut phones = Vec::new();
        // Two devices, of one person or of two.
        let second = world.dice.roll(2) as usize;
        for (person, token) in [&people[0], &people[second]] {
            phones.push(self.phone(&net, person, token).await);
        }
        let mut sealed: HashMap<OpId, String> = HashMap::new();
        let mut poll = None;
        let mut steps = 6 + world.dice.roll(14);
        if self.mutant.is_some_and(Mutant::is_across) || world.dice.once_in(12) {
            steps += 10;
            poll = Some(village.lock().await.polls(self.number).await);
            for other in OTHERS {
                let (person, token) = &people[other];
                phones.push(self.phone(&net, person, token).await);
            }
        }
        for _ in 0..steps {
            if let Some(poll) = poll.filter(|_| world.dice.once_in(2)) {
                match world.dice.once_in(3) {
                    true => self.send(&net, &phones[world.dice.roll(5) as usize]).await,
                    false => self.across(&net, &phones, poll, &mut sealed).await,
                }
                continue;
            }
            let phone = &phones[world.dice.roll(2) as usize];
            match world.dice.roll(12) {
                0..=2 => self.seal(&net, phone, &mut sealed).await,
                3 => self.withdraw(&net, phone).await,
                4 => self.other_bytes(&net, phone).await,
                5 => self.afloat(&net).await,
                10 | 11 => self.support(&net, phone, &phones[..2]).await,
                6 => world.pass(1 + world.dice.roll(400_000) as i64),
                7 if self.own_file => village.lock().await.crash().await,
                _ => self.send(&net, phone).await,
            }
        }
        while !net.afloat.borrow().is_empty() {
            self.afloat(&net).await;
        }
        // What one phone supports may still be on the other: that one's outbox empties first. And what is asked on
        // both shores has to be brought to the other one.
        for phone in phones.iter().filter(|_| poll.is_some()).chain(&phones[..1]) {
            let _ = self.calm(&net, phone, 8).await;
        }
        if poll.is_some() {
            net.calms().await;
        }
        for phone in phones.iter().rev() {
            self.calm(&net, phone, 60).await?;
        }
        let mut judged = self.judge(&net, &phones, &sealed).await;
        if judged.is_ok() {
            judged = self.judge_support(&net, &phones).await;
        }
        if let Some(poll) = poll.filter(|_| judged.is_ok()) {
            net.calms().await;
            judged = self.judge_across(&net, &phones, poll).await;
        }
        judged.map_err(|what| format!("history {}: {what}", self.number))
    }

    async fn phone(&self, net: &Rc<Net>, person: &domain::authority::Person, token: &str) -> Phone {
        let store = Mortal::new(self.mutant);
        session::change(&*store, Some(person)).await.unwrap();
        let line =
            Rc::new(Line { net: net.clone(), token: token.to_owned(), weather: Cell::new(Weather::Calm) });
        let sender = Sender::new(store.clone(), line.clone(), net.world.clone(), Rc::new(Trusting));
        Phone { store, line, sender, person: person.clone() }
    }

    async fn seal(&self, net: &Net, phone: &Phone, sealed: &mut HashMap<OpId, String>) {
        let title = format!("{} {}", self.number, sealed.len());
        let consultation = net.village.lock().await.consultation;
        let action = Action::Propose(Propose {
            consultation,
            title: title.parse().unwrap(),
            text: None,
            subject: "other".parse().unwrap(),
            photos: vec![],
            place: None,
        });
        let author = Some(phone.person.id.clone());
        let sealing = act(&*phone.store, &*net.world, Kinds::ALL, author, laforce(), action);
        if let Some(Ok(op)) = phone.store.live(sealing).await {
            sealed.insert(op, title);
        }
    }

    async fn withdraw(&self, net: &Net, phone: &Phone) {
        let all = items(&*phone.store).await.unwrap();
        let proposals: Vec<&Item> = all.iter().filter(|item| item.about.is_none()).collect();
        if proposals.is_empty() || net.world.dice.once_in(2) {
            return;
        }
        let proposal = proposals[net.world.dice.roll(proposals.len() as u64) as usize];
        let record = proposal.entry().unwrap().record();
        let consultation = net.village.lock().await.consultation;
        let withdraw = Action::Withdraw(Withdraw { consultation, record });
        let author = Some(phone.person.id.clone());
        act(&*phone.store, &*net.world, Kinds::ALL, author, laforce(), withdraw).await.unwrap();
    }

    /// Somebody supports a proposal of either phone, or does no longer.
    pub async fn support(&self, net: &Net, phone: &Phone, phones: &[Phone]) {
        let of = &phones[net.world.dice.roll(phones.len() as u64) as usize];
        let Some(record) = self.one_of(net, of, Kind::Propose).await else { return };
        let consultation = net.village.lock().await.consultation;
        let support = Support { consultation, record, given: net.world.dice.once_in(2) };
        let author = Some(phone.person.id.clone());
        act(&*phone.store, &*net.world, Kinds::ALL, author, laforce(), Action::Support(support))
            .await
            .unwrap();
    }

    /// A device put back from an old copy seals other words under an operation that is
    /// already out.
    async fn other_bytes(&self, net: &Net, phone: &Phone) {
        let all = items(&*phone.store).await.unwrap();
        let Some(item) = all.iter().find(|item| item.about.is_none() && item.is_stored()) else { return };
        if net.world.dice.roll(4) != 0 {
            return;
        }
        let consultation = net.village.lock().await.consultation;
        let action = Action::Propose(Propose {
            consultation,
            title: format!("{} autres mots", self.number).parse().unwrap(),
            text: None,
            subject: "other".parse().unwrap(),
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
    async fn calm(&self, net: &Net, phone: &Phone, steps: u32) -> Result<(), String> {
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

    /// The office's number of each proposal is that of those whose last word, by the journal's order,
    /// is that they support it.
    async fn judge_support(&self, net: &Net, phones: &[Phone]) -> Result<(), String> {
        let mut words: Vec<(u64, RecordId, domain::ids::PersonId, bool)> = Vec::new();
        for phone in phones {
            for item in items(&*phone.store).await.unwrap() {
                let Ok(Action::Support(support)) = item.operation().map(|operation| operation.action) else {
                    continue;
                };
                let receipt = item.receipt.as_ref().and_then(|signed| signed.read());
                // Left and not yet settled: it may have been decided in whatever place.
                let Some(receipt) = receipt else { return Ok(()) };
                if receipt.outcome == Outcome::Accepted {
                    words.push((receipt.position, support.record, phone.person.id.clone(), support.given));
                }
            }
        }
        words.sort();
        let mut last: HashMap<(RecordId, domain::ids::PersonId), bool> = HashMap::new();
        for (_, record, person, given) in words {
            last.insert((record, person), given);
        }
        let village = net.village.lock().await;
        let records: std::collections::BTreeSet<RecordId> = last.keys().map(|(record, _)| *record).collect();
        for record in records {
            let expected = last.iter().filter(|((of, _), given)| *of == record && **given).count() as u64;
            let told = village.supports(record).await;
            if told != expected {
                return Err(format!("{told} support {record}, {expected} said so last"));
            }
        }
        Ok(())
    }

    async fn judge(&self, net: &Net, phones: &[Phone], sealed: &HashMap<OpId, String>) -> Result<(), String> {
        if let Some(complaint) = net.complaint.borrow().clone() {
            return Err(complaint);
        }
        let titles = net.village.lock().await.titles().await;
        let mut held: HashMap<OpId, Item> = HashMap::new();
        let (mut withdrawn, mut perhaps) = (Vec::new(), Vec::new());
        for phone in phones {
            for item in items(&*phone.store).await.unwrap() {
                // One that left and never came to be settled may have arrived all the same.
                let about = item.about.filter(|_| is_withdrawal(&item));
                match (about, &item.state) {
                    (Some(record), State::Accepted) => withdrawn.push(record),
                    (Some(_), State::Refused) => {}
                    (Some(record), _) if item.tried => perhaps.push(record),
                    _ => {}
                }
                held.insert(item.op, item);
            }
        }
        for (op, title) in sealed {
            let Some(item) = held.get(op) else { return Err(format!("“{title}” is on no device")) };
            let said = says(item);
            let settled = match &item.state {
                State::Accepted | State::Refused => item.receipt.is_some(),
                // Sealed anew from an old copy: the words stay here, told to be a conflict.
                State::Unsendable(Unsendable::Conflict) => said != *title,
                _ => false,
            };
            if !settled {
                return Err(format!("“{title}” is {:?}", item.state));
            }
            let record = item.entry().map(|entry| entry.record());
            let among = |records: &[_]| record.is_some_and(|record| records.contains(&record));
            let effects = titles.iter().filter(|there| *there == title).count();
            let expected = usize::from(item.state != State::Refused && !among(&withdrawn));
            if effects != expected && !(effects == 0 && among(&perhaps)) {
                return Err(format!("“{title}” stands there {effects} times, {expected} expected"));
            }
            if item.state == State::Accepted && said != *title {
                return Err(format!("“{said}” is called accepted, “{title}” was stored"));
            }
        }
        Ok(())
    }
}

fn is_withdrawal(item: &Item) -> bool {
    item.operation().is_ok_and(|operation| operation.action.kind() == Kind::Withdraw)
}

impl Village {
    /// A village behind a lock that a kill can take.
    pub async fn shared(template: &Template, mutant: Option<Mutant>) -> Rc<Mutex<Village>> {
        Rc::new(Mutex::new(Village::open(template, mutant).await))
    }
}
