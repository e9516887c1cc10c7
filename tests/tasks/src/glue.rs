//! The script that wasm-bindgen writes beside a module, made to fit the module as it is in the end: with the loader of
//! the other parts in it, and without what only unreached functions asked for.

use crate::problem::{Outcome, Problem};
use std::collections::BTreeMap;

/// The classes of wasm-streams, which comes with `server_fn`: they are exported by its presence alone, and nothing here
/// makes one.
const UNUSED: &str = "IntoUnderlying";

/// Whether an export serves those classes only.
pub fn is_unused(export: &str) -> bool {
    export.strip_prefix("__wbg_").unwrap_or(export).starts_with("intounderlying")
}

/// The section of a part in which lies what it shares with others, after a byte that tells it from the rest of those.
pub const SHARED: &str = "shared";

/// What several parts share: a file of the splitter's.
#[derive(Debug, PartialEq)]
pub struct Shared<'a> {
    pub number: u8,
    pub parts: Vec<&'a str>,
}

impl Shared<'_> {
    pub fn file(&self) -> String {
        format!("chunk_{}.wasm", self.number)
    }
}

/// A part after the first.
pub struct Part {
    pub name: String,
    pub address: String,
    pub integrity: String,
}

/// What the splitter's loader fetches: the names of the parts, and what several of them share.
pub fn parts(loader: &str) -> Outcome<(Vec<&str>, Vec<Shared<'_>>)> {
    let (_, loads) = runtime(loader)?;
    let (mut names, mut shared) = (Vec::new(), Vec::new());
    let mut by = "";
    for line in loads.lines() {
        if let Some(name) = line.strip_prefix(EXPORTED).and_then(|line| line.split(" = ").next()) {
            names.push(name);
        } else if let Some(parts) = line.strip_prefix("/* ").and_then(|line| line.strip_suffix(" */")) {
            by = parts;
        } else if let Some(number) = line.strip_prefix(CHUNK).and_then(|line| line.split(" = ").next()) {
            let number = number.parse().map_err(|_| other())?;
            shared.push(Shared { number, parts: by.split(", ").collect() });
        }
    }
    let known = loads.matches("wrapAsyncCb(").count() == names.len();
    if known && loads.matches("/chunk_").count() == shared.len() { Ok((names, shared)) } else { Err(other()) }
}

const EXPORTED: &str = "export const __wasm_split_load_";
const CHUNK: &str = "const __chunk_";

/// The splitter's loader without its first line: what every load makes use of, and the loads.
fn runtime(loader: &str) -> Outcome<(&str, &str)> {
    let (_, body) = loader.split_once(";\n").ok_or_else(other)?;
    // What is shared comes first, each file after a comment that says by which parts.
    let begins = ["\n/* ", "\nconst __chunk_", "\nexport const "];
    let at = begins.iter().filter_map(|begin| body.find(begin)).min().ok_or_else(other)?;
    let (runtime, loads) = body.split_at(at + 1);
    let known = ["function wrapAsyncCb(", "function makeLoad("].iter().all(|name| runtime.contains(name));
    if known { Ok((runtime, loads)) } else { Err(other()) }
}

/// How a part is loaded: what it shares with others comes to life once, with the first of them. The rest is the first
/// part, and the others wait for it.
const LOAD: &str = r#"const known = [];
const part = (address, integrity, before) => makeLoad(() => {
const src = fetch(address, { integrity });
src.catch(() => {});
return async (imports) => {
const { module } = await WebAssembly.instantiateStreaming(src, imports);
for (const shared of WebAssembly.Module.customSections(module, "SHARED"))
await (known[new Uint8Array(shared)[0]] ??= WebAssembly.instantiate(shared.slice(1), imports));
};
}, before);
"#;

