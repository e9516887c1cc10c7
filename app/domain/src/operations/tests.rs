use super::*;
use crate::envelope::Proof;

fn envelope(body: &str) -> Envelope {
    Envelope {
        op: OpId([1; 16]),
        author: Author::Person("p1".parse().unwrap()),
        community: "laforce".parse().unwrap(),
        stream: None,
        proof: Proof::Session,
        body: body.to_owned(),
    }
}

fn proposal() -> Action {
    Action::Propose(Propose {
        consultation: RecordId([3; 16]),
        title: "Un banc".parse().unwrap(),
        text: None,
        subject: "other".parse().unwrap(),
        photos: vec![],
        place: None,
    })
}

#[test]
fn what_was_sealed_is_decoded() {
    let body = seal(Salt([9; 32]), Millis(5), vec![], &proposal()).unwrap();
    let operation = Operation::decode(&envelope(&body)).unwrap();
    assert_eq!((operation.action, operation.written_at), (proposal(), Millis(5)));
}

#[test]
fn an_unknown_kind_or_version_is_unsupported_and_an_unknown_field_invalid() {
    let body = seal(Salt([9; 32]), Millis(5), vec![], &proposal()).unwrap();
    let decode = |body: String| Operation::decode(&envelope(&body));
    assert_eq!(decode(body.replace("\"propose\"", "\"dance\"")), Err(DecodeError::Unsupported));
    assert_eq!(decode(body.replace("\"v\":1", "\"v\":2")), Err(DecodeError::Unsupported));
    let more = body.replace("\"title\":", "\"colour\":1,\"title\":");
    assert_eq!(decode(more), Err(DecodeError::Invalid("unknown field".into())));
}

#[test]
fn an_error_never_quotes_what_a_person_wrote() {
    let body = seal(Salt([9; 32]), Millis(5), vec![], &proposal()).unwrap();
    let secret = body.replace("\"Un banc\"", "{\"secret words\":1}");
    let Err(DecodeError::Invalid(reason)) = Operation::decode(&envelope(&secret)) else { panic!() };
    assert!(!reason.contains("secret"), "{reason}");
}

#[test]
fn blobs_are_exactly_those_of_the_photos() {
    let blobs = vec![BlobRef { sha256: Hash([1; 32]), size: 4 }];
    let body = seal(Salt([9; 32]), Millis(5), blobs, &proposal()).unwrap();
    assert!(matches!(Operation::decode(&envelope(&body)), Err(DecodeError::Invalid(_))));
}

#[test]
fn a_small_picture_is_small() {
    let (full, thumb) = (Hash([1; 32]), Hash([2; 32]));
    let Action::Propose(propose) = proposal() else { unreachable!() };
    let photos = vec![Photo { full, thumb, alt: None }];
    let action = Action::Propose(Propose { photos, ..propose });
    let decode = |size| {
        let blobs = vec![BlobRef { sha256: full, size: 8 << 20 }, BlobRef { sha256: thumb, size }];
        let body = seal(Salt([9; 32]), Millis(5), blobs, &action).unwrap();
        Operation::decode(&envelope(&body)).map(|operation| operation.action)
    };
    assert_eq!(decode(20_480), Ok(action.clone()));
    assert_eq!(decode(20_481), Err(DecodeError::Invalid("thumb too large".into())));
}

#[test]
fn a_document_is_its_one_file_of_ten_million_bytes_at_most() {
    let file = Hash([1; 32]);
    let title = crate::text::Localized::new([("fr".parse().unwrap(), "Le plan".parse().unwrap())]).unwrap();
    let action = Action::AttachDocument(AttachDocument { consultation: RecordId([3; 16]), title, file });
    let decode = |blobs: &[(u8, u64)]| {
        let blobs = blobs.iter().map(|(name, size)| BlobRef { sha256: Hash([*name; 32]), size: *size });
        let body = seal(Salt([9; 32]), Millis(5), blobs.collect(), &action).unwrap();
        Operation::decode(&envelope(&body)).map(|operation| operation.action)
    };
    assert_eq!(decode(&[(1, 10_000_000)]), Ok(action.clone()));
    assert_eq!(decode(&[(1, 10_000_001)]), Err(DecodeError::Invalid("document too large".into())));
    for other in [&[][..], &[(2, 4)], &[(1, 4), (2, 4)], &[(1, 4), (1, 4)]] {
        assert_eq!(decode(other), Err(DecodeError::Invalid("blobs do not match the document".into())));
    }
}

#[test]
fn where_only_participants_act_their_kinds_alone_are_written_and_read() {
    let of = |action: &Action| seal_one_of(Kinds::PARTICIPANTS, Salt([9; 32]), Millis(5), vec![], action);
    let sealed = |action: &Action| seal(Salt([9; 32]), Millis(5), vec![], action).unwrap();
    let read = |body: &str| Operation::decode_one_of(Kinds::PARTICIPANTS, &envelope(body));
    assert_eq!(of(&proposal()).unwrap(), sealed(&proposal()));
    assert_eq!(read(&sealed(&proposal())).unwrap().action, proposal());
    let close = Action::CloseConsultation(CloseConsultation { consultation: RecordId([3; 16]), grace: 0 });
    assert!(of(&close).is_err());
    assert_eq!(read(&sealed(&close)), Err(DecodeError::Unsupported));
}

