//! What people do with their phones and tablets, in their own words: the tests read as prose.

use std::time::Duration;

use harness::{Browser, Device, Page, Person, Proxy, Role, Server, Viewport};
use serde_json::{Value, json};

/// The title of Laforce's open consultation in the demo.
pub const ROAD: &str = "Ouvrir le chemin du Lac-aux-Sables l’hiver?";

/// Writes noise into a database of its own until the browser refuses even a few bytes more.
const FILL: &str = r#"
(async () => {
  const asked = request => new Promise((done, fail) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => fail(request.error);
  });
  const opening = indexedDB.open("ballast");
  opening.onupgradeneeded = () => opening.result.createObjectStore("noise", { autoIncrement: true });
  const ballast = await asked(opening);
  const noise = size => {
    const bytes = new Uint8Array(size);
    for (let at = 0; at < size; at += 65536) crypto.getRandomValues(bytes.subarray(at, at + 65536));
    return bytes;
  };
  const fits = size => new Promise((done, fail) => {
    const writing = ballast.transaction("noise", "readwrite");
    writing.objectStore("noise").add(noise(size));
    writing.oncomplete = () => done(true);
    writing.onabort = () => writing.error?.name === "QuotaExceededError" ? done(false) : fail(writing.error);
  });
  for (let size = 1 << 20; size >= 32;) if (!(await fits(size))) size >>= 1;
  ballast.close();
})()"#;

/// A promise of the texts in a table of the citizen's database.
fn rows(table: &str) -> String {
    format!(
        "new Promise((done, fail) => {{
           const opening = indexedDB.open('rabaska-citizen');
           opening.onerror = () => fail(opening.error);
           opening.onsuccess = () => {{
             const all = opening.result.transaction({table:?}).objectStore({table:?}).getAll();
             all.onerror = () => fail(all.error);
             all.onsuccess = () => {{ opening.result.close(); done(all.result.map(String)); }};
           }};
         }})"
    )
}

/// A new tab of a new device, with a disk that holds so many bytes of what comes from here.
async fn blank_with_room(proxy: &Proxy, viewport: Viewport, bytes: Option<u64>) -> (Device, Page) {
    let device = Browser::shared().await.device(viewport).await;
    let page = device.blank().await;
    if let Some(bytes) = bytes {
        // Before the first database: one that is open was promised what it may still write.
        let disk = json!({ "origin": proxy.url(), "quotaSize": bytes });
        page.call("Storage.overrideQuotaForOrigin", disk).await.unwrap();
    }
    (device, page)
}

/// Fills the device's disk to the last bytes, as other people's pictures do.
pub async fn fill_disk(page: &Page) {
    page.exec(FILL).await.unwrap();
}

/// There is room again.
pub async fn free_disk(page: &Page) {
    let origin: String = page.eval("location.origin").await.unwrap();
    page.call("Storage.overrideQuotaForOrigin", json!({ "origin": origin })).await.unwrap();
}

/// Words in French, as a title, a text, a label.
pub fn said<T: std::str::FromStr<Err: std::fmt::Debug>>(text: &str) -> domain::text::Localized<T> {
    domain::text::Localized::new([("fr".parse().unwrap(), text.parse().unwrap())]).unwrap()
}

/// A server behind a proxy.
pub struct Hall {
    pub server: Server,
    pub proxy: Proxy,
}

impl Hall {
    pub async fn new() -> Self {
        let server = Server::demo();
        let proxy = Proxy::before(server.port()).await;
        Self { server, proxy }
    }

    pub fn resident(&self, number: usize) -> Person {
        self.server.people_of(&Role::Participant, "laforce")[number].clone()
    }

    pub fn resident_of(&self, community: &str, number: usize) -> Person {
        self.server.people_of(&Role::Participant, community)[number].clone()
    }

    pub fn clerk(&self) -> Person {
        self.server.person(&Role::Clerk, "laforce").clone()
    }

    /// A new phone on which somebody chose Laforce.
    pub async fn phone(&self) -> Phone {
        self.phone_with_room(None).await
    }

