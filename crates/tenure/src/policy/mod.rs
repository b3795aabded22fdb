//! Policies: the choices that make a definition exact.
//!
//! A KPI declares its choices once with the macro `policy!`; the struct that callers fill in, the resolved choices,
//! the presets, the canonical JSON and the documentation all follow from that declaration. A field left out
//! means what the preset says, and without a preset what the default says.

use crate::error::{Error, ErrorKind, Result, quoted, suggest};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

mod fields;
mod lifecycle;
mod preset;
mod statistic;
mod usage;

pub use fields::{OneOrMany, Scale, Window, Within};
pub use lifecycle::LifecycleChoice;
pub use preset::Preset;
pub(crate) use preset::unknown_preset;
pub use statistic::{OpenUnits, Statistic};
pub use usage::{Ages, Brackets, Names, Rolling, Span, SpanOr};

/// A policy as JSON: what a request carries in every language.
pub type PolicyMap = Map<String, Value>;

/// One enum of choices, with its name and meaning in every language.
macro_rules! choice {
    (
        $(#[$meta:meta])*
        pub enum $name:ident {
            $( #[doc = $doc:literal] $(#[$more:meta])* $variant:ident = $text:literal, )+
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $( #[doc = $doc] $(#[$more])* $variant, )+
        }

        impl $crate::policy::Choice for $name {
            const ALL: &'static [(&'static str, &'static str, Self)] =
                &[$( ($text, $doc.trim_ascii(), $name::$variant), )+];
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                $crate::policy::Choice::name(*self).serialize(serializer)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::policy::deserialize_named(deserializer)
            }
        }

        impl $crate::policy::Field for $name {
            fn describe() -> $crate::policy::FieldType {
                <$name as $crate::policy::Named>::kind(false)
            }
        }
    };
}
pub(crate) use choice;

/// The policy of one KPI: fields, defaults with their meaning, presets with their source.
macro_rules! policy {
    (
        $(#[$meta:meta])*
        pub struct $name:ident {
            $( #[doc = $doc:literal] pub $field:ident : $type:ty = $default:expr, )*
        }
        presets {
            $( #[doc = $preset_doc:literal] $preset:ident { $($preset_field:ident : $value:expr),* $(,)? } )*
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
        #[serde(default)]
        pub struct $name {
            /// A named set of choices; the fields below override it.
            #[serde(skip_serializing_if = "crate::policy::Preset::is_none")]
            pub preset: $crate::policy::Preset,
            $(
                #[doc = $doc]
                #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "crate::policy::explicit")]
                pub $field: Option<$type>,
            )*
        }

        /// The choices of one request, all of them made.
        #[derive(Clone, Debug, PartialEq, serde::Serialize)]
        #[non_exhaustive]
        pub struct Choices {
            $( #[doc = $doc] pub $field: $type, )*
        }

        impl $crate::policy::Policy for $name {
            type Choices = Choices;

            fn describe() -> $crate::policy::PolicyDescription {
                #[allow(unused_variables, reason = "a policy may leave nothing to choose")]
                let default = |name: &str| {
                    let choices = <Self as $crate::policy::Policy>::resolve(&Self::default());
                    let value = choices.ok().and_then(|c| serde_json::to_value(c).ok());
                    value.and_then(|v| v.get(name).cloned()).unwrap_or(serde_json::Value::Null)
                };
                $crate::policy::PolicyDescription {
                    fields: vec![$( $crate::policy::FieldDescription {
                        name: stringify!($field),
                        doc: $doc.trim_ascii(),
                        kind: <$type as $crate::policy::Field>::describe(),
                        default: default(stringify!($field)),
                    }, )*],
                    presets: vec![$( $crate::policy::PresetDescription {
                        name: $crate::policy::Choice::name($crate::policy::Preset::$preset),
                        doc: $preset_doc.trim_ascii(),
                    }, )*],
                }
            }

            fn resolve(&self) -> $crate::error::Result<Choices> {
                #[allow(unused_variables, reason = "a policy may leave nothing to choose")]
                #[allow(clippy::needless_update, reason = "a preset may set every field")]
                let preset: $name = match self.preset {
                    $crate::policy::Preset::None => $name::default(),
                    $( $crate::policy::Preset::$preset => $name {
                        $( $preset_field: Some($value), )*
                        ..Default::default()
                    }, )*
                    #[allow(unreachable_patterns, reason = "a policy may know every preset")]
                    other => {
                        let name = $crate::policy::Choice::name(other);
                        return Err($crate::policy::unknown_preset(name, &Self::describe()));
                    }
                };
                $(
                    let $field = self.$field.clone().or(preset.$field).unwrap_or_else(|| $default);
                    $crate::policy::Field::check(&$field)?;
                )*
                Ok(Choices { $($field,)* })
            }

            fn preset(&self) -> $crate::policy::Preset {
                self.preset
            }
        }
    };
}
pub(crate) use policy;

/// An enum of choices.
pub trait Choice: Copy + PartialEq + Sized + 'static {
    /// Name, meaning and value of every choice, the usual one first.
    const ALL: &'static [(&'static str, &'static str, Self)];

    /// The name, the same in every language.
    fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, _, choice)| *choice == self).map_or("", |(name, _, _)| name)
    }
}

pub(crate) fn deserialize_named<'de, N: Named, D: Deserializer<'de>>(
    de: D,
) -> std::result::Result<N, D::Error> {
    let text = String::deserialize(de)?;
    N::parse(&text).map_err(serde::de::Error::custom)
}

/// Reads a field that is there: an explicit null overrides a preset, where null is a value of the field.
pub(crate) fn explicit<'de, T, D>(deserializer: D) -> std::result::Result<Option<T>, D::Error>
where
    T: Field + DeserializeOwned,
    D: Deserializer<'de>,
{
    match Value::deserialize(deserializer)? {
        Value::Null if !T::NULLABLE => Ok(None),
        value => serde_json::from_value(value).map(Some).map_err(serde::de::Error::custom),
    }
}

/// A value that has a name in every language: a choice, or one of an open set such as percentiles.
pub trait Named: Clone + PartialEq {
    /// The name.
    fn name(&self) -> String;

    /// The value of a name; else what is wrong with it.
    fn parse(text: &str) -> std::result::Result<Self, String>;

    /// What a field of one of them, or of a list of them, may hold.
    fn kind(many: bool) -> FieldType;
}

impl<C: Choice> Named for C {
    fn name(&self) -> String {
        Choice::name(*self).to_owned()
    }

    fn parse(text: &str) -> std::result::Result<Self, String> {
        C::ALL.iter().find(|(name, _, _)| *name == text).map(|(_, _, choice)| *choice).ok_or_else(|| {
            let hint = suggest(text, C::ALL.iter().map(|(name, _, _)| *name));
            format!("\"{text}\" is not a choice{hint}")
        })
    }

    fn kind(many: bool) -> FieldType {
        let choices = C::ALL.iter().map(|(name, doc, _)| (*name, *doc)).collect();
        if many { FieldType::Choices(choices) } else { FieldType::Choice(choices) }
    }
}

/// What callers of one KPI may choose.
pub trait Policy: Serialize + DeserializeOwned + Default {
    /// The same with every choice made.
    type Choices: Serialize + Send + Sync;

    /// Fields and presets, for documentation and for messages.
    fn describe() -> PolicyDescription;

    /// Fills what was left open: from the preset, then from the defaults.
    fn resolve(&self) -> Result<Self::Choices>;

    /// The preset asked for.
    fn preset(&self) -> Preset;

    /// The policy as a request carries it.
    fn to_map(&self) -> PolicyMap {
        match serde_json::to_value(self) {
            Ok(Value::Object(map)) => map,
            _ => PolicyMap::new(),
        }
    }

    /// Reads a policy from a request; unknown fields and choices are errors that name the nearest.
    fn from_map(map: &PolicyMap) -> Result<Self> {
        let unknown = |message: String| Error::new(ErrorKind::UnknownPolicy, message);
        let described = Self::describe();
        let names = || described.fields.iter().map(|field| field.name).chain(["preset"]);
        for name in map.keys() {
            if !names().any(|known| known == name) {
                return Err(unknown(format!("no policy field {}{}", quoted(name), suggest(name, names()))));
            }
        }
        // Of all presets only the KPI's own are worth naming.
        if let Some(Value::String(preset)) = map.get("preset")
            && *preset != Preset::None.name()
            && !described.presets.iter().any(|known| known.name == preset)
        {
            return Err(unknown_preset(preset, &described));
        }
        // Fields are read one at a time so that a message can name the field.
        for (name, value) in map {
            let single = Value::Object(PolicyMap::from_iter([(name.clone(), value.clone())]));
            if let Err(error) = serde_json::from_value::<Self>(single) {
                return Err(unknown(format!("policy field \"{name}\": {error}")));
            }
        }
        serde_json::from_value(Value::Object(map.clone())).map_err(|e| unknown(e.to_string()))
    }
}

/// What a policy offers.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct PolicyDescription {
    /// Its fields.
    pub fields: Vec<FieldDescription>,
    /// Its presets.
    pub presets: Vec<PresetDescription>,
}

/// One field of a policy.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct FieldDescription {
    /// Its name.
    pub name: &'static str,
    /// What it decides and why the default is what it is.
    pub doc: &'static str,
    /// What it may hold.
    #[serde(rename = "type")]
    pub kind: FieldType,
    /// What holds when nothing is chosen.
    pub default: Value,
}

/// One preset of a policy.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct PresetDescription {
    /// Its name.
    pub name: &'static str,
    /// What it sets and who defines the KPI so.
    pub doc: &'static str,
}

