//! The memory behind columns: bitmaps, fixed-width values and text, laid out as in Arrow.

use std::borrow::Cow;
use std::hint::select_unpredictable;

/// Bits packed least significant first, as in Arrow's validity and boolean buffers.
#[derive(Clone, Debug)]
pub struct Bitmap<'a> {
    bytes: Cow<'a, [u8]>,
    offset: usize,
    len: usize,
}

impl<'a> Bitmap<'a> {
    /// `len` bits of `bytes`, from bit `offset` on. Bits beyond the bytes read as unset.
    pub fn new(bytes: &'a [u8], offset: usize, len: usize) -> Self {
        Self { bytes: Cow::Borrowed(bytes), offset, len }
    }

    /// Packs booleans.
    pub fn from_bools(bools: impl IntoIterator<Item = bool>) -> Bitmap<'static> {
        let mut bytes = Vec::new();
        let mut len = 0;
        for set in bools {
            if len % 8 == 0 {
                bytes.push(0);
            }
            if let (true, Some(last)) = (set, bytes.last_mut()) {
                *last |= 1 << (len % 8);
            }
            len += 1;
        }
        Bitmap { bytes: Cow::Owned(bytes), offset: 0, len }
    }

    /// How many bits.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are no bits.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Bit `index`.
    #[inline]
    pub fn get(&self, index: usize) -> bool {
        let Some(bit) = self.offset.checked_add(index) else { return false };
        self.bytes.get(bit / 8).is_some_and(|byte| byte >> (bit % 8) & 1 == 1)
    }

    /// Whether all of the bits `from..to` are set; whole bytes at a time.
    pub(crate) fn all(&self, from: usize, to: usize) -> bool {
        let mut bit = self.offset + from;
        let end = self.offset + to;
        while bit < end {
            let byte = self.bytes.get(bit / 8).copied().unwrap_or(0);
            let upto = (end - bit).min(8 - bit % 8);
            let mask = (0xff_u8 >> (8 - upto)) << (bit % 8);
            if byte & mask != mask {
                return false;
            }
            bit += upto;
        }
        true
    }

    /// The eight bits from `index` on, unset beyond the bytes.
    #[inline]
    fn octet(&self, index: usize) -> u8 {
        let bit = self.offset + index;
        let byte = |at: usize| self.bytes.get(at).copied().unwrap_or(0);
        let [octet, _] = (u16::from_le_bytes([byte(bit / 8), byte(bit / 8 + 1)]) >> (bit % 8)).to_le_bytes();
        octet
    }

    /// Puts `mark` into `out` where the bit of the same row, counted from `from`, is unset.
    #[inline]
    pub(crate) fn mark_unset<M: Copy>(&self, from: usize, out: &mut [M], mark: M) {
        const BITS: [u8; 8] = [1, 2, 4, 8, 16, 32, 64, 128];
        let (eights, rest) = out.as_chunks_mut::<8>();
        let marked = 8 * eights.len();
        for (at, eight) in eights.iter_mut().enumerate() {
            // Choosing between two values at hand needs no branch, which no processor could predict here.
            let octet = self.octet(from + 8 * at);
            let chosen = BITS.map(|bit| octet & bit == 0);
            for (out, is_unset) in eight.iter_mut().zip(chosen) {
                *out = select_unpredictable(is_unset, mark, *out);
            }
        }
        let octet = self.octet(from + marked);
        for (out, bit) in rest.iter_mut().zip(BITS) {
            *out = if octet & bit == 0 { mark } else { *out };
        }
    }
}

/// Fixed-width values with optional validity.
#[derive(Clone, Debug)]
pub struct Slice<'a, T: Clone> {
    values: Cow<'a, [T]>,
    validity: Option<Bitmap<'a>>,
}

impl<'a, T: Clone> Slice<'a, T> {
    /// Borrowed values; a value whose validity bit is unset is missing.
    pub fn new(values: &'a [T], validity: Option<Bitmap<'a>>) -> Self {
        Self { values: Cow::Borrowed(values), validity }
    }

    /// Owned values.
    pub fn owned(values: Vec<T>, validity: Option<Bitmap<'a>>) -> Self {
        Self { values: Cow::Owned(values), validity }
    }

    pub(super) fn from_options(options: Vec<Option<T>>) -> Self
    where
        T: Default,
    {
        let validity = Bitmap::from_bools(options.iter().map(Option::is_some));
        Self {
            values: Cow::Owned(options.into_iter().map(Option::unwrap_or_default).collect()),
            validity: Some(validity),
        }
    }

    /// How many values.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether there are no values.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The value at `index`, unless missing.
    #[inline]
    pub fn get(&self, index: usize) -> Option<&T> {
        match &self.validity {
            Some(validity) if !validity.get(index) => None,
            _ => self.values.get(index),
        }
    }

    /// The values of `from..to`, whatever lies where one is missing.
    #[inline]
    pub(crate) fn values(&self, from: usize, to: usize) -> Option<&[T]> {
        self.values.get(from..to)
    }