/// Takes the loader into the script: a phone does not wait for one more file.
pub fn with_loader(script: &str, loader: &str, parts: &[Part]) -> Outcome<String> {
    // One import a function that loads a part: all of the same file.
    let imported = |line: &str| {
        let name = line.strip_prefix("import * as ")?.strip_suffix(" from \"./__wasm_split.js\"")?;
        Some(name.to_owned())
    };
    let names: Vec<String> = script.lines().filter_map(imported).collect();
    let first = names.first().ok_or_else(other)?;
    let (runtime, _) = runtime(loader)?;
    let mut taken = format!("const {first} = (() => {{\n{runtime}{}", LOAD.replace("SHARED", SHARED));
    let mut offered = Vec::new();
    for (number, Part { name, address, integrity }) in parts.iter().enumerate() {
        let before = if number == 0 { "" } else { "part0" };
        taken.push_str(&format!("const part{number} = part(\"{address}\", \"{integrity}\", [{before}]);\n"));
        offered.push(format!("__wasm_split_load_{name}: wrapAsyncCb(part{number})"));
    }
    taken.push_str(&format!("return {{ {} }};\n}})();\n", offered.join(", ")));
    for name in &names[1..] {
        taken.push_str(&format!("const {name} = {first};\n"));
    }
    let own = script.lines().filter(|line| imported(line).is_none());
    Ok(taken + &own.collect::<Vec<_>>().join("\n") + "\n")
}

/// What begins the stand-in for `TextEncoder.encodeInto`, which every browser with WebAssembly's later features has.
const OLD_ENCODER: &str = "if (!('encodeInto' in cachedTextEncoder)) {";

/// Keeps of the functions that the module may import those that it does, under their short names; drops the unused
/// classes, comments, warnings and indentation.
pub fn fitted(script: &str, names: &BTreeMap<String, String>) -> Outcome<String> {
    let mut kept = String::new();
    let mut found = 0;
    let mut lines = script.lines();
    while let Some(line) = lines.next() {
        let text = line.trim_start();
        let depth = line.len() - text.len();
        if text.starts_with("/*") || text.starts_with('*') || text.starts_with("//") || text.is_empty() {
            continue;
        }
        // A warning to whoever builds pages.
        if text.starts_with("console.warn(") && text.ends_with(");") {
            continue;
        }
        // For browsers older than the modules themselves need.
        if depth == 0 && text == OLD_ENCODER {
            lines.find(|line| line.starts_with('}')).ok_or_else(other)?;
            continue;
        }
        if depth == 0 && text.contains(UNUSED) {
            // A class or a registry goes to its end; a line by itself.
            if text.ends_with('{') || text.ends_with(')') {
                let end = if text.ends_with('{') { "}" } else { "    :" };
                lines.find(|line| line.starts_with(end)).ok_or_else(other)?;
            }
            continue;
        }
        match imported(text).filter(|_| depth == 8) {
            None => push(&mut kept, text),
            Some(name) => {
                let short = names.get(name);
                found += usize::from(short.is_some());
                let rest = &text[name.len()..];
                if let Some(short) = short {
                    push(&mut kept, &format!("{short}{rest}"));
                }
                if rest.ends_with(',') {
                    continue;
                }
                for line in lines.by_ref() {
                    if short.is_some() {
                        push(&mut kept, line.trim_start());
                    }
                    if line.starts_with("        }") {
                        break;
                    }
                }
            }
        }
    }
    if found == names.len() { Ok(kept) } else { Err(other()) }
}

fn push(text: &mut String, line: &str) {
    text.push_str(line);
    text.push('\n');
}

/// The name of the function that an entry of the table of imports begins with.
fn imported(text: &str) -> Option<&str> {
    let (name, rest) = text.split_once(": ")?;
    let plain =
        name.starts_with("__wb") && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    (plain && rest.starts_with("function")).then_some(name)
}

