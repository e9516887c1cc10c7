//! Between two communities: what is forwarded from one arrives in the other once, what both hold is held by each as
//! it decided, people take part on both shores, and each of them is counted once.

use std::collections::{BTreeMap, HashMap, HashSet};

use app::offline::outbox::{act, items};
use domain::ids::{CommunityId, OpId, PersonId, RecordId};
use domain::operations::{
    Action, Cast, Comment, Decline, Forward, Join, Kind, Kinds, OpenConsultation, Operation, Stance,
};
use domain::outbox::Item;
use domain::phases::Phases;
use domain::receipts::Outcome;
use domain::tallies::Ballot;
use domain::time::DAY;

use crate::line::Net;
use crate::story::{Phone, Story};
use crate::village::{Lies, START, Village, laforce, localized, moffet};

/// The phones of such a history: two that propose, then these.
const NEIGHBOUR: usize = 2;
const CLERK: usize = 3;
const THEIR_CLERK: usize = 4;
/// Whose they are, among the people of the village.
pub const OTHERS: [usize; 3] = [3, 2, 4];

/// A word that was accepted: its place in the journal, whose it is, and what it says.
type Word = (u64, PersonId, Operation);

impl Story {
    /// One thing that happens between the two.
    pub async fn across(
        &self,
        net: &Net,
        phones: &[Phone],
        poll: RecordId,
        sealed: &mut HashMap<OpId, String>,
    ) {
        let dice = &net.world.dice;
        match dice.roll(7) {
            0 => self.comment(net, phones, sealed).await,
            1 => self.support(net, &phones[NEIGHBOUR], &phones[..NEIGHBOUR]).await,
            2 => {
                let phone = &phones[dice.roll(3) as usize];
                let consultation = net.village.lock().await.consultation;
                let cast = Cast { consultation, poll, ballot: Ballot::Choice(dice.roll(2) as u8) };
                let community = if dice.once_in(2) { laforce() } else { moffet() };
                seal(net, phone, community, Action::Cast(cast)).await;
            }
            3 => self.forward(net, phones).await,
            4 => {
                let phases = Phases::contribute(START, START.plus(300 * DAY)).unwrap();
                let open = OpenConsultation {
                    shared_with: vec![moffet()],
                    ..OpenConsultation::new(localized("Le lac"), localized("À nous deux."), phases)
                };
                seal(net, &phones[CLERK], laforce(), Action::OpenConsultation(open)).await;
            }
            5 => self.answer(net, phones).await,
            _ => net.passes(self.own_file).await,
        }
    }

    /// Somebody of the other shore says something to a proposal.
    async fn comment(&self, net: &Net, phones: &[Phone], sealed: &mut HashMap<OpId, String>) {
        let of = &phones[net.world.dice.roll(NEIGHBOUR as u64) as usize];
        let Some(on) = self.one_of(net, of, Kind::Propose).await else { return };
        let text = format!("{} mot {}", self.number, sealed.len());
        let consultation = net.village.lock().await.consultation;
        let comment = Comment { consultation, on, stance: Stance::For, text: text.parse().unwrap() };
        if let Some(op) = seal(net, &phones[NEIGHBOUR], laforce(), Action::Comment(comment)).await {
            sealed.insert(op, text);
        }
    }

    async fn forward(&self, net: &Net, phones: &[Phone]) {
        let of = &phones[net.world.dice.roll(NEIGHBOUR as u64) as usize];
        let Some(record) = self.one_of(net, of, Kind::Propose).await else { return };
        let consultation = net.village.lock().await.consultation;
        let forward = Forward { consultation, record, to: moffet(), note: None };
        seal(net, &phones[CLERK], laforce(), Action::Forward(forward)).await;
    }

    /// The other office joins what it is invited to, or declines.
    async fn answer(&self, net: &Net, phones: &[Phone]) {
        let opened = self.one_of(net, &phones[CLERK], Kind::OpenConsultation).await;
        let Some(consultation) = opened else { return };
        let from = laforce();
        let action = match net.world.dice.once_in(2) {
            true => {
                Action::Join(Join { from, consultation, decided_by: None, used_for: None, answer_by: None })
            }
            false => Action::Decline(Decline { from, consultation }),
        };
        seal(net, &phones[THEIR_CLERK], moffet(), action).await;
    }

    /// What must hold in the end between the two.
    pub async fn judge_across(&self, net: &Net, phones: &[Phone], poll: RecordId) -> Result<(), String> {
        let mut words: Vec<Word> = Vec::new();
        for phone in phones {
            for item in items(&*phone.store).await.unwrap() {
                let Ok(operation) = item.operation() else { continue };
                match item.receipt.as_ref().and_then(|signed| signed.read()) {
                    Some(receipt) if receipt.outcome == Outcome::Accepted => {
                        words.push((receipt.position, phone.person.id.clone(), operation));
                    }
                    Some(_) => {}
                    // Left and not yet settled: it may have been decided in whatever place.
                    None if item.tried => return Ok(()),
                    None => {}
                }
            }
        }
        words.sort_by_key(|(position, ..)| *position);
        let village = net.village.lock().await;
        let judged = [
            judge_forwarded(&village, &words).await,
            judge_shared(&village, &words).await,
            judge_ballots(&village, &words, poll).await,
            judge_homes(&village, &words).await,
        ];
        judged.into_iter().collect()
    }

