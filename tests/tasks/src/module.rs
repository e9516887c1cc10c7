//! WebAssembly modules, as far as the build of the pages takes them apart: sections, imports and exports
//! (WebAssembly Core Specification 2.0, §5.5).

use crate::problem::{Outcome, Problem};
use std::collections::BTreeMap;

const CUSTOM: u8 = 0;
const IMPORTS: u8 = 2;
const EXPORTS: u8 = 7;
/// What an import or export is: a function.
const FUNCTION: u8 = 0;

/// Drops the section in which the linker says what the module makes use of: told of reference types, wasm-bindgen
/// keeps a second table, which Debian's wasm-opt (108) takes for the first.
pub fn without_features(module: &[u8]) -> Outcome<Vec<u8>> {
    map(module, |kind, content| {
        let features = kind == CUSTOM && content.starts_with(b"\x0ftarget_features");
        Ok((!features).then(|| content.to_vec()))
    })
}

/// Adds a section of this name, which the module itself makes no use of.
pub fn with_section(module: &[u8], name: &str, content: &[u8]) -> Vec<u8> {
    let name = [&*write(name.len()), name.as_bytes()].concat();
    [module, &[CUSTOM], &write(name.len() + content.len()), &name, content].concat()
}

/// Drops the exports of these names.
pub fn without_exports(module: &[u8], unwanted: impl Fn(&str) -> bool) -> Outcome<Vec<u8>> {
    map(module, |kind, content| {
        if kind != EXPORTS {
            return Ok(Some(content.to_vec()));
        }
        let mut left = Reader(content);
        let mut kept = Vec::new();
        let mut count = 0;
        for _ in 0..left.number()? {
            let before = left.0;
            let name = left.name()?;
            left.take(1)?;
            left.number()?;
            if !unwanted(name) {
                count += 1;
                kept.extend_from_slice(&before[..before.len() - left.0.len()]);
            }
        }
        Ok(Some([write(count), kept].concat()))
    })
}

/// Gives every imported function a short name; also answers what each was called.
pub fn with_short_imports(module: &[u8]) -> Outcome<(Vec<u8>, BTreeMap<String, String>)> {
    let mut names = BTreeMap::new();
    let module = map(module, |kind, content| {
        if kind != IMPORTS {
            return Ok(Some(content.to_vec()));
        }
        let mut left = Reader(content);
        let count = left.number()?;
        let mut written = write(count);
        for _ in 0..count {
            let (from, name) = (left.name()?, left.name()?);
            if left.take(1)? != [FUNCTION] {
                return Err(broken());
            }
            let kind = left.number()?;
            // What is imported from elsewhere is named there.
            let short = if from.ends_with("_bg.js") {
                let fresh = short(names.len());
                names.entry(name.to_owned()).or_insert(fresh).clone()
            } else {
                name.to_owned()
            };
            for text in [from, &short] {
                written.extend(write(text.len()));
                written.extend_from_slice(text.as_bytes());
            }
            written.push(FUNCTION);
            written.extend(write(kind));
        }
        Ok(Some(written))
    })?;
    Ok((module, names))
}

/// `a`, `b`, … `z`, `ba`, `bb`, …
fn short(number: usize) -> String {
    let digit = char::from(b"abcdefghijklmnopqrstuvwxyz"[number % 26]);
    if number < 26 { digit.to_string() } else { format!("{}{digit}", short(number / 26)) }
}

/// The module with each section as `change` has it: none drops it.
fn map(module: &[u8], mut change: impl FnMut(u8, &[u8]) -> Outcome<Option<Vec<u8>>>) -> Outcome<Vec<u8>> {
    let mut left = Reader(module);
    let mut written = left.take(8)?.to_vec();
    while let [kind, ..] = *left.0 {
        left.take(1)?;
        let size = left.number()?;
        if let Some(content) = change(kind, left.take(size)?)? {
            written.push(kind);
            written.extend(write(content.len()));
            written.extend(content);
        }
    }
    Ok(written)
}

