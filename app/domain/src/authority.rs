//! Who may do what: one table, default deny. The server enforces only through it; the app
//! asks it what to show.

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};

use crate::channels::Channel;
use crate::ids::{CommunityId, PersonId};
use crate::operations::Kind;
use crate::scopes::Scope;
use crate::text::Label;
use crate::wire::{Fields, Later};

/// What a person is in a community. Roles do not contain one another: who is mayor and takes part has both.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Takes part.
    Participant,
    /// Takes part, and the office has verified that they live there.
    Resident,
    /// Runs the office (greffier, directrice générale).
    Clerk,
    /// Sits on the council.
    Elected,
    /// Presides over it, and watches over the office.
    Mayor,
    /// Works for the communities of the territory together.
    Coordinator,
    /// Evaluates, with what was released for that.
    Researcher,
    /// Runs the machine.
    Operator,
}
crate::variants!(Role {
    Participant "participant", Resident "resident", Clerk "clerk", Elected "elected", Mayor "mayor",
    Coordinator "coordinator", Researcher "researcher", Operator "operator"
});

impl Role {
    /// Every role there is.
    pub const ALL: &[Role] = &[
        Role::Participant,
        Role::Resident,
        Role::Clerk,
        Role::Elected,
        Role::Mayor,
        Role::Coordinator,
        Role::Researcher,
        Role::Operator,
    ];

    /// Its name on the wire and in the table of memberships.
    pub fn name(self) -> &'static str {
        match self {
            Self::Participant => "participant",
            Self::Resident => "resident",
            Self::Clerk => "clerk",
            Self::Elected => "elected",
            Self::Mayor => "mayor",
            Self::Coordinator => "coordinator",
            Self::Researcher => "researcher",
            Self::Operator => "operator",
        }
    }

    /// The role of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|role| role.name() == name)
    }

    /// Whether it takes part.
    pub fn takes_part(self) -> bool {
        matches!(self, Self::Participant | Self::Resident)
    }
}

/// A role in a community. One person may hold several.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
pub struct Membership {
    /// Where.
    pub community: CommunityId,
    /// As what.
    pub role: Role,
}
crate::fields!(open Membership { community, role });

/// A signed-in person.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Person {
    /// Who.
    pub id: PersonId,
    /// Seen by the desk of the community they write in, never by the public.
    pub name: Label,
    /// What they are, and where.
    pub memberships: Vec<Membership>,
}

impl<'de> Deserialize<'de> for Person {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let fields = Fields::deserialize(deserializer)?;
        Self::from_fields(&fields).map_err(D::Error::custom)
    }
}

/// Who acts, as the server established it.
#[derive(Clone, PartialEq, Debug)]
pub enum Actor {
    /// A person with a session.
    Person(Person),
    /// Somebody for whom an office entered one thing, and how it came. Only a rule makes one.
    Guest(Person, Channel),
    /// A file being loaded by the operator.
    Import,
    /// The passing of time: what is over is counted.
    System,
}

impl Actor {
    /// The person, when it is one.
    pub fn person(&self) -> Option<&Person> {
        match self {
            Self::Person(person) | Self::Guest(person, _) => Some(person),
            Self::Import | Self::System => None,
        }
    }

    /// By which way what it does came.
    pub fn channel(&self) -> Channel {
        match self {
            Self::Guest(_, channel) => *channel,
            Self::Person(_) | Self::Import | Self::System => Channel::OwnDevice,
        }
    }

    /// Whether it may push this kind into this community.
    pub fn may_push(&self, kind: Kind, community: &CommunityId) -> bool {
        match self {
            Self::Person(person) => {
                let elsewhere = kind.is_about_ones_own() && person.takes_part();
                elsewhere || person.roles_in(community).any(|role| role_pushes(role, kind))
            }
            Self::Guest(..) => false,
            Self::Import => matches!(kind, Kind::Propose | Kind::Hide),
            Self::System => doers(kind) == Doers::Time,
        }
    }
}

impl Person {
    fn from_fields(fields: &Fields) -> serde_json::Result<Self> {
        let memberships: Vec<Later<Membership>> = fields.get("memberships")?;
        // Roles that this build does not know are left out: an older app survives a newer server.
        let memberships = memberships.iter().filter_map(|it| it.read().ok()).collect();
        Ok(Self { id: fields.get("id")?, name: fields.get("name")?, memberships })
    }

    /// Their roles in a community.
    pub fn roles_in(&self, community: &CommunityId) -> impl Iterator<Item = Role> {
        self.memberships.iter().filter(move |m| m.community == *community).map(|m| m.role)
    }

    /// Whether they take part anywhere.
    fn takes_part(&self) -> bool {
        self.memberships.iter().any(|it| it.role.takes_part())
    }

    /// Whether they are of the office of that community.
    pub fn is_clerk_of(&self, community: &CommunityId) -> bool {
        self.roles_in(community).any(|role| role == Role::Clerk)
    }
}

/// Who does a kind of operation.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Doers {
    /// Whoever takes part.
    Participants,
    /// The office.
    Office,
    /// The passing of time.
    Time,
}

