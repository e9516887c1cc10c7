//! Accessibility as far as a machine can judge it: axe-core, run in the page through DevTools, so
//! that the page's content security policy stays as it is.

use std::env;
use std::fmt::Write;
use std::path::PathBuf;

use serde::Deserialize;

use crate::browser::Page;
use crate::tools::tools_cache;

const RUN: &str = r#"
(async () => {
  // Halfway through a transition a colour is neither of the two that were chosen.
  const ending = document.getAnimations()
    .filter(each => Number.isFinite(each.effect?.getComputedTiming().endTime))
    .map(each => each.finished.catch(() => null));
  const patience = new Promise(done => setTimeout(done, 2000));
  await Promise.race([Promise.all(ending), patience]);
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
  const results = await axe.run(document, {
    runOnly: { type: "tag", values: tags },
    resultTypes: ["violations"],
  });
  if (results.passes.length === 0 && results.violations.length === 0) throw new Error("axe looked at nothing");
  return results.violations.map(({ id, impact, help, nodes }) => ({
    id, impact: impact ?? "", help,
    nodes: nodes.map(({ html, failureSummary }) => ({ html, summary: failureSummary ?? "" })),
  }));
})()"#;

/// A rule that a page breaks.
#[derive(Clone, Debug, Deserialize)]
pub struct Violation {
    pub id: String,
    pub impact: String,
    pub help: String,
    pub nodes: Vec<Node>,
}

/// Where it breaks it.
#[derive(Clone, Debug, Deserialize)]
pub struct Node {
    pub html: String,
    pub summary: String,
}

fn script() -> String {
    let path = match env::var_os("RABASKA_AXE") {
        Some(path) => PathBuf::from(path),
        None => tools_cache().join("axe-core/axe.min.js"),
    };
    match std::fs::read_to_string(&path) {
        Ok(script) => script,
        Err(error) => panic!("axe-core is not at {}: {error}", path.display()),
    }
}

/// The WCAG 2.2 A and AA rules that the page breaks in its present state.
pub async fn violations(page: &Page) -> Vec<Violation> {
    let present = page.eval::<bool>("typeof axe === 'object'").await;
    let outcome = match present {
        Ok(true) => Ok(()),
        // A page's own `define` or `module` would draw the script elsewhere: shadow them. The
        // semicolon keeps its value, the whole library, from travelling back.
        Ok(false) => {
            let script = script();
            page.eval::<()>(&format!("(function (module, exports, define) {{ {script}\n}})();null")).await
        }
        Err(error) => Err(error),
    };
    let found = match outcome {
        Ok(()) => page.eval(RUN).await,
        Err(error) => Err(error),
    };
    match found {
        Ok(found) => found,
        Err(error) => panic!("axe does not run: {error}"),
    }
}

/// Fails when the page, in the state that `state` names, breaks a rule.
#[track_caller]
pub fn assert_accessible(page: &Page, state: &str) -> impl Future<Output = ()> {
    let from = std::panic::Location::caller();
    async move {
        let found = violations(page).await;
        assert!(found.is_empty(), "{from}: {state} is not accessible:\n{}", readable(&found));
    }
}

fn readable(found: &[Violation]) -> String {
    let mut text = String::new();
    for violation in found {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{} ({}): {}", violation.id, violation.impact, violation.help);
        for node in &violation.nodes {
            let summary = node.summary.replace('\n', "\n      ");
            let _ = writeln!(text, "    {}\n      {summary}", node.html);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::browser::{Browser, Viewport};
    use crate::run;
    use crate::upstream::{Upstream, reply};

    const GOOD: &str = "<!doctype html><html lang=fr><title>Bon</title><main><h1>Bonjour</h1></main>";

    async fn page_with(body: &'static str) -> (Upstream, Page) {
        let upstream = Upstream::start(move |_, _, _| {
            let mut page = reply("text/html; charset=utf-8", format!("{GOOD}{body}"));
            let policy = "default-src 'none'".parse().unwrap();
            page.headers_mut().insert("content-security-policy", policy);
            page
        })
        .await;
        let device = Browser::shared().await.device(Viewport::PHONE).await;
        let page = device.open(&format!("http://localhost:{}/", upstream.port)).await;
        (upstream, page)
    }

    #[test]
    fn a_good_page_passes_under_a_strict_policy() {
        run(async {
            let (_upstream, page) = page_with("").await;
            assert_accessible(&page, "the good page").await;
            assert_accessible(&page, "the good page, again").await;
            assert_eq!(page.violations().len(), 0);
        });
    }

    #[test]
    #[should_panic(expected = "the form is not accessible:\nlabel (critical)")]
    fn a_field_without_a_label_is_reported() {
        run(async {
            let (_upstream, page) = page_with("<main><input name=a></main>").await;
            assert_accessible(&page, "the form").await;
        });
    }
}
