//! What has to be on the screens whoever looks: who sees a name, what is made up, whose words
//! were imported; the offer to install; the language of whoever speaks neither of ours.

use harness::{Browser, Emulation, Page, Viewport, run};
use serde_json::{Value, json};

use crate::people::{Hall, ROAD};

/// A phone that never was here, prepared before its first page.
async fn stranger(hall: &Hall, prepare: impl AsyncFnOnce(&Page)) -> Page {
    let page = Browser::shared().await.device(Viewport::PHONE).await.blank().await;
    prepare(&page).await;
    page.goto(&hall.proxy.at("/")).await;
    page.mounted().await;
    page
}

async fn before_any_script(page: &Page, source: &str) {
    page.call("Page.addScriptToEvaluateOnNewDocument", json!({ "source": source })).await.unwrap();
}

async fn choose(page: &Page, typed: &str, name: &str) {
    page.fill("#community", typed).await;
    page.click_text("a", name).await;
}

#[test]
fn whoever_speaks_neither_language_reads_that_of_the_community() {
    run(async {
        let hall = Hall::new().await;
        let german = async |page: &Page| {
            page.emulate(Emulation { locale: Some("de-DE"), ..Emulation::default() }).await;
        };
        let page = stranger(&hall, german).await;
        page.sees("Où vivez-vous?").await;
        choose(&page, "kebao", "Kebaowek First Nation").await;
        page.wait_for("document.documentElement.lang === 'en-CA'", "the page is in English").await;
        page.goto(&hall.proxy.at("/me")).await;
        page.mounted().await;
        page.sees("Language").await;
        let page = stranger(&hall, german).await;
        choose(&page, "lafo", "Laforce").await;
        page.sees("On décide en ce moment").await;
    });
}

#[test]
fn screens_say_who_sees_the_name_what_is_made_up_and_whose_words_were_imported() {
    run(async {
        let hall = Hall::new().await;
        let phone = hall.phone().await;
        phone.page.sees("Exemple fictif").await;
        phone.open_road().await;
        phone.page.sees("Exemple fictif").await;
        phone.page.click_text("a", "Faire une proposition").await;
        phone.page.sees("signée «\u{a0}une personne de Laforce\u{a0}»").await;
        phone.page.sees("Seul le bureau municipal voit votre nom").await;
        phone.visit("c/ville-marie").await;
        let imported = "Démonstration\u{a0}: la vraie conversation d’une autre ville (Bowling Green, États-Unis), \
                        importée pour montrer le volume";
        phone.page.click_text("a", imported).await;
        phone.page.sees("CC BY 4.0").await;
        let source = "document.querySelector('main a[rel~=external]')?.href.startsWith('https://')";
        assert!(phone.page.eval::<bool>(source).await.unwrap(), "the source can be opened");
        assert!(!phone.page.text().await.contains(ROAD));
    });
}

#[test]
fn each_app_can_be_installed_under_its_own_name_icons_and_shortcuts() {
    run(async {
        let hall = Hall::new().await;
        for (app, language) in [("manifest", "fr"), ("manifest", "en"), ("desk", "fr"), ("desk", "en")] {
            let page = stranger(&hall, async |_| {}).await;
            let read = format!("fetch('/{app}.{language}.webmanifest').then(answer => answer.json())");
            let manifest: Value = page.eval(&read).await.unwrap();
            assert!(manifest["lang"].as_str().unwrap().starts_with(language), "{manifest}");
            assert_eq!(manifest["display"], "standalone");
            let scope = if app == "desk" { "/desk/" } else { "/" };
            assert_eq!((&manifest["scope"], &manifest["id"]), (&json!(scope), &json!(scope)));
            let shortcuts = manifest["shortcuts"].as_array().unwrap();
            assert!(!shortcuts.is_empty() && shortcuts.iter().all(|each| each["name"].is_string()));
            let icons = manifest["icons"].as_array().unwrap();
            assert!(icons.iter().any(|icon| icon["purpose"] == "maskable"), "{icons:?}");
            let addresses = shortcuts.iter().map(|each| (&each["url"], "text/html"));
            let pictures = icons.iter().map(|icon| (&icon["src"], icon["type"].as_str().unwrap()));
            for (address, kind) in addresses.chain(pictures) {
                let asked = format!(
                    "fetch({address}).then(answer => answer.ok && answer.headers.get('content-type').startsWith({}))",
                    json!(kind)
                );
                assert!(page.eval::<bool>(&asked).await.unwrap(), "{address} is {kind}");
            }
        }
    });
}

#[test]
fn installing_is_offered_where_the_browser_can_and_told_on_ios_before_the_first_draft() {
    run(async {
        let hall = Hall::new().await;
        let android = hall.phone().await;
        android
            .page
            .exec(
                "const offer = new Event('beforeinstallprompt', { cancelable: true });
                 offer.prompt = () => { window.prompted = true; };
                 window.dispatchEvent(offer);",
            )
            .await
            .unwrap();
        let strip = "Installez Rabaska sur cet appareil";
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        assert!(!android.page.text().await.contains(strip), "what stands must not move under a finger");
        android.page.click_text("a", ROAD).await;
        android.page.sees("Ce que les gens disent").await;
        android.page.click_text("a", "Ici").await;
        android.page.sees(strip).await;
        android.page.click_text("button", "Installer").await;
        android.page.wait_for("window.prompted === true", "the browser's own question").await;

        // An iPad says that it is a Mac.
        let ipad = stranger(&hall, async |page: &Page| {
            let agent =
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Safari/605.1.15";
            page.call("Emulation.setUserAgentOverride", json!({ "userAgent": agent })).await.unwrap();
            let touch = json!({ "enabled": true, "maxTouchPoints": 5 });
            page.call("Emulation.setTouchEmulationEnabled", touch).await.unwrap();
        })
        .await;
        choose(&ipad, "lafo", "Laforce").await;
        ipad.sees("Touchez Partager").await;

        let iphone = stranger(&hall, async |page: &Page| {
            let agent =
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Safari/604.1";
            page.call("Emulation.setUserAgentOverride", json!({ "userAgent": agent })).await.unwrap();
        })
        .await;
        choose(&iphone, "lafo", "Laforce").await;
        iphone.sees("Touchez Partager").await;
        iphone.click_text("a", ROAD).await;
        iphone.click_text("a", "Faire une proposition").await;
        iphone.fill("#title", "Écrit sans icône").await;
        iphone.sees("Brouillon gardé").await;
        iphone.goto(&hall.proxy.at("/c/laforce")).await;
        iphone.mounted().await;
        iphone.sees("On décide en ce moment").await;
        assert!(!iphone.text().await.contains("Touchez Partager"), "a draft would be left behind");
    });
}

#[test]
fn lasting_storage_is_asked_for_and_nobody_waits_for_the_answer() {
    run(async {
        let hall = Hall::new().await;
        let phone = hall.phone().await;
        let silent =
            "navigator.storage.persist = () => { window.asked = true; return new Promise(() => {}); };";
        before_any_script(&phone.page, silent).await;
        phone.sign_in(&hall.resident(0)).await;
        phone.write("Gardé pour de bon", "").await;
        phone.send().await;
        phone.receipted("Gardé pour de bon").await;
        assert!(phone.page.eval::<bool>("window.asked === true").await.unwrap());
    });
}
