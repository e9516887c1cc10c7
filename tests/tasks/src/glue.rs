//! The script that wasm-bindgen writes beside a module, made to fit the module as it is in the end: with the loader of
//! the rest in it, and without what only unreached functions asked for.

use crate::problem::{Outcome, Problem};
use std::collections::BTreeMap;

/// The classes of wasm-streams, which comes with `server_fn`: they are exported by its presence alone, and nothing here
/// makes one.
const UNUSED: &str = "IntoUnderlying";

/// Whether an export serves those classes only.
pub fn is_unused(export: &str) -> bool {
    export.strip_prefix("__wbg_").unwrap_or(export).starts_with("intounderlying")
}

/// Takes the loader into the script: a phone does not wait for one more file.
pub fn with_loader(script: &str, loader: &str, address: &str, integrity: &str) -> Outcome<String> {
    let (import, _) = script.split_once('\n').ok_or_else(other)?;
    let name = import
        .strip_prefix("import * as ")
        .and_then(|rest| rest.strip_suffix(" from \"./__wasm_split.js\""))
        .ok_or_else(other)?;
    let (_, body) = loader.split_once(";\n").ok_or_else(other)?;
    let fetched = "new URL(\"./split_rest.wasm\", import.meta.url)";
    let exported = "export const __wasm_split_load_rest";
    if body.matches(fetched).count() != 1 || body.matches(exported).count() != 1 {
        return Err(other());
    }
    let body = body
        .replace(fetched, &format!("\"{address}\", {{ integrity: \"{integrity}\" }}"))
        .replace(exported, "const __wasm_split_load_rest");
    let taken = format!("const {name} = (() => {{\n{body}\nreturn {{ __wasm_split_load_rest }};\n}})();");
    Ok(script.replacen(import, &taken, 1))
}

/// Keeps of the functions that the module may import those that it does, under their short names; drops the unused
/// classes, comments and indentation.
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

    #[test]
    fn the_loader_is_taken_in_with_the_address_and_its_integrity() {
        let script = "import * as import1 from \"./__wasm_split.js\"\n\nrun(import1);\n";
        let loader = "import { initSync } from \"./desk.js\";\n\nexport const __wasm_split_load_rest = \
                      () => fetch(new URL(\"./split_rest.wasm\", import.meta.url));\n";
        let text = with_loader(script, loader, "/desk/desk-rest-1.wasm", "sha256-x=").unwrap();
        assert!(text.contains("fetch(\"/desk/desk-rest-1.wasm\", { integrity: \"sha256-x=\" })"), "{text}");
        assert!(text.starts_with("const import1 = (() => {") && !text.contains("export const"), "{text}");
        assert!(text.ends_with("run(import1);\n"), "{text}");
        assert!(with_loader("let x;\n", loader, "", "").is_err());
        assert!(with_loader(script, "import a;\nnothing", "", "").is_err());
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
