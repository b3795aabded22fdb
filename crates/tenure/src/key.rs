//! Keys: the values by which rows are grouped, and the small numbers that stand for them while counting.

use crate::column::{Bitmap, Column, Reading, Slice, Text};
use hashbrown::{DefaultHashBuilder, HashTable};
use serde::Serialize;
use std::cmp::Ordering;
use std::hash::{BuildHasher, Hash, Hasher};

/// A value of a column in `by`, or of a dimension. Ordered: booleans, numbers, times, text, then missing.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum Key {
    /// A truth value.
    Bool(bool),
    /// A whole number.
    Whole(i128),
    /// Any other number.
    Real(f64),
    /// A time in microseconds since 1970-01-01; wall-clock times and dates as if in UTC.
    Time(i64),
    /// Text.
    Text(String),
    /// No value: its own group.
    Null,
}

impl Key {
    /// What names something: an id, a person, a team. A blank text names nothing, and is missing.
    pub(crate) fn named(reading: Reading<'_>) -> Self {
        Key::from(reading.unless_blank())
    }

    fn rank(&self) -> u8 {
        match self {
            Key::Bool(_) => 0,
            Key::Whole(_) => 1,
            Key::Real(_) => 2,
            Key::Time(_) => 3,
            Key::Text(_) => 4,
            Key::Null => 5,
        }
    }

    /// The text, if it is text.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Key::Text(text) => Some(text),
            _ => None,
        }
    }

    fn holds(&self, reading: Reading<'_>) -> bool {
        match (self, reading) {
            (Key::Bool(a), Reading::Bool(b)) => *a == b,
            (Key::Whole(a), Reading::Whole(b)) => *a == b,
            (Key::Real(a), Reading::Real(b)) => a.to_bits() == b.to_bits(),
            (Key::Time(a), Reading::Time(b, _)) => *a == b,
            (Key::Text(a), Reading::Text(b)) => a == b,
            (Key::Null, Reading::Missing | Reading::Unreadable) => true,
            _ => false,
        }
    }
}

impl From<Reading<'_>> for Key {
    fn from(reading: Reading<'_>) -> Self {
        match reading {
            Reading::Bool(value) => Key::Bool(value),
            Reading::Whole(value) => Key::Whole(value),
            Reading::Real(value) => Key::Real(value),
            Reading::Time(at, _) => Key::Time(at),
            Reading::Text(text) => Key::Text(text.to_owned()),
            Reading::Missing | Reading::Unreadable => Key::Null,
        }
    }
}

impl From<String> for Key {
    fn from(text: String) -> Self {
        Key::Text(text)
    }
}

impl From<i64> for Key {
    fn from(value: i64) -> Self {
        Key::Whole(value.into())
    }
}

impl From<&str> for Key {
    fn from(text: &str) -> Self {
        Key::Text(text.to_owned())
    }
}

impl Ord for Key {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Key::Bool(a), Key::Bool(b)) => a.cmp(b),
            (Key::Whole(a), Key::Whole(b)) => a.cmp(b),
            (Key::Real(a), Key::Real(b)) => a.total_cmp(b),
            (Key::Time(a), Key::Time(b)) => a.cmp(b),
            (Key::Text(a), Key::Text(b)) => a.cmp(b),
            _ => self.rank().cmp(&other.rank()),
        }
    }
}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Key {}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self {
            Key::Bool(value) => value.hash(state),
            Key::Whole(value) => value.hash(state),
            Key::Real(value) => value.to_bits().hash(state),
            Key::Time(at) => at.hash(state),
            Key::Text(text) => text.hash(state),
            Key::Null => self.rank().hash(state),
        }
    }
}

impl std::fmt::Display for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Key::Bool(value) => value.fmt(f),
            Key::Whole(value) => value.fmt(f),
            Key::Real(value) => value.fmt(f),
            Key::Time(at) => f.write_str(&crate::scope::format_instant(*at, chrono_tz::Tz::UTC)),
            Key::Text(text) => f.write_str(text),
            Key::Null => f.write_str("null"),
        }
    }
}

fn hash_reading(hasher: &DefaultHashBuilder, reading: Reading<'_>) -> u64 {
    let mut state = hasher.build_hasher();
    match reading {
        Reading::Bool(value) => value.hash(&mut state),
        Reading::Whole(value) => value.hash(&mut state),
        Reading::Real(value) => value.to_bits().hash(&mut state),
        Reading::Time(at, _) => at.hash(&mut state),
        Reading::Text(text) => text.hash(&mut state),
        Reading::Missing | Reading::Unreadable => 0_u8.hash(&mut state),
    }
    state.finish()
}

