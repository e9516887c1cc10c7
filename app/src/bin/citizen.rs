//! The citizens' app, at the root of the site.

#[cfg(target_arch = "wasm32")]
fn main() {
    app::ui::start(app::ui::citizen::PARTS);
}

/// It runs in browsers only.
#[cfg(not(target_arch = "wasm32"))]
fn main() {}
