//! The words that the files bring along, in both languages.

use domain::phases::Phase;
use domain::text::Lang;

/// A language that we write.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Tongue {
    /// French.
    French,
    /// English.
    English,
}

impl Tongue {
    /// By its tag, when it is one of ours.
    pub fn named(tag: &str) -> Option<Self> {
        match tag.split('-').next().unwrap_or_default().to_ascii_lowercase().as_str() {
            "fr" => Some(Self::French),
            "en" => Some(Self::English),
            _ => None,
        }
    }

    /// What is accepted most (RFC 9110 §12.5.4), among ours.
    pub fn accepted(header: &str) -> Option<Self> {
        let mut best: Option<(Self, f32)> = None;
        for item in header.split(',') {
            let mut parts = item.split(';').map(str::trim);
            let Some(tongue) = parts.next().and_then(Self::named) else { continue };
            let weight = parts.find_map(|part| part.strip_prefix("q=")).map_or(Some(1.0), |q| q.parse().ok());
            let weight = weight.unwrap_or(0.0);
            if weight > best.map_or(0.0, |(_, heavier)| heavier) {
                best = Some((tongue, weight));
            }
        }
        best.map(|(tongue, _)| tongue)
    }

    /// The first of a community's languages that is one of ours.
    pub fn of(languages: &[Lang]) -> Self {
        languages.iter().find_map(|lang| Self::named(lang.as_str())).unwrap_or(Self::French)
    }

    /// Its tag.
    pub fn tag(self) -> &'static str {
        self.choose(("fr", "en"))
    }

    /// The same, as texts are known by it.
    pub fn lang(self) -> Option<Lang> {
        self.tag().parse().ok()
    }

    /// The one of two.
    pub fn choose<T>(self, (french, english): (T, T)) -> T {
        match self {
            Self::French => french,
            Self::English => english,
        }
    }
}

/// French and English.
pub type Both = (&'static str, &'static str);

/// What a phase is called.
pub fn phase(phase: Phase) -> Both {
    match phase {
        Phase::Inform => ("S’informer", "Learn"),
        Phase::Contribute => ("Contribuer", "Contribute"),
        Phase::Discuss => ("Discuter", "Discuss"),
        Phase::Decide => ("Décider", "Decide"),
        Phase::FollowUp => ("Faire le suivi", "Follow up"),
    }
}

pub const COLON: Both = (" : ", ": ");
pub const CONSULTATIONS: Both = ("consultations", "consultations");
pub const LAST_TO_PROPOSE: Both = ("Dernier moment pour proposer", "Last moment to propose");
pub const LAST_TO_CONTRIBUTE: Both = ("Dernier moment pour contribuer", "Last moment to contribute");
pub const ANSWER_PROMISED: Both = ("Réponse promise", "Answer promised");
pub const FICTITIOUS: Both = ("Inventé pour la démonstration.", "Invented for the demonstration.");
pub const OPENED: Both = ("Consultation ouverte", "Consultation opened");
pub const CLOSED: Both = ("Consultation fermée", "Consultation closed");
pub const ANSWERED: Both = ("Réponse officielle", "Official answer");
pub const CONCLUDED: Both = ("Réponse à la consultation", "Conclusion");
pub const COMMITMENT: Both = ("Engagement", "Commitment");
pub const COMMITMENT_REPORT: Both = ("Suite d’un engagement", "Commitment progress");
pub const COMMITMENT_DUE: Both = ("Échéance d’un engagement", "Commitment due");
pub const OWNER: Both = ("Qui s’en occupe", "Who sees to it");
pub const DUE: Both = ("Échéance", "Due");
pub const UNDER_WAY: Both = ("En cours.", "Under way.");
pub const DONE: Both = ("C’est fait.", "Done.");
pub const GIVEN_UP: Both = ("Abandonné.", "Given up.");
pub const MOVED_TO: Both = ("Reporté au", "Moved to");
pub const POLL: Both = ("Choix à faire", "Poll");
pub const POLL_RESULT: Both = ("Résultat d’un choix", "Poll result");
pub const SURVEY: Both = ("Sondage", "Survey");
pub const SURVEY_RESULTS: Both = ("Résultats d’un sondage", "Survey results");
pub const BALLOTS: Both = ("Bulletins", "Ballots");
pub const RESPONDENTS: Both = ("Personnes qui ont répondu", "People who answered");
pub const FEWER_THAN: Both = ("moins de", "fewer than");
pub const PROPOSED: Both = ("Proposition", "Proposal");
pub const AMENDED: Both = ("Amendement", "Amendment");
pub const TEXT: Both = ("Texte à l’étude", "Text under study");
pub const TAKEN_OUT: Both = ("À retirer", "To take out");
pub const COMMENTED: Both = ("Commentaire", "Comment");
pub const RESIDENT: Both = ("Une personne de", "A person from");
pub const ON_BEHALF: Both = (", noté par le bureau", ", noted by the office");
pub const ON_PAPER: Both = (", sur papier, saisi par le bureau", ", on paper, entered by the office");
pub const IMPORTED: Both =
    ("Participant·e d’une conversation importée", "Participant of an imported conversation");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_is_the_one_that_is_accepted_most() {
        let accepted = |header| Tongue::accepted(header).map(Tongue::tag);
        assert_eq!(accepted("en-CA,en;q=0.9,fr;q=0.8"), Some("en"));
        assert_eq!(accepted("de, fr-CA;q=0.7, en;q=0.3"), Some("fr"));
        assert_eq!(accepted("en;q=0, fr;q=0.1"), Some("fr"));
        assert_eq!(accepted("oj"), None);
        let languages: Vec<Lang> = ["oj", "en"].iter().map(|tag| tag.parse().unwrap()).collect();
        assert_eq!((Tongue::of(&languages), Tongue::of(&[])), (Tongue::English, Tongue::French));
    }
}