/// A hash of a value that is the same on every machine and in every version: it decides which part of a
/// partitioned computation an entity belongs to.
pub(crate) fn stable_hash(reading: Reading<'_>) -> u64 {
    // FNV-1a, 64 bits: short, well known, and never going to change.
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut feed = |bytes: &[u8]| {
        for byte in bytes {
            hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    };
    match reading {
        Reading::Bool(value) => feed(&[1, u8::from(value)]),
        Reading::Whole(value) => {
            feed(&[2]);
            feed(&value.to_le_bytes());
        }
        Reading::Real(value) => {
            feed(&[3]);
            feed(&value.to_bits().to_le_bytes());
        }
        Reading::Time(at, _) => {
            feed(&[4]);
            feed(&at.to_le_bytes());
        }
        Reading::Text(text) => {
            feed(&[5]);
            feed(text.as_bytes());
        }
        Reading::Missing | Reading::Unreadable => feed(&[0]),
    }
    // The low bits of FNV are weak; fold the high ones in before anyone takes a remainder.
    hash ^ (hash >> 32)
}

/// Gives each distinct value a small number, in order of first sight.
#[derive(Default)]
pub(crate) struct Interner {
    keys: Vec<Key>,
    codes: HashTable<u32>,
    hasher: DefaultHashBuilder,
}

impl Interner {
    pub(crate) fn keys(&self) -> &[Key] {
        &self.keys
    }

    pub(crate) fn code(&mut self, reading: Reading<'_>) -> u32 {
        let Self { keys, codes, hasher } = self;
        let hash = hash_reading(hasher, reading);
        let same = |code: &u32| keys.get(*code as usize).is_some_and(|key| key.holds(reading));
        if let Some(code) = codes.find(hash, same) {
            return *code;
        }
        // More than 2^32 distinct values do not fit the memory that would hold their rows.
        let code = u32::try_from(keys.len()).unwrap_or(u32::MAX);
        keys.push(Key::from(reading));
        codes.insert_unique(hash, code, |code| {
            keys.get(*code as usize).map_or(0, |key| hash_reading(hasher, key.reading()))
        });
        code
    }
}

impl Key {
    pub(crate) fn reading(&self) -> Reading<'_> {
        match self {
            Key::Bool(value) => Reading::Bool(*value),
            Key::Whole(value) => Reading::Whole(*value),
            Key::Real(value) => Reading::Real(*value),
            Key::Time(at) => Reading::Time(*at, true),
            Key::Text(text) => Reading::Text(text),
            Key::Null => Reading::Missing,
        }
    }
}

/// Turns a column into codes, block by block, remembering what it saw.
#[derive(Default)]
pub(crate) struct Coder {
    interner: Interner,
    /// The codes of the current chunk's dictionary, and which chunk that is.
    dictionary: Vec<u32>,
    dictionary_of: Option<usize>,
    /// Codes of small whole numbers by `number - SMALLEST`; [`UNSEEN`] where not met yet.
    small: Vec<u32>,
    /// Codes of the texts met last, each at a place that its bytes name.
    recent: Vec<u32>,
}

const UNSEEN: u32 = u32::MAX;
/// Small whole numbers have their codes in a list. All of a byte's are small, and most ids that count upwards.
const SMALLEST: i64 = -128;
const SMALL: usize = 1 << 20;
/// How many texts are remembered by their bytes.
const RECENT: usize = 4096;

impl Coder {
    pub(crate) fn keys(&self) -> &[Key] {
        self.interner.keys()
    }

    pub(crate) fn code(&mut self, reading: Reading<'_>) -> u32 {
        self.interner.code(reading)
    }

