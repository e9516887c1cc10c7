//! The event stream: the server names a scope and its new head. Only ever a hint; pulling
//! is what counts.

use std::cell::Cell;
use std::rc::Rc;

use domain::scopes::Scope;
use futures_util::StreamExt;
use futures_util::stream::select_all;
use gloo_net::eventsource::futures::EventSource;
use wasm_bindgen_futures::spawn_local;

/// What the stream tells.
pub enum Heard {
    /// It is open.
    Open,
    /// A scope has something new.
    Head(Scope, u64),
    /// It broke. The browser would try again at once; we do it with patience.
    Broken,
}

struct Head {
    scope: Scope,
    head: u64,
}
domain::fields!(open Head { scope, head });

/// An open stream; closed when dropped.
pub struct Live {
    /// Closes when dropped.
    _source: EventSource,
    wanted: Rc<Cell<bool>>,
    /// What it follows.
    pub scopes: Vec<Scope>,
}

impl Live {
    /// Opens a stream for these scopes.
    pub fn open(scopes: Vec<Scope>, tell: impl Fn(Heard) + 'static) -> Option<Self> {
        let query: Vec<String> = scopes.iter().map(|scope| ["scope=", &scope.to_string()].concat()).collect();
        let mut source = EventSource::new(&["/api/v1/events?", &query.join("&")].concat()).ok()?;
        // Errors by name: of those after which the browser reconnects by itself, the
        // subscriptions say nothing.
        let events = ["open", "head", "error"].map(|name| source.subscribe(name));
        let mut events = select_all(events.into_iter().collect::<Result<Vec<_>, _>>().ok()?);
        let wanted = Rc::new(Cell::new(true));
        let listening = wanted.clone();
        spawn_local(async move {
            while let Some(event) = events.next().await {
                // Closing tells the subscriptions once more.
                if !listening.get() {
                    return;
                }
                match event {
                    Ok((name, _)) if name == "open" => tell(Heard::Open),
                    Ok((name, event)) if name == "head" => {
                        let text = event.data().as_string().unwrap_or_default();
                        if let Ok(Head { scope, head }) = serde_json::from_str(&text) {
                            tell(Heard::Head(scope, head));
                        }
                    }
                    _ => tell(Heard::Broken),
                }
            }
        });
        Some(Self { _source: source, wanted, scopes })
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        self.wanted.set(false);
    }
}
