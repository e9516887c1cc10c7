//! Reading JSON objects and enums by tables of names. What `derive(Deserialize)` writes is a
//! state machine of 3 to 5 KB for every type; these macros write a look-up by field, and a
//! phone's first download is a good part smaller. Writing stays derived.
//!
//! [`crate::fields!`] and [`crate::variants!`] read what the derived `Serialize` beside them
//! writes.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeOwned, Error as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Error;
use serde_json::value::RawValue;

/// The most fields that an object may have: several times what any of ours has. Each name is
/// compared with those before it, so without a limit a long object takes very long to refuse.
const FIELDS_MAX: usize = 64;

/// An object's fields, each still as text.
pub struct Fields(Vec<(String, Box<RawValue>)>);

impl Fields {
    fn text(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.get())
    }

    /// Every field with its text, for objects whose names are data.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.get()))
    }

    /// Unknown fields are ignored.
    pub fn open(&self, _: &[&str]) -> Result<(), Error> {
        Ok(())
    }

    /// Unknown fields are refused.
    pub fn strict(&self, known: &[&str]) -> Result<(), Error> {
        let unknown = self.0.iter().any(|(name, _)| !known.contains(&name.as_str()));
        if unknown { Err(Error::custom("unknown field")) } else { Ok(()) }
    }

    /// A field that must be there; null counts as absent where the type says so.
    pub fn get<T: DeserializeOwned>(&self, name: &str) -> Result<T, Error> {
        serde_json::from_str(self.text(name).ok_or_else(missing)?)
    }

    /// A field that may be left out.
    pub fn get_or_default<T: DeserializeOwned + Default>(&self, name: &str) -> Result<T, Error> {
        self.text(name).map_or_else(|| Ok(T::default()), serde_json::from_str)
    }
}

fn missing() -> Error {
    Error::custom("missing field")
}

impl<'de> Deserialize<'de> for Fields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ReadFields)
    }
}

struct ReadFields;

impl<'de> Visitor<'de> for ReadFields {
    type Value = Fields;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields, A::Error> {
        let mut fields = Vec::new();
        while let Some((name, value)) = map.next_entry::<String, Box<RawValue>>()? {
            if fields.len() == FIELDS_MAX {
                return Err(A::Error::custom("too many fields"));
            }
            if fields.iter().any(|(known, _)| *known == name) {
                return Err(A::Error::custom("a field twice"));
            }
            fields.push((name, value));
        }
        Ok(Fields(fields))
    }
}

/// Something that is read when it is looked at: until then it is text, and whoever never looks at
/// it does not hold what reads it.
pub struct Later<T> {
    text: Box<RawValue>,
    of: PhantomData<fn() -> T>,
}

impl<T> Later<T> {
    /// Written now.
    pub fn of(value: &T) -> Result<Self, Error>
    where
        T: Serialize,
    {
        Ok(Self { text: serde_json::value::to_raw_value(value)?, of: PhantomData })
    }

    /// What it is, unless it is something else.
    pub fn read(&self) -> Result<T, Error>
    where
        T: DeserializeOwned,
    {
        serde_json::from_str(self.text.get())
    }
}

impl<T> Clone for Later<T> {
    fn clone(&self) -> Self {
        Self { text: self.text.clone(), of: PhantomData }
    }
}

impl<T> PartialEq for Later<T> {
    fn eq(&self, other: &Self) -> bool {
        self.text.get() == other.text.get()
    }
}

impl<T> fmt::Debug for Later<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text.get())
    }
}

impl<T> Serialize for Later<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.text.serialize(serializer)
    }
}

impl<'de, T> Deserialize<'de> for Later<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self { text: Deserialize::deserialize(deserializer)?, of: PhantomData })
    }
}

/// One case of an enum, written as its name or as an object of its name and its content.
pub struct Variant {
    /// The name.
    pub name: String,
    /// The content, still as text.
    pub content: Option<Box<RawValue>>,
}

impl Variant {
    /// The content; a case without one is not of this shape.
    pub fn get<T: DeserializeOwned>(&self) -> Result<T, Error> {
        serde_json::from_str(self.content.as_ref().ok_or_else(unknown)?.get())
    }
}

/// No such case.
pub fn unknown() -> Error {
    Error::custom("unknown variant")
}

impl<'de> Deserialize<'de> for Variant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ReadVariant)
    }
}

struct ReadVariant;

impl<'de> Visitor<'de> for ReadVariant {
    type Value = Variant;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name, or an object of one name")
    }

    fn visit_str<E: serde::de::Error>(self, name: &str) -> Result<Variant, E> {
        Ok(Variant { name: name.to_owned(), content: None })
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Variant, A::Error> {
        let mut fields = ReadFields.visit_map(map)?.0;
        match (fields.pop(), fields.is_empty()) {
            (Some((name, content)), true) => Ok(Variant { name, content: Some(content) }),
            _ => Err(A::Error::custom("not one variant")),
        }
    }
}