    /// The codes of rows `from..from + out.len()` of a column; `chunk` names the chunk that the column is of.
    pub(crate) fn block(&mut self, column: &Column<'_>, chunk: usize, from: usize, out: &mut [u32]) {
        let coded = match column {
            Column::Dictionary { keys, values } => {
                if self.dictionary_of != Some(chunk) {
                    self.dictionary.clear();
                    for at in 0..values.len() {
                        let code = self.interner.code(values.read(at));
                        self.dictionary.push(code);
                    }
                    self.dictionary_of = Some(chunk);
                }
                self.dictionary_block(keys, from, out)
            }
            Column::I8(slice) => self.whole_block(slice, from, out),
            Column::I16(slice) => self.whole_block(slice, from, out),
            Column::I32(slice) => self.whole_block(slice, from, out),
            Column::I64(slice) => self.whole_block(slice, from, out),
            Column::U8(slice) => self.whole_block(slice, from, out),
            Column::U16(slice) => self.whole_block(slice, from, out),
            Column::U32(slice) => self.whole_block(slice, from, out),
            Column::U64(slice) => self.whole_block(slice, from, out),
            Column::Bool(bits, validity) => {
                out.fill(self.interner.code(Reading::Bool(true)));
                bits.mark_unset(from, out, self.interner.code(Reading::Bool(false)));
                self.mark_missing(validity.as_ref(), from, out);
                Some(())
            }
            Column::Text(text) => {
                for (at, code) in (from..).zip(out.iter_mut()) {
                    *code = self.text_code(text, at);
                }
                Some(())
            }
            _ => None,
        };
        if coded.is_none() {
            self.reading_block(column, from, out);
        }
    }

    fn mark_missing(&mut self, validity: Option<&Bitmap<'_>>, from: usize, out: &mut [u32]) {
        if let Some(validity) = validity {
            validity.mark_unset(from, out, self.interner.code(Reading::Missing));
        }
    }

    fn whole_block<T: Copy + Into<i128> + TryInto<i64>>(
        &mut self,
        slice: &Slice<'_, T>,
        from: usize,
        out: &mut [u32],
    ) -> Option<()> {
        for (value, code) in slice.values(from, from + out.len())?.iter().zip(out.iter_mut()) {
            let place = (*value).try_into().ok().and_then(|value: i64| value.checked_sub(SMALLEST));
            let place = place.and_then(|place| usize::try_from(place).ok()).unwrap_or(usize::MAX);
            *code = match self.small.get(place) {
                Some(known) if *known != UNSEEN => *known,
                _ => self.fresh_whole((*value).into(), place),
            };
        }
        self.mark_missing(slice.validity(), from, out);
        Some(())
    }

    fn fresh_whole(&mut self, value: i128, place: usize) -> u32 {
        let code = self.interner.code(Reading::Whole(value));
        if place < SMALL && place >= self.small.len() {
            self.small.resize((place + 1).next_power_of_two(), UNSEEN);
        }
        if let Some(known) = self.small.get_mut(place) {
            *known = code;
        }
        code
    }

    fn text_code(&mut self, text: &Text<'_>, at: usize) -> u32 {
        let Some(bytes) = text.get(at) else { return self.interner.code(Reading::Missing) };
        let place = place_of(bytes);
        let holds = |code: &u32| {
            let key = self.interner.keys().get(*code as usize);
            key.and_then(Key::as_text).is_some_and(|text| text.as_bytes() == bytes)
        };
        if let Some(code) = self.recent.get(place).copied().filter(holds) {
            return code;
        }
        let code = self.interner.code(Reading::of_text(Some(bytes)));
        self.recent.resize(RECENT, UNSEEN);
        if let Some(recent) = self.recent.get_mut(place) {
            *recent = code;
        }
        code
    }

    /// Nothing, to be done again row by row, if the keys are of another type or one points nowhere.
    fn dictionary_block(&mut self, keys: &Column<'_>, from: usize, out: &mut [u32]) -> Option<()> {
        macro_rules! look_up {
            ($slice:expr) => {{
                let mut all = true;
                for (key, code) in $slice.values(from, from + out.len())?.iter().zip(out.iter_mut()) {
                    let known = usize::try_from(*key).ok().and_then(|key| self.dictionary.get(key));
                    all &= known.is_some();
                    *code = known.copied().unwrap_or_default();
                }
                self.mark_missing($slice.validity(), from, out);
                all.then_some(())
            }};
        }
        match keys {
            Column::I8(slice) => look_up!(slice),
            Column::I16(slice) => look_up!(slice),
            Column::I32(slice) => look_up!(slice),
            Column::U8(slice) => look_up!(slice),
            Column::U16(slice) => look_up!(slice),
            Column::U32(slice) => look_up!(slice),
            _ => None,
        }
    }

