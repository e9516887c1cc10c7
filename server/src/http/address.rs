//! The last of the limits, after those by code and session: how many wrong codes may come
//! from one address. Wide enough for a village hall behind one router. Each try is counted
//! when it comes and taken back when it was not refused, so that no more can be under way at
//! once than may be wrong.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use app::api::{ApiError, ErrorCode};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{Extensions, HeaderMap, StatusCode};
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
pub fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(six) => Ipv6Addr::from_bits(six.to_bits() >> 64 << 64).into(),
        four @ IpAddr::V4(_) => four,
    }
}

/// The network that a request comes from.
pub fn origin(headers: &HeaderMap, extensions: &Extensions, trusted_hops: usize) -> IpAddr {
    let peer = extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip());
    let peer = peer.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
    network(client(headers, peer, trusted_hops))
}

/// Refusals by network, with what is under way.
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

    /// Counts a try, or tells how long this network must still wait.
    fn take(&self, from: IpAddr, now: Instant) -> Result<(), Duration> {
        let mut refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        if refused.len() >= REMEMBERED && !refused.contains_key(&from) {
            refused.retain(|_, (_, since)| now.duration_since(*since) < WINDOW);
            let oldest = refused.iter().min_by_key(|(_, (_, since))| *since).map(|(network, _)| *network);
            if let Some(oldest) = oldest.filter(|_| refused.len() >= REMEMBERED) {
                refused.remove(&oldest);
            }
        }
        let (count, since) = refused.entry(from).or_insert((0, now));
        let passed = now.duration_since(*since);
        if passed >= WINDOW {
            (*count, *since) = (0, now);
        } else if *count >= REFUSED_MAX {
            return Err(WINDOW - passed);
        }
        *count += 1;
        Ok(())
    }

    /// Takes a try back that was not refused.
    fn give_back(&self, from: IpAddr) {
        let mut refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((count, _)) = refused.get_mut(&from) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                refused.remove(&from);
            }
        }
    }
}

/// The layer of the route that opens sessions.
pub async fn check(State(limit): State<Limit>, request: Request, next: Next) -> Response {
    let from = origin(request.headers(), request.extensions(), limit.trusted_hops);
    if let Err(wait) = limit.take(from, Instant::now()) {
        let retry_after = u32::try_from(wait.as_secs() + 1).ok();
        return Problem(ApiError { code: ErrorCode::Slowed, retry_after }).into_response();
    }
    let response = next.run(request).await;
    // What was cut off before its answer stays counted: the secret was looked at for it too.
    if response.status() != StatusCode::FORBIDDEN {
        limit.give_back(from);
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
            assert_eq!(limit.take(hall, began), Ok(()));
        }
        assert_eq!(limit.take(hall, began), Err(WINDOW));
        assert_eq!(limit.take(network("192.0.2.1".parse().unwrap()), began), Ok(()));
        limit.give_back(hall);
        assert_eq!(limit.take(hall, began), Ok(()), "one of them was right");
        assert_eq!(limit.take(hall, began), Err(WINDOW));
        assert_eq!(limit.take(hall, began + WINDOW), Ok(()));
        assert_eq!(limit.take(hall, began + WINDOW), Ok(()), "and the count begins anew");
    }
}
