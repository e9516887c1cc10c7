//! The citizens' app, at the root of the site. Here its module is cut into parts: what a function marked
//! for a part is the only one to reach lies in it. They are here because a module holds every
//! such function that its libraries have: those of another audience too.

#[cfg(target_arch = "wasm32")]
mod parts {
    use app::offline::Part;
    use app::ui::app::Behind;
    use app::ui::pieces::Draw;
    use app::ui::{asked, citizen, own, told};
    use leptos::wasm_split::{SplitLoaderError, wasm_split};

    /// The screens behind the first ones.
    #[wasm_split(rest, wasm_split_path = leptos::wasm_split, fallible)]
    pub fn behind() -> Result<Behind, SplitLoaderError> {
        Ok(citizen::behind(|part| {
            Box::pin(async move {
                let fetched = match part {
                    Part::Asked => asked_part().await,
                    Part::Told => told_part().await,
                    Part::Own => own_part().await,
                };
                fetched.ok()
            })
        }))
    }

    /// A part of its own. What it shares with the others lies in the rest.
    #[wasm_split(asked, wasm_split_path = leptos::wasm_split, fallible)]
    fn asked_part() -> Result<Draw, SplitLoaderError> {
        Ok(asked::draw)
    }

    /// Another.
    #[wasm_split(told, wasm_split_path = leptos::wasm_split, fallible)]
    fn told_part() -> Result<Draw, SplitLoaderError> {
        Ok(told::draw)
    }

    /// Another.
    #[wasm_split(own, wasm_split_path = leptos::wasm_split, fallible)]
    fn own_part() -> Result<Draw, SplitLoaderError> {
        Ok(own::draw)
    }
}

#[cfg(target_arch = "wasm32")]
fn main() {
    app::ui::start(app::ui::citizen::parts(|| Box::pin(async { parts::behind().await.ok() })));
}

/// It runs in browsers only.
#[cfg(not(target_arch = "wasm32"))]
fn main() {}