    fn reading_block(&mut self, column: &Column<'_>, from: usize, out: &mut [u32]) {
        // Neighbouring rows often hold the same value; comparing is cheaper than hashing.
        let mut last: Option<(Reading<'_>, u32)> = None;
        for (at, code) in out.iter_mut().enumerate() {
            let reading = column.read(from + at);
            *code = match last {
                Some((same, code)) if same == reading => code,
                _ => self.interner.code(reading),
            };
            last = Some((reading, *code));
        }
    }
}

/// A place among [`RECENT`] ones, from a text's length and the bytes in which short names differ.
fn place_of(bytes: &[u8]) -> usize {
    let byte = |at: usize| bytes.get(at).copied().map_or(0, usize::from);
    let last = bytes.len().wrapping_sub(1);
    let mixed = byte(0) ^ byte(bytes.len() / 2) << 3 ^ byte(last.wrapping_sub(1)) << 5 ^ byte(last) << 7;
    (mixed ^ bytes.len() << 4) % RECENT
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_values_share_a_code_across_layouts() {
        let mut coder = Coder::default();
        let mut out = [0; 4];
        coder.block(&Column::from(&["a", "b", "a", "c"]), 0, 0, &mut out);
        assert_eq!(out, [0, 1, 0, 2]);
        let dictionary = Column::Dictionary {
            keys: Box::new(Column::from(vec![Some(1_i32), Some(0), None, Some(1)])),
            values: Box::new(Column::from(&["c", "b"])),
        };
        coder.block(&dictionary, 1, 0, &mut out);
        assert_eq!(out, [1, 2, 3, 1]);
        assert_eq!(coder.keys().last(), Some(&Key::Null));
    }

    #[test]
    fn numbers_share_a_code_across_types() {
        let mut coder = Coder::default();
        let mut out = [0; 3];
        coder.block(&Column::from(&[1_i8, -1, 1]), 0, 0, &mut out);
        assert_eq!(out, [0, 1, 0]);
        coder.block(&Column::from(&[-1.0, 1.0, 0.5]), 1, 0, &mut out);
        assert_eq!(out, [1, 0, 2]);
    }

    #[test]
    fn whole_numbers_of_any_width_and_size_share_codes() {
        let mut coder = Coder::default();
        let mut keys = |column: Column<'_>, chunk: usize| -> (Vec<u32>, Vec<Key>) {
            let mut codes = vec![0; column.len()];
            coder.block(&column, chunk, 0, &mut codes);
            let keys = codes.iter().map(|code| coder.keys()[*code as usize].clone()).collect();
            (codes, keys)
        };
        let (narrow, read) = keys(vec![Some(7_i64), Some(-129), None, Some(1 << 40), Some(7)].into(), 0);
        assert_eq!(read, [Key::Whole(7), Key::Whole(-129), Key::Null, Key::Whole(1 << 40), Key::Whole(7)]);
        let (wide, read) = keys(Column::from(&[1_u64 << 40, 7, u64::MAX]), 1);
        assert_eq!(read, [Key::Whole(1 << 40), Key::Whole(7), Key::Whole(i128::from(u64::MAX))]);
        assert_eq!((wide[0], wide[1]), (narrow[3], narrow[0]));
        let bits = Bitmap::from_bools([true, false, true]);
        let (_, read) = keys(Column::Bool(bits, Some(Bitmap::from_bools([true, true, false]))), 2);
        assert_eq!(read, [Key::Bool(true), Key::Bool(false), Key::Null]);
    }

    #[test]
    fn texts_that_fall_on_one_place_are_told_apart() {
        // The same first, middle, last but one and last byte, and the same length.
        let (one, other) = ("abcdefgh", "aXcdeYgh");
        assert_eq!(place_of(one.as_bytes()), place_of(other.as_bytes()));
        let mut coder = Coder::default();
        let mut out = [0; 4];
        coder.block(&Column::from(&[one, other, one, other]), 0, 0, &mut out);
        assert_eq!(out, [0, 1, 0, 1]);
    }

    #[test]
    fn a_blank_text_names_nothing() {
        assert_eq!(Key::named(Reading::Text(" \t")), Key::Null);
        assert_eq!(Key::named(Reading::Text(" a")), Key::from(" a"));
        assert_eq!(Key::named(Reading::Whole(0)), Key::Whole(0));
    }

    #[test]
    fn missing_values_are_the_last_group() {
        let mut keys = [Key::Null, Key::from("b"), Key::Whole(3), Key::from("a")];
        keys.sort();
        assert_eq!(keys, [Key::Whole(3), Key::from("a"), Key::from("b"), Key::Null]);
    }

    #[test]
    fn the_stable_hash_stays_as_it_is() {
        // FNV-1a of the bytes 05 "a", computed by hand from the published constants:
        // offset basis 0xcbf29ce484222325, prime 0x100000001b3; then folded.
        let mut hash = 0xcbf2_9ce4_8422_2325_u64;
        for byte in [5_u8, b'a'] {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        assert_eq!(stable_hash(Reading::Text("a")), hash ^ (hash >> 32));
    }
}
