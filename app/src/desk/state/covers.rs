//! The squares of a photo that are painted over.

/// How many squares the longer side has, and the shorter one: a finger meets one on a telephone too.
const SQUARES: (usize, usize) = (12, 9);

/// The squares over a photo, row by row.
#[derive(Clone, PartialEq, Debug)]
pub struct Grid {
    /// How many stand beside each other.
    pub columns: usize,
    /// Which are marked.
    pub marked: Vec<bool>,
}

/// Where an arrow leads.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Move {
    Left,
    Right,
    Up,
    Down,
}

impl Move {
    /// By the name of a key.
    pub fn of(key: &str) -> Option<Self> {
        match key {
            "ArrowLeft" => Some(Self::Left),
            "ArrowRight" => Some(Self::Right),
            "ArrowUp" => Some(Self::Up),
            "ArrowDown" => Some(Self::Down),
            _ => None,
        }
    }
}

impl Grid {
    /// Over a photo of this size, in pixels.
    pub fn new(width: u32, height: u32) -> Self {
        let (long, short) = SQUARES;
        let columns = if width >= height { long } else { short };
        Self { columns, marked: vec![false; long * short] }
    }

    /// Marks a square, or no longer.
    pub fn toggle(&mut self, number: usize) {
        if let Some(marked) = self.marked.get_mut(number) {
            *marked = !*marked;
        }
    }

    /// The square that an arrow leads to; at the edge, where one is.
    pub fn moved(&self, at: usize, to: Move) -> usize {
        let (column, last) = (at % self.columns, self.marked.len() - 1);
        match to {
            Move::Left if column > 0 => at - 1,
            Move::Right if column + 1 < self.columns && at < last => at + 1,
            Move::Up if at >= self.columns => at - self.columns,
            Move::Down if at + self.columns <= last => at + self.columns,
            _ => at,
        }
    }
}

/// The marked ones as parts of the photo: left, top, width and height, each from 0 to 1.
#[expect(clippy::cast_precision_loss, reason = "a hundred squares")]
pub fn squares(grid: &Grid) -> Vec<[f64; 4]> {
    let (columns, rows) = (grid.columns as f64, (grid.marked.len() / grid.columns) as f64);
    let part = |number: usize| {
        let (column, row) = ((number % grid.columns) as f64, (number / grid.columns) as f64);
        [column / columns, row / rows, 1.0 / columns, 1.0 / rows]
    };
    let marked = grid.marked.iter().enumerate().filter(|(_, marked)| **marked);
    marked.map(|(number, _)| part(number)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn squares_lie_along_the_longer_side_and_cover_the_whole_photo_together() {
        assert_eq!((Grid::new(400, 300).columns, Grid::new(300, 400).columns), (12, 9));
        let mut grid = Grid::new(400, 300);
        grid.toggle(13);
        grid.toggle(0);
        grid.toggle(0);
        grid.toggle(999);
        assert_eq!(squares(&grid), [[1.0 / 12.0, 1.0 / 9.0, 1.0 / 12.0, 1.0 / 9.0]]);
        grid.marked.fill(true);
        let area: f64 = squares(&grid).iter().map(|[_, _, width, height]| width * height).sum();
        assert!((area - 1.0).abs() < 1e-9);
    }

    #[test]
    fn arrows_stay_within() {
        let grid = Grid::new(300, 400);
        let to = |at, key| grid.moved(at, Move::of(key).unwrap());
        assert_eq!((to(0, "ArrowLeft"), to(0, "ArrowUp"), to(8, "ArrowRight")), (0, 0, 8));
        assert_eq!((to(0, "ArrowRight"), to(0, "ArrowDown"), to(107, "ArrowDown")), (1, 9, 107));
        assert_eq!((to(10, "ArrowUp"), to(10, "ArrowLeft")), (1, 9));
        assert_eq!(Move::of("Enter"), None);
    }
}
