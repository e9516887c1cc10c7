//! Turns `locales/*.json` into the module behind `w!`. A word that one language lacks, or
//! has too many, fails the build.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    #[cfg(feature = "csr")]
    words::write()?;
    Ok(())
}

#[cfg(feature = "csr")]
mod words {
    use std::error::Error;
    use std::path::PathBuf;

    use leptos_i18n_parser::parse_locales::options::{Config, ParseOptions};
    use leptos_i18n_parser::parse_locales::parse_locales;

    pub fn write() -> Result<(), Box<dyn Error>> {
        println!("cargo::rerun-if-changed=locales");
        let config = Config::new("fr")
            .map_err(text)?
            .add_locale("en")
            .map_err(text)?
            .parse_options(ParseOptions::new().interpolate_display(true));
        let here = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR")?);
        let parsed = parse_locales(Some(here), config).map_err(text)?;
        let wrong: Vec<String> = {
            let (errors, warnings) = (parsed.diag.errors(), parsed.diag.warnings());
            errors.iter().map(ToString::to_string).chain(warnings.iter().map(ToString::to_string)).collect()
        };
        if !wrong.is_empty() {
            return Err(wrong.join("\n").into());
        }
        let code = leptos_i18n_codegen::gen_code(&parsed, None, false, None, false).map_err(text)?;
        let out = PathBuf::from(std::env::var("OUT_DIR")?).join("words.rs");
        Ok(std::fs::write(out, code.to_string())?)
    }

    fn text(error: impl ToString) -> Box<dyn Error> {
        error.to_string().into()
    }
}