    /// The same, with a disk that holds so many bytes of ours.
    pub async fn phone_with_room(&self, bytes: Option<u64>) -> Phone {
        let (device, page) = blank_with_room(&self.proxy, Viewport::PHONE, bytes).await;
        self.phone_of(device, page).await
    }

    /// A phone whose disk is that of this browser.
    pub async fn phone_on_disk_of(&self, browser: &Browser) -> Phone {
        let device = browser.itself(Viewport::PHONE).await;
        let page = device.blank().await;
        self.phone_of(device, page).await
    }

    /// The same, started again.
    pub async fn known_phone(&self, browser: &Browser) -> Phone {
        let device = browser.itself(Viewport::PHONE).await;
        let page = device.blank().await;
        Phone { device, page, home: self.proxy.at("/") }
    }

    async fn phone_of(&self, device: Device, page: Page) -> Phone {
        self.settled(device, page, "lafo", "Laforce").await
    }

    /// A new phone on which somebody chose a community, by the beginning of its name.
    pub async fn phone_in(&self, begins: &str, name: &str) -> Phone {
        let (device, page) = blank_with_room(&self.proxy, Viewport::PHONE, None).await;
        self.settled(device, page, begins, name).await
    }

    async fn settled(&self, device: Device, page: Page, begins: &str, name: &str) -> Phone {
        page.goto(&self.proxy.at("/")).await;
        page.mounted().await;
        page.sees("Où vivez-vous?").await;
        page.fill("#community", begins).await;
        page.click_text("a", name).await;
        page.sees("On décide en ce moment").await;
        // From now on it also works without the server.
        page.wait_for("navigator.serviceWorker.controller !== null", "the service worker is in charge").await;
        Phone { device, page, home: self.proxy.at("/") }
    }

    /// This stands in public once, as a phone that never saw it finds.
    pub async fn stands_once(&self, title: &str) {
        let reader = self.phone().await;
        reader.open_road().await;
        reader.page.sees(title).await;
        let count = format!("document.body.innerText.split({title:?}).length - 1");
        assert_eq!(reader.page.eval::<u32>(&count).await.unwrap(), 1, "{title} stands there once");
    }

    /// A tablet on the desk, signed in.
    pub async fn desk(&self) -> Page {
        self.desk_with_room(None).await
    }

    /// A tablet on the desk of somebody else of the same office.
    pub async fn second_desk(&self) -> Page {
        let second = self.server.people_of(&Role::Clerk, "laforce")[1].clone();
        self.desk_of(&second, None).await
    }

    /// A tablet on the desk of another community.
    pub async fn desk_in(&self, community: &str) -> Page {
        let clerk = self.server.person(&Role::Clerk, community).clone();
        self.desk_of(&clerk, None).await
    }

    /// The same, with a disk that holds so many bytes of ours.
    pub async fn desk_with_room(&self, bytes: Option<u64>) -> Page {
        self.desk_of(&self.clerk(), bytes).await
    }

    async fn desk_of(&self, clerk: &Person, bytes: Option<u64>) -> Page {
        let (_, page) = blank_with_room(&self.proxy, Viewport::TABLET, bytes).await;
        page.goto(&self.proxy.at("/desk/sign-in")).await;
        page.mounted().await;
        page.fill("#code", &clerk.code).await;
        page.click_text("button", "S’identifier").await;
        page.sees("Boîte du greffe").await;
        page
    }
}

/// A phone in somebody's hand.
pub struct Phone {
    pub device: Device,
    pub page: Page,
    home: String,
}

impl Phone {
    pub async fn sign_in(&self, person: &Person) {
        self.visit("sign-in").await;
        self.page.fill("#code", &person.code).await;
        self.page.click_text("button", "S’identifier").await;
        self.page.sees("Mon sentier").await;
    }

    /// Opens an address of the app anew, as from the home screen.
    pub async fn visit(&self, path: &str) {
        self.page.goto(&format!("{}{path}", self.home)).await;
        self.page.mounted().await;
    }