fn broken() -> Problem {
    Problem::new("wasm-bindgen or the splitter has written a module of another form than this version knows.")
}

/// What is left to read.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, size: usize) -> Outcome<&'a [u8]> {
        let (taken, left) = self.0.split_at_checked(size).ok_or_else(broken)?;
        self.0 = left;
        Ok(taken)
    }

    /// An unsigned number in LEB128, of 32 bits.
    fn number(&mut self) -> Outcome<usize> {
        let last = self.0.iter().take(5).position(|byte| byte & 0x80 == 0).ok_or_else(broken)?;
        let digits = self.take(last + 1)?.iter().rev();
        Ok(digits.fold(0, |number, byte| number << 7 | usize::from(byte & 0x7f)))
    }

    fn name(&mut self) -> Outcome<&'a str> {
        let size = self.number()?;
        std::str::from_utf8(self.take(size)?).map_err(|_| broken())
    }
}

/// A number in LEB128.
fn write(mut number: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    while number > 0x7f {
        bytes.push(0x80 | u8::try_from(number & 0x7f).unwrap_or_default());
        number >>= 7;
    }
    bytes.push(u8::try_from(number).unwrap_or_default());
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &[u8] = b"\0asm\x01\0\0\0";

    fn section(kind: u8, content: &[u8]) -> Vec<u8> {
        [&[kind], &*write(content.len()), content].concat()
    }

    #[test]
    fn only_the_section_of_features_is_dropped() {
        let (names, features) = (section(CUSTOM, b"\x04name"), section(CUSTOM, b"\x0ftarget_features\x01"));
        let code = section(10, b"\x0ftarget_features");
        let whole = [HEAD, &names, &features, &code].concat();
        assert_eq!(without_features(&whole).unwrap(), [HEAD, &names, &code].concat());
        assert!(without_features(&whole[..whole.len() - 1]).is_err() && without_features(b"").is_err());
    }

    #[test]
    fn a_section_is_added_at_the_end() {
        let whole = [HEAD, &section(10, b"code")].concat();
        let more = with_section(&whole, "shared", &[7; 300]);
        assert_eq!(
            more,
            [&*whole, &section(CUSTOM, &[b"\x06shared".as_slice(), &[7; 300]].concat())].concat()
        );
        assert_eq!(
            map(&more, |kind, content| Ok((kind != CUSTOM).then(|| content.to_vec()))).unwrap(),
            whole
        );
    }

    #[test]
    fn exports_are_dropped_by_name() {
        let whole = [HEAD, &section(EXPORTS, b"\x02\x03old\0\x81\x01\x01m\x02\0")].concat();
        let left = [HEAD, &section(EXPORTS, b"\x01\x01m\x02\0")].concat();
        assert_eq!(without_exports(&whole, |name| name == "old").unwrap(), left);
    }

    #[test]
    fn imports_of_our_script_are_shortened_and_told() {
        let imports = |a: &str, b: &str| {
            let one = |module: &str, name: &str| {
                [&*write(module.len()), module.as_bytes(), &*write(name.len()), name.as_bytes(), &[0, 7]]
                    .concat()
            };
            [
                HEAD,
                &section(
                    IMPORTS,
                    &[vec![3], one("x_bg.js", a), one("other", "load"), one("x_bg.js", b)].concat(),
                ),
            ]
            .concat()
        };
        let (module, names) = with_short_imports(&imports("__wbg_fetch_1", "__wbg_now_2")).unwrap();
        assert_eq!(module, imports("a", "b"));
        assert_eq!(names["__wbg_now_2"], "b");
    }

    #[test]
    fn numbers_come_back_as_they_went() {
        for number in [0, 1, 127, 128, 16_383, 16_384, 4_294_967_295] {
            assert_eq!(Reader(&write(number)).number().unwrap(), number);
        }
        assert_eq!([0, 25, 26, 701].map(short), ["a", "z", "ba", "baz"]);
    }
}
