//! The citizens' app, at the root of the site. Here its module is cut into parts: what a function marked
//! for a part is the only one to reach lies in it. They are here because a module holds every
//! such function that its libraries have: those of another audience too.

#[cfg(target_arch = "wasm32")]
mod parts {
    use app::ui::app::Behind;
    use app::ui::asked::Asked;
    use app::ui::{asked, citizen};
    use leptos::wasm_split::{SplitLoaderError, wasm_split};

    /// The screens behind the first ones.
    #[wasm_split(rest, wasm_split_path = leptos::wasm_split, fallible)]
    pub fn behind() -> Result<Behind, SplitLoaderError> {
        Ok(citizen::behind(|| Box::pin(async { asked_part().await.ok() })))
    }

    /// Those of polls, surveys and texts, and the map. What they share with the others lies in the rest.
    #[wasm_split(asked, wasm_split_path = leptos::wasm_split, fallible)]
    fn asked_part() -> Result<Asked, SplitLoaderError> {
        Ok(asked::offers())
    }
}

#[cfg(target_arch = "wasm32")]
fn main() {
    app::ui::start(app::ui::citizen::parts(|| Box::pin(async { parts::behind().await.ok() })));
}

/// It runs in browsers only.
#[cfg(not(target_arch = "wasm32"))]
fn main() {}
