//! Compressed copies beside each static file, made once here instead of for every visitor; and the table of sizes.

use crate::inputs::files_under;
use crate::precache::Asset;
use crate::problem::{Outcome, Problem, While};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::thread;

const COMPRESSIBLE: [&str; 8] = ["html", "js", "css", "wasm", "svg", "json", "webmanifest", "txt"];

/// Writes `.br` and `.gz` beside every compressible file below `folder`.
pub fn beside_each(folder: &Path) -> Outcome<()> {
    let mut files = files_under(folder)?;
    files.retain(|path| {
        let kind = path.extension().unwrap_or_default().to_string_lossy();
        COMPRESSIBLE.contains(&kind.as_ref())
    });
    let waiting = Mutex::new(files);
    let next = || waiting.lock().unwrap_or_else(PoisonError::into_inner).pop();
    let work = || -> Outcome<()> {
        while let Some(path) = next() {
            copies(&path)?;
        }
        Ok(())
    };
    let workers = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        let running: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        running.into_iter().try_for_each(|worker| match worker.join() {
            Ok(done) => done,
            Err(_) => Err(Problem::new("A compressor stopped unexpectedly.")),
        })
    })
}

fn copies(path: &Path) -> Outcome<()> {
    let content = std::fs::read(path).or_say(format!("read {}", path.display()))?;
    for (end, packed) in [("br", brotli(&content)?), ("gz", gzip(&content)?)] {
        let mut name = path.as_os_str().to_owned();
        name.push(format!(".{end}"));
        let name = PathBuf::from(name);
        std::fs::write(&name, packed).or_say(format!("write {}", name.display()))?;
    }
    Ok(())
}

fn brotli(content: &[u8]) -> Outcome<Vec<u8>> {
    let mut packed = Vec::new();
    let best = brotli::enc::BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        size_hint: content.len(),
        ..Default::default()
    };
    brotli::BrotliCompress(&mut &content[..], &mut packed, &best).or_say("compress with brotli")?;
    Ok(packed)
}

fn gzip(content: &[u8]) -> Outcome<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content).or_say("compress with gzip")?;
    encoder.finish().or_say("compress with gzip")
}

/// The sums of what the audience loads and keeps, after each step.
const SUMS: [&str; 3] = ["to the first list", "in all", "with what is fetched where it is needed"];

/// One line per file that the audience loads and keeps, step by step, and what is on the line after each step; `dist`
/// holds the compressed copies.
pub fn table(audience: &str, dist: &Path, steps: &[Vec<Asset>; 3]) -> (Vec<String>, Vec<u64>) {
    let row = |name: &str, raw: u64, packed: u64| {
        format!("{name:<44} {:>9} {:>9}", kilobytes(raw), kilobytes(packed))
    };
    let mut lines = vec![format!("{audience:<44} {:>9} {:>9}", "raw", "brotli")];
    let (mut raw_sum, mut packed_sum, mut sums) = (0, 0, Vec::new());
    for (files, sum) in steps.iter().zip(SUMS).filter(|(files, _)| !files.is_empty()) {
        for file in files {
            let raw = file.content.len() as u64;
            let name = match file.url.strip_suffix('/') {
                Some(folder) => format!("{folder}/index.html"),
                None => file.url.clone(),
            };
            let copy = dist.join(format!("{}.br", &name[1..]));
            let packed = copy.metadata().map_or(raw, |data| data.len());
            (raw_sum, packed_sum) = (raw_sum + raw, packed_sum + packed);
            lines.push(row(&format!("  {}", file.url), raw, packed));
        }
        lines.push(row(&format!("  = {sum}"), raw_sum, packed_sum));
        sums.push(packed_sum);
    }
    (lines, sums)
}

/// The most that the citizens' app may weigh on the line: to the first list, which is the goal, and in all; there it is
/// what it has by now (the goal is 320 kB). Whoever adds to it takes something out, or moves it into a part that is fetched where it is needed.
const CITIZEN_MAX: [u64; 2] = [220_000, 426_000];

/// Whether the citizens' app is as small as it has to be.
pub fn fits(sums: &[u64]) -> Outcome<()> {
    for ((sum, max), what) in sums.iter().zip(CITIZEN_MAX).zip(SUMS) {
        if *sum > max {
            let told = [kilobytes(*sum), kilobytes(max)];
            return Err(Problem::new(format!(
                "the citizens' app weighs {} {what}: {} at most",
                told[0], told[1]
            )));
        }
    }
    Ok(())
}

fn kilobytes(bytes: u64) -> String {
    let tenths = (bytes * 10).div_ceil(1000);
    format!("{}.{} kB", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    #[test]
    fn copies_give_back_what_was_packed() {
        let content = "rabaska ".repeat(500).into_bytes();
        let mut back = Vec::new();
        brotli::BrotliDecompress(&mut &brotli(&content).unwrap()[..], &mut back).unwrap();
        assert_eq!(back, content);
        back.clear();
        let packed = gzip(&content).unwrap();
        flate2::read::GzDecoder::new(&packed[..]).read_to_end(&mut back).unwrap();
        assert_eq!(back, content);
        assert!(packed.len() < content.len() / 10);
    }

    #[test]
    fn the_table_adds_up_step_by_step() {
        let file = |url: &str, size| Asset { url: url.to_owned(), content: vec![0; size] };
        let steps = [vec![file("/", 1_000)], vec![file("/rest.wasm", 2_000)], vec![]];
        let (lines, sums) = table("citizen", Path::new("/nowhere"), &steps);
        assert_eq!(sums, [1_000, 3_000]);
        let told: Vec<Vec<&str>> = lines.iter().map(|line| line.split_whitespace().collect()).collect();
        assert_eq!(told[2], ["=", "to", "the", "first", "list", "1.0", "kB", "1.0", "kB"]);
        assert_eq!(told[4], ["=", "in", "all", "3.0", "kB", "3.0", "kB"]);
        assert_eq!(told.len(), 5);
    }

    #[test]
    fn what_has_grown_too_large_is_told() {
        let [list, all] = CITIZEN_MAX;
        assert!(fits(&[list, all, u64::MAX]).is_ok());
        assert!(fits(&[list + 1, all, 0]).is_err() && fits(&[list, all + 1, 0]).is_err());
    }

    #[test]
    fn sizes_are_rounded_up() {
        assert_eq!(kilobytes(133_001), "133.1 kB");
        assert_eq!(kilobytes(0), "0.0 kB");
    }
}
