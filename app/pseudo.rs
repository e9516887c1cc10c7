//! The pseudo-locale: every letter of an entry becomes a look-alike, and the entry grows by a third. A word that a view
//! brings along itself stays plain among them, and a layout too tight for longer words shows. For `build.rs` and tests.

/// The look-alikes, in pairs. Each letter has its own, so that a part of a text becomes a part of the result.
const PAIRS: &str = "aȧ bḃ cċ dḋ eė fḟ gġ hḣ iị jĵ kḳ lḷ mṁ nṅ oȯ pṗ qɋ rṙ sṡ tṫ uụ vṿ wẇ xẋ yẏ zż \
                     AȦ BḂ CĊ DḊ EĖ FḞ GĠ HḢ IỊ JĴ KḲ LḶ MṀ NṄ OȮ PṖ QɊ RṘ SṠ TṪ UỤ VṾ WẆ XẊ YẎ ZŻ \
                     àằ âấ æǽ çḉ éḗ èḕ êế ëě îǐ ïḯ ôố œǿ ùǜ ûǚ üǘ ÿỹ \
                     ÀẰ ÂẤ ÆǼ ÇḈ ÉḖ ÈḔ ÊẾ ËĚ ÎǏ ÏḮ ÔỐ ŒǾ ÙǛ ÛǙ ÜǗ ŸỸ";

/// The longest run of the padding: a word of it must still fit where a long word does.
const RUN: usize = 8;

/// An entry of the catalogue: its letters outside `{{ placeholders }}` replaced, with a padding behind the last.
pub fn entry(text: &str) -> String {
    let mut out = String::new();
    let mut count = 0;
    for piece in text.split_inclusive("}}") {
        let (words, placeholder) = piece.split_at(piece.find("{{").unwrap_or(piece.len()));
        out.push_str(&letters(words));
        out.push_str(placeholder);
        count += words.chars().filter(|each| each.is_alphabetic()).count();
    }
    // What ends a sentence still ends it, and keeps it apart from what follows.
    let ends = |each: char| each.is_whitespace() || ".?!…:;»".contains(each);
    let end = out.split_off(out.trim_end_matches(ends).len());
    out + &padding(count.div_ceil(3)) + &end
}

/// A part of an entry without placeholders.
pub fn letters(text: &str) -> String {
    text.chars().map(|each| look_alike(each).unwrap_or(each)).collect()
}

fn look_alike(letter: char) -> Option<char> {
    PAIRS.split_whitespace().find_map(|pair| pair.strip_prefix(letter)?.chars().next())
}

fn padding(letters: usize) -> String {
    let marks: Vec<char> = "~".repeat(letters).chars().collect();
    marks.chunks(RUN).map(|run| run.iter().collect()).collect::<Vec<String>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_and_what_ends_a_sentence_stay() {
        assert_eq!(entry("Reçue le {{ date }}"), "Ṙėḉụė ḷė {{ date }}~~~");
        assert_eq!(entry("à voir : "), "ằ ṿȯịṙ~~ : ");
        assert_eq!(entry("{{ used }} / {{ max }}"), "{{ used }} / {{ max }}");
    }

    #[test]
    fn a_part_becomes_a_part_and_a_long_text_breaks() {
        let long = entry("Le texte n’est plus public. La règle, elle, reste affichée.");
        assert!(long.contains(&letters("La règle")) && long.ends_with("ḗė~~~~~~~~ ~~~~~~~."), "{long}");
    }

    #[test]
    fn every_letter_has_a_look_alike_of_its_own() {
        let pairs: Vec<Vec<char>> = PAIRS.split_whitespace().map(|pair| pair.chars().collect()).collect();
        for pair in &pairs {
            assert_eq!(pair.len(), 2, "{pair:?}");
            assert!(pair[1].is_alphabetic(), "{pair:?}");
        }
        let mut all: Vec<char> = pairs.concat();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), pairs.len() * 2, "none twice");
        let catalogues = [include_str!("locales/fr.json"), include_str!("locales/en.json")].concat();
        let plain = |each: &char| each.is_alphabetic() && look_alike(*each).is_none();
        assert_eq!(catalogues.chars().find(plain), None);
    }
}
