//! An address as a QR code (ISO/IEC 18004), to be drawn on paper.

use qrcode::{Color, EcLevel, QrCode};

/// Light modules around it on every side, as the standard asks for.
const QUIET: usize = 4;

/// A QR code to be drawn: its dark modules as squares of one unit.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Drawn {
    /// The commands of an SVG path.
    pub path: String,
    /// Width and height in units, the quiet zone included.
    pub side: usize,
}

/// The code of an address; none when it is longer than a code holds (over 2,000 bytes).
pub fn draw(address: &str) -> Option<Drawn> {
    // Medium: paper on a church door gets wet and creased.
    let code = QrCode::with_error_correction_level(address, EcLevel::M).ok()?;
    let width = code.width();
    let mut path = String::new();
    for (at, color) in code.to_colors().into_iter().enumerate() {
        if color == Color::Dark {
            let (x, y) = (at % width + QUIET, at / width + QUIET);
            path.push_str(&format!("M{x} {y}h1v1h-1z"));
        }
    }
    Some(Drawn { path, side: width + 2 * QUIET })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads it with a reader by others, as a camera would see it printed.
    fn read(drawn: &Drawn) -> String {
        const SCALE: usize = 6;
        let dark: Vec<(usize, usize)> = drawn
            .path
            .split('M')
            .filter_map(|square| {
                let (x, rest) = square.split_once(' ')?;
                Some((x.parse().ok()?, rest.split_once('h')?.0.parse().ok()?))
            })
            .collect();
        let is_dark = |x: usize, y: usize| dark.contains(&(x / SCALE, y / SCALE));
        let side = drawn.side * SCALE;
        let shade = |x: usize, y: usize| if is_dark(x, y) { 0 } else { 255 };
        let mut image = rqrr::PreparedImage::prepare_from_greyscale(side, side, shade);
        image.detect_grids()[0].decode().unwrap().1
    }

    #[test]
    fn what_is_drawn_is_read_back_by_another_reader() {
        for address in [
            "https://rabaska.example/c/laforce",
            "https://rabaska.example/c/laforce/bd7ab5d9dbe00286c4ef16eee931e757",
        ] {
            assert_eq!(read(&draw(address).unwrap()), address);
        }
        assert_eq!(draw(&"a".repeat(3_000)), None);
    }
}
