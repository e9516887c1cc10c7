//! Where a file goes: in pieces, packed when that is wanted, and only as fast as they are taken.

use std::io::Write;

use bytes::Bytes;
use domain::ports::PortError;
use flate2::{Compression, write::GzEncoder};
use tokio::sync::mpsc;

use super::Broken;

/// A piece of a file, or why there are no more. An empty one is the end: without it, a file was
/// broken off.
pub type Chunk = Result<Bytes, PortError>;

/// About how large a piece is.
const PIECE: usize = 64 << 10;

enum Packing {
    Plain(Vec<u8>),
    Gzip(GzEncoder<Vec<u8>>),
}

/// The way out.
pub struct Out {
    to: mpsc::Sender<Chunk>,
    packing: Packing,
    /// Bytes since the last piece left.
    since: usize,
}

impl Out {
    /// Pieces go to `to`; with gzip when `gzip`.
    pub fn new(to: mpsc::Sender<Chunk>, gzip: bool) -> Self {
        let packing = match gzip {
            true => Packing::Gzip(GzEncoder::new(Vec::new(), Compression::fast())),
            false => Packing::Plain(Vec::new()),
        };
        Self { to, packing, since: 0 }
    }

    /// Adds bytes.
    pub async fn put(&mut self, bytes: &[u8]) -> Result<(), Broken> {
        for piece in bytes.chunks(PIECE) {
            match &mut self.packing {
                Packing::Plain(kept) => kept.extend_from_slice(piece),
                // Into memory: it does not fail.
                Packing::Gzip(encoder) => drop(encoder.write_all(piece)),
            }
            self.since += piece.len();
            if self.since >= PIECE {
                self.since = 0;
                self.send().await?;
            }
        }
        Ok(())
    }

    async fn send(&mut self) -> Result<(), Broken> {
        let ready = match &mut self.packing {
            Packing::Plain(kept) => std::mem::take(kept),
            Packing::Gzip(encoder) => std::mem::take(encoder.get_mut()),
        };
        if ready.is_empty() {
            return Ok(());
        }
        self.to.send(Ok(Bytes::from(ready))).await.map_err(|_| Broken::Gone)
    }

    /// The end: what is left goes out.
    pub async fn finish(&mut self) -> Result<(), Broken> {
        if let Packing::Gzip(encoder) = &mut self.packing {
            drop(encoder.try_finish());
        }
        self.send().await?;
        self.to.send(Ok(Bytes::new())).await.map_err(|_| Broken::Gone)
    }

    /// Says that it ends before its end, so that nobody takes a part for the whole.
    pub async fn fail(&self, error: PortError) {
        drop(self.to.send(Err(error)).await);
    }
}
