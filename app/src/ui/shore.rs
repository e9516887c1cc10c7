//! The drawing at the head of a community: layered hills, a skyline of spruces, the lake and its canoe.
//!
//! Everything follows from a seed, so that each community has its own hills and always the same ones.
//! Integers only: the drawing is equal on every device, and it costs the bundle little.
//! The view gives colours through the classes of `style/components/shore.css`.

use std::fmt::Write;

/// The view box of every shore. Slice it from the bottom middle: `preserveAspectRatio="xMidYMax slice"`.
pub const VIEW_BOX: &str = "0 0 1600 240";
const WIDTH: i32 = 1600;
/// Where the forest ends and the lake begins.
const WATERLINE: i32 = 184;
/// The part that a phone shows; the canoe and the sun are in it, tall trees only near its edges.
const MIDDLE: (i32, i32) = (560, 1040);

/// The canoe's hull, both ends raised, for the fill.
pub const HULL: &str = "M716 170c3 14 10 25 25 27 34 4 84 4 118 0 15-2 22-13 25-27-5 8-12 12-22 13-38 3-86 3-124 0-10-1-17-5-22-13z";
/// The stitched seam along the hull, for a stroke.
pub const BAND: &str = "M733 189c40 4 94 4 134 0";
/// The shoulders and heads of the four paddlers, for the fill.
pub const CREW: &str = "M746 186c-1-11 2-16 7-16s9 5 10 16zM776 187c-1-11 2-16 7-16s9 5 10 16zM806 187c-1-11 2-16 7-16s9 5 10 16zM836 186c-1-11 2-16 7-16s9 5 10 16zM750 165a4.5 4.5 0 1 0 9 0 4.5 4.5 0 1 0-9 0zM780 166a4.5 4.5 0 1 0 9 0 4.5 4.5 0 1 0-9 0zM810 166a4.5 4.5 0 1 0 9 0 4.5 4.5 0 1 0-9 0zM840 165a4.5 4.5 0 1 0 9 0 4.5 4.5 0 1 0-9 0z";
/// Their knitted caps, for the fill.
pub const CAPS: &str = "M749.5 163.5c0-6 2.5-8 5-8s5 2 5 8zM779.5 164.5c0-6 2.5-8 5-8s5 2 5 8zM809.5 164.5c0-6 2.5-8 5-8s5 2 5 8zM839.5 163.5c0-6 2.5-8 5-8s5 2 5 8z";
/// Their paddles, for a stroke.
pub const PADDLES: &str = "M760 173l12 29M790 174l12 29M820 174l12 29M850 173l12 29";

/// A community's shore: path data for `<path d>`, from the back of the picture to the front, and its sun.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shore {
    /// Centre (x, y) and radius of the sun.
    pub sun: (i32, i32, i32),
    /// The farthest hills, for the fill.
    pub far: String,
    /// The hills between, for the fill.
    pub mid: String,
    /// The wooded hills at the water, a skyline of small spruces, for the fill.
    pub near: String,
    /// The tall spruces in front, for the fill.
    pub trees: String,
    /// The lake, for the fill.
    pub water: String,
    /// A few strokes of light on the lake, for a stroke.
    pub glints: String,
}

/// The seed of a community, from its identifier (FNV-1a).
#[must_use]
pub fn seed(id: &str) -> u64 {
    id.bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// Draws the shore of a seed.
#[must_use]
pub fn hills(seed: u64) -> Shore {
    let mut dice = Dice(seed);
    let sun = (dice.between(925, 985), dice.between(50, 72), 24);
    let far = range(&mut dice, (150, 300), (64, 128));
    let mid = range(&mut dice, (120, 240), (104, 152));
    let near = forest(&mut dice);
    let trees = trees(&mut dice);
    let water = lake(&mut dice);
    let glints = glints(&mut dice);
    Shore { sun, far, mid, near, trees, water, glints }
}

/// `SplitMix64`: small, and good enough to draw with.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from `low` to `high`, both included.
    fn between(&mut self, low: i32, high: i32) -> i32 {
        let span = u64::from(high.abs_diff(low)) + 1;
        low + i32::try_from(self.roll() % span).unwrap_or(0)
    }
}

/// Appends to a path; writing to a `String` cannot fail.
macro_rules! draw {
    ($path:expr, $($part:tt)*) => { let _ = write!($path, $($part)*); };
}

/// Rolling hills: crests and hollows in turn, joined by curves that are level at both.
fn range(dice: &mut Dice, step: (i32, i32), height: (i32, i32)) -> String {
    let middle = i32::midpoint(height.0, height.1);
    let mut crest = dice.roll() & 1 == 0;
    let mut x = -dice.between(0, step.0);
    let mut y = dice.between(height.0, height.1);
    let mut path = format!("M{x} {y}");
    while x < WIDTH {
        crest = !crest;
        let width = dice.between(step.0, step.1);
        let next =
            if crest { dice.between(height.0, middle - 8) } else { dice.between(middle + 4, height.1) };
        let (lean, bend) = (width * 2 / 5, width * 3 / 5);
        draw!(path, "C{} {y} {} {next} {} {next}", x + lean, x + bend, x + width);
        x += width;
        y = next;
    }
    draw!(path, "V{WATERLINE}H-300z");
    path
}