/// What a policy field may hold.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FieldType {
    /// One of these names; each with its meaning.
    Choice(Vec<(&'static str, &'static str)>),
    /// One of these names, or a list of them.
    Choices(Vec<(&'static str, &'static str)>),
    /// A list of these names, which may be empty.
    List(Vec<(&'static str, &'static str)>),
    /// `"mean"`, `"median"`, or a percentile as in `"p90"`; or a list of them.
    Statistics,
    /// Any text.
    Text,
    /// True or false.
    Flag,
    /// A whole number.
    Whole,
    /// Any number.
    Number,
    /// Lowest and highest answer: `[0, 10]`.
    Scale,
    /// `"all"`, or days as in `"90d"`.
    Window,
    /// A number of days, or `"ever"`.
    Within,
    /// A span of time as in `"30m"`, `"24h"` or `"7d"`.
    Span,
    /// A span of time, or one of these names.
    SpanOr(Vec<(&'static str, &'static str)>),
    /// `"period"`, or days as in `"28d"`.
    Rolling,
    /// A name, or a list of them.
    Names,
    /// A whole number, or a list of them.
    Ages,
    /// Stretches of ages: `[[1, 3], [4, 7]]`.
    Brackets,
    /// The name of a built-in lifecycle, or one of one's own: name, stages, rules.
    Lifecycle,
}

