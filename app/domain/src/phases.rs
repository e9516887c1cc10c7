//! Phases: periods with dates, through which a consultation goes. Where it stands is computed from
//! them, never written. Only the server's clock decides; a device computes with the server's time as
//! it last heard it.

use serde::{Deserialize, Serialize};

use crate::records::Consultation;
use crate::time::{HOUR, Millis};

/// How long after closing what was written offline is still taken, unless the office says
/// otherwise.
pub const DEFAULT_GRACE: i64 = 48 * HOUR;

/// What a consultation is at: inform, contribute, discuss, decide, follow up, in this order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// People learn what it is about.
    Inform,
    /// They contribute.
    Contribute,
    /// They discuss what was contributed; nothing new is proposed.
    Discuss,
    /// Whoever decides does.
    Decide,
    /// What was decided is done, and seen to be done.
    FollowUp,
}
crate::variants!(Phase { Inform "inform", Contribute "contribute", Discuss "discuss", Decide "decide", FollowUp "follow_up" });

impl Phase {
    /// In their order.
    pub const ALL: [Phase; 5] = [Self::Inform, Self::Contribute, Self::Discuss, Self::Decide, Self::FollowUp];
}

/// One phase with its dates: from the first instant on, until just before the second.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct Period {
    /// Which phase.
    pub phase: Phase,
    /// Its beginning.
    pub from: Millis,
    /// Its end.
    pub until: Millis,
}
crate::fields!(strict Period { phase, from, until });

/// Why periods are no course of a consultation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PhaseProblem {
    /// Nobody could contribute.
    #[error("no phase to contribute")]
    NoContribute,
    /// This one ends before it begins.
    #[error("a phase ends before it begins")]
    Ends(Phase),
    /// This one comes twice, or after one that it comes before.
    #[error("phases out of order")]
    Order(Phase),
    /// This one begins before the one before it has ended.
    #[error("phases overlap")]
    Overlap(Phase),
}

/// The periods of a consultation: in order, each phase at most once, one to contribute among them,
/// none over another. There may be time between two.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(transparent)]
pub struct Phases(Vec<Period>);

impl Phases {
    /// Checks them.
    pub fn new(periods: Vec<Period>) -> Result<Self, PhaseProblem> {
        let mut before: Option<Period> = None;
        for period in &periods {
            if period.until <= period.from {
                return Err(PhaseProblem::Ends(period.phase));
            }
            match before {
                Some(before) if period.phase <= before.phase => {
                    return Err(PhaseProblem::Order(period.phase));
                }
                Some(before) if period.from < before.until => {
                    return Err(PhaseProblem::Overlap(period.phase));
                }
                _ => before = Some(*period),
            }
        }
        let all = Self(periods);
        if all.period(Phase::Contribute).is_none() {
            return Err(PhaseProblem::NoContribute);
        }
        Ok(all)
    }

    /// Nothing but the time to contribute.
    pub fn contribute(from: Millis, until: Millis) -> Result<Self, PhaseProblem> {
        Self::new(vec![Period { phase: Phase::Contribute, from, until }])
    }

    /// In order.
    pub fn iter(&self) -> impl Iterator<Item = &Period> {
        self.0.iter()
    }

    /// When a phase is.
    pub fn period(&self, phase: Phase) -> Option<&Period> {
        self.0.iter().find(|period| period.phase == phase)
    }

    /// The one of an instant; none before the first, after the last and between two.
    pub fn at(&self, now: Millis) -> Option<&Period> {
        self.0.iter().find(|period| period.from <= now && now < period.until)
    }

    /// Until when a form of contribution is taken, and from when on.
    pub fn open_for(&self, form: Form) -> (Millis, Millis) {
        let last = match form {
            Form::Proposals | Form::Amendments => None,
            Form::Comments | Form::Support => self.period(Phase::Discuss),
        };
        let first = self.period(Phase::Contribute);
        let until = last.or(first).map_or(Millis(0), |period| period.until);
        (first.map_or(Millis(0), |period| period.from), until)
    }
}

impl<'de> Deserialize<'de> for Phases {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(Deserialize::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

/// In which form people contribute.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// They propose.
    Proposals,
    /// They comment on what was proposed.
    Comments,
    /// They support what was proposed.
    Support,
    /// They amend a text, paragraph by paragraph.
    Amendments,
}
crate::variants!(Form { Proposals "proposals", Comments "comments", Support "support", Amendments "amendments" });

impl Form {
    /// Every form there is.
    pub const ALL: [Form; 4] = [Self::Proposals, Self::Comments, Self::Support, Self::Amendments];