/// The near hills end in spruces: a row of small tips that follows a slow swell.
fn forest(dice: &mut Dice) -> String {
    let mut path = format!("M0 {}V150", WATERLINE + 6);
    let (mut from, mut to) = (dice.between(140, 166), dice.between(146, 172));
    let (mut start, mut width) = (0, dice.between(110, 220));
    let mut x = 0;
    while x < WIDTH {
        if x - start >= width {
            start += width;
            width = dice.between(110, 220);
            from = to;
            to = dice.between(140, 174);
        }
        let ground = from + (to - from) * ease(x - start, width) / 256;
        let (half, tall) = (dice.between(3, 6), dice.between(4, 15));
        draw!(path, "L{} {ground}l{half} -{tall} {half} {tall}", x);
        x += half * 2 + dice.between(0, 3);
    }
    draw!(path, "V{}z", WATERLINE + 6);
    path
}

/// A smooth step from 0 to 256 as `part` goes from 0 to `whole`.
fn ease(part: i32, whole: i32) -> i32 {
    let t = part * 256 / whole.max(1);
    t * t / 256 * (768 - 2 * t) / 256
}

/// Stands of tall spruces. In the middle they are few and low: the canoe passes there, and the title is read there.
fn trees(dice: &mut Dice) -> String {
    let mut path = String::new();
    let mut x = dice.between(-10, 30);
    while x < WIDTH {
        let size = dice.between(3, 8);
        for place in 0..size {
            let open = x > MIDDLE.0 + 70 && x < MIDDLE.1 - 95;
            let edge = (place - size / 2).abs() * 5;
            let tall = dice.between(44, 78) - edge;
            if !open {
                spruce(&mut path, x, WATERLINE + dice.between(-3, 4), tall.max(26));
            }
            x += dice.between(13, 25);
        }
        x += dice.between(30, 190);
    }
    for x in [MIDDLE.0 + dice.between(-5, 20), MIDDLE.1 - dice.between(20, 55)] {
        for (step, tall) in [(0, 48), (19, 70), (38, 56)] {
            spruce(&mut path, x + step, WATERLINE + dice.between(-2, 3), tall + dice.between(-8, 8));
        }
    }
    path
}

/// One spruce: four tiers of drooping branches on a narrow crown, and a trunk. `base` is the ground under it.
fn spruce(path: &mut String, x: i32, base: i32, tall: i32) {
    let tier = tall * 2 / 9;
    let w = (tall / 14).max(2);
    draw!(path, "M{x} {}", base - tall);
    for (out, back) in [(w, 1), (w * 5 / 3, w), (w * 7 / 3, w * 4 / 3)] {
        draw!(path, "l{out} {tier} -{back} -1");
    }
    let half = w + w * 5 / 3 + w * 7 / 3 - 1 - w - w * 4 / 3;
    let (skirt, rest) = (w * 2, tall - tier * 3 + 3 - tall / 9);
    draw!(
        path,
        "l{skirt} {rest}H{}v{}h-2v-{}H{}l{skirt} -{rest}",
        x + 1,
        tall / 9,
        tall / 9,
        x - half - skirt
    );
    for (out, back) in [(w * 7 / 3, w * 4 / 3), (w * 5 / 3, w), (w, 1)] {
        draw!(path, "l-{back} 1 {out} -{tier}");
    }
    path.push('z');
}

/// The lake, its edge hardly moving.
fn lake(dice: &mut Dice) -> String {
    let mut path = format!("M0 {WATERLINE}");
    for _ in 0..4 {
        draw!(path, "c130 {} 270 -{} 400 0", dice.between(2, 9), dice.between(1, 5));
    }
    path.push_str("V240H0z");
    path
}

/// Light on the water: short level strokes, longer and rarer towards the viewer, none under the canoe.
fn glints(dice: &mut Dice) -> String {
    let mut path = String::new();
    for row in 0..5 {
        let y = WATERLINE + 10 + row * 10;
        let mut x = dice.between(0, 150);
        while x < WIDTH {
            let long = dice.between(14, 34) + row * 9;
            let clear = row > 1 || x > 900 || x + long < 700;
            if clear {
                draw!(path, "M{x} {}h{long}", y + dice.between(-2, 2));
            }
            x += long + dice.between(90, 260);
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_always_draws_the_same_shore() {
        assert_eq!(hills(seed("laforce")), hills(seed("laforce")));
    }

    #[test]
    fn two_communities_have_two_skylines() {
        let (one, other) = (hills(seed("laforce")), hills(seed("moffet")));
        assert_ne!(one.far, other.far);
        assert_ne!(one.near, other.near);
        assert_ne!(one.trees, other.trees);
    }

    #[test]
    fn every_path_is_valid_and_small() {
        for number in 0..5 {
            let shore = hills(seed(&format!("community-{number}")));
            assert!(shore.far.ends_with("V184H-300z"), "hills stand on the water");
            for path in [&shore.far, &shore.mid, &shore.near, &shore.trees, &shore.water, &shore.glints] {
                assert!(path.starts_with('M'));
                assert!(path.bytes().all(|b| b.is_ascii_digit() || b" -MLHVCclhvz".contains(&b)), "{path}");
                assert!(!path.contains("--"), "{path}");
                assert!(path.len() < 12_000, "{} characters", path.len());
            }
        }
    }

    #[test]
    fn the_smooth_step_is_level_at_both_ends() {
        assert_eq!(ease(0, 100), 0);
        assert_eq!(ease(50, 100), 128);
        assert_eq!(ease(100, 100), 256);
    }
}
