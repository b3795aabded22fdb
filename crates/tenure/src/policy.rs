//! Policies: the choices that make a definition exact.
//!
//! A KPI declares its choices once with [`policy!`]; the struct that callers fill in, the resolved choices,
//! the presets, the canonical JSON and the documentation all follow from that declaration. A field left out
//! means what the preset says, and without a preset what the default says.

use crate::error::{Error, ErrorKind, Result, suggest};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

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
                $crate::policy::deserialize_choice(deserializer)
            }
        }

        impl $crate::policy::Field for $name {
            fn describe() -> $crate::policy::FieldType {
                $crate::policy::choices_of::<$name>()
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
                #[serde(skip_serializing_if = "Option::is_none")]
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
                #[allow(clippy::needless_update, reason = "a preset may set every field")]
                let preset: $name = match self.preset {
                    $crate::policy::Preset::None => $name::default(),
                    $( $crate::policy::Preset::$preset => $name {
                        $( $preset_field: Some($value), )*
                        ..Default::default()
                    }, )*
                    #[allow(unreachable_patterns, reason = "a policy may know every preset")]
                    other => return Err($crate::policy::unknown_preset(other, &Self::describe())),
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

pub(crate) fn deserialize_choice<'de, C: Choice, D: Deserializer<'de>>(de: D) -> Result<C, D::Error> {
    let text = String::deserialize(de)?;
    C::ALL.iter().find(|(name, _, _)| *name == text).map(|(_, _, choice)| *choice).ok_or_else(|| {
        let hint = suggest(&text, C::ALL.iter().map(|(name, _, _)| *name));
        serde::de::Error::custom(format!("\"{text}\" is not a choice{hint}"))
    })
}

pub(crate) fn choices_of<C: Choice>() -> FieldType {
    FieldType::Choice(C::ALL.iter().map(|(name, doc, _)| (*name, *doc)).collect())
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
                return Err(unknown(format!("no policy field \"{name}\"{}", suggest(name, names()))));
            }
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
    /// True or false.
    Flag,
    /// A whole number.
    Whole,
    /// Lowest and highest answer: `[0, 10]`.
    Scale,
    /// `"all"`, or days as in `"90d"`.
    Window,
}

/// A type that a policy field can have.
pub trait Field {
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

impl Field for i64 {
    fn describe() -> FieldType {
        FieldType::Whole
    }
}

impl<T: Field> Field for Option<T> {
    fn describe() -> FieldType {
        T::describe()
    }

    fn check(&self) -> Result<()> {
        self.as_ref().map_or(Ok(()), Field::check)
    }
}

/// One choice or several; several give the result a dimension.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OneOrMany<C> {
    /// One choice.
    One(C),
    /// A list of choices, in the order of the result's rows.
    Many(Vec<C>),
}

impl<C> OneOrMany<C> {
    /// The choices.
    pub fn as_slice(&self) -> &[C] {
        match self {
            OneOrMany::One(choice) => std::slice::from_ref(choice),
            OneOrMany::Many(choices) => choices,
        }
    }

    /// Whether the result has a row per choice.
    pub fn is_many(&self) -> bool {
        matches!(self, OneOrMany::Many(_))
    }
}

impl<C> From<C> for OneOrMany<C> {
    fn from(choice: C) -> Self {
        OneOrMany::One(choice)
    }
}

impl<C: Choice> Serialize for OneOrMany<C> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            OneOrMany::One(choice) => choice.name().serialize(serializer),
            OneOrMany::Many(choices) => serializer.collect_seq(choices.iter().map(|choice| choice.name())),
        }
    }
}

impl<'de, C: Choice> Deserialize<'de> for OneOrMany<C> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use serde::de::Error as _;
        let one = |value: Value| deserialize_choice(value).map_err(D::Error::custom);
        match Value::deserialize(deserializer)? {
            Value::Array(items) if items.is_empty() => Err(D::Error::custom("an empty list chooses nothing")),
            Value::Array(items) => {
                let choices = items.into_iter().map(one).collect::<Result<Vec<C>, _>>()?;
                let repeated = choices
                    .iter()
                    .enumerate()
                    .any(|(at, choice)| choices.iter().take(at).any(|c| c == choice));
                if repeated {
                    return Err(D::Error::custom("a choice stands twice in the list"));
                }
                Ok(OneOrMany::Many(choices))
            }
            value => one(value).map(OneOrMany::One),
        }
    }
}

impl<C: Choice> Field for OneOrMany<C> {
    fn describe() -> FieldType {
        FieldType::Choices(C::ALL.iter().map(|(name, doc, _)| (*name, *doc)).collect())
    }
}

