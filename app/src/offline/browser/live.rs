//! The event stream: the server names a scope and its new head. Only ever a hint; pulling
//! is what counts.

use domain::scopes::Scope;
use serde::Deserialize;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Event, EventSource, MessageEvent};

/// What the stream tells.
pub enum Heard {
    /// It is open.
    Open,
    /// A scope has something new.
    Head(Scope, u64),
    /// It broke. The browser would try again at once; we do it with patience.
    Broken,
}

#[derive(Deserialize)]
struct Head {
    scope: Scope,
    head: u64,
}

type Listener<E> = Closure<dyn FnMut(E)>;

/// An open stream; closed when dropped.
pub struct Live {
    source: EventSource,
    /// What it follows.
    pub scopes: Vec<Scope>,
    _listeners: (Listener<Event>, Listener<MessageEvent>, Listener<Event>),
}

impl Live {
    /// Opens a stream for these scopes.
    pub fn open(scopes: Vec<Scope>, tell: impl Fn(Heard) + Clone + 'static) -> Option<Self> {
        let mut url = "/api/v1/events?".to_owned();
        for scope in &scopes {
            url.push_str("scope=");
            url.push_str(&scope.to_string());
            url.push('&');
        }
        let source = EventSource::new(&url).ok()?;
        let (opened, headed, broken) = (tell.clone(), tell.clone(), tell);
        let opened = Closure::<dyn FnMut(Event)>::new(move |_| opened(Heard::Open));
        let headed = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            let text = event.data().as_string().unwrap_or_default();
            if let Ok(Head { scope, head }) = serde_json::from_str(&text) {
                headed(Heard::Head(scope, head));
            }
        });
        let broken = Closure::<dyn FnMut(Event)>::new(move |_| broken(Heard::Broken));
        source.set_onopen(Some(opened.as_ref().unchecked_ref()));
        source.set_onerror(Some(broken.as_ref().unchecked_ref()));
        source.add_event_listener_with_callback("head", headed.as_ref().unchecked_ref()).ok()?;
        Some(Self { source, scopes, _listeners: (opened, headed, broken) })
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        self.source.set_onopen(None);
        self.source.set_onerror(None);
        self.source.close();
    }
}
