//! Turns `locales/*.json` into the module behind `w!`. A word that one language lacks, or
//! has too many, fails the build.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    #[cfg(feature = "csr")]
    words::write()?;
    Ok(())
}

#[cfg(feature = "csr")]
mod pseudo;

#[cfg(feature = "csr")]
mod words {
    use std::collections::BTreeMap;
    use std::error::Error;
    use std::fs;
    use std::path::{Path, PathBuf};

    use leptos_i18n_parser::parse_locales::options::{Config, ParseOptions};
    use leptos_i18n_parser::parse_locales::parse_locales;

    pub fn write() -> Result<(), Box<dyn Error>> {
        println!("cargo::rerun-if-changed=locales");
        let config = Config::new("fr")
            .map_err(text)?
            .add_locale("en")
            .map_err(text)?
            .parse_options(ParseOptions::new().interpolate_display(true));
        let out = PathBuf::from(std::env::var("OUT_DIR")?);
        let mut home = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR")?);
        typeset(&home.join("locales/fr.json"))?;
        println!("cargo::rerun-if-env-changed=RABASKA_PSEUDO");
        if std::env::var_os("RABASKA_PSEUDO").is_some() {
            println!("cargo::rerun-if-changed=pseudo.rs");
            home = pseudo(&home, &out)?;
        }
        let parsed = parse_locales(Some(home.clone()), config).map_err(text)?;
        let wrong: Vec<String> = {
            let (errors, warnings) = (parsed.diag.errors(), parsed.diag.warnings());
            errors.iter().map(ToString::to_string).chain(warnings.iter().map(ToString::to_string)).collect()
        };
        if !wrong.is_empty() {
            return Err(wrong.join("\n").into());
        }
        let code = leptos_i18n_codegen::gen_code(&parsed, None, false, None, false).map_err(text)?;
        fs::write(out.join("words.rs"), code.to_string())?;
        Ok(fs::write(out.join("texts.rs"), texts(&home)?)?)
    }

    /// The same words as data: what is generated above compiles the text of every key anew wherever it is said.
    fn texts(home: &Path) -> Result<String, Box<dyn Error>> {
        let [fr, en] = ["locales/fr.json", "locales/en.json"].map(|name| catalogue(&home.join(name)));
        let (fr, en) = (fr?, en?);
        let mut code = String::new();
        for (key, text) in &fr {
            let other = en.get(key).ok_or_else(|| key.clone())?;
            code.push_str(&format!("pub static {key}: Text = Text([{text:?}, {other:?}]);\n"));
        }
        Ok(code)
    }

    /// No line of French begins with a colon or a closing mark, or ends with an opening one.
    fn typeset(path: &Path) -> Result<(), Box<dyn Error>> {
        let breaks = |text: &str| [" :", "« ", " »"].iter().any(|seam| text.contains(seam));
        match catalogue(path)?.into_iter().find(|(_, text)| breaks(text)) {
            Some((key, text)) => {
                Err(format!("{key}: U+00A0 belongs before a colon and inside « »: {text}").into())
            }
            None => Ok(()),
        }
    }

    /// A catalogue with `{name}` where a value goes.
    fn catalogue(path: &Path) -> Result<BTreeMap<String, String>, Box<dyn Error>> {
        let words: BTreeMap<String, String> = serde_json::from_str(&fs::read_to_string(path)?)?;
        let plain = |text: String| text.replace("{{ ", "{").replace(" }}", "}");
        Ok(words.into_iter().map(|(key, text)| (key, plain(text))).collect())
    }

    /// Writes the catalogues of the pseudo-locale; returns the folder that they lie in as these do in `home`.
    fn pseudo(home: &Path, out: &Path) -> Result<PathBuf, Box<dyn Error>> {
        let pseudo = out.join("pseudo");
        fs::create_dir_all(pseudo.join("locales"))?;
        for name in ["locales/fr.json", "locales/en.json"] {
            let mut words: BTreeMap<String, String> =
                serde_json::from_str(&fs::read_to_string(home.join(name))?)?;
            words.values_mut().for_each(|entry| *entry = super::pseudo::entry(entry));
            fs::write(pseudo.join(name), serde_json::to_string_pretty(&words)?)?;
        }
        Ok(pseudo)
    }

    fn text(error: impl ToString) -> Box<dyn Error> {
        error.to_string().into()
    }
}