    /// Which values there are; all of them, if nothing is said.
    #[inline]
    pub(crate) fn validity(&self) -> Option<&Bitmap<'a>> {
        self.validity.as_ref()
    }

    /// The values of `from..to` when none of them is missing.
    #[inline]
    pub(crate) fn dense(&self, from: usize, to: usize) -> Option<&[T]> {
        match &self.validity {
            Some(validity) if !validity.all(from, to) => None,
            _ => self.values.get(from..to),
        }
    }
}

/// UTF-8 text in one of Arrow's three layouts.
#[derive(Clone, Debug)]
pub enum Text<'a> {
    /// 32-bit offsets into one buffer.
    Utf8 {
        /// One more than there are values.
        offsets: Cow<'a, [i32]>,
        /// The bytes.
        data: Cow<'a, [u8]>,
        /// Unset bits are missing values.
        validity: Option<Bitmap<'a>>,
    },
    /// 64-bit offsets into one buffer.
    Large {
        /// One more than there are values.
        offsets: Cow<'a, [i64]>,
        /// The bytes.
        data: Cow<'a, [u8]>,
        /// Unset bits are missing values.
        validity: Option<Bitmap<'a>>,
    },
    /// 16-byte views: short text inline, long text in one of several buffers.
    View {
        /// Sixteen bytes a value: length, then the text itself or prefix, buffer and offset; little-endian.
        views: &'a [u8],
        /// The buffers of long text.
        buffers: Vec<&'a [u8]>,
        /// Unset bits are missing values.
        validity: Option<Bitmap<'a>>,
    },
}

impl Text<'_> {
    /// Copies text into one owned buffer.
    pub fn from_options<S: AsRef<str>>(values: impl IntoIterator<Item = Option<S>>) -> Text<'static> {
        let mut offsets = vec![0_i64];
        let mut data = Vec::new();
        let mut present = Vec::new();
        for value in values {
            if let Some(text) = &value {
                data.extend_from_slice(text.as_ref().as_bytes());
            }
            present.push(value.is_some());
            // No memory holds more bytes than that.
            offsets.push(i64::try_from(data.len()).unwrap_or(i64::MAX));
        }
        let validity = present.contains(&false).then(|| Bitmap::from_bools(present));
        Text::Large { offsets: Cow::Owned(offsets), data: Cow::Owned(data), validity }
    }

    /// How many values.
    pub fn len(&self) -> usize {
        match self {
            Text::Utf8 { offsets, .. } => offsets.len().saturating_sub(1),
            Text::Large { offsets, .. } => offsets.len().saturating_sub(1),
            Text::View { views, .. } => views.len() / VIEW,
        }
    }

    /// Whether there are no values.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The bytes of the value at `index`, unless missing. Offsets that point nowhere read as missing.
    #[inline]
    pub fn get(&self, index: usize) -> Option<&[u8]> {
        fn valid(validity: Option<&Bitmap<'_>>, index: usize) -> bool {
            validity.is_none_or(|bits| bits.get(index))
        }
        if index >= self.len() {
            return None;
        }
        match self {
            Text::Utf8 { offsets, data, validity } => {
                let from = usize::try_from(*offsets.get(index)?).ok()?;
                let to = usize::try_from(*offsets.get(index + 1)?).ok()?;
                valid(validity.as_ref(), index).then(|| data.get(from..to))?
            }
            Text::Large { offsets, data, validity } => {
                let from = usize::try_from(*offsets.get(index)?).ok()?;
                let to = usize::try_from(*offsets.get(index + 1)?).ok()?;
                valid(validity.as_ref(), index).then(|| data.get(from..to))?
            }
            Text::View { views, buffers, validity } => {
                if !valid(validity.as_ref(), index) {
                    return None;
                }
                let view = views.get(index * VIEW..(index + 1) * VIEW)?;
                let word =
                    |at: usize| Some(u32::from_le_bytes(view.get(at..at + 4)?.try_into().ok()?) as usize);
                let len = word(0)?;
                if len <= VIEW - 4 {
                    return view.get(4..4 + len);
                }
                let offset = word(12)?;
                buffers.get(word(8)?)?.get(offset..offset + len)
            }
        }
    }
}

/// The width of one text view.
const VIEW: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn marks_are_put_where_bits_are_unset(
            bytes in proptest::collection::vec(any::<u8>(), 0..8),
            offset in 0..20_usize,
            from in 0..20_usize,
            len in 0..60_usize,
        ) {
            let bits = Bitmap::new(&bytes, offset, 64);
            let mut marked = vec![0_u16; len];
            bits.mark_unset(from, &mut marked, 7);
            let one_by_one: Vec<u16> = (from..from + len).map(|at| if bits.get(at) { 0 } else { 7 }).collect();
            prop_assert_eq!(marked, one_by_one);
        }
    }
}
