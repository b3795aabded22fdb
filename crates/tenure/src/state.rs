//! States: what a computation remembers, as exact mergeable bytes.
//!
//! Layout, little-endian: magic `TNRS`, format version (1 byte), header length and header (the request as
//! canonical JSON with everything resolved), the KPI's cells, CRC-32 of all that precedes it. Whole numbers are
//! LEB128, signed ones zigzag.

use crate::compute::AnyGrid;
use crate::error::{Error, ErrorKind, Result};
use crate::key::Key;
use crate::outcome::Outcomes;
use crate::plan::Asked;
use crate::request::Request;
use std::sync::Arc;

const MAGIC: &[u8; 4] = b"TNRS";
/// The newest layout, which is written; older ones are read as long as there are any.
const FORMAT: u8 = 1;

/// Appends values to bytes.
#[derive(Default)]
pub(crate) struct Writer {
    bytes: Vec<u8>,
}

impl Writer {
    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    pub(crate) fn count(&mut self, value: u64) {
        self.leb128(u128::from(value));
    }

    pub(crate) fn wide(&mut self, value: i128) {
        // Zigzag: small negative numbers are short too.
        self.leb128(((value << 1) ^ (value >> 127)).cast_unsigned());
    }

    fn leb128(&mut self, mut value: u128) {
        loop {
            let low = (value & 0x7f) as u8;
            value >>= 7;
            self.bytes.push(if value == 0 { low } else { low | 0x80 });
            if value == 0 {
                return;
            }
        }
    }

    pub(crate) fn text(&mut self, text: &str) {
        self.count(text.len() as u64);
        self.bytes.extend_from_slice(text.as_bytes());
    }

    /// Bytes as they are; whoever reads them knows how many.
    pub(crate) fn raw(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// The bits of a float.
    pub(crate) fn float(&mut self, value: f64) {
        self.raw(&value.to_bits().to_le_bytes());
    }

    pub(crate) fn key(&mut self, key: &Key) {
        match key {
            Key::Null => self.count(0),
            Key::Bool(value) => self.count(1 + u64::from(*value)),
            Key::Whole(value) => {
                self.count(3);
                self.wide(*value);
            }
            Key::Real(value) => {
                self.count(4);
                self.float(*value);
            }
            Key::Time(at) => {
                self.count(5);
                self.wide(i128::from(*at));
            }
            Key::Text(text) => {
                self.count(6);
                self.text(text);
            }
        }
    }
}

/// Takes values off bytes. Every read is checked: foreign bytes are an error, never a panic.
#[derive(Debug)]
pub(crate) struct Reader<'r> {
    bytes: &'r [u8],
}

fn truncated() -> Error {
    Error::corrupt("the state ends too early")
}

impl<'r> Reader<'r> {
    pub(crate) fn new(bytes: &'r [u8]) -> Self {
        Self { bytes }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// So many bytes.
    pub(crate) fn raw(&mut self, len: usize) -> Result<&'r [u8]> {
        let (taken, rest) = self.bytes.split_at_checked(len).ok_or_else(truncated)?;
        self.bytes = rest;
        Ok(taken)
    }

    pub(crate) fn count(&mut self) -> Result<u64> {
        u64::try_from(self.leb128()?).map_err(|_| Error::corrupt("a count in the state is too large"))
    }

    /// A count of things that follow, each at least one byte long: more than there are bytes is corrupt.
    pub(crate) fn len(&mut self) -> Result<usize> {
        let len = usize::try_from(self.count()?).ok().filter(|len| *len <= self.bytes.len());
        len.ok_or_else(|| Error::corrupt("a length in the state is larger than the state"))
    }

    pub(crate) fn wide(&mut self) -> Result<i128> {
        let zigzag = self.leb128()?;
        Ok((zigzag >> 1).cast_signed() ^ -((zigzag & 1).cast_signed()))
    }

    fn leb128(&mut self) -> Result<u128> {
        let mut value = 0_u128;
        for shift in (0..128).step_by(7) {
            let byte = *self.raw(1)?.first().ok_or_else(truncated)?;
            let low = u128::from(byte & 0x7f);
            if shift == 126 && low > 3 {
                break;
            }
            value |= low << shift;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(Error::corrupt("a number in the state is too long"))
    }

    pub(crate) fn text(&mut self) -> Result<&'r str> {
        let len = self.len()?;
        std::str::from_utf8(self.raw(len)?).map_err(|_| Error::corrupt("a text in the state is not UTF-8"))
    }

    pub(crate) fn float(&mut self) -> Result<f64> {
        let bits = self.raw(8)?.try_into().map_err(|_| truncated())?;
        Ok(f64::from_bits(u64::from_le_bytes(bits)))
    }

    pub(crate) fn key(&mut self) -> Result<Key> {
        Ok(match self.count()? {
            0 => Key::Null,
            1 => Key::Bool(false),
            2 => Key::Bool(true),
            3 => Key::Whole(self.wide()?),
            4 => Key::Real(self.float()?),
            5 => Key::Time(
                self.wide()?.try_into().map_err(|_| Error::corrupt("a time in the state is too large"))?,
            ),
            6 => Key::Text(self.text()?.to_owned()),
            _ => return Err(Error::corrupt("a key in the state has an unknown type")),
        })
    }
}

/// Wraps header and cells into checked bytes.
pub(crate) fn seal(header: &str, cells: impl FnOnce(&mut Writer)) -> Vec<u8> {
    let mut out = Writer::default();
    out.bytes.extend_from_slice(MAGIC);
    out.bytes.push(FORMAT);
    out.text(header);
    cells(&mut out);
    let checksum = crc32fast::hash(&out.bytes);
    out.bytes.extend_from_slice(&checksum.to_le_bytes());
    out.into_bytes()
}

