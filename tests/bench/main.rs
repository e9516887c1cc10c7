//! `cargo figures`: what Rabaska costs, measured on this machine in one run, each beside a
//! floor or a goal. Absolute times depend on the machine; ratios are what counts.
//!
//! `cargo figures -- push pull streams visit memory large similar day` runs only those named.

#![expect(clippy::expect_used, reason = "a measurement stops where it cannot go on")]

mod client;
mod day;
mod large;
mod line;
mod memory;
mod pull;
mod push;
mod screen;
mod similar;
mod streams;
mod table;
mod visit;

use table::Table;

fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    // How `push` starts this program for its floor.
    if wanted == ["floor"] {
        return push::floor();
    }
    let runs = |name: &str| wanted.is_empty() || wanted.iter().any(|word| word == name);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.expect("a runtime");
    let mut table = Table::default();
    runtime.block_on(async {
        if runs("push") {
            push::measure(&mut table).await;
        }
        if runs("pull") {
            pull::measure(&mut table).await;
        }
        if runs("streams") {
            streams::measure(&mut table).await;
        }
        if runs("visit") {
            visit::measure(&mut table).await;
        }
        if runs("memory") {
            memory::measure(&mut table).await;
        }
        if runs("large") {
            large::measure(&mut table).await;
        }
        if runs("similar") {
            similar::measure(&mut table).await;
        }
        if runs("day") {
            day::measure(&mut table).await;
        }
    });
    table.print();
}
