//! Between two communities: what is forwarded from one arrives in the other once, what both hold is held by each as
//! it decided, people take part on both shores, and each of them is counted once.

use std::collections::{BTreeMap, HashSet};

use domain::ids::{CommunityId, PersonId, RecordId};
use domain::operations::{Action, Comment, Decline, Forward, Join, Kind, OpenConsultation, Stance};
use domain::phases::Phases;
use domain::tallies::Ballot;
use domain::time::DAY;

use crate::line::Net;
use crate::reading::Lies;
use crate::said::Word;
use crate::story::{Phone, Story, made};
use crate::village::{START, Village, laforce, localized, moffet};

/// The phones of such a history: two that propose, then these.
const NEIGHBOUR: usize = 2;
const CLERK: usize = 3;
const THEIR_CLERK: usize = 4;
/// Whose they are, among the people of the village.
pub const OTHERS: [usize; 3] = [3, 2, 4];

impl Story {
    /// One thing that happens between the two.
    pub async fn across(&self, net: &Net, phones: &[Phone]) {
        let dice = &net.world.dice;
        match dice.roll(7) {
            0 => self.of_the_neighbour(net, phones).await,
            1 => self.support(net, &phones[NEIGHBOUR], &phones[..NEIGHBOUR]).await,
            2 => {
                let phone = &phones[dice.roll(3) as usize];
                let community = if dice.once_in(2) { laforce() } else { moffet() };
                phone.does(net, community, Action::Cast(self.ballot(net)), Vec::new()).await;
            }
            3 => self.forward(net, phones).await,
            4 => {
                let phases = Phases::contribute(START, START.plus(300 * DAY)).unwrap();
                let open = OpenConsultation {
                    shared_with: vec![moffet()],
                    ..OpenConsultation::new(localized("Le lac"), localized("À nous deux."), phases)
                };
                phones[CLERK].says(net, Action::OpenConsultation(open)).await;
            }
            5 => self.respond(net, phones).await,
            _ => net.passes(self.own_file).await,
        }
    }

    /// Somebody of the other shore says something to a proposal.
    async fn of_the_neighbour(&self, net: &Net, phones: &[Phone]) {
        let of = net.world.dice.roll(NEIGHBOUR as u64) as usize;
        if let Some(on) = made(net, of, Kind::Propose) {
            self.comment(net, &phones[NEIGHBOUR], on).await;
        }
    }

    pub async fn comment(&self, net: &Net, phone: &Phone, on: RecordId) {
        let (consultation, text) = (net.setting.consultation, self.words(net));
        phone.says(net, Action::Comment(Comment { consultation, on, stance: Stance::For, text })).await;
    }

    async fn forward(&self, net: &Net, phones: &[Phone]) {
        let of = net.world.dice.roll(NEIGHBOUR as u64) as usize;
        let Some(record) = made(net, of, Kind::Propose) else { return };
        let consultation = net.setting.consultation;
        let forward = Forward { consultation, record, to: moffet(), note: None };
        phones[CLERK].says(net, Action::Forward(forward)).await;
    }

    /// The other office joins what it is invited to, or declines.
    async fn respond(&self, net: &Net, phones: &[Phone]) {
        let Some(consultation) = made(net, CLERK, Kind::OpenConsultation) else { return };
        let from = laforce();
        let action = match net.world.dice.once_in(2) {
            true => {
                Action::Join(Join { from, consultation, decided_by: None, used_for: None, answer_by: None })
            }
            false => Action::Decline(Decline { from, consultation }),
        };
        phones[THEIR_CLERK].does(net, moffet(), action, Vec::new()).await;
    }

    /// What must hold in the end between the two.
    pub async fn judge_across(&self, net: &Net, words: &[Word]) -> Result<(), String> {
        let words: Vec<&Word> = words.iter().filter(|word| word.accepted).collect();
        let village = net.village.lock().await;
        let judged = [
            judge_forwarded(&village, &words).await,
            judge_shared(&village, &words).await,
            judge_ballots(&village, &words, net.setting.poll.unwrap()).await,
            judge_homes(&village, &words).await,
        ];
        judged.into_iter().collect()
    }
}

fn is(word: &Word, kind: Kind) -> bool {
    word.operation.action.kind() == kind
}

/// What was forwarded stands in the other community once, and where it was made that is said.
async fn judge_forwarded(village: &Village, words: &[&Word]) -> Result<(), String> {
    let mut forwards: BTreeMap<RecordId, usize> = BTreeMap::new();
    let mut withdrawn = HashSet::new();
    for Word { operation, .. } in words {
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
async fn judge_shared(village: &Village, words: &[&Word]) -> Result<(), String> {
    for opened in words.iter().filter(|word| is(word, Kind::OpenConsultation)) {
        let id = opened.operation.record();
        let answers = |kind: Kind| {
            let of = words.iter().filter(|word| is(word, kind));
            of.filter(|word| word.operation.action.consultation() == Some(id)).count()
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
async fn judge_ballots(village: &Village, words: &[&Word], poll: RecordId) -> Result<(), String> {
    let mut last: BTreeMap<&PersonId, (CommunityId, Ballot)> = BTreeMap::new();
    for Word { person, operation, .. } in words {
        if let Action::Cast(cast) = &operation.action {
            last.insert(person, (operation.community.clone(), cast.ballot.clone()));
        }
    }
    let mut cast = Vec::new();
    for community in [laforce(), moffet()] {
        let held = village.ballots(&community, poll).await.into_iter();
        cast.extend(held.map(|cast| (cast.person, community.clone(), cast.ballot)));
    }
    let said: Vec<_> =
        last.into_iter().map(|(person, (community, ballot))| (person.clone(), community, ballot)).collect();
    cast.sort_by(|one, other| one.0.cmp(&other.0));
    if cast == said { Ok(()) } else { Err(format!("ballots {cast:?}, last words {said:?}")) }
}

/// Whoever speaks on the other shore is told to be from there.
async fn judge_homes(village: &Village, words: &[&Word]) -> Result<(), String> {
    for comment in words.iter().filter(|word| is(word, Kind::Comment)) {
        let record = comment.operation.record();
        let home = village.home_of(record).await;
        if home != Some(moffet()) {
            return Err(format!("{record} is from {home:?}"));
        }
    }
    Ok(())
}
