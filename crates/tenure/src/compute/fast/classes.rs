//! What each value means to a measure, as a small number.

use crate::column::{Column, Reading, Slice};
use crate::compute::Row;
use crate::measure::{Fate, Reason, RowMeasure};

/// The most classes that are worth a counter each.
const MOST: usize = 128;

/// The fates that a row may come to, numbered.
///
/// The measure is asked once for each of the 256 values of a byte. Neighbours with one fate form a run, and the class
/// of a value is the number of runs that end below it: a few comparisons, which run on vectors, and no look-up.
pub(super) struct Classes<V> {
    /// The last value of each run but the last.
    ends: Vec<i8>,
    /// The fate of each class: those of the runs, then those that no number leads to.
    fates: Vec<Fate<V>>,
    pub(super) missing: u8,
    pub(super) invalid: u8,
    pub(super) excluded: u8,
    /// Rows that are not counted.
    pub(super) no_unit: u8,
}

/// Stands for every reason: a cell only counts how many there are.
const ANY: Reason = Reason::new("", "", "");

/// Whether two fates change a cell in the same way.
fn alike<V: PartialEq>(one: &Fate<V>, other: &Fate<V>) -> bool {
    match (one, other) {
        (Fate::Invalid(_), Fate::Invalid(_)) | (Fate::Excluded(_), Fate::Excluded(_)) => true,
        _ => one == other,
    }
}

impl<V: PartialEq> Classes<V> {
    /// Nothing where a measure tells too many values apart.
    pub(super) fn of<M: RowMeasure<Value = V>>(measure: &M) -> Option<Self> {
        let mut classes =
            Self { ends: Vec::new(), fates: Vec::new(), missing: 0, invalid: 0, excluded: 0, no_unit: 0 };
        for value in i8::MIN..=i8::MAX {
            let fate = measure.row(&Row::only(Reading::Whole(value.into())));
            if !classes.fates.last().is_some_and(|last| alike(last, &fate)) {
                classes.fates.push(fate);
                // A run begins: the one before ended at the value before.
                if let Some(end) = value.checked_sub(1) {
                    classes.ends.push(end);
                }
            }
        }
        classes.missing = classes.add(measure.row(&Row::only(Reading::Missing)));
        classes.invalid = classes.add(Fate::Invalid(ANY));
        classes.excluded = classes.add(Fate::Excluded(ANY));
        classes.no_unit = classes.add(Fate::NoUnit);
        (classes.fates.len() <= MOST).then_some(classes)
    }

    fn add(&mut self, fate: Fate<V>) -> u8 {
        self.class(&fate).unwrap_or_else(|| {
            self.fates.push(fate);
            u8::try_from(self.fates.len() - 1).unwrap_or(u8::MAX)
        })
    }

    fn class(&self, fate: &Fate<V>) -> Option<u8> {
        self.fates.iter().position(|known| alike(known, fate)).and_then(|at| u8::try_from(at).ok())
    }

    /// The fate of each class.
    pub(super) fn fates(&self) -> &[Fate<V>] {
        &self.fates
    }

    /// How many of a block's bytes are of each of the runs' classes.
    pub(super) fn count(&self, bytes: &[i8]) -> impl Iterator<Item = (usize, u32)> {
        let above = self.ends.iter().map(|end| count_above(bytes, *end)).chain([0]);
        let all = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        above.scan(all, |rest, above| Some(std::mem::replace(rest, above) - above)).enumerate()
    }

    /// The classes of the rows from `from` on; `false` if one of them has a fate that no class has.
    pub(super) fn of_rows<M: RowMeasure<Value = V>>(
        &self,
        measure: &M,
        column: &Column<'_>,
        from: usize,
        out: &mut [u8],
        scratch: &mut Vec<i8>,
    ) -> bool {
        macro_rules! numbers {
            ($slice:expr) => {
                match self.of_numbers($slice, from, out, scratch) {
                    Ok(()) => true,
                    Err(NotBytes) => self.of_any(measure, column, from, out),
                }
            };
        }
        match column {
            Column::I8(slice) => numbers!(slice),
            Column::I16(slice) => numbers!(slice),
            Column::I32(slice) => numbers!(slice),
            Column::I64(slice) => numbers!(slice),
            Column::U8(slice) => numbers!(slice),
            Column::U16(slice) => numbers!(slice),
            Column::U32(slice) => numbers!(slice),
            Column::U64(slice) => numbers!(slice),
            Column::F32(slice) => numbers!(slice),
            Column::F64(slice) => numbers!(slice),
            column => self.of_any(measure, column, from, out),
        }
    }