/// Reads a struct: `fields!(open Place { id, sort "type"; moved_to });` with what must be
/// there before the semicolon and what may be left out behind it. `strict` refuses unknown
/// fields. A field whose name on the wire differs carries it.
#[macro_export]
macro_rules! fields {
    ($how:ident $type:ident { $($must:ident $($name:literal)?),* $(; $($may:ident),*)? }) => {
        impl $type {
            pub(crate) fn from_fields(fields: &$crate::wire::Fields) -> ::serde_json::Result<Self> {
                fields.$how(&[$($crate::name!($must $($name)?),)* $($(stringify!($may)),*)?])?;
                Ok(Self {
                    $($must: fields.get($crate::name!($must $($name)?))?,)*
                    $($($may: fields.get_or_default(stringify!($may))?,)*)?
                })
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $type {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let fields = $crate::wire::Fields::deserialize(deserializer)?;
                Self::from_fields(&fields).map_err(::serde::de::Error::custom)
            }
        }
    };
}

/// A field's name on the wire.
#[doc(hidden)]
#[macro_export]
macro_rules! name {
    ($field:ident) => {
        stringify!($field)
    };
    ($field:ident $name:literal) => {
        $name
    };
}

/// Reads an enum: `variants!(State { Sealed "sealed" ; Waiting "waiting" });` with the cases
/// that are a name alone before the semicolon and those with one content behind it.
#[macro_export]
macro_rules! variants {
    ($type:ident { $($unit:ident $name:literal),* $(; $($case:ident $tag:literal),*)? }) => {
        impl $type {
            fn from_variant(variant: &$crate::wire::Variant) -> ::serde_json::Result<Self> {
                match variant.name.as_str() {
                    $($name if variant.content.is_none() => Ok(Self::$unit),)*
                    $($($tag => variant.get().map(Self::$case),)*)?
                    _ => Err($crate::wire::unknown()),
                }
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $type {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let variant = $crate::wire::Variant::deserialize(deserializer)?;
                Self::from_variant(&variant).map_err(::serde::de::Error::custom)
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Clone, PartialEq, Debug, Serialize)]
    struct Canoe {
        name: String,
        #[serde(rename = "type")]
        sort: Sort,
        #[serde(skip_serializing_if = "Option::is_none")]
        seats: Option<u8>,
    }
    fields!(strict Canoe { name, sort "type"; seats });

    #[derive(Clone, PartialEq, Debug, Serialize)]
    #[serde(rename_all = "snake_case")]
    enum Sort {
        Rabaska,
        Lent(String),
    }
    variants!(Sort { Rabaska "rabaska"; Lent "lent" });

    fn read(text: &str) -> Result<Canoe, Error> {
        serde_json::from_str(text)
    }

    #[test]
    fn what_was_written_is_read_back_also_out_of_a_value() {
        for (sort, seats) in [(Sort::Rabaska, Some(12)), (Sort::Lent("to \"us\" \u{1F6F6}".into()), None)] {
            let canoe = Canoe { name: "é\\n".into(), sort, seats };
            let text = serde_json::to_string(&canoe).unwrap();
            assert_eq!(read(&text).unwrap(), canoe);
            assert_eq!(
                serde_json::from_value::<Canoe>(serde_json::to_value(&canoe).unwrap()).unwrap(),
                canoe
            );
        }
    }

    #[test]
    fn no_more_fields_are_read_than_the_limit() {
        let canoe = |more: usize| {
            let more: String = (0..more).map(|number| format!(",\"f{number}\":1")).collect();
            format!("{{\"name\":\"a\",\"type\":\"rabaska\"{more}}}")
        };
        assert!(serde_json::from_str::<Fields>(&canoe(FIELDS_MAX - 2)).is_ok());
        let error = serde_json::from_str::<Fields>(&canoe(FIELDS_MAX - 1)).err().unwrap().to_string();
        assert!(error.contains("too many fields"), "{error}");
        // All of it is not even looked at: otherwise this takes minutes.
        assert!(read(&canoe(100_000)).unwrap_err().to_string().contains("too many fields"));
    }

    #[test]
    fn what_is_missing_unknown_double_or_of_another_shape_is_said() {
        for (text, reason) in [
            (r#"{"name":"a"}"#, "missing field"),
            (r#"{"name":"a","type":"rabaska","colour":1}"#, "unknown field"),
            (r#"{"name":"a","name":"b","type":"rabaska"}"#, "a field twice"),
            (r#"{"name":"a","type":"kayak"}"#, "unknown variant"),
            (r#"{"name":"a","type":{"rabaska":1}}"#, "unknown variant"),
            (r#"{"name":"a","type":"lent"}"#, "unknown variant"),
            (r#"{"name":"a","type":{"lent":"b","rabaska":1}}"#, "not one variant"),
            (r#"{"name":"a","type":{}}"#, "not one variant"),
            (r#"{"name":1,"type":"rabaska"}"#, "invalid type"),
            (r#"["a","rabaska"]"#, "invalid type"),
        ] {
            let error = read(text).unwrap_err().to_string();
            assert!(error.contains(reason), "{text}: {error}");
        }
    }
}
