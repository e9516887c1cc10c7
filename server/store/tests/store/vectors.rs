//! `docs/vectors.json`: the hashes and signatures of `docs/protocol.md`, computed here and
//! compared with the committed file. `RABASKA_WRITE_VECTORS=1` writes it anew.

use domain::ids::{Hash, KeyId, hex};
use domain::ports::Journal;
use domain::receipts::{Receipt, SignedReceipt};
use serde_json::{Value, json};

use crate::fixture::*;

fn file() -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/vectors.json")
}

#[tokio::test]
async fn the_documented_vectors_are_what_this_build_computes() {
    let village = Village::new().await;
    let consultation = village.open_consultation().await;
    let submission = act(&citizen(), 2, propose(consultation, "Un banc face au lac ᓴᑲᐃᑲᓐ 🛶"));
    let (receipt, signed) = village.push(submission.clone()).await;
    let key = village.store.keys().pop().unwrap();
    let computed = json!({
        "envelope": submission.envelope,
        "author_key": submission.envelope.author.key(),
        "hash": submission.envelope.hash(),
        "entry": submission.envelope.entry(),
        "record": submission.envelope.entry().record(),
        "number": Receipt::number(&receipt.hash),
        "receipt": signed,
        "signed_bytes": hex(&Receipt::signed_bytes(&signed.text)),
        "public_key": key.public,
        "key_id": key.id,
    });
    if std::env::var_os("RABASKA_WRITE_VECTORS").is_some() {
        std::fs::write(file(), format!("{}\n", serde_json::to_string_pretty(&computed).unwrap())).unwrap();
    }
    let committed: Value = serde_json::from_slice(&std::fs::read(file()).unwrap()).unwrap();
    assert_eq!(computed, committed);

    // And once more by hand, as a client in another language would.
    let text = |name: &str| committed[name].as_str().unwrap().to_owned();
    let body = committed["envelope"]["body"].as_str().unwrap();
    assert_eq!(Hash::of(&[b"rabaska/body/v1\0", body.as_bytes()].concat()).to_string(), text("hash"));
    let op: domain::ids::OpId = committed["envelope"]["op"].as_str().unwrap().parse().unwrap();
    let input = [b"rabaska/entry/v1\0", text("author_key").as_bytes(), b"\0", &op.0[..]].concat();
    assert_eq!(Hash::of(&input).to_string(), text("entry"));
    assert_eq!(text("entry")[..32], text("record"));
    let public: Hash = text("public_key").parse().unwrap();
    assert_eq!(hex(&Hash::of(&public.0).0[..8]).parse::<KeyId>().unwrap(), key.id);
    let signed: SignedReceipt = serde_json::from_value(committed["receipt"].clone()).unwrap();
    let key = ed25519_dalek::VerifyingKey::from_bytes(&public.0).unwrap();
    let signature = ed25519_dalek::Signature::from_bytes(&signed.signature.0);
    key.verify_strict(&[b"rabaska/receipt/v1\0", signed.text.as_bytes()].concat(), &signature).unwrap();
}
