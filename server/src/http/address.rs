//! The last of the limits, after those by code and session: how many wrong codes may come
//! from one address. Wide enough for a village hall behind one router, and it counts only
//! what was refused.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use app::api::{ApiError, ErrorCode};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::status::Problem;

/// Sixty people who mistype five times each are still let in.
const REFUSED_MAX: u32 = 300;
const WINDOW: Duration = Duration::from_secs(600);
/// The most addresses remembered; the oldest are forgotten first.
const REMEMBERED: usize = 10_000;

/// The address a request comes from. Only the entries that our own proxies appended are
/// believed: with one trusted hop the last, with two the one before it.
fn client(headers: &HeaderMap, peer: IpAddr, trusted_hops: usize) -> IpAddr {
    if trusted_hops == 0 {
        return peer;
    }
    let lines = headers.get_all("x-forwarded-for").iter().filter_map(|line| line.to_str().ok());
    let entries: Vec<_> = lines.flat_map(|line| line.split(',')).map(str::trim).collect();
    let place = entries.len().checked_sub(trusted_hops);
    place.and_then(|place| entries[place].parse().ok()).unwrap_or(peer)
}

/// One household or hall: an IPv4 address, or the 64 bits of an IPv6 network.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(six) => Ipv6Addr::from_bits(six.to_bits() >> 64 << 64).into(),
        four @ IpAddr::V4(_) => four,
    }
}

/// Refusals by network.
#[derive(Clone)]
pub struct Limit {
    trusted_hops: usize,
    refused: Arc<Mutex<HashMap<IpAddr, (u32, Instant)>>>,
}

impl Limit {
    /// `trusted_hops`: how many proxies of ours stand in front.
    pub fn new(trusted_hops: usize) -> Self {
        Self { trusted_hops, refused: Arc::default() }
    }

    /// How long this network must still wait.
    fn wait(&self, from: IpAddr, now: Instant) -> Option<Duration> {
        let refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        let (count, since) = *refused.get(&from)?;
        let passed = now.duration_since(since);
        (count >= REFUSED_MAX && passed < WINDOW).then(|| WINDOW - passed)
    }

    fn count(&self, from: IpAddr, now: Instant) {
        let mut refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        if refused.len() >= REMEMBERED && !refused.contains_key(&from) {
            refused.retain(|_, (_, since)| now.duration_since(*since) < WINDOW);
            let oldest = refused.iter().min_by_key(|(_, (_, since))| *since).map(|(network, _)| *network);
            if let Some(oldest) = oldest.filter(|_| refused.len() >= REMEMBERED) {
                refused.remove(&oldest);
            }
        }
        let entry = refused.entry(from).or_insert((0, now));
        if now.duration_since(entry.1) >= WINDOW {
            *entry = (0, now);
        }
        entry.0 += 1;
    }
}

/// The layer of the route that opens sessions.
pub async fn check(State(limit): State<Limit>, request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip());
    let peer = peer.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
    let from = network(client(request.headers(), peer, limit.trusted_hops));
    if let Some(wait) = limit.wait(from, Instant::now()) {
        let retry_after = u32::try_from(wait.as_secs() + 1).ok();
        return Problem(ApiError { code: ErrorCode::Slowed, retry_after }).into_response();
    }
    let response = next.run(request).await;
    if response.status() == StatusCode::FORBIDDEN {
        limit.count(from, Instant::now());
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_our_own_proxies_wrote_is_believed() {
        let peer = IpAddr::from([10, 0, 0, 1]);
        let from = |line: &str, hops| {
            let mut headers = HeaderMap::new();
            headers.insert("x-forwarded-for", line.parse().unwrap());
            client(&headers, peer, hops).to_string()
        };
        assert_eq!(from("1.1.1.1, 2.2.2.2", 0), "10.0.0.1");
        assert_eq!(from("1.1.1.1, 2.2.2.2", 1), "2.2.2.2");
        assert_eq!(from("1.1.1.1, 2.2.2.2", 2), "1.1.1.1");
        assert_eq!(from("1.1.1.1", 2), "10.0.0.1");
        assert_eq!(from("nonsense", 1), "10.0.0.1");
        assert_eq!(client(&HeaderMap::new(), peer, 1), peer);
    }

    #[test]
    fn a_network_waits_after_many_refusals_and_is_then_let_in() {
        let (limit, began) = (Limit::new(0), Instant::now());
        let hall = network("2001:db8::1".parse().unwrap());
        assert_eq!(hall, network("2001:db8::ffff".parse().unwrap()));
        for _ in 0..REFUSED_MAX {
            assert_eq!(limit.wait(hall, began), None);
            limit.count(hall, began);
        }
        assert_eq!(limit.wait(hall, began), Some(WINDOW));
        assert_eq!(limit.wait(network("192.0.2.1".parse().unwrap()), began), None);
        assert_eq!(limit.wait(hall, began + WINDOW), None);
        limit.count(hall, began + WINDOW);
        assert_eq!(limit.wait(hall, began + WINDOW), None);
    }
}
