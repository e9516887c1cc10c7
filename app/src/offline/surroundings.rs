//! What the outside gives besides store and server: time, chance, and the word of a
//! signature check. Tests set all three.

use async_trait::async_trait;
use domain::receipts::SignedReceipt;
use domain::time::Millis;

/// The device's clock and random source.
pub trait Surroundings {
    /// Now, by the device's clock.
    fn now(&self) -> Millis;
    /// Fills the bytes with chance; false when the system has none to give.
    fn fill(&self, bytes: &mut [u8]) -> bool;

    /// A random number for jitter, where nothing depends on its quality.
    fn dice(&self) -> u32 {
        let mut bytes = [0; 4];
        self.fill(&mut bytes);
        u32::from_le_bytes(bytes)
    }
}

/// Verifies the signature of a receipt.
#[async_trait(?Send)]
pub trait Verifier {
    /// Whether the server signed it, as far as this device can tell.
    async fn genuine(&self, receipt: &SignedReceipt) -> bool;
}

/// For a browser that cannot check signatures: the exact operation, entry and hash have to do.
pub struct Trusting;

#[async_trait(?Send)]
impl Verifier for Trusting {
    async fn genuine(&self, _: &SignedReceipt) -> bool {
        true
    }
}