    /// What people are asked for where no text is before them.
    pub const USUAL: [Form; 3] = [Self::Proposals, Self::Comments, Self::Support];
}

/// Whether a form of contribution is taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Intake {
    /// Not yet: from then on.
    NotYet(Millis),
    /// It is.
    Open,
    /// Closed to new ones; what was written offline is still taken.
    Grace,
    /// Nothing more is taken.
    Closed,
    /// It is not asked for at all.
    Never,
}

impl Consultation {
    /// Whether it takes something new at an instant: proposals, or amendments where it asks for nothing else.
    pub fn intake(&self, now: Millis) -> Intake {
        let amended = !self.takes.contains(&Form::Proposals) && self.takes.contains(&Form::Amendments);
        self.intake_of(if amended { Form::Amendments } else { Form::Proposals }, now)
    }

    /// Whether it takes a form of contribution at an instant.
    pub fn intake_of(&self, form: Form, now: Millis) -> Intake {
        let until = self.closes_for(form);
        let (from, _) = self.phases.open_for(form);
        if !self.takes.contains(&form) {
            Intake::Never
        } else if now >= until.plus(self.grace) {
            Intake::Closed
        } else if now >= until {
            Intake::Grace
        } else if now < from {
            Intake::NotYet(from)
        } else {
            Intake::Open
        }
    }

    /// Whether anything can still be said in it, now or later.
    pub fn is_open(&self, now: Millis) -> bool {
        self.takes.iter().any(|form| matches!(self.intake_of(*form, now), Intake::Open | Intake::NotYet(_)))
    }

    /// When the last thing that it asks for closes.
    pub fn ends_at(&self) -> Millis {
        let ends = self.takes.iter().map(|form| self.closes_for(*form));
        ends.max().unwrap_or_else(|| self.closes_at())
    }

    /// When it stops taking this: by its phases, or earlier by hand.
    pub fn closes_for(&self, form: Form) -> Millis {
        let (_, until) = self.phases.open_for(form);
        self.closed_at.map_or(until, |closed| closed.min(until))
    }

    /// Said to everyone: until when it takes proposals.
    pub fn closes_at(&self) -> Millis {
        self.closes_for(Form::Proposals)
    }

    /// Until when a form of contribution that was written offline is still taken.
    pub fn accepts_until(&self, form: Form) -> Millis {
        self.closes_for(form).plus(self.grace)
    }

    /// Whether the answer was promised for a day that has passed, and is not given.
    pub fn is_late(&self, now: Millis) -> bool {
        self.conclusion.is_none() && self.answer_by.is_some_and(|by| by < now)
    }