/// Checks bytes and takes the header off; what is left of the reader are the cells.
pub(crate) fn open(bytes: &[u8]) -> Result<(&str, Reader<'_>)> {
    let foreign = || Error::corrupt("these bytes are not an encoded tenure state");
    let body = bytes.strip_prefix(MAGIC).ok_or_else(foreign)?;
    let (version, _) = body.split_first().ok_or_else(truncated)?;
    if *version == 0 || *version > FORMAT {
        let message = format!("the state has format version {version}; this version reads up to {FORMAT}");
        return Err(Error::new(ErrorKind::UnsupportedVersion, message));
    }
    let (content, checksum) = bytes.split_last_chunk::<4>().ok_or_else(truncated)?;
    if crc32fast::hash(content) != u32::from_le_bytes(*checksum) {
        return Err(Error::corrupt("the state's checksum does not match: it was damaged or cut"));
    }
    let mut reader = Reader::new(content.get(MAGIC.len() + 1..).ok_or_else(truncated)?);
    let header = reader.text()?;
    Ok((header, reader))
}

/// What a computation remembers: exact, mergeable, serialisable.
///
/// ```
/// use tenure::{Book, Request, State, Table};
/// let scores = [10_i8, 9, 7, 3];
/// let mut book = Book::new();
/// book.add(Table::new("surveys").column("score", &scores))?;
/// let request = Request::new("nps").as_of("2026-07-01");
/// let mut state = book.partial_of(&request, 0, 2)?;
/// state.merge(&State::decode(&book.partial_of(&request, 1, 2)?.encode())?)?;
/// assert_eq!(state.finish()?, book.compute(&request)?);
/// # Ok::<(), tenure::Error>(())
/// ```
pub struct State {
    asked: Arc<Asked>,
    grid: Box<dyn AnyGrid>,
}

impl State {
    pub(crate) fn new(asked: Asked, grid: Box<dyn AnyGrid>) -> Self {
        Self { asked: Arc::new(asked), grid }
    }

    /// The id of the KPI.
    pub fn kpi(&self) -> &'static str {
        self.asked.id()
    }

    /// The request that this state answers, everything resolved.
    pub fn request(&self) -> &Request {
        &self.asked.resolved
    }

    /// Takes in another state of the same question: KPI, choices, scope, `as_of` and what is shown of the answer. In any
    /// order the result is the same to the last bit. On an error this state is as it was.
    pub fn merge(&mut self, other: &State) -> Result<&mut Self> {
        let (mine, theirs) = (self.asked.question(), other.asked.question());
        if mine != theirs {
            let message = format!("states of different questions cannot be merged: {mine} and {theirs}");
            return Err(Error::new(ErrorKind::StateMismatch, message));
        }
        self.grid.merge(other.grid.as_ref())?;
        Ok(self)
    }

    /// The answer. The state stays as it is.
    pub fn finish(&self) -> Result<Outcomes> {
        self.asked.finish(self.grid.as_ref())
    }

    /// The state as bytes: equal states of equal requests give equal bytes.
    pub fn encode(&self) -> Vec<u8> {
        seal(&self.asked.resolved.to_json(), |out| self.grid.encode(out))
    }

    /// Reads bytes that `encode` wrote, in any language.
    pub fn decode(bytes: &[u8]) -> Result<Self> {
        let (header, mut cells) = open(bytes)?;
        let unreadable = |error: Error| match error.kind() {
            // A state of a definition that was changed since, or of a KPI that is not here.
            ErrorKind::UnsupportedVersion | ErrorKind::UnknownKpi => error,
            _ => Error::corrupt(format!("the state's request: {}", error.message())),
        };
        let request = Request::from_json(header).map_err(unreadable)?;
        let asked = Asked::again(&request).map_err(unreadable)?;
        let grid = asked.decode(&mut cells)?;
        Ok(Self::new(asked, grid))
    }
}

impl Clone for State {
    fn clone(&self) -> Self {
        Self { asked: Arc::clone(&self.asked), grid: self.grid.clone_box() }
    }
}

impl std::fmt::Debug for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("State").field("request", self.request()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn numbers_come_back(wide: i128, count: u64) {
            let mut out = Writer::default();
            out.wide(wide);
            out.count(count);
            let bytes = out.into_bytes();
            let mut reader = Reader::new(&bytes);
            prop_assert_eq!(reader.wide().unwrap(), wide);
            prop_assert_eq!(reader.count().unwrap(), count);
            prop_assert!(reader.is_empty());
        }

        #[test]
        fn any_bytes_are_an_error_or_a_header(bytes: Vec<u8>) {
            let _ = open(&bytes);
            let mut reader = Reader::new(&bytes);
            while reader.key().is_ok() {}
        }
    }

    #[test]
    fn damage_is_noticed() {
        let bytes = seal("{}", |out| out.count(300));
        let (header, mut cells) = open(&bytes).unwrap();
        assert_eq!((header, cells.count().unwrap()), ("{}", 300));
        for at in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[at] ^= 0x10;
            assert!(open(&damaged).is_err(), "byte {at}");
            assert!(open(&bytes[..at]).is_err(), "cut at {at}");
        }
        let mut newer = bytes.clone();
        newer[4] = FORMAT + 1;
        assert_eq!(open(&newer).unwrap_err().kind(), ErrorKind::UnsupportedVersion);
    }
}
