//! Resident memory: idle, and with the people and proposals of a whole territory after
//! everything was read once.

use std::time::Duration;

use harness::{Server, world};

use crate::client::{Client, resident};
use crate::table::Table;

const PEOPLE: u64 = 17_000;
const PROPOSALS: u64 = 100_000;

pub async fn measure(table: &mut Table) {
    eprintln!("Memory");
    for (people, proposals, what, goal) in [
        (1, 1, "idle".to_owned(), "≤ 30 MiB"),
        (PEOPLE, PROPOSALS, format!("{PEOPLE} people, {PROPOSALS} proposals, all read once"), "≤ 120 MiB"),
    ] {
        let dir = tempfile::tempdir().expect("a folder");
        let store = world::open(dir.path()).await;
        let consultation = world::settle(&store).await;
        world::propose(&store, consultation, 1..proposals + 1, people).await;
        store.close().await;
        add_people(dir.path(), people);
        let folder = dir.path().to_owned();
        let server = Server::serve(move |listen, _| {
            let public = listen.replace("127.0.0.1", "localhost");
            format!("data = {folder:?}\nlisten = \"{listen}\"\npublic_url = \"http://{public}\"\n")
        });
        let mut client = Client::connect(server.port()).await;
        if proposals > 1 {
            for cursor in (0..proposals).step_by(500) {
                let path =
                    format!("/api/v1/pull?scope=public/laforce/{consultation}&cursor={cursor}&limit=500");
                client.body("GET", &path, "".into()).await;
            }
        }
        tokio::time::sleep(Duration::from_secs(2)).await;
        table.row(format!("resident memory, {what}"), format!("{:.0} MiB", resident(server.pid())), goal);
    }
}

/// People without codes: hashing 17,000 of them would measure Argon2.
fn add_people(dir: &std::path::Path, count: u64) {
    let connection = rusqlite::Connection::open(dir.join("rabaska.db")).expect("the database");
    connection.execute_batch("BEGIN").expect("a transaction");
    for number in 0..count {
        let name = format!("Une personne p{number} (fictive)");
        connection
            .execute(
                "INSERT INTO people (id, name, created_at) VALUES (?1, ?2, 0)",
                [&format!("p{number}"), &name],
            )
            .expect("a person");
        connection
            .execute("INSERT INTO memberships VALUES (?1, 'laforce', 'participant')", [&format!("p{number}")])
            .expect("a membership");
    }
    connection.execute_batch("COMMIT").expect("a commit");
}