    /// The phase of an instant; none between two, and none to contribute or discuss once it was
    /// closed by hand.
    pub fn phase(&self, now: Millis) -> Option<Phase> {
        let closed = self.closed_at.is_some_and(|closed| closed <= now);
        let phase = self.phases.at(now)?.phase;
        (!closed || phase >= Phase::Decide).then_some(phase)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::RecordId;
    use crate::text::Localized;
    use proptest::prelude::*;

    fn period(phase: Phase, from: i64, until: i64) -> Period {
        Period { phase, from: Millis(from), until: Millis(until) }
    }

    fn consultation(phases: Phases, grace: i64) -> Consultation {
        Consultation {
            id: RecordId([1; 16]),
            community: "laforce".parse().unwrap(),
            title: Localized::new([("fr".parse().unwrap(), "Le quai".parse().unwrap())]).unwrap(),
            summary: Localized::new([("fr".parse().unwrap(), "Le quai".parse().unwrap())]).unwrap(),
            opened_at: Millis(0),
            phases,
            grace,
            takes: Form::USUAL.to_vec(),
            closed_at: None,
            decided_by: None,
            used_for: None,
            answer_by: None,
            conclusion: None,
            source: None,
            adapted_from: None,
            shared_with: Vec::new(),
            fictitious: false,
        }
    }

    #[test]
    fn what_is_wrong_with_a_course_is_said_of_its_phase() {
        use Phase::{Contribute, Decide, Discuss, Inform};
        let problem = |periods: &[Period]| Phases::new(periods.to_vec()).unwrap_err();
        let contribute = period(Contribute, 10, 20);
        assert_eq!(problem(&[]), PhaseProblem::NoContribute);
        assert_eq!(problem(&[period(Inform, 0, 5)]), PhaseProblem::NoContribute);
        assert_eq!(problem(&[period(Contribute, 5, 5)]), PhaseProblem::Ends(Contribute));
        assert_eq!(problem(&[contribute, period(Discuss, 19, 30)]), PhaseProblem::Overlap(Discuss));
        assert_eq!(problem(&[contribute, period(Inform, 30, 40)]), PhaseProblem::Order(Inform));
        assert_eq!(problem(&[contribute, period(Contribute, 30, 40)]), PhaseProblem::Order(Contribute));
        let all = Phases::new(vec![period(Inform, 0, 10), contribute, period(Decide, 25, 30)]).unwrap();
        let at = |now| all.at(Millis(now)).map(|period| period.phase);
        assert_eq!(
            [at(-1), at(0), at(19), at(20), at(29), at(30)].map(|phase| phase.is_some()),
            [false, true, true, false, true, false]
        );
        assert_eq!(all.open_for(Form::Comments), (Millis(10), Millis(20)));
    }

    proptest! {
        /// What a consultation takes goes from not yet to open, to grace, to closed, and never back; closing it by
        /// hand changes nothing before that moment, and afterwards opens nothing again.
        #[test]
        fn what_is_taken_goes_forward(
            (from, middle, until) in (0i64..20, 1i64..20, 1i64..20), grace in 0i64..10, closed in -1i64..70,
        ) {
            let (contribute, discuss) = (from + middle, from + middle + until);
            let periods =
                vec![period(Phase::Contribute, from, contribute), period(Phase::Discuss, contribute, discuss)];
            let open = consultation(Phases::new(periods).unwrap(), grace);
            let by_hand = Consultation { closed_at: Some(Millis(closed)), ..open.clone() };
            let place = |intake| match intake {
                Intake::NotYet(_) => 0,
                Intake::Open => 1,
                Intake::Grace => 2,
                Intake::Closed => 3,
                Intake::Never => 4,
            };
            for form in Form::USUAL {
                let ends = if form == Form::Proposals { contribute } else { discuss };
                let mut last = (0, 0);
                for now in -1..80 {
                    let [it, hand] = [&open, &by_hand].map(|it| place(it.intake_of(form, Millis(now))));
                    let expected = match now {
                        _ if now >= ends + grace => 3,
                        _ if now >= ends => 2,
                        _ => i32::from(now >= from),
                    };
                    prop_assert_eq!(it, expected);
                    prop_assert!(it >= last.0 && hand >= last.1 && hand >= it);
                    prop_assert!(now < closed && hand == it || now >= closed && hand >= 2);
                    last = (it, hand);
                    let phase = by_hand.phase(Millis(now));
                    prop_assert!(now < closed || phase.is_none_or(|phase| phase >= Phase::Decide));
                }
                prop_assert_eq!(open.intake_of(Form::Amendments, Millis(from)), Intake::Never);
            }
        }

        /// A course that is taken goes forward: at any instant at most one phase, and later ones
        /// after earlier ones.
        #[test]
        fn phases_go_forward(dates in prop::collection::vec((0usize..5, 0i64..40, 0i64..40), 1..6)) {
            let periods = dates.iter().map(|(phase, from, until)| period(Phase::ALL[*phase], *from, *until));
            let Ok(all) = Phases::new(periods.collect()) else { return Ok(()) };
            let mut last = None;
            for now in -1..41 {
                let here: Vec<Phase> = all
                    .iter()
                    .filter(|it| it.from.0 <= now && now < it.until.0)
                    .map(|it| it.phase)
                    .collect();
                prop_assert!(here.len() <= 1);
                prop_assert_eq!(all.at(Millis(now)).map(|it| it.phase), here.first().copied());
                if let Some(phase) = here.first() {
                    prop_assert!(last.is_none_or(|last| last <= *phase));
                    last = Some(*phase);
                }
            }
            let text = serde_json::to_string(&all).unwrap();
            prop_assert_eq!(serde_json::from_str::<Phases>(&text).unwrap(), all);
        }
    }
}
