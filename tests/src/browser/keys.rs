//! Keys as Chromium wants them named.

use serde_json::{Value, json};

/// Keys held down while another is pressed; add them up with `|`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Modifiers(u8);

impl Modifiers {
    pub const NONE: Self = Self(0);
    pub const ALT: Self = Self(1);
    pub const CTRL: Self = Self(2);
    pub const META: Self = Self(4);
    pub const SHIFT: Self = Self(8);
}

impl std::ops::BitOr for Modifiers {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// The two events of a key press. `key` is a name (`Tab`, `Enter`, `Space`, `ArrowDown`, `Escape`,
/// `Backspace`, `Delete`, `Home`, `End`, `PageUp`, `PageDown`) or one character.
pub(crate) fn press(key: &str, modifiers: Modifiers) -> Option<[Value; 2]> {
    let (key, code, number, typed) = match key {
        "Tab" => ("Tab", "Tab".to_owned(), 9, None),
        "Enter" => ("Enter", "Enter".to_owned(), 13, Some("\r")),
        "Space" | " " => (" ", "Space".to_owned(), 32, Some(" ")),
        "Escape" => ("Escape", "Escape".to_owned(), 27, None),
        "Backspace" => ("Backspace", "Backspace".to_owned(), 8, None),
        "Delete" => ("Delete", "Delete".to_owned(), 46, None),
        "PageUp" => ("PageUp", "PageUp".to_owned(), 33, None),
        "PageDown" => ("PageDown", "PageDown".to_owned(), 34, None),
        "End" => ("End", "End".to_owned(), 35, None),
        "Home" => ("Home", "Home".to_owned(), 36, None),
        "ArrowLeft" => ("ArrowLeft", "ArrowLeft".to_owned(), 37, None),
        "ArrowUp" => ("ArrowUp", "ArrowUp".to_owned(), 38, None),
        "ArrowRight" => ("ArrowRight", "ArrowRight".to_owned(), 39, None),
        "ArrowDown" => ("ArrowDown", "ArrowDown".to_owned(), 40, None),
        character => {
            let mut characters = character.chars();
            let (Some(only), None) = (characters.next(), characters.next()) else { return None };
            let upper = only.to_ascii_uppercase();
            let code = match upper {
                'A'..='Z' => format!("Key{upper}"),
                '0'..='9' => format!("Digit{upper}"),
                _ => String::new(),
            };
            let number = if upper.is_ascii_alphanumeric() { u32::from(upper) } else { 0 };
            (character, code, number, Some(character))
        }
    };
    let plain = modifiers == Modifiers::NONE || modifiers == Modifiers::SHIFT;
    let typed = typed.filter(|_| plain);
    let event = |kind: &str| {
        json!({
            "type": kind,
            "key": key,
            "code": code,
            "windowsVirtualKeyCode": number,
            "modifiers": modifiers.0,
        })
    };
    let mut down = event(if typed.is_some() { "keyDown" } else { "rawKeyDown" });
    if let Some(typed) = typed {
        down["text"] = json!(typed);
    }
    Some([down, event("keyUp")])
}
