//! What is so of some kinds and not of others.

use super::Kind;

impl Kind {
    /// Whether it makes a contribution.
    pub fn contributes(self) -> bool {
        matches!(self, Self::Propose | Self::Comment | Self::Amend)
    }

    /// Whether its rule takes it from whoever's own contribution it is about, and from nobody else: what was
    /// forwarded stands where its author may be no participant.
    pub fn is_about_ones_own(self) -> bool {
        matches!(self, Self::Withdraw | Self::Reply | Self::Appeal)
    }

    /// Whether people of one community do it in the other, where both hold a consultation.
    pub fn crosses(self) -> bool {
        matches!(self, Self::Comment | Self::Support)
    }

    /// Whether its files are documents; those of all others are pictures.
    pub fn takes_documents(self) -> bool {
        self == Self::AttachDocument
    }
}
