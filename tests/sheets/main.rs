//! `cargo sheets`: one picture per screen and state, at 320, 390, 820 and 1280 px, light above
//! dark, for people to look at. They lie in `target/sheets/<language>/`.

#![expect(clippy::expect_used, reason = "a picture that cannot be taken is nothing to go on from")]

use std::path::{Path, PathBuf};

use base64::Engine;
use harness::walk::{self, Tongue};
use harness::{Browser, Emulation, Page, Proxy, Scheme, Server, Viewport, run_within};

const WIDTHS: [Viewport; 4] = [
    Viewport { width: 320, height: 900, mobile: true, scale: 1.0 },
    Viewport { width: 390, height: 900, mobile: true, scale: 1.0 },
    Viewport { width: 820, height: 900, mobile: true, scale: 1.0 },
    Viewport { width: 1280, height: 900, mobile: false, scale: 1.0 },
];

/// Until what moves once has moved; what turns for ever is left alone.
const STILL: &str = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))
    .then(() => Promise.all(document.getAnimations()
        .filter(each => each.effect.getComputedTiming().iterations !== Infinity)
        .map(each => each.finished.catch(() => {}))))";

fn main() {
    let wanted = std::env::args().nth(1);
    for tongue in [Tongue::French, Tongue::English] {
        if wanted.as_deref().is_none_or(|wanted| tongue.tag().starts_with(wanted)) {
            run_within(std::time::Duration::from_secs(900), sheets(tongue));
        }
    }
}

/// A new device in that language.
async fn opened(tongue: Tongue, viewport: Viewport) -> Page {
    let page = Browser::shared().await.device(viewport).await.blank().await;
    page.emulate(Emulation { locale: Some(tongue.tag()), ..Emulation::default() }).await;
    page
}

async fn sheets(tongue: Tongue) {
    let folder = PathBuf::from("target/sheets").join(&tongue.tag()[..2]);
    std::fs::create_dir_all(&folder).expect("the folder for sheets");
    let mut server = Server::demo();
    let proxy = Proxy::before(server.port()).await;
    let easel = Browser::shared().await.device(Viewport::DESKTOP).await.blank().await;
    let phone = opened(tongue, Viewport::PHONE).await;
    let mut draw =
        async |page: &Page, name: &str| sheet(page, &easel, &folder, tongue, name, Viewport::PHONE).await;
    let other = opened(tongue, Viewport::PHONE).await;
    walk::citizen_moments(&other, &server, &proxy, tongue, &mut draw).await;
    walk::citizen(&phone, &mut server, &proxy, tongue, draw).await;
    let tablet = opened(tongue, Viewport::TABLET).await;
    let mut draw =
        async |page: &Page, name: &str| sheet(page, &easel, &folder, tongue, name, Viewport::TABLET).await;
    walk::desk(&tablet, &server, &proxy, tongue, &mut draw).await;
    let other = opened(tongue, Viewport::TABLET).await;
    walk::desk_moments(&other, &server, &proxy, tongue, &mut draw).await;
    let phone = opened(tongue, Viewport::PHONE).await;
    let tablet = opened(tongue, Viewport::TABLET).await;
    let draw = async |page: &Page, name: &str| {
        let usual = if name.starts_with("desk") { Viewport::TABLET } else { Viewport::PHONE };
        sheet(page, &easel, &folder, tongue, name, usual).await;
    };
    walk::endings(&phone, &tablet, &server, &proxy, tongue, draw).await;
}

async fn sheet(page: &Page, easel: &Page, folder: &Path, tongue: Tongue, name: &str, usual: Viewport) {
    let one = folder.join("one.png");
    let mut rows = String::new();
    for scheme in [Scheme::Light, Scheme::Dark] {
        page.emulate(Emulation {
            scheme,
            reduced_motion: true,
            locale: Some(tongue.tag()),
            ..Emulation::default()
        })
        .await;
        rows.push_str("<div>");
        for viewport in WIDTHS {
            page.set_viewport(viewport).await;
            page.screenshot(&one, false).await;
            let picture = std::fs::read(&one).expect("the picture");
            let picture = base64::prelude::BASE64_STANDARD.encode(picture);
            rows.push_str(&format!("<img src=\"data:image/png;base64,{picture}\">"));
        }
        rows.push_str("</div>");
    }
    let _ = std::fs::remove_file(&one);
    page.emulate(Emulation { locale: Some(tongue.tag()), ..Emulation::default() }).await;
    page.set_viewport(usual).await;
    // A click that follows must meet the page as it will stay: motion that is allowed again
    // plays a dialog's coming once more.
    page.exec(STILL).await.expect("the page stands still");
    let fits: bool = page.eval("visualViewport.scale === 1").await.expect("its scale");
    assert!(fits, "{name}: something reaches over the edge, and the phone zooms out");
    let width: u32 = WIDTHS.iter().map(|viewport| viewport.width + 12).sum();
    easel.set_viewport(Viewport { width, height: 1_840, mobile: false, scale: 0.6 }).await;
    let page = format!(
        "document.body.style.cssText = 'margin:0;background:#777';\
         document.body.innerHTML = {};\
         document.querySelectorAll('div').forEach(row => row.style.cssText = 'display:flex;gap:12px;margin-bottom:12px');\
         Promise.all([...document.images].map(image => image.decode()))",
        serde_json::to_string(&rows).expect("text")
    );
    easel.exec(&page).await.expect("the sheet is laid out");
    easel.screenshot(&folder.join(format!("{name}.png")), false).await;
    println!("{}", folder.join(format!("{name}.png")).display());
}
