//! The ways in which answers, ballots and contributions come; and how much of that is told in public.

use serde::Serialize;

/// A way in which something comes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// By the participant, wherever.
    #[default]
    OwnDevice,
    /// By somebody of the office, for a participant who came, telephoned or wrote.
    OnBehalf,
    /// On paper, typed in later.
    Paper,
}
crate::variants!(Channel { OwnDevice "own_device", OnBehalf "on_behalf", Paper "paper" });

impl Channel {
    /// Whether it is what it is when nothing is said.
    pub(crate) fn is_own_device(&self) -> bool {
        *self == Self::OwnDevice
    }
}

/// How many came in which way; each 0, or as many as may be told.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct Channels {
    /// See [`Channel::OwnDevice`].
    pub own_device: u32,
    /// See [`Channel::OnBehalf`].
    pub on_behalf: u32,
    /// See [`Channel::Paper`].
    pub paper: u32,
}
crate::fields!(open Channels { own_device, on_behalf, paper });

impl Channels {
    /// How many came in which way, where every part that is not empty has at least so many; else nothing, so that
    /// no part can be subtracted from the sum.
    pub fn told(all: impl Iterator<Item = Channel>, at_least: u32) -> Option<Self> {
        let mut channels = Self { own_device: 0, on_behalf: 0, paper: 0 };
        for channel in all {
            *match channel {
                Channel::OwnDevice => &mut channels.own_device,
                Channel::OnBehalf => &mut channels.on_behalf,
                Channel::Paper => &mut channels.paper,
            } += 1;
        }
        channels.parts().iter().all(|part| *part == 0 || *part >= at_least).then_some(channels)
    }

    /// Own device, on behalf, paper.
    pub fn parts(&self) -> [u32; 3] {
        [self.own_device, self.on_behalf, self.paper]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const LEAST: u32 = 5;

    fn told(parts: [u32; 3]) -> Option<Channels> {
        let all = [Channel::OwnDevice, Channel::OnBehalf, Channel::Paper].into_iter().zip(parts);
        let each = all.flat_map(|(channel, count)| (0..count).map(move |_| channel));
        Channels::told(each, LEAST)
    }

    proptest! {
        /// Whoever knows the rule and the sum, and subtracts, finds no part between 1 and 4; where nothing is told,
        /// each part may be none, and may be several numbers.
        #[test]
        fn no_part_of_fewer_than_five_can_be_subtracted(parts in prop::array::uniform3(0u32..40)) {
            let total: u32 = parts.iter().sum();
            prop_assume!(total >= 10);
            if let Some(channels) = told(parts) {
                prop_assert_eq!(channels.parts(), parts);
                prop_assert!(parts.iter().all(|part| *part == 0 || *part >= LEAST));
                return Ok(());
            }
            let possible: Vec<[u32; 3]> = (0..=total)
                .flat_map(|own| (0..=total - own).map(move |behalf| [own, behalf, total - own - behalf]))
                .filter(|parts| told(*parts).is_none())
                .collect();
            for at in 0..3 {
                let mut numbers: Vec<u32> = possible.iter().map(|parts| parts[at]).collect();
                numbers.sort_unstable();
                numbers.dedup();
                prop_assert!(numbers[0] == 0 && numbers.len() > 1, "{:?}", numbers);
            }
        }
    }
}