    /// One of the records that a phone makes by acts of a kind.
    pub async fn one_of(&self, net: &Net, phone: &Phone, kind: Kind) -> Option<RecordId> {
        let all = items(&*phone.store).await.unwrap();
        let made: Vec<&Item> = all.iter().filter(|item| is(item, kind)).collect();
        let one = (!made.is_empty()).then(|| made[net.world.dice.roll(made.len() as u64) as usize])?;
        one.entry().map(|entry| entry.record())
    }
}

fn is(item: &Item, kind: Kind) -> bool {
    item.operation().is_ok_and(|operation| operation.action.kind() == kind)
}

async fn seal(net: &Net, phone: &Phone, community: CommunityId, action: Action) -> Option<OpId> {
    let author = Some(phone.person.id.clone());
    let sealing = act(&*phone.store, &*net.world, Kinds::ALL, author, community, action);
    phone.store.live(sealing).await?.ok()
}

/// What was forwarded stands in the other community once, and where it was made that is said.
async fn judge_forwarded(village: &Village, words: &[Word]) -> Result<(), String> {
    let mut forwards: BTreeMap<RecordId, usize> = BTreeMap::new();
    let mut withdrawn = HashSet::new();
    for (_, _, operation) in words {
        match &operation.action {
            Action::Propose(_) => drop(forwards.entry(operation.record()).or_default()),
            Action::Forward(forward) => *forwards.entry(forward.record).or_default() += 1,
            Action::Withdraw(withdraw) => drop(withdrawn.insert(withdraw.record)),
            _ => {}
        }
    }
    let arrived = village.arrived().await;
    for (record, forwarded) in forwards {
        let copies: Vec<RecordId> =
            arrived.iter().filter(|(from, _)| *from == record).map(|(_, copy)| *copy).collect();
        let expected = match (forwarded, withdrawn.contains(&record)) {
            (0, _) => 0..=0,
            (1, false) => 1..=1,
            // Taken back on the way, or after it.
            (1, true) => 0..=1,
            _ => return Err(format!("{record} was forwarded {forwarded} times")),
        };
        if !expected.contains(&copies.len()) {
            return Err(format!("{record} arrived {} times, forwarded {forwarded} times", copies.len()));
        }
        let told = village.forwarded_to(record).await;
        if !withdrawn.contains(&record) && told != copies.first().copied() {
            return Err(format!("{record} is said to be {told:?}, it is {copies:?}"));
        }
    }
    let due = village.due().await;
    if due.is_empty() { Ok(()) } else { Err(format!("still due: {due:?}")) }
}

/// An invitation is there until it is answered, once; whoever joined holds it.
async fn judge_shared(village: &Village, words: &[Word]) -> Result<(), String> {
    for (_, _, opened) in words.iter().filter(|(_, _, it)| it.action.kind() == Kind::OpenConsultation) {
        let id = opened.record();
        let answers = |kind: Kind| {
            let of = words.iter().filter(|(_, _, it)| it.action.kind() == kind);
            of.filter(|(_, _, it)| it.action.consultation() == Some(id)).count()
        };
        let (joined, declined) = (answers(Kind::Join), answers(Kind::Decline));
        let held = village.lies(Lies::Consultation(id)).await;
        let invited = village.lies(Lies::Invitation(id)).await;
        let expected = (joined == 1, joined + declined == 0);
        if joined > 1 || declined > 1 || (held, invited) != expected {
            return Err(format!(
                "{id}: joined {joined}, declined {declined}, held {held}, invited {invited}"
            ));
        }
    }
    Ok(())
}

/// One person has one ballot in both boxes together: their last word.
async fn judge_ballots(village: &Village, words: &[Word], poll: RecordId) -> Result<(), String> {
    let mut last: BTreeMap<&PersonId, (CommunityId, Ballot)> = BTreeMap::new();
    for (_, person, operation) in words {
        if let Action::Cast(cast) = &operation.action {
            last.insert(person, (operation.community.clone(), cast.ballot.clone()));
        }
    }
    let mut cast = village.ballots(&laforce(), poll).await;
    cast.extend(village.ballots(&moffet(), poll).await);
    let said: Vec<_> =
        last.into_iter().map(|(person, (community, ballot))| (person.clone(), community, ballot)).collect();
    cast.sort_by(|one, other| one.0.cmp(&other.0));
    if cast == said { Ok(()) } else { Err(format!("ballots {cast:?}, last words {said:?}")) }
}

/// Whoever speaks on the other shore is told to be from there.
async fn judge_homes(village: &Village, words: &[Word]) -> Result<(), String> {
    for (_, _, comment) in words.iter().filter(|(_, _, it)| it.action.kind() == Kind::Comment) {
        let home = village.home_of(comment.record()).await;
        if home != Some(moffet()) {
            return Err(format!("{} is from {home:?}", comment.record()));
        }
    }
    Ok(())
}