/// The lowest and the highest answer of a rating scale, `[0, 10]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "(i64, i64)", into = "(i64, i64)")]
pub struct Scale {
    low: i64,
    high: i64,
}

impl Scale {
    /// The usual scale of the recommendation question.
    pub const ZERO_TO_TEN: Self = Self { low: 0, high: 10 };
    /// The usual scale of satisfaction.
    pub const ONE_TO_FIVE: Self = Self { low: 1, high: 5 };
    /// The usual scale of agreement.
    pub const ONE_TO_SEVEN: Self = Self { low: 1, high: 7 };

    /// A scale from `low` to `high`.
    pub const fn new(low: i64, high: i64) -> Self {
        Self { low, high }
    }

    /// The lowest answer.
    pub fn low(self) -> i64 {
        self.low
    }

    /// The highest answer.
    pub fn high(self) -> i64 {
        self.high
    }
}

impl From<(i64, i64)> for Scale {
    fn from((low, high): (i64, i64)) -> Self {
        Self { low, high }
    }
}

impl From<Scale> for (i64, i64) {
    fn from(scale: Scale) -> Self {
        (scale.low, scale.high)
    }
}

impl std::fmt::Display for Scale {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} to {}", self.low, self.high)
    }
}

impl Field for Scale {
    fn describe() -> FieldType {
        FieldType::Scale
    }

    fn check(&self) -> Result<()> {
        // Wider scales than this are no answers of people, and their squares would not fit.
        let readable = -1_000_000..=1_000_000;
        if self.low < self.high && readable.contains(&self.low) && readable.contains(&self.high) {
            return Ok(());
        }
        let message = format!(
            "[{}, {}] is not a scale; expected the lowest and the highest answer, as [0, 10]",
            self.low, self.high
        );
        Err(Error::invalid(message))
    }
}

/// How far back from an anchor rows count: all of them, or a number of days of 24 hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Window {
    /// No limit.
    All,
    /// This many days.
    Days(u32),
}

impl Serialize for Window {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Window::All => "all".serialize(serializer),
            Window::Days(days) => format!("{days}d").serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Window {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let days = || text.strip_suffix('d').and_then(|days| days.parse().ok()).filter(|days| *days > 0);
        match text.as_str() {
            "all" => Ok(Window::All),
            _ => days().map(Window::Days).ok_or_else(|| {
                serde::de::Error::custom(format!(
                    "\"{text}\" is not a window; expected all, or days such as 90d"
                ))
            }),
        }
    }
}

impl Field for Window {
    fn describe() -> FieldType {
        FieldType::Window
    }
}

choice! {
    /// A named set of choices, mostly a vendor's. Each KPI knows some of them.
    #[derive(Default)]
    pub enum Preset {
        /// No preset: the documented defaults.
        #[default]
        None = "none",
        /// Benbria.
        Benbria = "benbria",
        /// Chatwoot.
        Chatwoot = "chatwoot",
        /// `CloseAlert`.
        Closealert = "closealert",
        /// CustomerGauge.
        CustomerGauge = "customer_gauge",
        /// Freshworks CRM.
        Freshworks = "freshworks",
        /// Gainsight.
        Gainsight = "gainsight",
        /// Help Scout.
        HelpScout = "help_scout",
        /// Intercom.
        Intercom = "intercom",
        /// `MetricsFlare`.
        MetricsFlare = "metrics_flare",
        /// Natero.
        Natero = "natero",
        /// QuestionPro.
        Questionpro = "questionpro",
        /// ServiceRocket Surveys.
        ServiceRocket = "service_rocket",
        /// ServiceRocket Surveys, 5-point scale.
        ServiceRocket5 = "service_rocket_5",
        /// ServiceRocket Surveys, 7-point scale.
        ServiceRocket7 = "service_rocket_7",
        /// SmartSurvey.
        Smartsurvey = "smartsurvey",
        /// `SogoSurvey`.
        Sogosurvey = "sogosurvey",
        /// UserVoice.
        UserVoice = "user_voice",
        /// Userpilot.
        Userpilot = "userpilot",
        /// InMoment (Wootric).
        Wootric = "wootric",
        /// Zendesk.
        Zendesk = "zendesk",
    }
}

impl Preset {
    /// Whether no preset was asked for.
    pub fn is_none(&self) -> bool {
        *self == Preset::None
    }
}

pub(crate) fn unknown_preset(preset: Preset, described: &PolicyDescription) -> Error {
    let known = described.presets.iter().map(|known| known.name);
    let hint = suggest(preset.name(), known);
    let message = format!("preset \"{}\" is not one of this KPI's{hint}", preset.name());
    Error::new(ErrorKind::UnknownPolicy, message)
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
