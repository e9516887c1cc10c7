//! Which encodings a client takes, by its own weights (RFC 9110 §12.5.3), and packing.

use std::io::Write;

use axum::http::{HeaderMap, header};
use flate2::{Compression, write::GzEncoder};

/// Below this the frame costs what the packing saves.
const WORTH_PACKING: usize = 1_024;

/// The weight, 0 to 1,000, that the client gives an encoding; 0 means no.
fn weight(headers: &HeaderMap, encoding: &str) -> u16 {
    let mut any = 0;
    let lines = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    for item in lines.flat_map(|line| line.split(',')) {
        let mut parts = item.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default();
        let quality = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
        let weight = quality.map_or(1.0, |q| q.parse::<f32>().unwrap_or(0.0)).clamp(0.0, 1.0);
        let weight = (weight * 1_000.0) as u16;
        if name.eq_ignore_ascii_case(encoding) {
            return weight;
        }
        if name == "*" {
            any = weight;
        }
    }
    any
}

/// Whether the client takes it.
pub fn accepts(headers: &HeaderMap, encoding: &str) -> bool {
    weight(headers, encoding) > 0
}

/// The best of those offered, in our order among equals.
pub fn best<'a>(headers: &HeaderMap, offered: &[&'a str]) -> Option<&'a str> {
    let mut best = None;
    for encoding in offered {
        let weight = weight(headers, encoding);
        if weight > best.map_or(0, |(_, heavier)| heavier) {
            best = Some((*encoding, weight));
        }
    }
    best.map(|(encoding, _)| encoding)
}

/// Packed, when that is worth its while.
pub fn gzip(bytes: &[u8]) -> Option<Vec<u8>> {
    if bytes.len() < WORTH_PACKING {
        return None;
    }
    let mut encoder = GzEncoder::new(Vec::with_capacity(bytes.len() / 3), Compression::fast());
    encoder.write_all(bytes).and_then(|()| encoder.finish()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_decide_and_zero_means_no() {
        let best = |accepted: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_ENCODING, accepted.parse().unwrap());
            best(&headers, &["br", "gzip"])
        };
        assert_eq!(best("gzip, deflate, br, zstd"), Some("br"));
        assert_eq!(best("gzip;q=1.0, br;q=0.5"), Some("gzip"));
        assert_eq!(best("br;q=0, gzip"), Some("gzip"));
        assert_eq!(best("*;q=0.1"), Some("br"));
        assert_eq!(best("identity"), None);
        assert_eq!(super::best(&HeaderMap::new(), &["br"]), None);
    }
}
