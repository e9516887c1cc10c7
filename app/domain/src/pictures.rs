//! What a picture may be: the limits that device and server share, and which parts of a JPEG
//! (ITU T.81) are needed to show it. Everything else in one is hidden information.

/// The most bytes of a picture.
pub const SIZE_MAX: u64 = 8 << 20;
/// The most pixels of a side.
pub const SIDE_MAX: u32 = 4_096;
/// The most bytes of a small picture: devices keep them.
pub const THUMB_MAX: u64 = 20 << 10;

/// Whether a JPEG segment is needed to show the picture: tables, frames and scans, and of the
/// application's segments a JFIF header without a thumbnail, a colour profile and Adobe's
/// colour transform.
pub fn shows(marker: u8, data: &[u8]) -> bool {
    match marker {
        // Frames, Huffman and arithmetic tables; not the reserved extension.
        0xC0..=0xCF => marker != 0xC8,
        // Scan, quantisation tables, restart interval.
        0xDA | 0xDB | 0xDD => true,
        0xE0 => data.len() == 14 && data.starts_with(b"JFIF\0"),
        0xE2 => data.starts_with(b"ICC_PROFILE\0"),
        0xEE => data.len() == 12 && data.starts_with(b"Adobe"),
        _ => false,
    }
}

/// A JPEG without the segments that do not [show](shows) it: some browsers write EXIF and
/// Photoshop's into what they draw themselves. None when it is cut short or no JPEG.
pub fn bare(jpeg: &[u8]) -> Option<Vec<u8>> {
    let mut kept = jpeg.get(..2).filter(|start| *start == [0xFF, 0xD8])?.to_vec();
    let mut at = 2;
    loop {
        let [0xFF, marker, high, low] = *jpeg.get(at..at + 4)? else { return None };
        if marker == 0xFF {
            at += 1;
            continue;
        }
        let end = at + 2 + usize::from(u16::from_be_bytes([high, low]));
        if shows(marker, jpeg.get(at + 4..end)?) {
            kept.extend_from_slice(jpeg.get(at..end)?);
        }
        at = end;
        if marker == 0xDA {
            // From the first scan on it is the picture itself.
            kept.extend_from_slice(jpeg.get(at..)?);
            return Some(kept);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CANVAS: &[u8] = include_bytes!("../../../server/store/tests/canvas/canvas.jpeg");

    #[test]
    fn what_a_browser_wrote_beside_the_picture_is_taken_out_and_nothing_else() {
        assert_eq!(bare(CANVAS).unwrap(), CANVAS);
        // As WebKit writes them after the header: EXIF with the sizes, Photoshop's digest.
        let exif = [&b"\xFF\xE1\x00\x0AExif\0\0MM"[..], b"\xFF\xED\x00\x10Photoshop 3.0\0"].concat();
        let comment = b"\xFF\xFE\x00\x05abc";
        let (head, rest) = CANVAS.split_at(20);
        assert_eq!(bare(&[head, &exif, comment, rest].concat()).unwrap(), CANVAS);
    }

    #[test]
    fn a_header_may_not_carry_another_picture() {
        assert!(shows(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0"));
        assert!(!shows(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\x01\x01rgb"));
        assert!(!shows(0xE0, b"JFXX\0\x10"));
        assert!(!shows(0xE2, b"MPF\0II"));
    }

    #[test]
    fn what_is_cut_short_is_nothing() {
        let scan = CANVAS.windows(2).position(|pair| pair == [0xFF, 0xDA]).unwrap();
        for end in 0..scan + 4 {
            assert!(bare(&CANVAS[..end]).is_none(), "{end}");
        }
        assert!(bare(b"\x89PNG\r\n\x1A\n").is_none());
    }
}
