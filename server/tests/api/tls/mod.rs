//! The binary speaks TLS by itself, with a certificate and a key of two lines in its settings.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use domain::authority::Role;
use domain::ports::{Identity, Journal};
use rabaska::connections::Limits;
use rabaska::import::territory;
use rabaska::system::{SystemClock, SystemRandom};
use rabaska::tls::Tls;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, UnixTime};
use rustls::time_provider::TimeProvider;
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use store::Store;

use crate::connections::{limits, listening};
use crate::site::{Site, TERRITORY};

/// The pair, and a key that is not the certificate's.
fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/api/tls").join(name)
}

/// When the certificate is valid, whatever the machine's clock says.
#[derive(Debug)]
struct Then;

impl TimeProvider for Then {
    fn current_time(&self) -> Option<UnixTime> {
        Some(UnixTime::since_unix_epoch(Duration::from_secs(1_900_000_000)))
    }
}

/// Killed when its test ends early.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn serve(data: &Path, address: SocketAddr, certificate: &Path, key: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rabaska"));
    command.arg("serve").stdout(Stdio::null()).stderr(Stdio::piped());
    command.env("RABASKA_DATA", data).env("RABASKA_LISTEN", address.to_string());
    command.env("RABASKA_PUBLIC_URL", format!("https://localhost:{}", address.port()));
    command.env("RABASKA_TLS_CERTIFICATE", certificate).env("RABASKA_TLS_KEY", key);
    command
}

fn free() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