fn other() -> Problem {
    Problem::new("The splitter or wasm-bindgen writes its script in another way than this version knows.")
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOADER: &str = "\
import { initSync } from \"./desk.js\";

let sharedImports = undefined;
function wrapAsyncCb(callee) {
}
function makeLoad(fetcher, deps) {
}
/* asked, rest */
const __chunk_3 = makeLoad(() => {
    const src = fetch(new URL(\"./chunk_3.wasm\", import.meta.url));
}
, []);
export const __wasm_split_load_rest = wrapAsyncCb(makeLoad(() => {
    const src = fetch(new URL(\"./split_rest.wasm\", import.meta.url));
}
, [__chunk_3]));
export const __wasm_split_load_asked = wrapAsyncCb(makeLoad(() => async (_imp) => ({}), [__chunk_3]));
";

    #[test]
    fn the_loader_says_which_parts_there_are_and_what_they_share() {
        let shared = Shared { number: 3, parts: vec!["asked", "rest"] };
        assert_eq!(shared.file(), "chunk_3.wasm");
        assert_eq!(parts(LOADER).unwrap(), (vec!["rest", "asked"], vec![shared]));
        assert!(parts(&LOADER.replace("chunk_3 =", "chunk_x =")).is_err());
        let one = LOADER.replace("const __chunk_3", "let __chunk_3");
        assert!(parts(&one).is_err(), "what is shared goes by another name");
        assert!(parts("import a;\nnothing").is_err());
    }

    #[test]
    fn the_loader_is_taken_in_with_the_addresses_and_their_integrity() {
        let part = |name: &str| Part {
            name: name.to_owned(),
            address: format!("/desk/desk-{name}-1.wasm"),
            integrity: format!("sha256-{name}="),
        };
        let import = |name: &str| format!("import * as {name} from \"./__wasm_split.js\"\n");
        let script = format!("{}{}\nrun(import1, import2);\n", import("import1"), import("import2"));
        let script = script.as_str();
        let text = with_loader(script, LOADER, &[part("rest"), part("asked")]).unwrap();
        assert!(text.starts_with("const import1 = (() => {"), "{text}");
        assert!(text.ends_with("const import2 = import1;\n\nrun(import1, import2);\n"), "{text}");
        assert!(!text.contains("__wasm_split.js"), "{text}");
        assert!(
            !text.contains("export const") && !text.contains("chunk") && !text.contains("import.meta"),
            "{text}"
        );
        assert!(text.contains("customSections(module, \"shared\")"), "{text}");
        let rest = "part0 = part(\"/desk/desk-rest-1.wasm\", \"sha256-rest=\", []);";
        let asked = "part1 = part(\"/desk/desk-asked-1.wasm\", \"sha256-asked=\", [part0]);";
        assert!(text.contains(rest) && text.contains(asked), "{text}");
        let offered = "return { __wasm_split_load_rest: wrapAsyncCb(part0), __wasm_split_load_asked: wrapAsyncCb(part1) };";
        assert!(text.contains(offered), "{text}");
        assert!(with_loader("let x;\n", LOADER, &[]).is_err());
        assert!(with_loader(script, "import a;\nnothing", &[]).is_err());
    }

    const SCRIPT: &str = "\
export class IntoUnderlyingSink {
    free() {
    }
}
if (Symbol.dispose) IntoUnderlyingSink.prototype.x = 1;
function imports() {
    const import0 = {
        __proto__: null,
        __wbg_now_1: function() {
            return Date.now();
        },
        __wbg_fetch_2: function() { return handleError(function (arg0) {
            return fetch(arg0);
        }, arguments); },
    };
}
const IntoUnderlyingSinkFinalization = (typeof FinalizationRegistry === 'undefined')
    ? { register: () => {} }
    : new FinalizationRegistry(1);
let WASM_VECTOR_LEN = 0;
";

    #[test]
    fn only_what_the_module_imports_stays_under_its_short_name() {
        let names = BTreeMap::from([("__wbg_fetch_2".to_owned(), "a".to_owned())]);
        let text = fitted(SCRIPT, &names).unwrap();
        assert_eq!(
            text,
            "function imports() {\nconst import0 = {\n__proto__: null,\n\
             a: function() { return handleError(function (arg0) {\nreturn fetch(arg0);\n}, arguments); },\n\
             };\n}\nlet WASM_VECTOR_LEN = 0;\n"
        );
        let names = BTreeMap::from([("__wbg_gone_3".to_owned(), "a".to_owned())]);
        assert!(fitted(SCRIPT, &names).is_err(), "the module imports what the script has not");
    }

    #[test]
    fn exports_of_unused_classes_are_known() {
        assert!(is_unused("intounderlyingsink_write") && is_unused("__wbg_intounderlyingsource_free"));
        assert!(!is_unused("__wbindgen_start") && !is_unused("memory"));
    }
}
