//! Looking at a picture's bytes without decoding it: which format, how large, and whether it
//! carries hidden information. Formats: JPEG (ITU T.81), PNG (ISO 15948), WebP (RFC 9649).

use domain::ports::BlobError;

/// The most bytes of a picture.
pub(crate) const SIZE_MAX: u64 = 8 << 20;
/// The most pixels of a side.
const SIDE_MAX: u32 = 4_096;

type Found = Result<&'static str, BlobError>;

/// The media type of a picture that may be taken.
pub(crate) fn inspect(bytes: &[u8]) -> Found {
    let found = match bytes {
        [0xFF, 0xD8, rest @ ..] => jpeg(rest),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', rest @ ..] => png(rest),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', rest @ ..] => webp(rest),
        _ => None,
    };
    found.unwrap_or(Err(BlobError::NotAPicture))
}

fn sized(width: u32, height: u32, media_type: &'static str) -> Found {
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

/// Walks all segments to the end of the image. Application segments 1 (EXIF, XMP), 12, 13
/// (Photoshop, IPTC) and comments are hidden information, as are bytes after the end.
fn jpeg(bytes: &[u8]) -> Option<Found> {
    let mut at = 0;
    let mut size = None;
    loop {
        if *bytes.get(at)? != 0xFF {
            return None;
        }
        let marker = *bytes.get(at + 1)?;
        at += 2;
        match marker {
            0xFF => at -= 1,
            0xD9 => {
                let (width, height) = size?;
                let trailing = at < bytes.len();
                return Some(if trailing {
                    Err(BlobError::Metadata)
                } else {
                    sized(width, height, "image/jpeg")
                });
            }
            0xE1 | 0xEC | 0xED | 0xFE => return Some(Err(BlobError::Metadata)),
            0x01 | 0xD0..=0xD7 => {}
            _ => {
                let length = u16_be(bytes, at)? as usize;
                let start_of_frame = matches!(marker, 0xC0..=0xCF) && !matches!(marker, 0xC4 | 0xC8 | 0xCC);
                if start_of_frame {
                    size = Some((u16_be(bytes, at + 5)?, u16_be(bytes, at + 3)?));
                }
                if length < 2 {
                    return None;
                }
                at += length;
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
    }
}

fn png(bytes: &[u8]) -> Option<Found> {
    let mut at = 0;
    let mut size = None;
    loop {
        let length = u32_be(bytes, at)? as usize;
        let kind = bytes.get(at + 4..at + 8)?;
        match kind {
            b"IHDR" => size = Some((u32_be(bytes, at + 8)?, u32_be(bytes, at + 12)?)),
            b"eXIf" | b"iTXt" | b"tEXt" | b"zTXt" | b"tIME" => return Some(Err(BlobError::Metadata)),
            _ => {}
        }
        at = at.checked_add(length)?.checked_add(12)?;
        if kind == b"IEND" {
            let (width, height) = size?;
            let trailing = at != bytes.len();
            return Some(if trailing { Err(BlobError::Metadata) } else { sized(width, height, "image/png") });
        }
        if at >= bytes.len() {
            return None;
        }
    }
}

fn webp(bytes: &[u8]) -> Option<Found> {
    let mut at = 0;
    let mut size = None;
    while at < bytes.len() {
        let kind = bytes.get(at..at + 4)?;
        let length = u32_le(bytes, at + 4)? as usize;
        let data = bytes.get(at + 8..at.checked_add(8)?.checked_add(length)?)?;
        let found = match kind {
            b"EXIF" | b"XMP " => return Some(Err(BlobError::Metadata)),
            b"VP8X" => {
                let side = |at: usize| Some((u32_le(&[data, &[0]].concat(), at)? & 0xFF_FFFF) + 1);
                Some((side(4)?, side(7)?))
            }
            b"VP8L" => {
                let bits = u32_le(data, 1)?;
                Some(((bits & 0x3FFF) + 1, ((bits >> 14) & 0x3FFF) + 1))
            }
            b"VP8 " => Some((u32_le(data, 6)? & 0x3FFF, (u32_le(data, 6)? >> 16) & 0x3FFF)),
            _ => None,
        };
        size = size.or(found);
        at += 8 + length + (length & 1);
    }
    size.map(|(width, height)| sized(width, height, "image/webp"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn jpeg_with(segments: &[&[u8]], tail: &[u8]) -> Vec<u8> {
        let frame = [0xFF, 0xC0, 0, 11, 8, 0, 20, 0, 30, 1, 1, 0x11, 0];
        let scan = [0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0, 0x12, 0xFF, 0x00, 0x34, 0xFF, 0xD9];
        [&[0xFF, 0xD8], &segments.concat()[..], &frame, &scan, tail].concat()
    }

    #[test]
    fn a_plain_jpeg_is_taken_and_hidden_information_is_not() {
        assert_eq!(inspect(&jpeg_with(&[], &[])).unwrap(), "image/jpeg");
        let exif: &[u8] = b"\xFF\xE1\x00\x08Exif\0\0";
        let iptc: &[u8] = b"\xFF\xED\x00\x04ab";
        for segment in [exif, iptc] {
            assert!(matches!(inspect(&jpeg_with(&[segment], &[])), Err(BlobError::Metadata)));
        }
        assert!(matches!(inspect(&jpeg_with(&[], b"video")), Err(BlobError::Metadata)));
    }

    #[test]
    fn a_png_with_text_or_exif_is_not_taken() {
        let chunk =
            |kind: &[u8], data: &[u8]| [&(data.len() as u32).to_be_bytes()[..], kind, data, &[0; 4]].concat();
        let head = chunk(b"IHDR", &[0, 0, 0, 9, 0, 0, 0, 7, 8, 2, 0, 0, 0]);
        let signature = b"\x89PNG\r\n\x1A\n".to_vec();
        let picture =
            |middle: Vec<u8>| [signature.clone(), head.clone(), middle, chunk(b"IEND", &[])].concat();
        assert_eq!(inspect(&picture(chunk(b"IDAT", &[1, 2]))).unwrap(), "image/png");
        for kind in [b"eXIf", b"iTXt", b"tEXt"] {
            assert!(matches!(inspect(&picture(chunk(kind, b"x"))), Err(BlobError::Metadata)));
        }
    }

    #[test]
    fn nothing_else_is_a_picture_however_it_is_cut() {
        let whole = jpeg_with(&[], &[]);
        for end in 0..whole.len() {
            assert!(inspect(&whole[..end]).is_err());
        }
        for other in [&b"GIF89a"[..], b"<svg/>", b"%PDF-1.7", b"RIFF\0\0\0\0WEBP"] {
            assert!(matches!(inspect(other), Err(BlobError::NotAPicture)));
        }
    }
}
