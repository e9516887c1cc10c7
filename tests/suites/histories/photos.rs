//! Photos and documents: sent in pieces over a line that loses, repeats and delays some of them, to a server that dies while it
//! writes and forgets what no operation names; each is whole in the end, once.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::Ordering;

use app::api::ports::Pushing;
use app::api::{ApiError, ErrorCode};
use app::offline::transport::{PutError, Uploaded};
use domain::documents::{MEDIA_TYPE, is_document};
use domain::envelope::Envelope;
use domain::ids::{Hash, PersonId};
use domain::operations::{
    Action, Approve, AttachDocument, BlobRef, Blot, Cover, DetachDocument, Hide, Kind, Operation, Photo,
};
use domain::ports::{BlobError, Blobs};
use domain::receipts::PushResult;
use domain::records::Record;
use domain::time::DAY;

use crate::dice::Dice;
use crate::ledger::Ledger;
use crate::line::{Line, Net, Weather};
use crate::mutants::Mutant;
use crate::office::awaits;
use crate::reading::Told;
use crate::said::Sealed;
use crate::story::{Phone, Story, made};
use crate::template::RULES;
use crate::traces::same;
use crate::village::{Village, laforce, localized};

const PEOPLE: u64 = 2;
const CLERK: usize = 2;

/// That a file is there: what a server believes by mistake.
const CLAIMED: [&str; 2] = [
    "INSERT INTO blobs (sha256, size, media_type) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
    "INSERT INTO uploads (sha256, person, size, received, complete, started_at)
     VALUES (?1, ?4, ?2, ?2, 1, ?5) ON CONFLICT DO NOTHING",
];
/// That it is not.
const FORGOTTEN: [&str; 2] =
    ["DELETE FROM uploads WHERE sha256 = ?1 AND person = ?4", "DELETE FROM blobs WHERE sha256 = ?1"];

/// A piece of a photo on its way.
#[derive(Clone)]
pub struct Piece {
    pub person: PersonId,
    pub hash: Hash,
    pub size: u64,
    pub at: u64,
    pub bytes: Vec<u8>,
}

impl Piece {
    fn there(&self, complete: bool) -> Uploaded {
        Uploaded { offset: self.at + self.bytes.len() as u64, complete }
    }
}

fn noise(dice: &Dice, size: usize) -> Vec<u8> {
    let mut data = vec![0; size];
    for chunk in data.chunks_mut(8) {
        chunk.copy_from_slice(&dice.next().to_le_bytes()[..chunk.len()]);
    }
    data
}

/// A PNG of so many bytes of noise: nobody decodes it.
fn picture(dice: &Dice, size: usize) -> Vec<u8> {
    let data = noise(dice, size);
    let header = [&30_u32.to_be_bytes()[..], &20_u32.to_be_bytes(), &[8, 2, 0, 0, 0]].concat();
    let part =
        |kind: &[u8], data: &[u8]| [&(data.len() as u32).to_be_bytes()[..], kind, data, &[0; 4]].concat();
    let parts = [part(b"IHDR", &header), part(b"IDAT", &data), part(b"IEND", &[])].concat();
    [b"\x89PNG\r\n\x1A\n", &parts[..]].concat()
}

fn failed(error: BlobError) -> PutError {
    match error {
        BlobError::Offset(at) => PutError::Offset(at),
        BlobError::Mismatch => ApiError::from(ErrorCode::BlobMismatch).into(),
        BlobError::Refused => ApiError::from(ErrorCode::BlobRefused).into(),
        _ => ApiError::from(ErrorCode::Unavailable).into(),
    }
}

impl Net {
    /// A photo, with its files: two pieces or three; the small one is one.
    fn pictures(&self) -> (Photo, Vec<Vec<u8>>) {
        let dice = &self.world.dice;
        let files = vec![picture(dice, 70_000 + dice.roll(90_000) as usize), picture(dice, 500)];
        let [full, thumb] = [0, 1].map(|at| Hash::of(&files[at]));
        self.keeps(&files);
        (Photo { full, thumb, alt: None }, files)
    }

    fn keeps(&self, files: &[Vec<u8>]) {
        self.files.borrow_mut().extend(files.iter().map(|bytes| (Hash::of(bytes), bytes.clone())));
    }

    async fn puts(&self, piece: &Piece) -> Result<Uploaded, PutError> {
        if self.mutant == Some(Mutant::TakesPhotosWithHoles) {
            return Ok(self.notes(piece, true).await);
        }
        let village = self.village.lock().await;
        village.set_clock(self.world.now.get());
        let Piece { person, hash, size, at, bytes } = piece;
        village.store().write(person, hash, *size, *at, bytes).await.map(|it| piece.there(it)).map_err(failed)
    }

