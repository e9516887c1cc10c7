//! Checks of rows: each record carries a keyed digest of its columns, and each scope the
//! exclusive or of its records' digests, so that one changed or missing row is found.

use domain::ids::Hash;
use hmac::{Hmac, Mac};
use sha2::Sha256;

use crate::ReceiptSigner;

/// A row's digest.
pub(crate) type Check = [u8; 16];

/// The key of the digests, derived from the receipt key's seed.
#[derive(Clone)]
pub(crate) struct RowKey(Hmac<Sha256>);

impl RowKey {
    pub(crate) fn new(signer: &ReceiptSigner) -> Self {
        Self::from_seed(signer.seed())
    }

    pub(crate) fn from_seed(seed: [u8; 32]) -> Self {
        let key = Hash::tagged("rabaska/rows/v1", &seed).0;
        let Ok(mac) = Hmac::new_from_slice(&key) else { unreachable!("any key length fits") };
        Self(mac)
    }

    /// HMAC-SHA-256 over the columns, cut to 128 bits.
    pub(crate) fn check(
        &self,
        scope: &str,
        seq: u64,
        name: &str,
        body: Option<&str>,
        changed_at: i64,
    ) -> Check {
        let mut mac = self.0.clone();
        for part in [scope.as_bytes(), name.as_bytes(), body.unwrap_or_default().as_bytes()] {
            mac.update(&(part.len() as u64).to_le_bytes());
            mac.update(part);
        }
        mac.update(&seq.to_le_bytes());
        mac.update(&changed_at.to_le_bytes());
        mac.update(&[u8::from(body.is_some())]);
        cut(mac)
    }

    /// The same over a scope's own columns.
    pub(crate) fn check_scope(&self, name: &str, head: u64, horizon: u64, sum: &Check) -> Check {
        let mut mac = self.0.clone();
        mac.update(b"scope\0");
        mac.update(name.as_bytes());
        mac.update(&head.to_le_bytes());
        mac.update(&horizon.to_le_bytes());
        mac.update(sum);
        cut(mac)
    }
}

fn cut(mac: Hmac<Sha256>) -> Check {
    let mut check = [0; 16];
    check.copy_from_slice(&mac.finalize().into_bytes()[..16]);
    check
}

/// Adds a digest to a scope's sum, or takes it out: the same act.
pub(crate) fn toggle(sum: &mut Check, check: &Check) {
    sum.iter_mut().zip(check).for_each(|(sum, check)| *sum ^= check);
}
