//! How long people wait for a screen, measured in the page itself, so that neither a timer nor
//! DevTools adds to it; and what a device holds, read from its own database.

use std::time::Duration;

use harness::Page;
use serde::Deserialize;

/// So many times slower is a cheap phone.
pub const SLOW: f64 = 4.0;

/// Milliseconds from an act until the frame with its result. Looking forces no layout.
pub async fn painted(page: &Page, act: &str, drawn: &str) -> f64 {
    let js = format!(
        "new Promise(done => {{
            const begun = performance.now();
            const drawn = () => {drawn};
            const observer = new MutationObserver(() => {{
                if (!drawn()) return;
                observer.disconnect();
                requestAnimationFrame(() => {{
                    const after = new MessageChannel();
                    after.port1.onmessage = () => done(performance.now() - begun);
                    after.port2.postMessage(null);
                }});
            }});
            observer.observe(document, {{ subtree: true, childList: true, characterData: true }});
            {act};
        }})"
    );
    page.eval(&js).await.expect("the page answers")
}

/// What a consultation's list is when it is drawn: it says how many there are, and shows the first
/// five of them, which fill a phone's screen; five more come a tenth of a second later.
pub fn list(says: &str, rows: &str) -> String {
    format!(
        "(rows => rows.length >= 5 && rows.every(row => {rows}.test(row.textContent))
            && {says}.test(document.querySelector('.search-note')?.textContent)
        )([...document.querySelectorAll('main article')])"
    )
}

/// Typing into a field.
pub fn typing(field: &str, text: &str) -> String {
    format!(
        "(q => {{ q.value = {text:?}; q.dispatchEvent(new Event('input', {{bubbles: true}})); }})
            (document.querySelector({field:?}))"
    )
}

/// Choosing in a list of choices.
pub fn choosing(field: &str, value: &str) -> String {
    format!(
        "(q => {{ q.value = {value:?}; q.dispatchEvent(new Event('change', {{bubbles: true}})); }})
            (document.querySelector({field:?}))"
    )
}

/// Begins to watch how long the page is busy in one go.
pub async fn watch(page: &Page) {
    let js = "(() => {
        window.watch?.disconnect();
        window.busy = [];
        window.watch = new PerformanceObserver(list => list.getEntries().forEach(it => busy.push(it.duration)));
        window.watch.observe({ type: 'longtask' });
    })()";
    page.exec(js).await.expect("the page answers");
}

/// The longest that it was busy since, in milliseconds; browsers tell of what takes more than 50, of nothing else.
pub async fn busiest(page: &Page) -> f64 {
    page.eval("Math.max(0, ...window.busy)").await.expect("the page answers")
}

/// From now on the page's thread is asked for its processor time.
pub async fn time(page: &Page) {
    let params = serde_json::json!({ "timeDomain": "threadTicks" });
    page.call("Performance.enable", params).await.expect("DevTools");
}

/// What its thread has worked so far, in milliseconds of processor time: what else the machine does at the
/// same time is not in it, being slowed is.
pub async fn worked(page: &Page) -> f64 {
    let metrics = page.call("Performance.getMetrics", serde_json::json!({})).await.expect("DevTools");
    let all = metrics["metrics"].as_array().expect("metrics");
    let tasks = all.iter().find(|it| it["name"] == "TaskDuration").and_then(|it| it["value"].as_f64());
    tasks.expect("the time of its tasks") * 1_000.0
}

/// How much of a scope lies on a device.
#[derive(Deserialize, Debug)]
pub struct OnDevice {
    pub rows: u64,
    pub bytes: u64,
    /// Nothing more is being fetched.
    pub done: bool,
}

/// Waits until a device has pulled what it will hold of a scope.
pub async fn settled(page: &Page, database: &str, scope: &str) -> OnDevice {
    let js = format!(
        "new Promise((done, fail) => {{
            const opening = indexedDB.open({database:?});
            opening.onerror = () => fail(opening.error);
            opening.onsuccess = () => {{
                const open = opening.result, reading = open.transaction(['scopes', 'records']);
                const row = reading.objectStore('scopes').get('scope {scope}');
                const rows = IDBKeyRange.bound('{scope} ', '{scope} \\uffff');
                const count = reading.objectStore('records').count(rows);
                reading.oncomplete = () => {{
                    open.close();
                    const it = row.result ? JSON.parse(row.result) : {{}}, shown = it.shown;
                    done({{
                        rows: count.result, bytes: shown?.bytes ?? 0,
                        done: Boolean(shown && shown.before == null && it.pulled_at),
                    }});
                }};
            }};
        }})"
    );
    for _ in 0..600 {
        let now: OnDevice = page.eval(&js).await.expect("the device's database");
        if now.done {
            return now;
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    panic!("the device does not come to the end of {scope}")
}