    /// The mutant's way: a piece counts before it is there, and nobody looks at the whole.
    async fn notes(&self, piece: &Piece, is_there: bool) -> Uploaded {
        let Piece { person, hash, size, at, bytes } = piece;
        let mut part = self.parts.borrow_mut().remove(hash).unwrap_or_default();
        let (at, end) = (*at as usize, *at as usize + bytes.len());
        if part.len() == at {
            part.resize(end, 0);
            if is_there {
                part[at..].copy_from_slice(bytes);
            }
        }
        let there = Uploaded { offset: part.len() as u64, complete: part.len() as u64 == *size };
        if there.complete {
            let village = self.village.lock().await;
            let folder = village.store().dir().join("blobs").join(&hash.to_string()[..2]);
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(folder.join(hash.to_string()), &part).unwrap();
            self.rows(&village, CLAIMED, (person, *hash, *size));
        }
        self.parts.borrow_mut().insert(*hash, part);
        there
    }

    /// What the mutants do to what is known of a file.
    fn rows(&self, village: &Village, rows: [&str; 2], (person, hash, size): (&PersonId, Hash, u64)) {
        let connection = rusqlite::Connection::open(village.store().dir().join("rabaska.db")).unwrap();
        let is_document = self.files.borrow().get(&hash).is_some_and(|bytes| is_document(bytes));
        let media = if is_document { MEDIA_TYPE } else { "image/png" };
        for rows in rows {
            let now = self.world.now.get().0;
            let mut statement = connection.prepare(rows).unwrap();
            let all = rusqlite::params![&hash.0[..], size as i64, media, person.as_str(), now];
            statement.execute(&all[..statement.parameter_count()]).unwrap();
        }
    }

    /// The server takes a push; the mutant's one without looking whether its files are there.
    pub async fn pushes(
        &self,
        village: &Village,
        token: &str,
        envelopes: &[Envelope],
    ) -> Result<Vec<PushResult>, ApiError> {
        let mut absent = Vec::new();
        for envelope in envelopes.iter().filter(|_| self.mutant == Some(Mutant::TakesWhatHasNoPhoto)) {
            let Some(person) = envelope.author.person() else { continue };
            for BlobRef { sha256, size } in Operation::decode(envelope).unwrap().blobs {
                if !matches!(village.store().offset(person, &sha256).await, Ok((_, true))) {
                    absent.push((person, sha256, size));
                }
            }
        }
        absent.iter().for_each(|file| self.rows(village, CLAIMED, *file));
        let values = envelopes.iter().map(|envelope| {
            let sent = self.memory.borrow_mut().outgoing(self.mutant, envelope, &self.world.dice);
            serde_json::value::to_raw_value(&sent).unwrap()
        });
        let results = village.server().push(Some(token), values.collect()).await;
        absent.iter().for_each(|file| self.rows(village, FORGOTTEN, *file));
        results
    }

    async fn noted(&self, person: &PersonId, hash: Hash) -> Uploaded {
        let village = self.village.lock().await;
        let complete = matches!(village.store().offset(person, &hash).await, Ok((_, true)));
        let offset = self.parts.borrow().get(&hash).map_or(0, |part| part.len() as u64);
        Uploaded { offset, complete }
    }

    /// What was under way arrives, however late.
    pub async fn floats_in(&self) {
        loop {
            let piece = self.pieces.borrow_mut().pop();
            let Some(piece) = piece else { return };
            let _ = self.puts(&piece).await;
        }
    }

    /// A week goes by, and what no operation names is forgotten.
    pub async fn forgets(&self) {
        self.world.pass(8 * DAY);
        let village = self.village.lock().await;
        village.clock().0.store(self.world.now.get().0, Ordering::SeqCst);
        village.store().forget_unnamed_uploads().await.unwrap();
    }
}

impl Line {
    pub fn is_rough(&self, times: u64) -> bool {
        self.weather.get() != Weather::Calm && self.net.world.dice.once_in(times)
    }

    /// How much the server has of a photo.
    pub async fn asks(&self, hash: Hash) -> Result<Uploaded, ApiError> {
        if self.is_rough(5) {
            return Err(ErrorCode::Offline.into());
        }
        if self.net.mutant == Some(Mutant::TakesPhotosWithHoles) {
            return Ok(self.net.noted(&self.person, hash).await);
        }
        let village = self.net.village.lock().await;
        match village.store().offset(&self.person, &hash).await {
            Ok((offset, complete)) => Ok(Uploaded { offset, complete }),
            Err(_) => Ok(Uploaded { offset: 0, complete: false }),
        }
    }

    /// One piece leaves.
    pub async fn puts(&self, piece: Piece) -> Result<Uploaded, PutError> {
        let (net, offline) = (&self.net, || Err(ApiError::from(ErrorCode::Offline).into()));
        if !self.is_rough(2) {
            return net.puts(&piece).await;
        }
        match net.world.dice.roll(5) {
            0 if net.mutant == Some(Mutant::TakesPhotosWithHoles) => Ok(net.notes(&piece, false).await),
            0 => offline(),
            1 => {
                let _ = net.puts(&piece).await;
                offline()
            }
            2 => {
                let first = net.puts(&piece).await;
                let second = net.puts(&piece).await;
                if net.world.dice.once_in(2) { first } else { second }
            }
            3 if net.setting.own_file => {
                self.killed(net.puts(&piece)).await;
                offline()
            }
            _ => {
                net.pieces.borrow_mut().push(piece);
                offline()
            }
        }
    }
}

