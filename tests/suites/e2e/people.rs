//! What people do with their phones and tablets, in their own words: the tests read as prose.

use harness::{Browser, Device, Page, Person, Proxy, Role, Server, Viewport};

/// The title of Laforce's open consultation in the demo.
pub const ROAD: &str = "Ouvrir le chemin du Lac-aux-Sables l’hiver?";

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

    pub fn clerk(&self) -> Person {
        self.server.person(&Role::Clerk, "laforce").clone()
    }

    /// A new phone on which somebody chose Laforce.
    pub async fn phone(&self) -> Phone {
        let device = Browser::shared().await.device(Viewport::PHONE).await;
        let page = device.open(&self.proxy.at("/")).await;
        page.mounted().await;
        page.sees("Où vivez-vous?").await;
        page.fill("#community", "lafo").await;
        page.click_text("a", "Laforce").await;
        page.sees("On décide en ce moment").await;
        // From now on it also works without the server.
        page.wait_for("navigator.serviceWorker.controller !== null", "the service worker is in charge").await;
        Phone { device, page, home: self.proxy.at("/") }
    }

    /// A tablet on the desk, signed in.
    pub async fn desk(&self) -> Page {
        let device = Browser::shared().await.device(Viewport::TABLET).await;
        let page = device.open(&self.proxy.at("/desk/sign-in")).await;
        page.mounted().await;
        page.fill("#code", &self.clerk().code).await;
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

    /// Waits for the receipt's stamp.
    pub async fn receipted(&self) {
        self.page.sees("REÇU").await;
    }
}
