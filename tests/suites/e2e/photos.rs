//! Photos on a slow and breaking line.

use std::time::{Duration, Instant};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use harness::{Fault, Mode, Page, Proxy, run};

use crate::people::Hall;

/// The offset of each piece that was sent of one file, in order.
fn offsets(proxy: &Proxy, file: &str) -> Vec<u64> {
    let path = format!("/api/v1/blobs/{file}");
    let sent = proxy.requests().into_iter().filter(|seen| seen.is("PUT", &path));
    let offset = |query: &str| query.split('&').find_map(|pair| pair.strip_prefix("offset=")?.parse().ok());
    sent.filter_map(|seen| seen.query.as_deref().and_then(offset)).collect()
}

/// Noise, which no format makes small: a photo of several pieces.
pub async fn large_photo(page: &Page) -> tempfile::NamedTempFile {
    let js = r#"
    (async () => {
      const canvas = new OffscreenCanvas(900, 700);
      const context = canvas.getContext("2d");
      const pixels = context.createImageData(900, 700);
      for (let at = 0; at < pixels.data.length; at += 1) pixels.data[at] = at % 4 < 3 ? Math.random() * 255 : 255;
      context.putImageData(pixels, 0, 0);
      const blob = await canvas.convertToBlob({ type: "image/jpeg", quality: 0.8 });
      return new Promise(done => {
        const reader = new FileReader();
        reader.onload = () => done(reader.result.split(",")[1]);
        reader.readAsDataURL(blob);
      });
    })()"#;
    let photo: String = page.eval(js).await.unwrap();
    let file = tempfile::Builder::new().suffix(".jpg").tempfile().unwrap();
    std::fs::write(file.path(), BASE64_STANDARD.decode(photo).unwrap()).unwrap();
    file
}

#[test]
fn a_photo_cut_on_the_way_goes_on_where_it_stopped() {
    run(async {
        let hall = Hall::new().await;
        let phone = hall.phone().await;
        phone.sign_in(&hall.resident(0)).await;
        phone.open_road().await;
        phone.page.click_text("a", "Faire une proposition").await;
        phone.page.fill("#title", "Le quai en photo").await;
        phone.page.click_text("label", "Environnement").await;
        let photo = large_photo(&phone.page).await;
        phone.page.set_files("input[type=file]", &[photo.path()]).await;
        phone.page.wait_for("document.querySelector('main img') !== null", "the small picture").await;
        phone.page.sees("Brouillon gardé").await;
        phone.page.click_text("button", "Relire avant d’envoyer").await;
        phone.page.sees("Relisez votre proposition").await;
        let draft = phone.rows("drafts").await.remove(0);
        let file = draft["photos"][0]["full"].as_str().unwrap().to_owned();
        let size = draft["photos"][0]["full_size"].as_u64().unwrap();
        assert!(size > 150_000, "smaller than three pieces, it proves nothing: {size}");

        hall.proxy.forget();
        hall.proxy.set(Fault::new(Mode::Throttle { bytes_per_second: 100_000 }).on("/api/v1/blobs")).await;
        phone.send().await;
        let begun = Instant::now();
        phone.page.wait_for("document.querySelector('progress')?.value > 0", "how far it is").await;
        while hall.proxy.bytes_up() < size * 6 / 10 {
            assert!(begun.elapsed() < Duration::from_secs(30), "too slow: {:?}", hall.proxy.requests());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        // The last one of these is under way; those before it are on the server.
        let before = offsets(&hall.proxy, &file);
        // A browser sends again by itself what a reset cut off: for a moment nobody is there.
        hall.proxy.set(Mode::Refuse).await;
        assert!(before.len() > 1, "it was cut before a piece was there: {before:?}");
        phone.page.sees("Le serveur ne répond pas.").await;
        hall.proxy.pass().await;
        phone.receipted("Le quai en photo").await;
        let after = offsets(&hall.proxy, &file).split_off(before.len());
        println!("{size} bytes: {before:?}, then {after:?}");
        assert!(after.iter().min() >= before.last(), "sent again: {before:?}, then {after:?}");
        let reader = hall.phone().await;
        reader.open_road().await;
        reader.page.sees("Le quai en photo").await;
        // A browser fetches what is far below only when somebody comes near.
        let picture = "[...document.querySelectorAll('main img')] \
                       .some(image => (image.scrollIntoView(), image.naturalWidth > 0))";
        reader.page.wait_for(picture, "the picture").await;
    });
}

/// Holds back the making small of each photo until `ready()` is called.
const SLOW: &str = "const make = createImageBitmap.bind(window);
window.createImageBitmap = async file => { await new Promise(done => window.ready = done); return make(file) }";

fn described(nth: usize) -> String {
    format!("[...document.querySelectorAll('input[id^=alt-]')][{nth}]")
}

#[test]
fn what_is_typed_while_a_photo_is_prepared_stays_and_so_does_the_photo() {
    run(async {
        let hall = Hall::new().await;
        let phone = hall.phone().await;
        phone.open_road().await;
        phone.page.click_text("a", "Faire une proposition").await;
        phone.page.fill("#title", "Le quai").await;
        phone.page.click_text("label", "Environnement").await;
        let (first, second) = (large_photo(&phone.page).await, large_photo(&phone.page).await);
        phone.page.set_files("input[type=file]", &[first.path()]).await;
        phone.page.wait_for(&format!("{} !== undefined", described(0)), "the first one").await;
        // Once more the same one changes nothing.
        phone.page.set_files("input[type=file]", &[first.path()]).await;
        phone.page.exec(SLOW).await.unwrap();
        phone.page.set_files("input[type=file]", &[second.path()]).await;
        phone.page.wait_for("window.ready !== undefined", "it is being prepared").await;
        phone.page.fill("input[id^=alt-]", "Le quai en avril").await;
        phone.page.fill("#title", "Le quai, en mieux").await;
        phone.wait_row("drafts", "row.title === 'Le quai, en mieux'").await;
        phone.page.click_text("button", "Relire avant d’envoyer").await;
        let waits = "document.querySelector('button[type=submit]').ariaBusy === 'true'";
        phone.page.wait_for(waits, "reading again waits for the photo").await;
        phone.page.exec("window.ready()").await.unwrap();
        phone.page.sees("Relisez votre proposition").await;
        phone.page.sees("Le quai en avril").await;
        phone.page.sees("Le quai, en mieux").await;
        let photos = phone.rows("drafts").await[0]["photos"].clone();
        assert_eq!(photos.as_array().unwrap().len(), 2, "{photos}");
        assert_eq!(
            (photos[0]["alt"].as_str(), photos[1]["alt"].as_str()),
            (Some("Le quai en avril"), Some(""))
        );

        phone.page.click(".facts-row:first-child a").await;
        phone.page.wait_for(&format!("{} !== undefined", described(1)), "both are in the form").await;
        // A finger that taps twice: the other photo stands there by then.
        let first = "document.querySelector('.photos-remove')?.click()";
        phone
            .page
            .exec(&format!("{first}; setTimeout(() => {{ {first}; window.twice = true }}, 300)"))
            .await
            .unwrap();
        phone.page.wait_for("window.twice === true", "the second tap").await;
        phone.page.wait_for(&format!("{} === undefined", described(1)), "the first one goes").await;
        let left: String = phone.page.eval(&format!("{}.value", described(0))).await.unwrap();
        assert_eq!(left, "", "its description goes with it");
        phone.wait_row("drafts", "row.photos.length === 1").await;
        assert_eq!(phone.rows("drafts").await[0]["photos"][0]["thumb"], photos[1]["thumb"]);
    });
}
