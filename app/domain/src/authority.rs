//! Who may do what: one table, default deny. The server enforces only through it; the app
//! asks it what to show.

use serde::Serialize;

use crate::channels::Channel;
use crate::ids::{CommunityId, PersonId};
use crate::operations::Kind;
use crate::scopes::Scope;
use crate::text::Label;

/// What a person is in a community.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Takes part.
    Participant,
    /// Runs the office (greffier, directrice générale).
    Clerk,
}
crate::variants!(Role { Participant "participant", Clerk "clerk" });

impl Role {
    /// Every role there is.
    pub const ALL: &[Role] = &[Role::Participant, Role::Clerk];

    /// Its name on the wire and in the table of memberships.
    pub fn name(self) -> &'static str {
        match self {
            Self::Participant => "participant",
            Self::Clerk => "clerk",
        }
    }

    /// The role of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|role| role.name() == name)
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
crate::fields!(open Person { id, name, memberships });

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
            Self::System => {
                matches!(
                    kind,
                    Kind::Count | Kind::PublishResults | Kind::Deliver | Kind::ConfirmDelivery | Kind::Share
                )
            }
        }
    }
}

impl Person {
    /// Their roles in a community.
    pub fn roles_in(&self, community: &CommunityId) -> impl Iterator<Item = Role> {
        self.memberships.iter().filter(move |m| m.community == *community).map(|m| m.role)
    }

    /// Whether they take part anywhere.
    fn takes_part(&self) -> bool {
        self.memberships.iter().any(|it| it.role == Role::Participant)
    }

    /// Whether they are of the office of that community.
    pub fn is_clerk_of(&self, community: &CommunityId) -> bool {
        self.roles_in(community).any(|role| role == Role::Clerk)
    }
}

/// The table: role × kind, each in its own community.
pub fn role_pushes(role: Role, kind: Kind) -> bool {
    use {Kind as K, Role as R};
    match (role, kind) {
        (R::Participant, K::Propose | K::Comment | K::Amend | K::Support | K::Withdraw | K::Reply) => true,
        (R::Participant, K::Cast | K::Respond | K::Flag | K::Appeal) => true,
        (R::Clerk, K::Answer | K::Mark | K::Ask | K::File | K::Note | K::Blot | K::Hide) => true,
        (R::Clerk, K::Approve | K::Keep | K::DecideAppeal | K::SettleRules) => true,
        (R::Clerk, K::Merge | K::Unmerge | K::Forward) => true,
        (R::Clerk, K::OpenConsultation | K::CloseConsultation | K::Conclude) => true,
        (R::Clerk, K::Join | K::Decline) => true,
        (R::Clerk, K::AttachDocument | K::DetachDocument) => true,
        (R::Clerk, K::PublishText | K::OpenPoll | K::OpenSurvey) => true,
        (R::Clerk, K::Commit | K::ReportProgress) => true,
        (R::Clerk, K::Enter | K::TakeBack) => true,
        (R::Clerk, K::KeepTemplate | K::DropTemplate) => true,
        (R::Participant | R::Clerk, _) => false,
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
        let allowed: Vec<_> = Role::ALL
            .iter()
            .flat_map(|role| Kind::ALL.iter().map(move |kind| (*role, *kind)))
            .filter(|(role, kind)| role_pushes(*role, *kind))
            .map(|(role, kind)| format!("{} {}", role.name(), kind.name()))
            .collect();
        assert_eq!(
            allowed,
            [
                "participant propose",
                "participant comment",
                "participant amend",
                "participant support",
                "participant withdraw",
                "participant cast",
                "participant respond",
                "participant reply",
                "participant flag",
                "participant appeal",
                "clerk answer",
                "clerk mark",
                "clerk ask",
                "clerk file",
                "clerk note",
                "clerk blot",
                "clerk merge",
                "clerk unmerge",
                "clerk forward",
                "clerk open_consultation",
                "clerk join",
                "clerk decline",
                "clerk close_consultation",
                "clerk attach_document",
                "clerk detach_document",
                "clerk publish_text",
                "clerk open_poll",
                "clerk open_survey",
                "clerk conclude",
                "clerk commit",
                "clerk report_progress",
                "clerk approve",
                "clerk hide",
                "clerk keep",
                "clerk decide_appeal",
                "clerk settle_rules",
                "clerk keep_template",
                "clerk drop_template",
                "clerk enter",
                "clerk take_back"
            ]
        );
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
