//! The figures, printed as they come and together in the end.

#[derive(Default)]
pub struct Table(Vec<(String, String, String)>);

impl Table {
    /// One figure, with what it is measured against.
    pub fn row(&mut self, what: impl Into<String>, figure: impl Into<String>, goal: impl Into<String>) {
        let row = (what.into(), figure.into(), goal.into());
        eprintln!("  {}: {}   ({})", row.0, row.1, row.2);
        self.0.push(row);
    }

    pub fn print(&self) {
        println!("\n| Figure | Measured | Floor or goal |\n|---|---|---|");
        for (what, figure, goal) in &self.0 {
            println!("| {what} | {figure} | {goal} |");
        }
    }
}

/// The value below which this share of the sorted values lies.
pub fn percentile(sorted: &[f64], share: f64) -> f64 {
    let place = ((sorted.len() as f64 * share).ceil() as usize).clamp(1, sorted.len()) - 1;
    sorted[place]
}