impl Story {
    /// One thing that happens with photos.
    pub async fn photos(&self, net: &Net, phones: &[Phone]) {
        let dice = &net.world.dice;
        match dice.roll(12) {
            0 => net.forgets().await,
            1 => net.floats_in().await,
            2 => self.hides(net, phones).await,
            3 => self.blots(net, phones).await,
            4 | 5 => self.attaches(net, &phones[CLERK]).await,
            6 => {
                let Some(document) = made(net, CLERK, Kind::AttachDocument) else { return };
                let consultation = net.setting.consultation;
                let detach = Action::DetachDocument(DetachDocument { consultation, document });
                phones[CLERK].says(net, detach).await;
            }
            7 => self.approves(net, phones).await,
            _ => {
                let (photo, files) = net.pictures();
                let proposal = self.proposal(net, vec![photo]);
                phones[dice.roll(PEOPLE) as usize].does(net, laforce(), proposal, files).await;
            }
        }
    }

    async fn attaches(&self, net: &Net, clerk: &Phone) {
        let (dice, consultation) = (&net.world.dice, net.setting.consultation);
        let files = vec![[&b"%PDF-1.7\n"[..], &noise(dice, 500 + dice.roll(140_000) as usize)].concat()];
        net.keeps(&files);
        let (title, file) = (localized("Le plan"), Hash::of(&files[0]));
        let attach = Action::AttachDocument(AttachDocument { consultation, title, file });
        clerk.does(net, laforce(), attach, files).await;
    }

    /// Where the office looks first, a proposal appears, with its photos.
    pub async fn approves(&self, net: &Net, phones: &[Phone]) {
        let Some(record) = awaits(net).filter(|_| net.setting.looks_first) else { return };
        let consultation = net.setting.consultation;
        phones[CLERK].says(net, Action::Approve(Approve { consultation, record })).await;
    }

    /// A proposal is hidden, with its photos.
    pub async fn hides(&self, net: &Net, phones: &[Phone]) {
        let Some(record) = net.one(|sealed| sealed.kind() == Kind::Propose).map(|sealed| sealed.record())
        else {
            return;
        };
        let (consultation, rule) = (net.setting.consultation, RULES[0].parse().unwrap());
        phones[CLERK].says(net, Action::Hide(Hide { consultation, record, rule })).await;
    }

    /// A photo, or what it is covered by, is taken out or covered.
    pub async fn blots(&self, net: &Net, phones: &[Phone]) {
        let (dice, clerk) = (&net.world.dice, &phones[CLERK]);
        let has_photos =
            |sealed: &Sealed| matches!(&sealed.action, Action::Propose(it) if !it.photos.is_empty());
        let Some(record) = net.one(has_photos).map(|sealed| sealed.record()) else { return };
        let of = |sealed: &Sealed| match &sealed.action {
            Action::Propose(it) if sealed.record() == record => it.photos.first().map(|photo| photo.full),
            Action::Blot(it) if it.record == record => it.covers.first().map(|cover| cover.full),
            _ => None,
        };
        let Some(photo) = net.one(|sealed| of(sealed).is_some()).and_then(|sealed| of(&sealed)) else {
            return;
        };
        let (photos, covers, files) = match dice.once_in(2) {
            true => (vec![photo], vec![], vec![]),
            false => {
                let (by, files) = net.pictures();
                (vec![], vec![Cover { photo, full: by.full, thumb: by.thumb }], files)
            }
        };
        let consultation = net.setting.consultation;
        let blot = Action::Blot(Blot { consultation, record, words: vec![], photos, covers });
        clerk.does(net, laforce(), blot, files).await;
    }

    /// What must hold of them in the end.
    pub async fn judge_photos(&self, net: &Net, ledger: &Ledger, public: &Told) -> Result<(), String> {
        net.forgets().await;
        let there = public.records.values().filter_map(|record| match record {
            Record::Document(it) => Some((it.id, (it.file, it.removed_at.is_some()))),
            _ => None,
        });
        same("the documents", net.setting.consultation, there.collect(), ledger.documents.clone())?;
        let files: HashMap<Hash, Vec<u8>> = net.files.borrow().clone();
        let village = net.village.lock().await;
        let standing = ledger.said.values().filter(|said| said.stands()).flat_map(|said| &said.photos);
        let photos = standing.flat_map(|photo| [photo.full, photo.thumb]);
        let documents = ledger.documents.values().filter(|(_, gone)| !gone).map(|(file, _)| *file);
        let shown: HashSet<Hash> = photos.chain(documents).collect();
        for (hash, bytes) in &files {
            let there = village.store().read(None, hash).await.unwrap().map(|blob| blob.bytes);
            let expected = shown.contains(hash).then_some(bytes);
            if there.as_ref() != expected {
                let [there, expected] = [there.as_ref(), expected].map(|bytes| bytes.map(Vec::len));
                return Err(format!("{hash} has {there:?} bytes, or others; {expected:?} are shown"));
            }
        }
        let parts = std::fs::read_dir(village.store().dir().join("uploads")).unwrap().count();
        if parts == 0 { Ok(()) } else { Err(format!("{parts} parts of files are left")) }
    }
}
