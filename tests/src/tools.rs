//! Where things lie on this machine: the binary under test, the tools cache, the folder in which a
//! failing test leaves its screenshots, and a port that stays ours.

use std::env;
use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4};
use std::path::{Path, PathBuf};

use socket2::{Domain, Socket, Type};

/// The profile folder (`target/debug`) that the running test was built into.
fn profile_dir() -> PathBuf {
    let exe = env::current_exe().expect("a running test has a path");
    let mut dir = exe.parent().unwrap_or(Path::new("."));
    if dir.ends_with("deps") {
        dir = dir.parent().unwrap_or(dir);
    }
    dir.to_path_buf()
}

/// The server's binary: `RABASKA_BIN`, else the one built beside this test, else the debug one.
pub fn server_binary() -> PathBuf {
    if let Some(path) = env::var_os("RABASKA_BIN") {
        return PathBuf::from(path);
    }
    let beside = profile_dir().join("rabaska");
    let debug = profile_dir().join("../debug/rabaska");
    match [beside, debug].into_iter().find(|path| path.is_file()) {
        Some(path) => path,
        None => panic!("no server binary: build it with `cargo build --package rabaska` or set RABASKA_BIN"),
    }
}

/// The pages of the pseudo-locale: `RABASKA_PSEUDO_PAGES`, else where `cargo verify` builds them.
pub fn pseudo_pages() -> PathBuf {
    let chosen = env::var_os("RABASKA_PSEUDO_PAGES").map(PathBuf::from);
    let pages = chosen.unwrap_or_else(|| profile_dir().join("../pseudo/dist"));
    assert!(pages.join("index.html").is_file(), "no pages in {}: run `cargo verify pseudo`", pages.display());
    pages
}

/// The folder of pinned tools that lie outside the target folder.
pub(crate) fn tools_cache() -> PathBuf {
    if let Some(path) = env::var_os("RABASKA_TOOLS") {
        return PathBuf::from(path);
    }
    let cache = match (env::var_os("XDG_CACHE_HOME"), env::var_os("HOME")) {
        (Some(cache), _) if !cache.is_empty() => PathBuf::from(cache),
        (_, Some(home)) => PathBuf::from(home).join(".cache"),
        _ => panic!("neither RABASKA_TOOLS, XDG_CACHE_HOME nor HOME is set"),
    };
    cache.join("rabaska-tools")
}

/// A path for a failing test's screenshot, named after what it waited for.
pub(crate) fn failure_file(what: &str) -> PathBuf {
    let dir = match env::var_os("RABASKA_FAILURES") {
        Some(dir) => PathBuf::from(dir),
        None => profile_dir().join("../failures"),
    };
    std::fs::create_dir_all(&dir).expect("the folder for failures can be made");
    let name: String = what.chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).take(80).collect();
    let thread = std::thread::current();
    let test = thread.name().unwrap_or("test").replace("::", ".");
    dir.join(format!("{test}.{name}.png"))
}

/// A loopback port that nobody else is given while this lives, whether or not somebody listens.
///
/// A socket that is bound but never listens keeps the port out of the kernel's ephemeral choice,
/// refuses connections as a dead server does, and (both sides set `SO_REUSEADDR`) does not stand in
/// the way of the listener that is to use it.
#[derive(Debug)]
pub(crate) struct ReservedPort {
    _socket: Socket,
    pub(crate) address: SocketAddr,
}

impl ReservedPort {
    pub(crate) fn new() -> Self {
        let socket = Socket::new(Domain::IPV4, Type::STREAM, None).expect("a socket");
        socket.set_reuse_address(true).expect("SO_REUSEADDR");
        let any = SocketAddr::V4(SocketAddrV4::new(Ipv4Addr::LOCALHOST, 0));
        socket.bind(&any.into()).expect("a free port");
        let address = socket.local_addr().ok().and_then(|a| a.as_socket());
        Self { _socket: socket, address: address.expect("a bound socket has an address") }
    }

    pub(crate) fn number(&self) -> u16 {
        self.address.port()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::{TcpListener, TcpStream};

    #[test]
    fn a_reserved_port_refuses_until_somebody_listens_and_can_be_used_again() {
        let port = ReservedPort::new();
        for _ in 0..3 {
            let refused = TcpStream::connect(port.address).unwrap_err();
            assert_eq!(refused.kind(), std::io::ErrorKind::ConnectionRefused);
            let listener = TcpListener::bind(port.address).unwrap();
            let client = TcpStream::connect(port.address).unwrap();
            drop((listener.accept().unwrap(), client));
        }
    }
}
