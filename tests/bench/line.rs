//! Prepared requests over one kept connection: a write, and reads until the answer is whole.
//! What sealing, encoding and decoding cost is a device's, and stays outside the clock.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Instant;

/// A request's bytes, head and body.
pub fn request(port: u16, path: &str, cookie: &str, body: &str) -> Vec<u8> {
    format!(
        "POST {path} HTTP/1.1\r\nhost: localhost:{port}\r\norigin: http://localhost:{port}\r\n\
         content-type: application/json\r\ncookie: {cookie}\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// One connection, on a thread of its own.
pub struct Line(TcpStream);

impl Line {
    pub fn connect(port: u16) -> Self {
        let stream = TcpStream::connect(("127.0.0.1", port)).expect("the server listens");
        stream.set_nodelay(true).expect("no delay");
        Self(stream)
    }

    /// Sends each when the one before is answered: the bodies of the answers, how long each
    /// took in milliseconds, and when the last had come.
    pub fn send_all(mut self, requests: &[Vec<u8>]) -> (Vec<Vec<u8>>, Vec<f64>, Instant) {
        let (mut answers, mut times) = (Vec::new(), Vec::new());
        for request in requests {
            let sent = Instant::now();
            self.0.write_all(request).expect("the request is sent");
            answers.push(self.answer());
            times.push(sent.elapsed().as_secs_f64() * 1_000.0);
        }
        (answers, times, Instant::now())
    }

    fn answer(&mut self) -> Vec<u8> {
        let mut bytes = vec![0; 64 * 1024];
        let (mut filled, mut whole) = (0, None);
        loop {
            let read = self.0.read(&mut bytes[filled..]).expect("an answer");
            assert_ne!(read, 0, "the server closed the connection");
            filled += read;
            whole = whole.or_else(|| head(&bytes[..filled]));
            match whole {
                Some((body, length)) if filled == body + length => {
                    return bytes[body..filled].to_vec();
                }
                _ if filled == bytes.len() => bytes.resize(filled * 2, 0),
                _ => {}
            }
        }
    }
}

/// Where the body begins and how long it is, once the head is there.
fn head(bytes: &[u8]) -> Option<(usize, usize)> {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&bytes[..end]).expect("a head");
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    let length = head.split("content-length: ").nth(1).and_then(|rest| rest.split("\r\n").next());
    Some((end + 4, length.and_then(|length| length.parse().ok()).expect("a length")))
}
