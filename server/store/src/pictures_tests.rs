//! Files of each format, with nothing in them but a picture and with everything else.

use super::*;

fn is_metadata(bytes: &[u8]) -> bool {
    matches!(inspect(bytes), Err(BlobError::Metadata))
}

fn is_no_picture(bytes: &[u8]) -> bool {
    matches!(inspect(bytes), Err(BlobError::NotAPicture))
}

/// A file of its format, of this size, with these parts before the picture's own data and this
/// after its end.
type Make = fn(Size, &[(&[u8], &[u8])], &[u8]) -> Vec<u8>;

fn segment(marker: &[u8], data: &[u8]) -> Vec<u8> {
    [&[0xFF][..], marker, &(data.len() as u16 + 2).to_be_bytes(), data].concat()
}

fn make_jpeg((width, height): Size, parts: &[(&[u8], &[u8])], tail: &[u8]) -> Vec<u8> {
    let parts: Vec<u8> = parts.iter().flat_map(|(marker, data)| segment(marker, data)).collect();
    let sides = [height as u16, width as u16].map(u16::to_be_bytes).concat();
    let frame = segment(&[0xC0], &[&[8][..], &sides, &[1, 1, 0x11, 0]].concat());
    let scan = [&segment(&[0xDA], &[1, 1, 0, 0, 63, 0])[..], &[0x12, 0xFF, 0x00, 0x34, 0xFF, 0xD9]].concat();
    [&[0xFF, 0xD8][..], &parts, &frame, &scan, tail].concat()
}

fn make_png((width, height): Size, parts: &[(&[u8], &[u8])], tail: &[u8]) -> Vec<u8> {
    let chunk =
        |kind: &[u8], data: &[u8]| [&(data.len() as u32).to_be_bytes()[..], kind, data, &[0; 4]].concat();
    let sides = [width, height].map(u32::to_be_bytes).concat();
    let head = chunk(b"IHDR", &[&sides[..], &[8, 2, 0, 0, 0]].concat());
    let parts: Vec<u8> = parts.iter().flat_map(|(kind, data)| chunk(kind, data)).collect();
    [PNG, &head, &parts, &chunk(b"IDAT", &[1, 2]), &chunk(b"IEND", &[]), tail].concat()
}

fn riff(chunks: &[u8]) -> Vec<u8> {
    [b"RIFF", &(chunks.len() as u32 + 4).to_le_bytes()[..], b"WEBP", chunks].concat()
}

fn webp_chunk(kind: &[u8], data: &[u8]) -> Vec<u8> {
    [kind, &(data.len() as u32).to_le_bytes()[..], data, &vec![0; data.len() & 1]].concat()
}

fn vp8x((width, height): Size) -> Vec<u8> {
    let side = |side: u32| (side - 1).to_le_bytes()[..3].to_vec();
    webp_chunk(b"VP8X", &[vec![0; 4], side(width), side(height)].concat())
}

fn vp8((width, height): Size) -> Vec<u8> {
    let sides = [width as u16, height as u16].map(u16::to_le_bytes).concat();
    webp_chunk(b"VP8 ", &[&[0, 0, 0, 0x9D, 0x01, 0x2A][..], &sides, &[7]].concat())
}

fn vp8l((width, height): Size) -> Vec<u8> {
    let bits = (width - 1) | ((height - 1) << 14);
    webp_chunk(b"VP8L", &[&[0x2F][..], &bits.to_le_bytes(), &[7]].concat())
}

fn make_webp(size: Size, parts: &[(&[u8], &[u8])], tail: &[u8]) -> Vec<u8> {
    let parts: Vec<u8> = parts.iter().flat_map(|(kind, data)| webp_chunk(kind, data)).collect();
    [riff(&[vp8x(size), parts, vp8(size)].concat()), tail.to_vec()].concat()
}

const FORMATS: [(&str, Make); 3] =
    [("image/jpeg", make_jpeg), ("image/png", make_png), ("image/webp", make_webp)];

#[test]
fn what_a_browsers_canvas_makes_is_taken() {
    let canvas: [(&str, &[u8]); 3] = [
        ("image/jpeg", include_bytes!("../tests/canvas/canvas.jpeg")),
        ("image/png", include_bytes!("../tests/canvas/canvas.png")),
        ("image/webp", include_bytes!("../tests/canvas/canvas.webp")),
    ];
    for (media_type, bytes) in canvas {
        assert_eq!(inspect(bytes).unwrap(), media_type);
        assert!(is_metadata(&[bytes, b"x"].concat()), "{media_type}");
        for end in 0..bytes.len() {
            assert!(is_no_picture(&bytes[..end]), "{media_type} cut at {end}");
        }
    }
}

#[test]
fn a_plain_picture_is_taken_and_bytes_after_its_end_are_not() {
    for (media_type, make) in FORMATS {
        assert_eq!(inspect(&make((30, 20), &[], &[])).unwrap(), media_type);
        assert!(is_metadata(&make((30, 20), &[], b"video")), "{media_type}");
    }
}