    fn of_numbers<T: Number>(
        &self,
        slice: &Slice<'_, T>,
        from: usize,
        out: &mut [u8],
        bytes: &mut Vec<i8>,
    ) -> Result<(), NotBytes> {
        let values = slice.values(from, from + out.len()).ok_or(NotBytes)?;
        bytes.clear();
        bytes.extend(values.iter().map(|value| value.to_byte()));
        out.fill(0);
        for end in &self.ends {
            for (class, byte) in out.iter_mut().zip(bytes.iter()) {
                *class += u8::from(byte > end);
            }
        }
        let missing = self.missing;
        let mut strays = 0;
        for ((class, value), byte) in out.iter_mut().zip(values).zip(bytes.iter()) {
            *class = if value.is_missing() { missing } else { *class };
            strays |= value.strays(*byte);
        }
        if let Some(validity) = slice.validity() {
            validity.mark_unset(from, out, missing);
        }
        if strays == 0 { Ok(()) } else { Err(NotBytes) }
    }

    /// Asks about every row on its own.
    fn of_any<M: RowMeasure<Value = V>>(
        &self,
        measure: &M,
        column: &Column<'_>,
        from: usize,
        out: &mut [u8],
    ) -> bool {
        let mut last = (Reading::Missing, Some(self.missing));
        out.iter_mut().enumerate().all(|(offset, out)| {
            let reading = column.read(from + offset);
            if last.0 != reading {
                last = (reading, self.class(&measure.row(&Row::only(reading))));
            }
            *out = last.1.unwrap_or_default();
            last.1.is_some()
        })
    }
}

/// Some value of a block is no small whole number.
struct NotBytes;

/// A number that may be a small whole one.
trait Number: Copy {
    /// The number as a byte, or any byte if it is none.
    fn to_byte(self) -> i8;

    /// Nothing but zeros unless the number is another than the byte made of it. The bits of many numbers can be put
    /// together, and looked at once.
    fn strays(self, byte: i8) -> u64;

    fn is_missing(self) -> bool {
        false
    }
}

macro_rules! whole_number {
    ($($number:ty, $below_zero:literal;)*) => {$(
        #[allow(
            trivial_numeric_casts,
            clippy::cast_possible_truncation,
            clippy::cast_possible_wrap,
            clippy::cast_lossless,
            clippy::cast_sign_loss,
            reason = "what the cast cuts off is what strays"
        )]
        impl Number for $number {
            fn to_byte(self) -> i8 {
                self as i8
            }

            fn strays(self, _: i8) -> u64 {
                self.wrapping_add($below_zero) as u64 & !(127 + $below_zero)
            }
        }
    )*};
}
whole_number!(i16, 128; i32, 128; i64, 128; u8, 0; u16, 0; u32, 0; u64, 0;);

impl Number for i8 {
    fn to_byte(self) -> i8 {
        self
    }

    fn strays(self, _: i8) -> u64 {
        0
    }
}

/// A double plus this has a small whole number's bits at its end: 1.5 * 2^52, so that the sum is in steps of one.
const STEPS_OF_ONE: f64 = 6_755_399_441_055_744.0;

macro_rules! real_number {
    ($($number:ty)*) => {$(
        impl Number for $number {
            fn to_byte(self) -> i8 {
                let [byte, ..] = (f64::from(self) + STEPS_OF_ONE).to_bits().to_le_bytes();
                byte.cast_signed()
            }

            #[allow(clippy::float_cmp, reason = "a whole number compares exactly")]
            fn strays(self, byte: i8) -> u64 {
                u64::from(Self::from(byte) != self && !self.is_nan())
            }

            fn is_missing(self) -> bool {
                self.is_nan()
            }
        }
    )*};
}
real_number!(f32 f64);

/// How many bytes are greater than `end`. Few enough are counted at a time for the count to fit a byte, so that as many
/// are compared at once as a vector register has bytes.
fn count_above(bytes: &[i8], end: i8) -> u32 {
    fn above(bytes: &[i8], end: i8) -> u32 {
        bytes.iter().fold(0_u8, |above, byte| above + u8::from(*byte > end)).into()
    }
    let (parts, rest) = bytes.as_chunks::<192>();
    parts.iter().map(|part| above(part, end)).sum::<u32>() + above(rest, end)
}
