//! HTML as plain text. What comes out is only ever shown as text, so nothing in it can be run; the
//! work is to lose no words, and to bring none along that nobody read (scripts, addresses of images).

use quick_xml::escape::resolve_html5_entity;

/// Elements of which nothing is text for a reader.
const UNREAD: [&str; 8] = ["script", "style", "template", "iframe", "object", "svg", "head", "select"];
/// Elements that stand by themselves.
const BLOCKS: [&str; 17] = [
    "p",
    "div",
    "ul",
    "ol",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "blockquote",
    "table",
    "section",
    "article",
    "pre",
    "hr",
    "figure",
];
const OTHERS: [&str; 28] = [
    "a",
    "b",
    "i",
    "u",
    "s",
    "em",
    "strong",
    "span",
    "br",
    "li",
    "tr",
    "td",
    "th",
    "tbody",
    "thead",
    "img",
    "sub",
    "sup",
    "small",
    "font",
    "center",
    "code",
    "video",
    "audio",
    "figcaption",
    "html",
    "body",
    "del",
];

/// The text of a cell that may hold HTML.
pub fn plain(html: &str) -> String {
    let html = html.replace("\r\n", "\n").replace('\r', "\n");
    let mut reducing = Reducing { text: String::new(), markup: has_markup(&html), links: Vec::new() };
    let mut rest = html.as_str();
    while let Some(at) = rest.find(['<', '&']) {
        reducing.words(&rest[..at]);
        let (taken, after) = match rest[at..].starts_with('&') {
            true => reducing.reference(&rest[at..]),
            false => reducing.tag(&rest[at..]),
        };
        if !taken {
            reducing.words(&rest[at..=at]);
        }
        rest = if taken { after } else { &rest[at + 1..] };
    }
    reducing.words(rest);
    tidy(&reducing.text)
}

/// Whether there is an element of HTML in it: `5 < 6` and `<3` are words.
fn has_markup(text: &str) -> bool {
    text.match_indices('<').any(|(at, _)| {
        text[at..].starts_with("<!--")
            || element(&text[at..]).is_some_and(|(name, _)| {
                [UNREAD.as_slice(), &BLOCKS, &OTHERS].iter().any(|known| known.contains(&name.as_str()))
            })
    })
}

/// The name of the element whose tag begins here, and whether the tag ends it.
fn element(text: &str) -> Option<(String, bool)> {
    let inside = text.strip_prefix('<')?;
    let (inside, ends) = inside.strip_prefix('/').map_or((inside, false), |inside| (inside, true));
    let end = inside.find(|c: char| !c.is_ascii_alphanumeric())?;
    let (name, after) = inside.split_at(end);
    let named =
        name.starts_with(|c: char| c.is_ascii_alphabetic()) && after.starts_with(['>', '/', ' ', '\n', '\t']);
    named.then(|| (name.to_ascii_lowercase(), ends))
}

/// Where a tag ends: at the first `>` outside quotes.
fn tag_end(text: &str) -> Option<usize> {
    let mut quote = None;
    for (at, letter) in text.char_indices() {
        match (quote, letter) {
            (None, '>') => return Some(at),
            (None, '"' | '\'') => quote = Some(letter),
            (Some(open), letter) if open == letter => quote = None,
            _ => {}
        }
    }
    // A quote that is never closed was an apostrophe.
    text.find('>')
}

struct Reducing {
    text: String,
    /// White space is markup's own, not the writer's.
    markup: bool,
    /// Where links that are open lead, and where their words begin.
    links: Vec<(Option<String>, usize)>,
}

impl Reducing {
    fn words(&mut self, words: &str) {
        if !self.markup {
            self.text.push_str(words);
            return;
        }
        for letter in words.chars() {
            match matches!(letter, ' ' | '\n' | '\t') {
                true if self.text.ends_with([' ', '\n']) || self.text.is_empty() => {}
                true => self.text.push(' '),
                false => self.text.push(letter),
            }
        }
    }

    fn lines(&mut self, wanted: usize) {
        let kept = self.text.trim_end_matches(' ').len();
        self.text.truncate(kept);
        let there = self.text.len() - self.text.trim_end_matches('\n').len();
        if !self.text.is_empty() {
            (there..wanted).for_each(|_| self.text.push('\n'));
        }
    }

    /// A character reference: whether it is one, and what comes after it.
    fn reference<'t>(&mut self, text: &'t str) -> (bool, &'t str) {
        let no = (false, text);
        let Some(end) = text.bytes().take(40).position(|byte| byte == b';') else { return no };
        let (name, after) = (&text[1..end], &text[end + 1..]);
        let found = match name.strip_prefix('#') {
            Some(number) => numbered(number).map(String::from),
            None => resolve_html5_entity(name).map(str::to_owned),
        };
        let Some(found) = found else { return no };
        // A space that does not break is a space; the rest of what is said stays as it is.
        self.text.push_str(if found == "\u{a0}" { " " } else { &found });
        (true, after)
    }

    /// A tag or comment: whether it is one, and what comes after it.
    fn tag<'t>(&mut self, text: &'t str) -> (bool, &'t str) {
        let no = (false, text);
        if !self.markup {
            return no;
        }
        if let Some(comment) = text.strip_prefix("<!--") {
            return (true, comment.split_once("-->").map_or("", |(_, after)| after));
        }
        if text.starts_with("<!") || text.starts_with("<?") {
            return text.find('>').map_or(no, |end| (true, &text[end + 1..]));
        }
        let Some((name, ends)) = element(text) else { return no };
        let Some(end) = tag_end(text) else { return no };
        let (tag, after) = (&text[..end], &text[end + 1..]);
        if UNREAD.contains(&name.as_str()) && !ends && !tag.ends_with('/') {
            return (true, past(after, &name));
        }
        match name.as_str() {
            "br" => self.text.push('\n'),
            "tr" => self.lines(1),
            "li" if !ends => {
                self.lines(1);
                self.text.push_str("- ");
            }
            "td" | "th" if ends => self.words(" "),
            "a" if ends => self.link_ends(),
            "a" => self.links.push((address(tag), self.text.len())),
            name if BLOCKS.contains(&name) => self.lines(2),
            _ => {}
        }
        (true, after)
    }

    /// A link's address follows its words, unless they are the address.
    fn link_ends(&mut self) {
        let Some((Some(address), from)) = self.links.pop() else { return };
        let words = self.text.get(from..).unwrap_or_default().trim();
        if !words.is_empty() && !address.contains(words) {
            self.text.push_str(&format!(" ({address})"));
        }
    }
}

