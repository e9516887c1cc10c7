//! The wire to Chromium: commands with their answers, and events, over one WebSocket for all
//! targets ("flat" sessions). Every command has a deadline.

use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::{mpsc, oneshot};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;

const DEADLINE: Duration = Duration::from_secs(20);

/// A command that Chromium refused, or did not answer in time.
#[derive(Clone, Debug)]
pub struct CdpError {
    pub method: String,
    pub message: String,
}

impl fmt::Display for CdpError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.method, self.message)
    }
}

impl std::error::Error for CdpError {}

/// Something that happened in Chromium, or in one target of it.
#[derive(Debug)]
pub(crate) struct Event {
    pub(crate) session: Option<String>,
    pub(crate) method: String,
    pub(crate) params: Value,
}

type Answer = Result<Value, String>;

/// Commands under way; `None` once Chromium is gone.
type Pending = Arc<Mutex<Option<HashMap<u64, oneshot::Sender<Answer>>>>>;

struct Connection {
    next: AtomicU64,
    pending: Pending,
    out: mpsc::UnboundedSender<Message>,
}

/// One target's address on the connection; without an id it is the browser itself.
#[derive(Clone)]
pub(crate) struct Session {
    connection: Arc<Connection>,
    id: Option<Arc<str>>,
}

#[derive(Deserialize)]
struct Incoming {
    id: Option<u64>,
    method: Option<String>,
    #[serde(default)]
    params: Value,
    #[serde(rename = "sessionId")]
    session: Option<String>,
    result: Option<Value>,
    error: Option<Refusal>,
}

#[derive(Deserialize)]
struct Refusal {
    message: String,
    #[serde(default)]
    data: Value,
}

/// Connects to Chromium's DevTools; its events come through the receiver, in order.
pub(crate) async fn connect(url: &str) -> Result<(Session, mpsc::UnboundedReceiver<Event>), CdpError> {
    // Screenshots and printed pages are long messages.
    let config = WebSocketConfig::default().max_message_size(None).max_frame_size(None);
    let connected = tokio_tungstenite::connect_async_with_config(url, Some(config), true).await;
    let (socket, _) =
        connected.map_err(|error| CdpError { method: "connect".into(), message: error.to_string() })?;
    let (mut sink, mut source) = socket.split();
    let (out, mut outgoing) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Some(message) = outgoing.recv().await {
            if sink.send(message).await.is_err() {
                return;
            }
        }
    });
    let (tell, events) = mpsc::unbounded_channel();
    let pending: Pending = Arc::new(Mutex::new(Some(HashMap::new())));
    let answers = Arc::clone(&pending);
    tokio::spawn(async move {
        while let Some(Ok(message)) = source.next().await {
            if let Message::Text(text) = message
                && let Ok(incoming) = serde_json::from_str(&text)
            {
                sort(incoming, &answers, &tell);
            }
        }
        // Dropping the senders tells every waiting command.
        answers.lock().unwrap().take();
    });
    let connection = Arc::new(Connection { next: AtomicU64::new(1), pending, out });
    Ok((Session { connection, id: None }, events))
}

fn sort(incoming: Incoming, answers: &Pending, events: &mpsc::UnboundedSender<Event>) {
    if let Some(id) = incoming.id {
        let waiting = answers.lock().unwrap().as_mut().and_then(|pending| pending.remove(&id));
        if let Some(waiting) = waiting {
            let answer = match incoming.error {
                Some(refusal) if refusal.data.is_null() => Err(refusal.message),
                Some(refusal) => Err(format!("{} ({})", refusal.message, refusal.data)),
                None => Ok(incoming.result.unwrap_or_default()),
            };
            // The caller may have given up.
            waiting.send(answer).ok();
        }
    } else if let Some(method) = incoming.method {
        events.send(Event { session: incoming.session, method, params: incoming.params }).ok();
    }
}

impl Session {
    /// The same connection, another target.
    pub(crate) fn of(&self, id: &str) -> Self {
        Self { connection: Arc::clone(&self.connection), id: Some(id.into()) }
    }

    /// Sends a command now, in the order of calls; the future is its answer.
    pub(crate) fn call(
        &self,
        method: &str,
        params: Value,
    ) -> impl Future<Output = Result<Value, CdpError>> + Send + use<> {
        self.call_within(DEADLINE, method, params)
    }

    pub(crate) fn call_within(
        &self,
        deadline: Duration,
        method: &str,
        params: Value,
    ) -> impl Future<Output = Result<Value, CdpError>> + Send + use<> {
        let answer = self.send(method, params);
        let method = method.to_owned();
        async move {
            let message = match answer {
                None => "Chromium is gone".to_owned(),
                Some(answer) => match tokio::time::timeout(deadline, answer).await {
                    Ok(Ok(Ok(value))) => return Ok(value),
                    Ok(Ok(Err(refusal))) => refusal,
                    Ok(Err(_)) => "Chromium is gone".to_owned(),
                    Err(_) => format!("no answer within {} s", deadline.as_secs_f32()),
                },
            };
            Err(CdpError { method, message })
        }
    }

    /// Sends a command without waiting for its answer; `None` when Chromium is gone.
    pub(crate) fn send(&self, method: &str, params: Value) -> Option<oneshot::Receiver<Answer>> {
        let id = self.connection.next.fetch_add(1, Ordering::SeqCst);
        let mut message = json!({ "id": id, "method": method, "params": params });
        if let Some(session) = &self.id {
            message["sessionId"] = json!(&**session);
        }
        let (tell, answer) = oneshot::channel();
        self.connection.pending.lock().unwrap().as_mut()?.insert(id, tell);
        self.connection.out.send(Message::text(message.to_string())).ok()?;
        Some(answer)
    }
}
