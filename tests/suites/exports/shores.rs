//! What two villages do together, and what one passes on to the other: a consultation of both with polls of every
//! method, words from the other shore, a proposal that is forwarded, one that says where it is.

use domain::authority::{Person, Role};
use domain::ids::RecordId;
use domain::operations::{Action, Comment, Forward, Join, Model, OpenConsultation, Propose, Stance};
use domain::sectors::Spot;
use domain::tallies::Method;
use rabaska::passing::settle;
use rabaska::system::SystemClock;

use super::hostile::{Village, WORDS, line, localized};

/// The other shore.
pub const OTHER: &str = "moffet";

impl Village {
    /// Brings over what is due by now.
    async fn settle(&self) {
        assert!(settle(&self.store, &SystemClock).await.unwrap() > 0);
    }

    fn propose(consultation: RecordId, text: &str, place: Option<Spot>) -> Action {
        Action::Propose(Propose {
            consultation,
            title: line(text).parse().unwrap(),
            text: None,
            subject: "other".parse().unwrap(),
            photos: vec![],
            place,
        })
    }

    /// A proposal with its sector, one with its place in words alone, and one that is passed on.
    pub async fn places(&mut self, clerk: &Person, author: &Person, consultation: RecordId) {
        let words = Some(line(WORDS[0]).parse().unwrap());
        let sector = Some("47.5350,-78.6975".parse().unwrap());
        for place in [Spot::of(sector, words.clone()), Spot::of(None, words)] {
            self.act(author, Self::propose(consultation, WORDS[3], place)).await;
        }
        let record = self.act(author, Self::propose(consultation, WORDS[1], Spot::of(sector, None))).await;
        let note = Some(WORDS[2].parse().unwrap());
        let to = OTHER.parse().unwrap();
        self.act(clerk, Action::Forward(Forward { consultation, record, to, note })).await;
        self.settle().await;
    }

    /// A consultation of both shores: two polls of which each shore's part is told, and one where the other shore
    /// has too few ballots.
    pub async fn together(&mut self, clerk: &Person, people: &[Person], model: RecordId) {
        let here = self.community.clone();
        let mut open = self.opening(WORDS[0], None);
        let adapted_from = Some(Model { community: here.clone(), consultation: model });
        open = OpenConsultation { shared_with: vec![OTHER.parse().unwrap()], adapted_from, ..open };
        let consultation = self.act(clerk, Action::OpenConsultation(open)).await;
        let record = self.act(&people[0], Self::propose(consultation, WORDS[7], None)).await;
        self.settle().await;

        let mut theirs = Vec::new();
        self.community = OTHER.parse().unwrap();
        let their_clerk = self.person(Role::Clerk).await;
        for _ in 0..11 {
            theirs.push(self.person(Role::Participant).await);
        }
        let (decided_by, used_for) = (Some(localized(WORDS[10])), None);
        let join = Join { from: here.clone(), consultation, decided_by, used_for, answer_by: None };
        self.act(&their_clerk, Action::Join(join)).await;
        self.community = here.clone();
        let text = WORDS[2].parse().unwrap();
        let comment = Comment { consultation, on: record, stance: Stance::For, text };
        self.act(&theirs[0], Action::Comment(comment)).await;

        let methods = [Method::Plurality, Method::Approval, Method::MajorityJudgment, Method::Schulze];
        for (method, others) in methods.into_iter().zip([11; 4]).chain([(Method::Plurality, 9)]) {
            let poll = self.open_poll(clerk, consultation, method, WORDS[0]).await;
            self.settle().await;
            self.cast(consultation, poll, method, &people[..12]).await;
            self.community = OTHER.parse().unwrap();
            self.cast(consultation, poll, method, &theirs[..others]).await;
            self.community = here.clone();
        }
    }
}