/// The table of kinds. Each stands in it, or this does not compile.
pub fn doers(kind: Kind) -> Doers {
    use {Doers as D, Kind as K};
    match kind {
        K::Propose | K::Comment | K::Amend | K::Support | K::Withdraw | K::Reply => D::Participants,
        K::Cast | K::Respond | K::Flag | K::Appeal => D::Participants,
        K::Answer | K::Mark | K::Ask | K::File | K::Note | K::Blot | K::Hide => D::Office,
        K::Approve | K::Keep | K::DecideAppeal | K::SettleRules => D::Office,
        K::Merge | K::Unmerge | K::Forward | K::Join | K::Decline => D::Office,
        K::OpenConsultation | K::CloseConsultation | K::Conclude => D::Office,
        K::AttachDocument | K::DetachDocument | K::PublishText | K::OpenPoll | K::OpenSurvey => D::Office,
        K::Commit | K::ReportProgress | K::Enter | K::TakeBack | K::AppealFor => D::Office,
        K::KeepTemplate | K::DropTemplate => D::Office,
        K::Count | K::PublishResults | K::Deliver | K::ConfirmDelivery | K::Share => D::Time,
    }
}

/// The table of roles: what each does in its own community, and nowhere else.
pub fn role_pushes(role: Role, kind: Kind) -> bool {
    match doers(kind) {
        Doers::Participants => role.takes_part(),
        Doers::Office => role == Role::Clerk,
        Doers::Time => false,
    }
}

/// Whether a person (none: nobody signed in) may pull a scope.
pub fn may_pull(person: Option<&Person>, scope: &Scope) -> bool {
    match scope {
        Scope::Territory | Scope::Community(_) | Scope::Consultation(..) => true,
        Scope::Desk(community) => person.is_some_and(|person| person.is_clerk_of(community)),
        Scope::Person(id) => person.is_some_and(|person| person.id == *id),
        Scope::Sealed(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(role: Role) -> Person {
        let membership = Membership { community: "laforce".parse().unwrap(), role };
        Person { id: "p1".parse().unwrap(), name: "P".parse().unwrap(), memberships: vec![membership] }
    }

    #[test]
    fn the_table_is_this_and_nothing_else() {
        let kinds = |role: Role| -> Vec<_> {
            let pushed = Kind::ALL.iter().filter(|kind| role_pushes(role, **kind));
            pushed.map(|kind| kind.name()).collect()
        };
        let takes_part = [
            "propose", "comment", "amend", "support", "withdraw", "cast", "respond", "reply", "flag",
            "appeal",
        ];
        let office = [
            "answer",
            "mark",
            "ask",
            "file",
            "note",
            "blot",
            "merge",
            "unmerge",
            "forward",
            "open_consultation",
            "join",
            "decline",
            "close_consultation",
            "attach_document",
            "detach_document",
            "publish_text",
            "open_poll",
            "open_survey",
            "conclude",
            "commit",
            "report_progress",
            "approve",
            "hide",
            "keep",
            "decide_appeal",
            "settle_rules",
            "keep_template",
            "drop_template",
            "enter",
            "take_back",
            "appeal_for",
        ];
        for role in Role::ALL {
            let wanted: &[&str] = match role {
                Role::Participant | Role::Resident => &takes_part,
                Role::Clerk => &office,
                Role::Elected | Role::Mayor | Role::Coordinator | Role::Researcher | Role::Operator => &[],
            };
            assert_eq!(kinds(*role), wanted, "{}", role.name());
        }
        let of_time: Vec<_> = Kind::ALL.iter().filter(|kind| doers(**kind) == Doers::Time).collect();
        assert_eq!(of_time.len() + takes_part.len() + office.len(), Kind::ALL.len());
    }

    #[test]
    fn a_role_that_is_not_known_yet_is_left_out() {
        let text = r#"{"id":"p1","name":"P","memberships":[
            {"community":"laforce","role":"beekeeper"},{"community":"laforce","role":"mayor"}]}"#;
        let person: Person = serde_json::from_str(text).unwrap();
        let roles: Vec<_> = person.roles_in(&"laforce".parse().unwrap()).collect();
        assert_eq!(roles, [Role::Mayor]);
        assert_eq!(serde_json::from_str::<Person>(&serde_json::to_string(&person).unwrap()).unwrap(), person);
    }

    #[test]
    fn a_role_counts_in_its_own_community_only() {
        let clerk = Actor::Person(person(Role::Clerk));
        assert!(clerk.may_push(Kind::Answer, &"laforce".parse().unwrap()));
        assert!(!clerk.may_push(Kind::Answer, &"moffet".parse().unwrap()));
    }

    #[test]
    fn what_is_about_ones_own_needs_no_membership_where_it_was_forwarded_to() {
        let elsewhere: Vec<_> = Kind::ALL
            .iter()
            .filter(|kind| {
                Actor::Person(person(Role::Participant)).may_push(**kind, &"moffet".parse().unwrap())
            })
            .map(|kind| kind.name())
            .collect();
        assert_eq!(elsewhere, ["withdraw", "reply", "appeal"]);
        let clerk = Actor::Person(person(Role::Clerk));
        assert!(!Kind::ALL.iter().any(|kind| clerk.may_push(*kind, &"moffet".parse().unwrap())));
    }

    #[test]
    fn desk_and_person_scopes_are_closed_to_others() {
        let (clerk, citizen) = (person(Role::Clerk), person(Role::Participant));
        let desk = Scope::Desk("laforce".parse().unwrap());
        assert!(may_pull(Some(&clerk), &desk));
        assert!(!may_pull(Some(&citizen), &desk));
        assert!(!may_pull(None, &desk));
        let sealed = Scope::Sealed("laforce".parse().unwrap());
        assert!(![Some(&clerk), Some(&citizen), None].into_iter().any(|person| may_pull(person, &sealed)));
        assert!(!may_pull(Some(&clerk), &Scope::Desk("moffet".parse().unwrap())));
        assert!(may_pull(Some(&citizen), &Scope::Person("p1".parse().unwrap())));
        assert!(!may_pull(Some(&citizen), &Scope::Person("p2".parse().unwrap())));
    }
}
