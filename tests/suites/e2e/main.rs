//! The real server, the fault proxy, and the real app with its service worker in Chromium.
//! One browser serves all tests; each test has its own server, data and devices.

#![expect(clippy::unwrap_used, reason = "a test stops where it cannot go on")]

mod access;
mod amending;
mod asked;
mod asked_part;
mod asking;
mod blotting;
mod commitments;
mod composing;
mod consulting;
mod desk;
mod disk;
mod documents;
mod entering;
mod faults;
mod forwarding;
mod inbox;
mod keyboard;
mod lists;
mod live;
mod moderation;
mod people;
mod photos;
mod places;
mod printing;
mod promises;
mod rest;
mod sharing;
mod story;
mod subjects;
mod templates;
mod thousands;
mod update;
mod whole;
mod words;

use std::path::PathBuf;

use harness::{Page, Paper};

/// How many pages it takes on A4 and on Letter.
async fn printed(page: &Page, name: &str) -> [usize; 2] {
    let mut pages = [0; 2];
    for (pages, paper) in pages.iter_mut().zip(Paper::ALL) {
        *pages = page.pdf(&picture(name).with_extension(format!("{paper:?}.pdf")), paper).await;
    }
    pages
}

/// Where a test leaves what people should look at.
fn picture(name: &str) -> PathBuf {
    let folder = std::env::var_os("RABASKA_PICTURES").map_or_else(std::env::temp_dir, PathBuf::from);
    folder.join(format!("{name}.png"))
}