    pub async fn open_road(&self) {
        self.visit("c/laforce").await;
        self.page.click_text("a", ROAD).await;
        self.page.sees("Ce que les gens disent").await;
    }

    /// Opens a proposal to the road's consultation on its own page.
    pub async fn open_proposal(&self, title: &str) {
        self.open_road().await;
        self.page.click_text("a", title).await;
        self.page.sees("Votre commentaire").await;
    }

    /// Waits until this visit of Laforce's home counts as one.
    pub async fn wait_seen(&self) {
        self.wait_kept("seen laforce").await;
    }

    /// Waits until the device keeps something under a name like this: what is said at once may not be on disk yet.
    pub async fn wait_kept(&self, name: &str) {
        let names = "new Promise((done, fail) => {
           const opening = indexedDB.open('rabaska-citizen');
           opening.onerror = () => fail(opening.error);
           opening.onsuccess = () => {
             const keys = opening.result.transaction('meta').objectStore('meta').getAllKeys();
             keys.onsuccess = () => { opening.result.close(); done(keys.result.map(String)); };
           };
         })";
        let kept = format!("{names}.then(keys => keys.some(key => key.includes({name:?})))");
        self.page.wait_within(Duration::from_secs(15), &kept, name).await;
    }

    /// Fills the form in as far as the check.
    pub async fn write(&self, title: &str, text: &str) {
        self.open_road().await;
        self.page.click_text("a", "Faire une proposition").await;
        self.page.fill("#title", title).await;
        self.page.fill("#text", text).await;
        self.page.click_text("label", "Environnement").await;
        self.page.sees("Brouillon gardé").await;
        self.page.click_text("button", "Relire avant d’envoyer").await;
        self.page.sees("Relisez votre proposition").await;
        self.page.sees(title).await;
    }

    /// Seals what is on the check page.
    pub async fn send(&self) {
        self.page.click("main .btn").await;
        self.page.wait_for("location.pathname.startsWith('/trail/')", "the item's own page").await;
    }

    /// Another tab on the same phone.
    pub async fn other_tab(&self) -> Self {
        let page = self.device.open(&self.home).await;
        page.mounted().await;
        Self { device: self.device.clone(), page, home: self.home.clone() }
    }

    /// The tab is killed; another one is opened on the same phone, empty.
    pub async fn killed(self) -> Self {
        let Self { device, page, home } = self;
        page.close().await;
        let page = device.blank().await;
        Self { device, page, home }
    }

    /// What this device holds in a table, as it lies there.
    pub async fn texts(&self, table: &str) -> Vec<String> {
        self.page.eval(&rows(table)).await.unwrap()
    }

    /// The same, of a table that holds JSON.
    pub async fn rows(&self, table: &str) -> Vec<Value> {
        let rows = self.texts(table).await;
        rows.iter().map(|row| serde_json::from_str(row).unwrap()).collect()
    }

    /// Waits until a row of a table is as this condition in JavaScript says.
    pub async fn wait_row(&self, table: &str, condition: &str) {
        let some = format!("({}).then(rows => rows.map(JSON.parse).some(row => {condition}))", rows(table));
        self.page.wait_for(&some, condition).await;
    }

    /// Waits until the device holds the receipt of what bears this title, and shows its stamp
    /// there: a person's trail may be full of other receipts. A device that was without a line
    /// asks again within a quarter of a minute.
    pub async fn receipted(&self, title: &str) {
        let (rows, title) = (rows("outbox"), json!(title));
        let held = format!(
            "({rows}).then(rows => rows.map(JSON.parse).some(row => row.receipt && row.body.includes({title})))"
        );
        let patience = Duration::from_secs(45);
        self.page.wait_within(patience, &held, "the receipt is on the device").await;
        let shown = format!(
            "[...document.querySelectorAll('main article'), ...location.pathname.startsWith('/trail/')
                ? [document.querySelector('main')] : []]
               .some(each => each.innerText.includes({title}) && each.innerText.includes('REÇU '))"
        );
        self.page.wait_for(&shown, "the receipt's stamp").await;
    }
}
