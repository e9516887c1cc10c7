//! The shore at the head of a community: drawn from its id, named in words.

use domain::records::{CommunityKind, Place};
use leptos::prelude::*;

use super::shore::{self, BAND, CAPS, CREW, HULL, PADDLES, VIEW_BOX};
use super::words;
use crate::w;

/// What kind of community, in words.
pub fn kind(kind: CommunityKind) -> String {
    match kind {
        CommunityKind::Municipality => w!(kind_municipality),
        CommunityKind::RegionalCounty => w!(kind_regional_county),
        CommunityKind::FirstNation => w!(kind_first_nation),
        CommunityKind::UnorganizedTerritory => w!(kind_unorganized_territory),
    }
}

/// Who answers there, in words.
pub fn office(kind: CommunityKind) -> String {
    match kind {
        CommunityKind::Municipality => w!(office_municipality),
        CommunityKind::RegionalCounty => w!(office_regional_county),
        CommunityKind::FirstNation => w!(office_first_nation),
        CommunityKind::UnorganizedTerritory => w!(office_unorganized_territory),
    }
}

/// The drawing of a seed with a title in it.
pub fn shore(seed: &str, above: String, title: String, low: bool) -> AnyView {
    let s = shore::hills(shore::seed(seed));
    view! {
        <header class=if low { "shore shore-low" } else { "shore" }>
            <svg class="shore-art" viewBox=VIEW_BOX preserveAspectRatio="xMidYMax slice" aria-hidden="true" focusable="false">
                <circle class="shore-sun" cx=s.sun.0 cy=s.sun.1 r=s.sun.2 />
                {path("shore-far", s.far)}
                {path("shore-mid", s.mid)}
                {path("shore-near", s.near)}
                {path("shore-trees", s.trees)}
                {path("shore-water", s.water)}
                {path("shore-glints", s.glints)}
                <g class="shore-boat">
                    {path("shore-crew", CREW.to_owned())}
                    {path("shore-caps", CAPS.to_owned())}
                    {path("shore-hull", HULL.to_owned())}
                    {path("shore-band", BAND.to_owned())}
                    {path("shore-paddles", PADDLES.to_owned())}
                </g>
            </svg>
            <div class="shore-title">
                <p class="shore-kind">{above}</p>
                <h1>{title}</h1>
            </div>
        </header>
    }
    .into_any()
}

fn path(class: &'static str, d: String) -> AnyView {
    use leptos::svg;
    svg::path().class(class).attr("d", d).into_any()
}

/// A community's own shore.
pub fn of_place(place: &Place) -> AnyView {
    let above = place.designation.as_ref().map_or_else(|| kind(place.sort), words::say);
    shore(place.id.as_str(), above, place.name.to_string(), false)
}