/// What follows the end of an element of which nothing is read.
fn past<'t>(text: &'t str, name: &str) -> &'t str {
    let mut from = 0;
    while let Some(at) = text[from..].find("</") {
        let here = &text[from + at..];
        if element(here).is_some_and(|(ended, _)| ended == name) {
            return here.find('>').map_or("", |end| &here[end + 1..]);
        }
        from += at + 2;
    }
    ""
}

/// The address in an `a`, when it leads to the web.
fn address(tag: &str) -> Option<String> {
    let (_, value) = tag.split_once("href=")?;
    let value = match value.chars().next()? {
        quote @ ('"' | '\'') => value[1..].split(quote).next()?,
        _ => value.split_whitespace().next()?,
    };
    let value = value.replace("&amp;", "&");
    let leads = (value.starts_with("https://") || value.starts_with("http://"))
        && !value.chars().any(|c| c.is_control() || c.is_whitespace());
    leads.then_some(value)
}

/// What browsers read for the numbers 128 to 159: the letters of Windows-1252.
const WINDOWS: &str = "€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8d}Ž\u{8f}\u{90}‘’“”•–—˜™š›œ\u{9d}žŸ";

fn numbered(number: &str) -> Option<char> {
    let code = match number.strip_prefix(['x', 'X']) {
        Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16).ok()?,
        None => number.parse().ok()?,
    };
    let letter = match code {
        0x80..=0x9F => WINDOWS.chars().nth(code as usize - 0x80)?,
        _ => char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER),
    };
    let kept = !letter.is_control() || matches!(letter, '\n' | '\t');
    Some(if kept { letter } else { char::REPLACEMENT_CHARACTER })
}

/// No space at the ends of lines, no more than one empty line, none around the text.
fn tidy(text: &str) -> String {
    let mut tidied = String::with_capacity(text.len());
    let mut empty = 0;
    for line in text.trim().lines() {
        let line = line.trim_end();
        empty = if line.is_empty() { empty + 1 } else { 0 };
        if empty > 1 {
            continue;
        }
        if !tidied.is_empty() {
            tidied.push('\n');
        }
        tidied.push_str(line);
    }
    tidied
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_lists_and_links_stay_readable() {
        let html = "<p>Bonjour <strong>tout</strong>\n le monde.</p><p>Deux&nbsp;choix&#160;:</p><ul><li>un banc</li>\
                    <li>un <a href=\"https://example.org/q?a=1&amp;b=2\">quai</a></li></ul><p>Fin<br>là.</p>";
        assert_eq!(
            plain(html),
            "Bonjour tout le monde.\n\nDeux choix :\n\n- un banc\n- un quai (https://example.org/q?a=1&b=2)\n\nFin\nlà."
        );
    }

    #[test]
    fn what_nobody_read_is_left_out_and_nothing_is_run() {
        for (html, text) in [
            ("<p>a</p><script>alert('x < y')</script><p>b</p>", "a\n\nb"),
            ("<p>a<img src=x onerror=\"alert(1)>2\">b</p>", "ab"),
            ("<p>a</p><!-- <p>secret</p> -->", "a"),
            ("<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>", "<script>alert(1)</script>"),
            ("<p>a <a href=\"javascript:alert(1)\">b</a></p>", "a b"),
            ("<style>p{}</style>x<p>y", "x\n\ny"),
            ("<p>never closed <script>x", "never closed"),
        ] {
            assert_eq!(plain(html), text, "{html}");
        }
    }

    #[test]
    fn plain_words_stay_as_they_are() {
        for text in ["5 < 6 & 7 > 6", "je <3 le lac", "a\n\nb", "R&D; x", "<banc>", "l’été &c."] {
            assert_eq!(plain(text), text);
        }
        assert_eq!(plain("l&#39;eau &amp; l&rsquo;&eacute;t&eacute; &#150; &#x1F6F6;"), "l'eau & l’été – 🛶");
        assert_eq!(plain("a\r\nb\rc"), "a\nb\nc");
    }

    #[test]
    fn whatever_is_written_is_reduced_without_a_panic() {
        for text in [
            "<",
            "<p",
            "</",
            "<a href=",
            "<a href=\"",
            "&",
            "&;",
            "&#;",
            "&#x;",
            "&#99999999;",
            "é<é>",
            "<p é",
            "<!--",
        ] {
            plain(text);
            plain(&format!("<p>{text}"));
        }
    }
}