/// A type that a policy field can have.
pub trait Field {
    /// Whether null is a value of it; otherwise null means that nothing was chosen.
    const NULLABLE: bool = false;

    /// What it may hold.
    fn describe() -> FieldType;

    /// Checks a value that has the right type.
    fn check(&self) -> Result<()> {
        Ok(())
    }
}

impl Field for bool {
    fn describe() -> FieldType {
        FieldType::Flag
    }
}

impl Field for String {
    fn describe() -> FieldType {
        FieldType::Text
    }
}

/// A list of choices, which may be empty.
impl<C: Choice> Field for Vec<C> {
    fn describe() -> FieldType {
        FieldType::List(C::ALL.iter().map(|(name, doc, _)| (*name, *doc)).collect())
    }
}

impl Field for i64 {
    fn describe() -> FieldType {
        FieldType::Whole
    }
}

impl Field for f64 {
    fn describe() -> FieldType {
        FieldType::Number
    }
}

impl<T: Field> Field for Option<T> {
    const NULLABLE: bool = true;

    fn describe() -> FieldType {
        T::describe()
    }

    fn check(&self) -> Result<()> {
        self.as_ref().map_or(Ok(()), Field::check)
    }
}

/// The policy column of a result: every choice, the preset's name and the definition's revision, as canonical
/// JSON. Given back as a policy it reproduces the number.
pub(crate) fn canonical<C: Serialize>(choices: &C, preset: Preset, revision: u32) -> PolicyMap {
    let mut map = match serde_json::to_value(choices) {
        Ok(Value::Object(map)) => map,
        _ => PolicyMap::new(),
    };
    if !preset.is_none() {
        map.insert("preset".to_owned(), preset.name().into());
    }
    map.insert("revision".to_owned(), revision.into());
    map
}
