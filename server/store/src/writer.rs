//! The single writer: takes what waits, up to 64 requests or 500 operations, and commits it
//! together. After an engine error or a panic the group is rolled back and its requests
//! run again one by one, so that only the guilty one is told to come back.

use std::sync::Arc;
use std::time::Duration;

use domain::ids::Epoch;
use domain::ports::{PortError, Submission};
use domain::receipts::PushResult;
use domain::rules::Change;
use sqlx::Connection;
use tokio::sync::{broadcast, mpsc, oneshot};

use crate::connection::Writing;
use crate::epoch::HeadFile;
use crate::feed::KnownHeads;
use crate::group::erase::Erase;
use crate::group::{Group, Touched};
use crate::pages::Pages;
use crate::rows::RowKey;
use crate::waiting::Waiting;
use crate::{Heads, Options, ReceiptSigner, changes_log, engine, erasures};

const REQUESTS_MAX: usize = 64;
const OPERATIONS_MAX: usize = 500;
/// How long the head file may lag.
const HEAD_FILE_LAG: Duration = Duration::from_millis(200);

/// What one request asks for.
#[derive(Clone)]
pub(crate) enum Work {
    Append(Vec<Submission>),
    Put(Vec<Change>),
    Erase(Erase),
}

impl Work {
    /// What is pushed.
    pub(crate) fn submissions(&self) -> &[Submission] {
        match self {
            Self::Append(submissions) => submissions,
            Self::Put(_) | Self::Erase(_) => &[],
        }
    }

    fn len(&self) -> usize {
        match self {
            Self::Append(submissions) => submissions.len(),
            Self::Put(changes) => changes.len(),
            Self::Erase(_) => 1,
        }
    }

    /// Whether the log beside the backups has to hold it before it is confirmed.
    fn is_logged(&self) -> bool {
        match self {
            Self::Append(submissions) => {
                let kinds = submissions.iter().map(|submission| submission.operation.action.kind());
                kinds.into_iter().any(|kind| changes_log::KINDS.contains(&kind))
            }
            Self::Put(_) => false,
            Self::Erase(_) => true,
        }
    }
}

struct Request {
    work: Work,
    reply: oneshot::Sender<Result<Vec<PushResult>, PortError>>,
}

enum Message {
    Request(Request),
    Finish(oneshot::Sender<()>),
}

/// The way in.
pub(crate) struct Queue(mpsc::Sender<Message>);

impl Queue {
    /// Waits for the decision and its commit.
    pub(crate) async fn run(&self, work: Work) -> Result<Vec<PushResult>, PortError> {
        let (reply, answer) = oneshot::channel();
        let gone = || PortError::Unavailable("the writer has stopped".to_owned());
        self.0.send(Message::Request(Request { work, reply })).await.map_err(|_| gone())?;
        answer.await.map_err(|_| gone())?
    }

    /// Waits until all that was taken is committed, and stops the writer.
    pub(crate) async fn finish(&self) {
        let (done, finished) = oneshot::channel();
        if self.0.send(Message::Finish(done)).await.is_ok() {
            let _ = finished.await;
        }
    }
}

pub(crate) struct Writer {
    pub(crate) writing: Arc<Writing>,
    pub(crate) options: Options,
    pub(crate) signer: Arc<ReceiptSigner>,
    pub(crate) epoch: Epoch,
    pub(crate) row_key: RowKey,
    pub(crate) pages: Arc<Pages>,
    pub(crate) heads: broadcast::Sender<Heads>,
    pub(crate) known_heads: Arc<KnownHeads>,
    pub(crate) waiting: Arc<Waiting>,
    pub(crate) head_file: HeadFile,
}

pub(crate) fn start(writer: Writer) -> Queue {
    let (sender, receiver) = mpsc::channel(1024);
    tokio::spawn(writer.run(receiver));
    Queue(sender)
}

