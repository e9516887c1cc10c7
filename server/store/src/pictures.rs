//! Looking at a picture's bytes without decoding it: which format, how large, and whether it
//! carries anything but the picture. Formats: JPEG (ITU T.81), PNG (ISO 15948), WebP (RFC 9649).
//! Each is read by a list of the parts that showing it needs; any other part is refused, known
//! or not, since it can hold a place, a name or another picture.

use domain::pictures::{SIDE_MAX, shows};
use domain::ports::BlobError;

type Found = Result<&'static str, BlobError>;
type Size = (u32, u32);

const PNG: &[u8] = b"\x89PNG\r\n\x1A\n";

/// The parts of a still PNG, apart from its header, its data and its end.
const PNG_PARTS: [&[u8]; 9] =
    [b"PLTE", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"bKGD", b"pHYs"];

/// The media type that a file begins as.
pub(crate) fn media_type(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0xFF, 0xD8, ..] => Some("image/jpeg"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some("image/webp"),
        _ => bytes.starts_with(PNG).then_some("image/png"),
    }
}

/// The media type of a picture that may be taken.
pub(crate) fn inspect(bytes: &[u8]) -> Found {
    let media_type = media_type(bytes).ok_or(BlobError::NotAPicture)?;
    let size = match media_type {
        "image/jpeg" => jpeg(bytes),
        "image/png" => png(bytes),
        _ => webp(bytes),
    };
    let (width, height) = size.unwrap_or(Err(BlobError::NotAPicture))?;
    let fits = |side: u32| (1..=SIDE_MAX).contains(&side);
    if fits(width) && fits(height) { Ok(media_type) } else { Err(BlobError::NotAPicture) }
}

fn u16_be(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from(u16::from_be_bytes(bytes.get(at..at + 2)?.try_into().ok()?)))
}

fn u32_be(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

fn u32_le(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

/// Walks all segments to the end of the image, where the file must end.
fn jpeg(bytes: &[u8]) -> Option<Result<Size, BlobError>> {
    let mut at = 2;
    let mut size = None;
    loop {
        if *bytes.get(at)? != 0xFF {
            return None;
        }
        let marker = *bytes.get(at + 1)?;
        match marker {
            0xFF => {
                at += 1;
                continue;
            }
            0xD9 => {
                let size = size?;
                return Some(if at + 2 == bytes.len() { Ok(size) } else { Err(BlobError::Metadata) });
            }
            _ => {}
        }
        let length = u16_be(bytes, at + 2)? as usize;
        let data = bytes.get(at + 4..at + 2 + length)?;
        if !shows(marker, data) {
            return Some(Err(BlobError::Metadata));
        }
        if matches!(marker, 0xC0..=0xCF) && !matches!(marker, 0xC4 | 0xCC) {
            // One frame: of two, nobody knows which one is drawn.
            if size.is_some() {
                return None;
            }
            size = Some((u16_be(data, 3)?, u16_be(data, 1)?));
        }
        at += 2 + length;
        if marker == 0xDA {
            // Entropy-coded data: up to the next marker that is neither a stuffed
            // byte nor a restart.
            while !matches!(bytes.get(at..at + 2)?, [0xFF, next] if *next != 0 && !(0xD0..=0xD7).contains(next))
            {
                at += 1;
            }
        }
    }
}

/// Walks all chunks: the header first, then only parts of a still picture, and its end last.
fn png(bytes: &[u8]) -> Option<Result<Size, BlobError>> {
    let mut at = PNG.len();
    let mut size = None;
    loop {
        let length = u32_be(bytes, at)? as usize;
        let kind = bytes.get(at + 4..at + 8)?;
        let data = bytes.get(at + 8..at.checked_add(8)?.checked_add(length)?)?;
        at = at.checked_add(12)?.checked_add(length)?;
        match (kind, size) {
            (b"IHDR", None) => size = Some((u32_be(data, 0)?, u32_be(data, 4)?)),
            (b"IHDR", Some(_)) | (_, None) => return None,
            (b"IEND", Some(size)) => {
                let exact = length == 0 && at == bytes.len();
                // What is cut within the last checksum is no whole picture.
                return if at > bytes.len() {
                    None
                } else {
                    Some(if exact { Ok(size) } else { Err(BlobError::Metadata) })
                };
            }
            (b"IDAT", _) => {}
            _ if PNG_PARTS.contains(&kind) => {}
            _ => return Some(Err(BlobError::Metadata)),
        }
    }
}

/// Walks all chunks of a still picture, each at most once and in this order: the extended
/// header, the colour profile, the transparency, the picture. The container's length is the file's.
fn webp(bytes: &[u8]) -> Option<Result<Size, BlobError>> {
    let told = (u32_le(bytes, 4)? as usize).checked_add(8)?;
    if told < bytes.len() {
        return Some(Err(BlobError::Metadata));
    }
    let mut at = 12;
    let mut canvas = None;
    let mut before = 0;
    loop {
        let kind = bytes.get(at..at + 4)?;
        let length = u32_le(bytes, at + 4)? as usize;
        let data = bytes.get(at + 8..at.checked_add(8)?.checked_add(length)?)?;
        at = at.checked_add(8)?.checked_add(length)?.checked_add(length & 1)?;
        let place = match kind {
            b"VP8X" => 1,
            b"ICCP" => 2,
            b"ALPH" => 3,
            b"VP8 " | b"VP8L" => 4,
            _ => return Some(Err(BlobError::Metadata)),
        };
        if place <= before || (before == 0 && matches!(place, 2 | 3)) {
            return None;
        }
        before = place;
        let size = match kind {
            b"VP8X" if length == 10 => {
                let side = |at: usize| Some((u32_le(data, at)? & 0xFF_FFFF) + 1);
                canvas = Some((side(4)?, (u32_le(data, 6)? >> 8) + 1));
                continue;
            }
            b"VP8X" => return None,
            b"VP8L" => {
                let bits = u32_le(data, 1).filter(|_| data.first() == Some(&0x2F))?;
                ((bits & 0x3FFF) + 1, ((bits >> 14) & 0x3FFF) + 1)
            }
            b"VP8 " => {
                let sides = u32_le(data, 6).filter(|_| data.get(3..6) == Some(b"\x9D\x01\x2A"))?;
                (sides & 0x3FFF, (sides >> 16) & 0x3FFF)
            }
            _ => continue,
        };
        if at != bytes.len() {
            return if at < bytes.len() { Some(Err(BlobError::Metadata)) } else { None };
        }
        let agree = told == at && canvas.is_none_or(|canvas| canvas == size);
        return agree.then_some(Ok(size));
    }
}

#[cfg(test)]
#[path = "pictures_tests.rs"]
mod tests;