#[test]
fn rules_are_some_and_each_is_there_once() {
    let rule = |id: &str| {
        let fr = || "fr".parse().unwrap();
        let label = crate::text::Localized::new([(fr(), "Une règle".parse().unwrap())]).unwrap();
        let explanation = crate::text::Localized::new([(fr(), "Ce qu’elle dit.".parse().unwrap())]).unwrap();
        RuleText { id: id.parse().unwrap(), label, explanation }
    };
    let decode = |rules: Vec<RuleText>| {
        let action = Action::SettleRules(SettleRules { rules, premoderated: None });
        let body = seal(Salt([9; 32]), Millis(5), vec![], &action).unwrap();
        Operation::decode(&envelope(&body)).map(|_| ())
    };
    let numbered = |count: usize| (0..count).map(|number| rule(&format!("r{number}"))).collect();
    assert_eq!(decode(numbered(RULES_MAX)), Ok(()));
    for bad in [vec![], numbered(RULES_MAX + 1), vec![rule("a"), rule("a")]] {
        assert!(matches!(decode(bad), Err(DecodeError::Invalid(_))));
    }
}

#[test]
fn a_template_says_the_same_in_each_language_of_its_title() {
    let said = |langs: &[&str]| {
        let each = langs.iter().map(|lang| (lang.parse().unwrap(), "Merci.".to_owned()));
        each.collect::<Vec<_>>()
    };
    let decode = |titles: &[&str], texts: &[&str]| {
        let title = said(titles).into_iter().map(|(lang, text)| (lang, text.parse().unwrap()));
        let text = said(texts).into_iter().map(|(lang, text)| (lang, text.parse().unwrap()));
        let (title, text) =
            (crate::text::Localized::new(title).unwrap(), crate::text::Localized::new(text).unwrap());
        let action = Action::KeepTemplate(KeepTemplate { template: None, title, text });
        let body = seal(Salt([9; 32]), Millis(5), vec![], &action).unwrap();
        Operation::decode(&envelope(&body)).map(|_| ())
    };
    assert_eq!(decode(&["fr", "en"], &["en", "fr"]), Ok(()));
    for (titles, texts) in [(&["fr", "en"][..], &["fr"][..]), (&["fr"], &["fr", "en"]), (&["fr"], &["en"])] {
        assert!(matches!(decode(titles, texts), Err(DecodeError::Invalid(_))));
    }
}

#[test]
fn what_is_entered_is_one_thing_without_files_to_which_the_person_agreed_as_they_could() {
    let consultation = RecordId([3; 16]);
    let Action::Propose(propose) = proposal() else { unreachable!() };
    let photos = vec![Photo { full: Hash([1; 32]), thumb: Hash([2; 32]), alt: None }];
    let decode = |act: Act, way: Way, consent: Consent, files: &[BlobRef]| {
        let action = Action::Enter(Enter { act, way, consent, slip: Hash([4; 32]) });
        let body = seal(Salt([9; 32]), Millis(5), files.to_vec(), &action).unwrap();
        let operation = Operation::decode(&envelope(&body))?;
        assert_eq!(operation.action, action);
        Ok::<_, DecodeError>((operation.action.consultation(), operation.action.about()))
    };
    let support = |given| Act::Support(Support { consultation, record: RecordId([5; 16]), given });
    let amendment = |wording: &str| {
        Act::Amend(Amend {
            consultation,
            text: RecordId([6; 16]),
            paragraph: 1,
            lang: "fr".parse().unwrap(),
            quote: "Un banc.".parse().unwrap(),
            wording: wording.parse().ok(),
            reason: None,
        })
    };
    let plain = Act::Propose(propose.clone());
    for (act, way, consent) in [
        (plain.clone(), Way::Visit, Consent::Spoken),
        (plain.clone(), Way::Letter, Consent::Signed),
        (support(true), Way::Paper, Consent::Signed),
        (amendment("Deux bancs."), Way::Letter, Consent::Signed),
    ] {
        assert_eq!(decode(act, way, consent, &[]), Ok((Some(consultation), None)));
    }
    let files: Vec<BlobRef> =
        [1, 2].map(|name| BlobRef { sha256: Hash([name; 32]), size: 4 }).into_iter().collect();
    let pictured = Act::Propose(Propose { photos, ..propose });
    for (act, way, consent, files) in [
        (pictured.clone(), Way::Visit, Consent::Spoken, &files[..]),
        (pictured, Way::Visit, Consent::Spoken, &[]),
        (support(false), Way::Visit, Consent::Spoken, &[]),
        (amendment("Un banc."), Way::Visit, Consent::Spoken, &[]),
        (amendment("Deux bancs."), Way::Visit, Consent::Spoken, &files[..]),
        (plain, Way::Phone, Consent::Signed, &[]),
    ] {
        assert!(matches!(decode(act, way, consent, files), Err(DecodeError::Invalid(_))));
    }
}
