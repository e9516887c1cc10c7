//! The office's app, under `/desk/`.

#[cfg(target_arch = "wasm32")]
fn main() {
    app::ui::start(app::desk::PARTS);
}

/// It runs in browsers only.
#[cfg(not(target_arch = "wasm32"))]
fn main() {}
