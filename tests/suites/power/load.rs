//! What is pushed while the power is still on: one by one, many at once, refused ones, photos.

use app::offline::surroundings::Surroundings;
use app::offline::transport::Transport;
use domain::authority::Actor;
use domain::envelope::{Author, Envelope, Proof};
use domain::ids::{Hash, OpId, RecordId, Salt};
use domain::operations::{Action, BlobRef, Operation, Photo, Propose, seal};
use domain::ports::Submission;
use domain::receipts::{Outcome, PushResult};
use futures_util::future::join_all;
use harness::{Person, Phone, Server};

/// A one-pixel-high JPEG without any metadata; `tint` makes each another file.
fn picture(tint: u8) -> Vec<u8> {
    let table = [&[0xFF, 0xDB, 0, 67, 0][..], &[tint; 64]].concat();
    let frame = [0xFF, 0xC0, 0, 11, 8, 0, 1, 0, 30, 1, 1, 0x11, 0];
    let scan = [0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0, 0x12, 0x34, 0xFF, 0xD9];
    [&[0xFF, 0xD8][..], &table, &frame, &scan].concat()
}

struct Sender<'s> {
    phone: &'s Phone,
    consultation: RecordId,
}

impl Sender<'_> {
    fn seal(&self, number: u8, subject: &str, pictures: &[Vec<u8>]) -> Envelope {
        let hashes: Vec<Hash> = pictures.iter().map(|bytes| Hash::of(bytes)).collect();
        let photos = hashes.chunks_exact(2).map(|pair| Photo { full: pair[0], thumb: pair[1], alt: None });
        let action = Action::Propose(Propose {
            consultation: self.consultation,
            title: format!("avant la coupure {number}").parse().unwrap(),
            // As long as a text may be: the log has to be folded into the database under way.
            text: Some("🛶".repeat(4_990).parse().unwrap()),
            subject: subject.parse().unwrap(),
            photos: photos.collect(),
            place: None,
        });
        let blobs = pictures.iter().zip(&hashes);
        let blobs = blobs.map(|(bytes, sha256)| BlobRef { sha256: *sha256, size: bytes.len() as u64 });
        Envelope {
            op: OpId([number; 16]),
            author: Author::Person(self.phone.me.id.clone()),
            community: self.phone.community(),
            stream: None,
            proof: Proof::Session,
            body: seal(Salt([number; 32]), self.phone.pocket.now(), blobs.collect(), &action).unwrap(),
        }
    }

    async fn push(&self, envelope: Envelope, wanted: fn(&Outcome) -> bool) -> Submission {
        let results = self.phone.wire.push(vec![envelope.clone()]).await.unwrap();
        let [PushResult::Receipt(signed)] = &results[..] else { panic!("{results:?}") };
        assert!(wanted(&signed.read().unwrap().outcome), "{signed:?}");
        let operation = Operation::decode(&envelope).unwrap();
        Submission { envelope, operation, actor: Actor::Person(self.phone.me.clone()), receipt: None }
    }
}

/// Everything that was answered with a receipt.
pub async fn send(server: &Server, person: &Person) -> Vec<Submission> {
    let phone = Phone::of(person, server.port()).await;
    let sender = Sender { phone: &phone, consultation: phone.open_consultation().await };
    let accepted: fn(&Outcome) -> bool = |outcome| *outcome == Outcome::Accepted;
    let mut sent = Vec::new();
    for number in 0..30 {
        sent.push(sender.push(sender.seal(number, "other", &[]), accepted).await);
    }
    for number in 30..34 {
        let pictures = [picture(2 * number), picture(2 * number + 1)];
        for bytes in &pictures {
            let whole = phone.wire.upload(Hash::of(bytes), bytes.len() as u64, 0, bytes).await.unwrap();
            assert!(whole.complete);
        }
        sent.push(sender.push(sender.seal(number, "other", &pictures), accepted).await);
    }
    sent.push(
        sender.push(sender.seal(34, "nobody-s-subject", &[]), |outcome| *outcome != Outcome::Accepted).await,
    );
    for wave in 0..10 {
        let numbers = 40 + 8 * wave..48 + 8 * wave;
        let posts = numbers.map(|number| sender.push(sender.seal(number, "other", &[]), accepted));
        sent.extend(join_all(posts).await);
    }
    sent
}
