//! The browser client on small pages of its own, each act with the way in which it must fail.

use std::time::{Duration, Instant};

use hyper::header::{CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY_REPORT_ONLY};
use serde_json::Value;

use super::*;
use crate::run;
use crate::upstream::{Reply, Upstream, reply};

const FORM: &str = r#"<!doctype html><html lang=fr><title>Formulaire</title>
<meta name=viewport content="width=device-width"><style>
  body { margin: 0 } #cover { position: fixed; inset: 0 0 auto 0; height: 60px; background: red }
  #low { margin-top: 2000px }</style>
<div id=cover>top</div><button id=under onclick="say('under')">Under</button>
<main style="padding-top: 80px">
<form onsubmit="event.preventDefault(); say('submitted ' + new URLSearchParams(new FormData(this)))">
<label for=name>Votre nom</label> <input id=name name=name oninput="say('input ' + value)">
<label>Message <textarea name=message></textarea></label>
<label>Village <select name=village onchange="say('chose ' + value)">
  <option value=lf>Laforce<option value=bl>Belleterre</select></label>
<label><input type=radio name=voice value=yes> Oui</label>
<label><input type=radio name=voice value=no> Non</label>
<label>Jour <input type=date name=day></label>
<input type=file id=file multiple onchange="say('files ' + [...files].map(f => f.name))">
<button>Envoyer</button> <button type=button disabled>Effacer</button>
</form>
<button type=button class=twin>Un</button><button type=button class=twin>Deux</button>
<a href="/other">Autre page</a>
<button id=low onclick="say('low')">Tout en bas</button>
</main><p id=log></p>
<script>function say(text) { document.getElementById('log').textContent += text + ';' }
document.addEventListener('keydown', e => e.key === 'Escape' && say('escape ' + e.shiftKey));
setTimeout(() => document.documentElement.dataset.mounted = 'true', 100);</script>"#;

const PAGES: &[(&str, &str, &str)] = &[
    ("/form", "text/html", FORM),
    ("/other", "text/html", "<!doctype html><title>Autre</title><p>Ailleurs"),
    ("/csp", "text/html", "<!doctype html><title>CSP</title><p>Bonjour<script>window.ran = 1</script>"),
    ("/report", "text/html", "<!doctype html><title>R</title><script>window.ran = 1</script>"),
    (
        "/bad",
        "text/html",
        "<!doctype html><title>Bad</title><script>console.error('broken', {a: 1}, 7); \
        console.log('fine'); setTimeout(() => { throw new Error('thrown') });</script>",
    ),
    ("/blob", "application/octet-stream", ""),
    (
        "/sw.js",
        "text/javascript",
        "addEventListener('install', e => e.waitUntil(\
        fetch('/blob').then(r => r.arrayBuffer()).then(() => skipWaiting())));\
        addEventListener('activate', e => e.waitUntil(clients.claim()));\
        addEventListener('fetch', e => { if (e.request.url.endsWith('/made')) \
          e.respondWith(new Response('made by the worker')); \
          if (e.request.url.endsWith('/through')) e.respondWith(fetch('/blob')); });",
    ),
    (
        "/shell",
        "text/html",
        "<!doctype html><title>Shell</title><p>Coquille<script>\
        navigator.serviceWorker.register('/sw.js');</script>",
    ),
];

fn page_at(target: &str) -> Reply {
    let (path, kind, body) = PAGES.iter().find(|page| page.0 == target).unwrap_or(&PAGES[1]);
    let body = if *path == "/blob" { "b".repeat(50_000) } else { (*body).to_owned() };
    let mut page = reply(kind, body);
    let policy = "default-src 'self'; script-src 'self'".parse().unwrap();
    match *path {
        "/csp" => drop(page.headers_mut().insert(CONTENT_SECURITY_POLICY, policy)),
        "/report" => drop(page.headers_mut().insert(CONTENT_SECURITY_POLICY_REPORT_ONLY, policy)),
        _ => {}
    }
    page
}

async fn site() -> (Upstream, String) {
    let upstream = Upstream::start(|_, target, _| page_at(target)).await;
    let url = format!("http://localhost:{}", upstream.port);
    (upstream, url)
}

async fn form() -> (Upstream, Page) {
    let (upstream, url) = site().await;
    let device = Browser::shared().await.device(Viewport::PHONE).await;
    let page = device.open(&format!("{url}/form")).await;
    page.mounted().await;
    (upstream, page)
}

async fn log(page: &Page) -> String {
    page.eval("document.getElementById('log').textContent").await.unwrap()
}