/// A connection once the server listens.
fn connect(address: SocketAddr) -> TcpStream {
    for _ in 0..200 {
        if let Ok(socket) = TcpStream::connect(address) {
            socket.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
            return socket;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    panic!("nothing listens at {address}");
}

/// Over TLS, by a client that trusts our two certificates only.
fn over_tls(address: SocketAddr) -> StreamOwned<ClientConnection, TcpStream> {
    let mut roots = RootCertStore::empty();
    for trusted in ["certificate.pem", "other-certificate.pem"] {
        roots.add(CertificateDer::from_pem_file(file(trusted)).unwrap()).unwrap();
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_details(provider, Arc::new(Then));
    let config = config.with_safe_default_protocol_versions().unwrap();
    let config = config.with_root_certificates(roots).with_no_client_auth();
    let client = ClientConnection::new(Arc::new(config), "localhost".try_into().unwrap()).unwrap();
    StreamOwned::new(client, connect(address))
}

/// One request: the whole answer.
fn ask(address: SocketAddr, request: &str) -> String {
    let mut stream = over_tls(address);
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[tokio::test]
async fn two_lines_are_enough_for_tls_and_the_cookie_travels_only_by_it() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), Arc::new(SystemClock), Arc::new(SystemRandom)).await.unwrap();
    territory::load(&store, territory::read(TERRITORY).unwrap()).await.unwrap();
    let name = "P (fictive)".parse().unwrap();
    let (_, code) = store.add(name, "laforce".parse().unwrap(), Role::Participant).await.unwrap();
    let epoch = store.epoch();
    store.close().await;
    let address = free();
    let mut command = serve(folder.path(), address, &file("certificate.pem"), &file("key.pem"));
    let _running = Running(command.spawn().unwrap());

    let health = ask(address, "GET /api/v1/health HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
    assert!(health.starts_with("HTTP/1.1 200") && health.contains(&epoch.to_string()), "{health}");
    assert!(health.contains("strict-transport-security: max-age=31536000\r\n"), "{health}");
    let body = format!("{{\"code\":\"{code}\"}}");
    let opened = ask(
        address,
        &format!(
            "POST /api/v1/session/open HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\
             origin: https://localhost:{}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            address.port(),
            body.len()
        ),
    );
    let cookie = opened.lines().find(|line| line.starts_with("set-cookie: ")).unwrap_or(&opened);
    for part in ["__Host-rabaska=", "Secure", "HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(cookie.contains(part), "{opened}");
    }
    // Without TLS nothing is answered there.
    let mut plain = connect(address);
    plain.write_all(b"GET /api/v1/health HTTP/1.1\r\nhost: localhost\r\n\r\n").unwrap();
    let mut said = Vec::new();
    let _ = plain.read_to_end(&mut said);
    assert!(!said.starts_with(b"HTTP/"), "{}", String::from_utf8_lossy(&said));
}

#[test]
fn a_key_that_does_not_fit_is_named_before_anything_is_touched() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let (certificate, nowhere) = (file("certificate.pem"), folder.path().join("nowhere.pem"));
    let cases = [
        (&certificate, file("other-key.pem"), "other-key.pem cannot be used together"),
        (&certificate, certificate.clone(), "cannot be used together"),
        (&certificate, nowhere.clone(), "The TLS key"),
        (&nowhere, file("key.pem"), "The TLS certificate"),
    ];
    for (certificate, key, said) in cases {
        let output = serve(&data, free(), certificate, &key).output().unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{told}");
        assert!(told.contains(said), "{told}");
        assert!(!told.contains("panicked") && told.contains("Nothing was"), "{told}");
        assert!(!data.exists(), "{told}");
    }
}

const HEALTH: &str = "GET /api/v1/health HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";

/// The certificate that a new connection is shown.
fn shown(address: SocketAddr) -> CertificateDer<'static> {
    let mut stream = over_tls(address);
    stream.write_all(HEALTH.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    stream.conn.peer_certificates().unwrap()[0].clone().into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_renewed_certificate_is_taken_up_and_a_pair_that_does_not_fit_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let [certificate, key] = ["chain.pem", "key.pem"].map(|name| folder.path().join(name));
    let write = |from: &str, to: &Path| {
        std::fs::copy(file(from), to).unwrap();
    };
    write("certificate.pem", &certificate);
    write("key.pem", &key);
    let site = Site::new().await;
    let tls = Tls::read(&certificate, &key).await.unwrap().looked_at_every(Duration::from_millis(20));
    let address = listening(site.router.clone(), Some(tls), Limits::new(100, 0)).await;
    let of = |name: &str| CertificateDer::from_pem_file(file(name)).unwrap();
    let (first, second) = (of("certificate.pem"), of("other-certificate.pem"));
    let becomes = |wanted: &CertificateDer<'_>| {
        let began = Instant::now();
        while shown(address) != *wanted {
            assert!(began.elapsed() < Duration::from_secs(10), "it was not taken up");
            std::thread::sleep(Duration::from_millis(20));
        }
    };
    let stays = |wanted: &CertificateDer<'_>| {
        for _ in 0..10 {
            assert_eq!(shown(address), *wanted);
            std::thread::sleep(Duration::from_millis(20));
        }
    };
    becomes(&first);
    // A connection that is open goes on with what it has.
    let mut open = over_tls(address);
    open.flush().unwrap();
    open.conn.complete_io(&mut open.sock).unwrap();
    // The new certificate without its key, half a file, no file: the old pair stays in use.
    write("other-certificate.pem", &certificate);
    stays(&first);
    std::fs::write(&certificate, "-----BEGIN CERTIFICATE-----\nMIIB").unwrap();
    stays(&first);
    std::fs::remove_file(&certificate).unwrap();
    stays(&first);
    write("other-certificate.pem", &certificate);
    write("other-key.pem", &key);
    becomes(&second);
    open.write_all(HEALTH.as_bytes()).unwrap();
    let mut answer = String::new();
    open.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    write("certificate.pem", &certificate);
    write("key.pem", &key);
    becomes(&first);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_head_that_never_ends_is_not_waited_for_over_tls_either() {
    let site = Site::new().await;
    let tls = Tls::read(&file("certificate.pem"), &file("key.pem")).await.unwrap();
    let address = listening(site.router.clone(), Some(tls), limits()).await;
    let closes = |mut read: Box<dyn Read>| {
        let began = Instant::now();
        // Closed, with or without a farewell.
        let _ = read.read_to_end(&mut Vec::new());
        assert!(began.elapsed() < Duration::from_secs(5), "it is still open");
    };
    // Before the handshake, after it, in the middle of a head, in the middle of a body.
    closes(Box::new(connect(address)));
    for said in [
        "",
        "GET /api/v1/health HTTP/1.1\r\nhost: local",
        "POST /api/v1/push HTTP/1.1\r\nhost: localhost\r\nsec-fetch-site: same-origin\r\n\
         content-type: application/json\r\ncontent-length: 100\r\n\r\n{",
    ] {
        let mut stream = over_tls(address);
        stream.write_all(said.as_bytes()).unwrap();
        stream.conn.complete_io(&mut stream.sock).unwrap();
        closes(Box::new(stream));
    }
}
