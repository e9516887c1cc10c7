//! What must hold in the end.

use std::collections::BTreeMap;

use app::offline::outbox::items;
use domain::ids::{OpId, RecordId};
use domain::outbox::{Item, State, Unsendable};
use domain::records::Record;
use domain::rules::support::counts;
use domain::scopes::Scope;

use crate::ledger::Ledger;
use crate::line::Net;
use crate::reading::Told;
use crate::said::words_in;
use crate::story::{Phone, Story, Theme};
use crate::traces::judge_office;
use crate::village::laforce;

/// What the devices hold.
struct Outboxes {
    items: BTreeMap<OpId, Item>,
    /// The lanes in which nothing leaves any more, by phone.
    blocked: Vec<(usize, RecordId)>,
    phones: BTreeMap<OpId, usize>,
}

impl Outboxes {
    async fn of(phones: &[Phone]) -> Self {
        let mut all = Self { items: BTreeMap::new(), blocked: Vec::new(), phones: BTreeMap::new() };
        for (place, phone) in phones.iter().enumerate() {
            for item in items(&*phone.store).await.unwrap() {
                if is_conflict(&item) {
                    all.blocked.push((place, item.entry().unwrap().record()));
                }
                all.phones.insert(item.op, place);
                all.items.insert(item.op, item);
            }
        }
        all
    }

    /// Whether it stays behind words that were sealed anew from an old copy.
    fn is_behind(&self, item: &Item) -> bool {
        let lane = item.about.map(|about| (self.phones[&item.op], about));
        item.state == State::Sealed && lane.is_some_and(|lane| self.blocked.contains(&lane))
    }

    /// Whether all that left was answered: otherwise it may have been decided in whatever place.
    fn is_whole(&self) -> bool {
        self.items.values().all(|item| item.receipt.is_some() || !item.tried || is_conflict(item))
    }
}

/// Sealed anew from an old copy: the words stay on the device, told to be a conflict.
fn is_conflict(item: &Item) -> bool {
    item.state == State::Unsendable(Unsendable::Conflict)
}

impl Story {
    pub async fn judge(&self, net: &Net, phones: &[Phone], theme: Theme) -> Result<(), String> {
        if let Some(complaint) = net.complaint.borrow().clone() {
            return Err(complaint);
        }
        if theme == Theme::Across {
            net.calms().await;
        }
        let outboxes = Outboxes::of(phones).await;
        let words = net.words();
        let (ledger, odd) = Ledger::of(&words, &net.setting);
        let scope = Scope::Consultation(laforce(), net.setting.consultation);
        let public = net.village.lock().await.told(&scope, net.setting.since).await;
        judge_devices(net, &outboxes)?;
        judge_words(net, &outboxes, &ledger, &public)?;
        if !outboxes.is_whole() {
            return Ok(());
        }
        if let Some(odd) = odd {
            return Err(odd);
        }
        judge_supports(net, &ledger).await?;
        match theme {
            Theme::Plain => Ok(()),
            Theme::Across => self.judge_across(net, &words).await,
            Theme::Office => judge_office(net, &ledger, &public).await,
            Theme::Photos => self.judge_photos(net, &ledger, &public).await,
        }
    }
}

/// What was sealed is on a device until it is receipted; and what a device calls accepted is what was stored.
fn judge_devices(net: &Net, outboxes: &Outboxes) -> Result<(), String> {
    let answered = net.answered.borrow();
    for sealed in net.sealed.borrow().iter() {
        let (op, words) = (&sealed.op, sealed.words());
        let Some(item) = outboxes.items.get(op) else {
            return Err(format!("{op} {words:?} is on no device"));
        };
        let settled = match &item.state {
            State::Accepted | State::Refused => item.receipt.is_some(),
            _ => is_conflict(item) || outboxes.is_behind(item),
        };
        if !settled {
            return Err(format!("{op} {words:?} is {:?}", item.state));
        }
        let stored = item.entry().and_then(|entry| answered.get(&entry));
        if item.state == State::Accepted && stored.is_none_or(|stored| stored.envelope.body != item.body) {
            return Err(format!("{op} {words:?} is called accepted, and was not stored"));
        }
    }
    Ok(())
}

/// Words stand there once, unless they were refused, taken back, hidden, blotted out or wait to be approved.
fn judge_words(net: &Net, outboxes: &Outboxes, ledger: &Ledger, public: &Told) -> Result<(), String> {
    for sealed in net.sealed.borrow().iter() {
        let Some(words) = sealed.words() else { continue };
        let item = &outboxes.items[&sealed.op];
        let effects = public.contributions().filter(|there| words_in(there) == words).count();
        let gone = ledger.is_gone(sealed.record()) || ledger.is_blotted(sealed.record());
        let expected = usize::from(item.state != State::Refused && !gone);
        // What was taken back by something that was never answered may be gone.
        if effects != expected && (effects > 0 || outboxes.is_whole()) {
            return Err(format!("“{words}” stands there {effects} times, {expected} expected"));
        }
    }
    Ok(())
}

/// The office's number is that of those whose last word is that they support it, each once.
async fn judge_supports(net: &Net, ledger: &Ledger) -> Result<(), String> {
    let village = net.village.lock().await;
    for (record, said) in ledger.said.iter().filter(|(_, said)| said.stands() && said.merged_into.is_none()) {
        let key = counts(&laforce(), net.setting.consultation, *record).desk;
        let told = match village.record(&key).await {
            Some(Record::Supports(it)) => it.count,
            _ => 0,
        };
        let expected = ledger.supporters(*record);
        if told != expected {
            return Err(format!("{told} support “{}” {record}, {expected} said so last", said.words));
        }
    }
    Ok(())
}