#[test]
fn a_side_has_4096_pixels_at_most_in_each_format() {
    for (media_type, make) in FORMATS {
        assert_eq!(inspect(&make((4_096, 4_096), &[], &[])).unwrap(), media_type);
        for size in [(4_097, 1), (1, 4_097)] {
            assert!(is_no_picture(&make(size, &[], &[])), "{media_type} {size:?}");
        }
    }
    for simple in [vp8, vp8l] {
        assert_eq!(inspect(&riff(&simple((4_096, 4_096)))).unwrap(), "image/webp");
        assert!(is_no_picture(&riff(&simple((4_097, 1)))));
        assert!(is_no_picture(&riff(&simple((1, 4_097)))));
    }
    // The canvas says little, and the picture in it is large.
    assert!(is_no_picture(&riff(&[vp8x((30, 20)), vp8((4_097, 20))].concat())));
    assert!(is_no_picture(&make_jpeg((0, 20), &[], &[])));
}

#[test]
fn a_jpeg_holds_what_shows_it_and_no_other_segment() {
    let jfif: &[u8] = b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0";
    let (icc, adobe): (&[u8], &[u8]) = (b"ICC_PROFILE\0\x01\x01profile", b"Adobe\0\x64\0\0\0\0\x01");
    let table = [0; 65];
    let plain: [(&[u8], &[u8]); 6] = [
        (&[0xE0], jfif),
        (&[0xE2], icc),
        (&[0xEE], adobe),
        (&[0xDB], &table),
        (&[0xC4], &table),
        (&[0xDD], &[0, 4]),
    ];
    assert_eq!(inspect(&make_jpeg((30, 20), &plain, &[])).unwrap(), "image/jpeg");
    let xmp: &[u8] = b"http://ns.adobe.com/xap/1.0/\0<x/>";
    let hidden: [(u8, &[u8]); 10] = [
        (0xE1, b"Exif\0\0MM"),
        (0xE1, xmp),
        (0xE2, b"MPF\0"),
        (0xEB, b"JP\0\x01jumb"),
        (0xED, b"Photoshop 3.0\0"),
        (0xE0, b"JFXX\0\x13"),
        (0xEE, b"Adobe, and then some"),
        (0xFE, b"a comment"),
        (0xF0, b""),
        (0xDC, &[0, 20]),
    ];
    for (marker, data) in hidden {
        assert!(is_metadata(&make_jpeg((30, 20), &[(&[marker], data)], &[])), "{marker:x}");
    }
    for marker in (0xE1..=0xEF).filter(|marker| !matches!(marker, 0xE2 | 0xEE)) {
        assert!(is_metadata(&make_jpeg((30, 20), &[(&[marker], b"anything")], &[])), "{marker:x}");
    }
    let frame = [8, 0, 1, 0, 1, 1, 1, 0x11, 0];
    assert!(is_no_picture(&make_jpeg((30, 20), &[(&[0xC0], &frame)], &[])));
}

#[test]
fn a_png_holds_what_shows_it_and_no_other_chunk() {
    for kind in PNG_PARTS {
        assert_eq!(inspect(&make_png((30, 20), &[(kind, b"abc")], &[])).unwrap(), "image/png");
    }
    let hidden: [&[u8]; 12] = [
        b"eXIf", b"tEXt", b"iTXt", b"zTXt", b"tIME", b"caBX", b"iDOT", b"acTL", b"fcTL", b"fdAT", b"sPLT",
        b"prVt",
    ];
    for kind in hidden {
        assert!(is_metadata(&make_png((30, 20), &[(kind, b"abc")], &[])), "{kind:?}");
    }
    assert!(is_no_picture(&make_png((30, 20), &[(b"IHDR", &[0; 13])], &[])));
}

#[test]
fn a_webp_holds_what_shows_it_and_no_other_chunk() {
    let (size, part) = ((30, 20), |kind: &[u8]| webp_chunk(kind, b"abc"));
    assert_eq!(inspect(&riff(&vp8(size))).unwrap(), "image/webp");
    assert_eq!(inspect(&riff(&vp8l(size))).unwrap(), "image/webp");
    let whole = [vp8x(size), part(b"ICCP"), part(b"ALPH"), vp8(size)].concat();
    assert_eq!(inspect(&riff(&whole)).unwrap(), "image/webp");
    for kind in [b"EXIF", b"XMP ", b"C2PA", b"ANIM", b"ANMF", b"note"] {
        assert!(is_metadata(&riff(&[vp8x(size), part(kind), vp8(size)].concat())), "{kind:?} before");
        assert!(is_metadata(&riff(&[vp8x(size), vp8(size), part(kind)].concat())), "{kind:?} after");
    }
    // A second picture, a second profile, and a container that is longer or shorter than told.
    assert!(is_metadata(&riff(&[vp8(size), vp8(size)].concat())));
    assert!(is_no_picture(&riff(&[vp8x(size), part(b"ICCP"), part(b"ICCP"), vp8(size)].concat())));
    let mut told = riff(&vp8(size));
    told[4] += 2;
    assert!(is_no_picture(&told));
    told[4] -= 4;
    assert!(is_metadata(&told));
}

#[test]
fn nothing_else_is_a_picture() {
    for other in [&b"GIF89a"[..], b"<svg/>", b"%PDF-1.7", b"RIFF\x04\0\0\0WEBP", b"RIFF\0\0\0\0WAVE"] {
        assert!(is_no_picture(other), "{other:?}");
    }
}