impl Writer {
    async fn run(self, mut receiver: mpsc::Receiver<Message>) {
        let mut unwritten: Option<u64> = None;
        loop {
            let message = if unwritten.is_some() {
                match tokio::time::timeout(HEAD_FILE_LAG, receiver.recv()).await {
                    Ok(message) => message,
                    Err(_) => {
                        self.write_head_file(&mut unwritten);
                        continue;
                    }
                }
            } else {
                receiver.recv().await
            };
            let mut finish = None;
            let mut group = Vec::new();
            match message {
                Some(Message::Request(request)) => group.push(request),
                Some(Message::Finish(done)) => finish = Some(done),
                None => break,
            }
            // Requests that are already being read belong to this group: fewer, larger commits.
            tokio::task::yield_now().await;
            let mut operations: usize = group.iter().map(|request| request.work.len()).sum();
            while finish.is_none() && group.len() < REQUESTS_MAX && operations < OPERATIONS_MAX {
                match receiver.try_recv() {
                    Ok(Message::Request(request)) => {
                        operations += request.work.len();
                        group.push(request);
                    }
                    Ok(Message::Finish(done)) => finish = Some(done),
                    Err(_) => break,
                }
            }
            if let Some(position) = self.commit_all(group).await {
                unwritten = Some(position);
            }
            if let Some(done) = finish {
                self.write_head_file(&mut unwritten);
                let _ = done.send(());
                break;
            }
        }
        self.write_head_file(&mut unwritten);
    }

    fn write_head_file(&self, unwritten: &mut Option<u64>) {
        let Some(position) = unwritten.take() else { return };
        if let Err(error) = self.head_file.write(position) {
            tracing::warn!(%error, "the head file could not be written");
        }
    }

    /// Commits a group together, or else one by one. The journal's new end.
    async fn commit_all(&self, group: Vec<Request>) -> Option<u64> {
        if group.is_empty() {
            return None;
        }
        let works: Vec<&Work> = group.iter().map(|request| &request.work).collect();
        match self.commit(&works).await {
            Ok((answers, position)) => {
                for (request, answer) in group.into_iter().zip(answers) {
                    let _ = request.reply.send(Ok(answer));
                }
                Some(position)
            }
            Err(error) if group.len() == 1 => {
                tracing::error!(%error, "a request was rolled back");
                for request in group {
                    let _ = request.reply.send(Err(error.clone()));
                }
                None
            }
            Err(error) => {
                tracing::warn!(%error, requests = group.len(), "a group was rolled back; its requests run alone");
                let mut end = None;
                for request in group {
                    let answer = match self.commit(&[&request.work]).await {
                        Ok((answers, position)) => {
                            end = Some(position);
                            Ok(answers.into_iter().next().unwrap_or_default())
                        }
                        Err(error) => {
                            tracing::error!(%error, "a request was rolled back");
                            Err(error)
                        }
                    };
                    let _ = request.reply.send(answer);
                }
                end
            }
        }
    }

    async fn commit(&self, works: &[&Work]) -> Result<(Vec<Vec<PushResult>>, u64), PortError> {
        let mut connection = self.writing.lock().await?;
        let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await.map_err(engine)?;
        let mut group = Group::new(self.options.decide, self.signer.clone(), self.epoch, &self.row_key)
            .limited(self.options.operations_per_day);
        let run = group.run(&mut transaction, works, self.options.clock.now()).await;
        let (answers, touched) = match run {
            Ok(done) => done,
            Err(error) => {
                // SQLite drops the whole transaction by itself on some errors (a full disk);
                // then this fails, and whoever locks the connection next gets another one.
                let _ = transaction.rollback().await;
                return Err(error);
            }
        };
        transaction.commit().await.map_err(engine)?;
        let mut logged = Ok(());
        // A hiding, a decision or an erasure is confirmed only once the log beside the backups holds it.
        if works.iter().any(|work| work.is_logged()) {
            logged = changes_log::keep_up(&self.options, self.epoch, &mut connection).await;
        }
        if works.iter().any(|work| matches!(work, Work::Erase(_))) {
            erasures::sweep(self.writing.dir(), &mut connection).await;
        }
        drop(connection);
        let position = group.position();
        self.waiting.settle(works.iter().flat_map(|work| work.submissions()), group.waiting());
        self.tell(touched);
        logged.map(|()| (answers, position))
    }

    /// After the commit: pages that are no longer true go, and whoever listens hears.
    fn tell(&self, touched: Vec<Touched>) {
        if touched.is_empty() {
            return;
        }
        let mut heads = Vec::with_capacity(touched.len());
        for Touched { scope, head, moved } in touched {
            self.pages.forget(&scope, &moved);
            self.known_heads.set(scope.clone(), head);
            heads.push((scope, head));
        }
        let _ = self.heads.send(Arc::new(heads));
    }
}