#[test]
fn scripts_give_values_and_their_exceptions_have_a_stack() {
    run(async {
        let (_upstream, page) = form().await;
        assert_eq!(page.eval::<u32>("await Promise.resolve(40) + 2").await.unwrap(), 42);
        assert_eq!(page.eval::<Vec<String>>("['a', 'b']").await.unwrap(), ["a", "b"]);
        page.eval::<()>("undefined").await.unwrap();
        let thrown = "(function deep() { throw new TypeError('no') })()";
        let error = page.eval::<Value>(thrown).await.unwrap_err();
        assert!(error.text.contains("TypeError: no") && error.text.contains("at deep"), "{error}");
        assert!(page.eval::<u32>("'text'").await.unwrap_err().text.contains("invalid type"));
    });
}

#[test]
fn a_form_is_filled_and_sent_as_by_a_person() {
    run(async {
        let (_upstream, page) = form().await;
        page.fill("Votre nom", "Zoë").await;
        page.fill("#name", "Ida").await;
        page.fill("Message", "deux\nlignes").await;
        page.fill("Village", "Belleterre").await;
        page.fill("Jour", "2026-11-23").await;
        page.click_text("radio", "Non").await;
        page.click_text("button", "Envoyer").await;
        let sent = "submitted name=Ida&message=deux%0Alignes&village=bl&voice=no&day=2026-11-23";
        page.sees(sent).await;
        let log = log(&page).await;
        assert!(log.starts_with("input Zoë;input Ida;chose bl;"), "{log}");
        page.fill("Votre nom", "").await;
        assert_eq!(page.eval::<String>("document.getElementById('name').value").await.unwrap(), "");
        page.click_text("a", "Autre page").await;
        page.sees("Ailleurs").await;
        page.assert_clean();
    });
}

#[test]
fn a_click_scrolls_to_its_element() {
    run(async {
        let (_upstream, page) = form().await;
        page.click("#low").await;
        assert_eq!(log(&page).await, "low;");
    });
}

#[test]
#[should_panic(expected = "covered: <button id=\"under\"")]
fn a_covered_element_is_not_clicked() {
    run(async { form().await.1.click("#under").await });
}

#[test]
#[should_panic(expected = "absent: button “Publier”; there are: ")]
fn an_absent_element_is_named_with_those_that_are_there() {
    run(async { form().await.1.click_text("button", "Publier").await });
}

#[test]
#[should_panic(expected = "ambiguous: 2 × .twin")]
fn an_ambiguous_element_is_not_clicked() {
    run(async { form().await.1.click(".twin").await });
}

#[test]
#[should_panic(expected = "disabled: <button")]
fn a_disabled_element_is_not_clicked() {
    run(async { form().await.1.click_text("button", "Effacer").await });
}

#[test]
fn a_failed_wait_tells_what_the_page_looks_like_and_where_it_was_asked() {
    let failed = std::panic::catch_unwind(|| {
        run(async { form().await.1.wait_for("document.title === 'x')", "the title is x").await });
    });
    let message = *failed.unwrap_err().downcast::<String>().unwrap();
    for part in ["browser/tests.rs:", "the title is x", "SyntaxError", "/form", "Formulaire", "Votre nom"] {
        assert!(message.contains(part), "no {part} in {message}");
    }
    let picture = message.rsplit_once("screenshot: ").unwrap().1;
    assert!(std::fs::read(picture).unwrap().starts_with(b"\x89PNG"));
}

#[test]
fn keys_move_and_choose() {
    run(async {
        let (_upstream, page) = form().await;
        page.fill("Jour", "2026-11-23").await;
        page.click_text("radio", "Oui").await;
        page.press("ArrowDown", Modifiers::NONE).await;
        let chosen = "document.querySelector('[name=voice]:checked').value === 'no'";
        page.wait_for(chosen, "the arrow chose the next").await;
        page.press("Escape", Modifiers::SHIFT).await;
        page.fill("Votre nom", "ab").await;
        page.press("a", Modifiers::NONE).await;
        page.press("Backspace", Modifiers::NONE).await;
        page.press("Tab", Modifiers::NONE).await;
        assert_eq!(page.eval::<String>("document.activeElement.name").await.unwrap(), "message");
        page.press("Tab", Modifiers::SHIFT).await;
        page.press("Enter", Modifiers::NONE).await;
        page.sees("submitted name=ab&").await;
        page.sees("escape true").await;
        page.click("#low").await;
        page.press("Space", Modifiers::NONE).await;
        page.wait_for("document.getElementById('log').textContent.endsWith('low;low;')", "space").await;
    });
}

