//! Devices against the real binary, through the fault proxy: what a browser is too slow and
//! too kind to try. Every test names one row of the protocol.

#![expect(clippy::unwrap_used, reason = "a test stops where it cannot go on")]

mod backup;
mod crash;
mod erasure;
mod faults;
mod full_disk;
mod restore;
mod shares;

use harness::{Person, Phone, Proxy, Role, Server};

/// A fresh demo with a proxy in front, and a phone behind it.
struct Lake {
    server: Server,
    proxy: Proxy,
    phone: Phone,
}

impl Lake {
    async fn new() -> Self {
        let server = Server::demo();
        let proxy = Proxy::before(server.port()).await;
        let phone = Phone::of(&citizen(&server), proxy.port()).await;
        Self { server, proxy, phone }
    }
}

fn citizen(server: &Server) -> Person {
    server.person(&Role::Participant, "laforce").clone()
}

fn clerk(server: &Server) -> Person {
    server.person(&Role::Clerk, "laforce").clone()
}