#[test]
fn files_are_given_and_pictures_taken() {
    run(async {
        let (_upstream, page) = form().await;
        let dir = tempfile::tempdir().unwrap();
        let [photo, plan] = ["photo.jpg", "plan.pdf"].map(|name| dir.path().join(name));
        std::fs::write(&photo, "p").unwrap();
        std::fs::write(&plan, "q").unwrap();
        page.set_files("#file", &[&photo, &plan]).await;
        page.sees("files photo.jpg,plan.pdf").await;
        let [short, full, paper] = ["s.png", "f.png", "p.pdf"].map(|name| dir.path().join(name));
        page.screenshot(&short, false).await;
        page.screenshot(&full, true).await;
        let pages = page.pdf(&paper, Paper::A4).await;
        let height = |path| {
            let bytes: Vec<u8> = std::fs::read(path).unwrap();
            u32::from_be_bytes(bytes[20..24].try_into().unwrap())
        };
        assert_eq!(height(short), Viewport::PHONE.height * 2);
        assert!(height(full) > 4000);
        assert!(std::fs::read(paper).unwrap().starts_with(b"%PDF"));
        assert!((3..8).contains(&pages), "{pages} pages of A4");
    });
}

#[test]
fn a_device_is_as_it_is_said_to_be() {
    run(async {
        let (_upstream, page) = form().await;
        let facts = "[innerWidth, devicePixelRatio, navigator.maxTouchPoints > 0 ? 1 : 0]";
        assert_eq!(page.eval::<[u32; 3]>(facts).await.unwrap(), [390, 2, 1]);
        let media = |name: &str| format!("matchMedia('({name})').matches");
        let dark = media("prefers-color-scheme: dark");
        let still = media("prefers-reduced-motion: reduce");
        assert_eq!(page.eval::<[bool; 2]>(&format!("[{dark}, {still}]")).await.unwrap(), [false; 2]);
        let locale = Some("fr-CH");
        let emulation =
            Emulation { scheme: Scheme::Dark, reduced_motion: true, locale, ..Emulation::default() };
        page.emulate(emulation).await;
        page.set_viewport(Viewport::DESKTOP).await;
        assert_eq!(page.eval::<[bool; 2]>(&format!("[{dark}, {still}]")).await.unwrap(), [true; 2]);
        let told = "[navigator.language, new Intl.NumberFormat().format(1234567.5), String(innerWidth)]";
        let told = page.eval::<[String; 3]>(told).await.unwrap();
        assert_eq!(told, ["fr-CH", "1\u{202f}234\u{202f}567,5", "1280"]);
    });
}

#[test]
fn devices_share_nothing_and_keep_their_own_after_a_crash() {
    run(async {
        let (_upstream, url) = site().await;
        let browser = Browser::shared().await;
        let (one, two) = (browser.device(Viewport::PHONE).await, browser.device(Viewport::PHONE).await);
        let page = one.open(&url).await;
        page.exec(
            "localStorage.kept = 'yes'; addEventListener('pagehide', () => localStorage.hidden = 'yes')",
        )
        .await
        .unwrap();
        page.crash().await;
        let kept = "[localStorage.kept ?? null, localStorage.hidden ?? null]";
        let again = one.open(&url).await;
        let values = again.eval::<[Option<String>; 2]>(kept).await.unwrap();
        assert_eq!(values, [Some("yes".into()), None], "a crash leaves no time to tidy up");
        let other = two.open(&url).await;
        assert_eq!(other.eval::<[Option<String>; 2]>(kept).await.unwrap(), [None, None]);
        again.exec("onbeforeunload = e => e.preventDefault()").await.unwrap();
        again.close().await;
        two.close().await;
    });
}

#[test]
fn enforced_violations_count_and_reported_ones_are_apart() {
    run(async {
        let (_upstream, url) = site().await;
        let device = Browser::shared().await.device(Viewport::PHONE).await;
        let strict = device.open(&format!("{url}/csp")).await;
        strict.wait_for("!window.ran", "the script did not run").await;
        let found = strict.violations();
        assert_eq!((found.len(), found[0].directive.as_str()), (1, "script-src-elem"));
        let unclean = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| strict.assert_clean()));
        assert!(unclean.is_err());
        assert_eq!(strict.take_violations().len(), 1);
        let unseen = device.open(&format!("{url}/csp")).await;
        unseen.wait_for("!window.ran", "the script did not run").await;
        let gone = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| drop(unseen)));
        assert!(gone.is_err(), "a test that does not look fails too");
        let trial = device.open(&format!("{url}/report")).await;
        assert_eq!((trial.violations().len(), trial.report_only_violations().len()), (0, 1));
        trial.assert_clean();
    });
}

#[test]
fn console_errors_and_exceptions_are_collected() {
    run(async {
        let (_upstream, url) = site().await;
        let device = Browser::shared().await.device(Viewport::PHONE).await;
        let page = device.open(&format!("{url}/bad")).await;
        page.wait_for("new Promise(done => setTimeout(done, 20, true))", "the timer ran").await;
        let console = page.console();
        let errors: Vec<&Entry> = console.iter().filter(|entry| entry.level == Level::Error).collect();
        assert_eq!((errors.len(), console.len()), (2, 3), "{console:#?}");
        assert_eq!(errors[0].text, "broken Object 7");
        assert!(errors[1].text.contains("Error: thrown"), "{errors:?}");
        page.assert_clean_but_for(&["broken", "thrown"]);
        let unclean = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| page.assert_clean()));
        assert!(unclean.is_err());
    });
}

#[test]
fn bytes_are_counted_once_and_the_worker_s_with_them() {
    run(async {
        let (upstream, url) = site().await;
        let device = Browser::shared().await.device(Viewport::PHONE).await;
        let page = device.open(&format!("{url}/shell")).await;
        page.wait_for("navigator.serviceWorker.controller", "the worker controls the page").await;
        page.quiet().await;
        let blob = format!("{url}/blob");
        let transfers = page.transfers();
        let blobs: Vec<&Transfer> = transfers.iter().filter(|transfer| transfer.url == blob).collect();
        assert_eq!(blobs.len(), 1, "{transfers:#?}");
        assert!(blobs[0].by_service_worker && (50_000..51_000).contains(&blobs[0].bytes), "{blobs:?}");
        page.forget_transfers();
        assert_eq!(page.bytes(), 0);
        let made: String = page.eval("await (await fetch('/made')).text()").await.unwrap();
        assert_eq!(made, "made by the worker");
        assert_eq!((page.bytes(), page.transfers().len()), (0, 1), "{:#?}", page.transfers());
        assert!(page.transfers()[0].from_service_worker);
        page.eval::<u32>("(await (await fetch('/through')).arrayBuffer()).byteLength").await.unwrap();
        page.quiet().await;
        assert!((50_000..51_000).contains(&page.bytes()), "{:#?}", page.transfers());
        assert_eq!(upstream.requests().iter().filter(|request| request.0 == "GET /blob").count(), 2);
        page.assert_clean();
    });
}

#[test]
fn a_slow_network_is_slow_for_page_and_worker() {
    run(async {
        let (_upstream, url) = site().await;
        let device = Browser::shared().await.device(Viewport::PHONE).await;
        let page = device.open(&format!("{url}/shell")).await;
        page.wait_for("navigator.serviceWorker.controller", "the worker controls the page").await;
        let timed = async |path: &str| {
            let started = Instant::now();
            let js = format!("(await (await fetch('{path}')).arrayBuffer()).byteLength");
            assert_eq!(page.eval::<u32>(&js).await.unwrap(), 50_000);
            started.elapsed()
        };
        let fast = timed("/through").await + timed("/blob").await;
        assert!(fast < Duration::from_millis(500), "{fast:?}");
        // 50 kB at 400 kbit/s take a second.
        page.network(400.0, 100.0).await;
        for path in ["/blob", "/through"] {
            let slow = timed(path).await;
            assert!((0.8..4.0).contains(&slow.as_secs_f64()), "{path} took {slow:?}");
        }
        page.network(0.0, 0.0).await;
        let fast = timed("/through").await + timed("/blob").await;
        assert!(fast < Duration::from_millis(500), "{fast:?}");
    });
}

#[test]
fn a_slow_processor_is_slow() {
    run(async {
        let (_upstream, page) = form().await;
        // A throttled processor does less in the same time: counting is steadier than timing.
        let work = "(() => { const end = performance.now() + 300; let n = 0; \
            while (performance.now() < end) n += 1; return n })()";
        let fast = page.eval::<u64>(work).await.unwrap();
        page.cpu_throttle(8.0).await;
        let slow = page.eval::<u64>(work).await.unwrap();
        assert!(slow * 2 < fast, "{fast} rounds, then {slow}");
    });
}

#[test]
fn an_address_where_nobody_listens_does_not_open() {
    run(async {
        let port = crate::tools::ReservedPort::new();
        let page = Browser::shared().await.device(Viewport::PHONE).await.blank().await;
        let url = format!("http://localhost:{}/", port.number());
        let error = page.try_goto(&url).await.unwrap_err();
        assert_eq!(error.text, "net::ERR_CONNECTION_REFUSED");
        let (_upstream, url) = site().await;
        page.goto(&url).await;
        page.exec("document.body.textContent = 'changed'; alert('stopped')").await.unwrap();
        page.reload().await;
        page.sees("Ailleurs").await;
    });
}
