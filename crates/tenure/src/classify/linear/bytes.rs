//! Models as bytes: what all of them have in common.
//!
//! Layout, little-endian: magic, format version (1 byte), what makes the answers, CRC-32 of all that precedes it. Whole
//! numbers are LEB128, signed ones zigzag, floats their bits. Pieces come by rising number, as distances.

use super::metrics::{Abstention, LabelMetrics, Metrics};
use super::table::Table;
use crate::classify::text::{Languages, Lexicon};
use crate::error::{Error, ErrorKind, Result};
use crate::state::{Reader, Writer};
use std::sync::Arc;

/// How the bytes of a kind of model begin.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Kind {
    pub(crate) magic: &'static [u8; 4],
    /// The newest layout, which is written; older ones are read as long as there are any.
    pub(crate) format: u8,
    /// For messages: `classifier`.
    pub(crate) name: &'static str,
}

impl Kind {
    /// An error about bytes whose checksum is right and whose content is not.
    pub(crate) fn damaged(self, what: &str) -> Error {
        Error::corrupt(format!("the {}'s {what} do not fit together: it was damaged", self.name))
    }

    /// The bytes before the checksum.
    fn content(self, write: impl FnOnce(&mut Writer)) -> Vec<u8> {
        let mut out = Writer::default();
        out.raw(self.magic);
        out.raw(&[self.format]);
        write(&mut out);
        out.into_bytes()
    }

    /// A model's bytes, sealed by their checksum.
    pub(crate) fn seal(self, write: impl FnOnce(&mut Writer)) -> Vec<u8> {
        let mut bytes = self.content(write);
        let checksum = crc32fast::hash(&bytes);
        bytes.extend_from_slice(&checksum.to_le_bytes());
        bytes
    }

    /// The checksum of all that a model knows.
    pub(crate) fn checksum(self, write: impl FnOnce(&mut Writer)) -> u32 {
        crc32fast::hash(&self.content(write))
    }

    /// Reads sealed bytes to their end.
    pub(crate) fn open<T>(self, bytes: &[u8], read: impl FnOnce(&mut Reader<'_>) -> Result<T>) -> Result<T> {
        let name = self.name;
        let body = bytes
            .strip_prefix(self.magic)
            .ok_or_else(|| Error::corrupt(format!("these bytes are not a tenure {name}")))?;
        let version = *body.first().ok_or_else(|| Error::corrupt(format!("the {name} ends too early")))?;
        if version == 0 || version > self.format {
            let format = self.format;
            let message =
                format!("the {name} has format version {version}; this version reads up to {format}");
            return Err(Error::new(ErrorKind::UnsupportedVersion, message));
        }
        let cut = || Error::corrupt(format!("the {name}'s checksum does not match: it was damaged or cut"));
        let (content, checksum) = bytes.split_last_chunk::<4>().ok_or_else(cut)?;
        if crc32fast::hash(content) != u32::from_le_bytes(*checksum) {
            return Err(cut());
        }
        let mut from = Reader::new(content.get(self.magic.len() + 1..).ok_or_else(cut)?);
        let read = read(&mut from)?;
        if from.is_empty() { Ok(read) } else { Err(self.damaged("ends")) }
    }

    pub(crate) fn read_lexicon(self, from: &mut Reader<'_>) -> Result<Lexicon> {
        let concepts =
            (0..from.len()?).map(|_| from.text().map(str::to_owned)).collect::<Result<Vec<_>>>()?;
        let mut cues = Vec::new();
        for _ in 0..from.len()? {
            let length = from.len()?;
            let letters = from.raw(length)?.to_vec();
            let concept =
                u16::try_from(from.count()?).ok().filter(|concept| usize::from(*concept) < concepts.len());
            cues.push((letters, concept.ok_or_else(|| self.damaged("cues"))?));
        }
        Lexicon::new(concepts, cues)
    }

    pub(crate) fn read_languages(self, from: &mut Reader<'_>) -> Result<Languages> {
        let names =
            (0..from.len()?).map(|_| from.text().map(Arc::from)).collect::<Result<Vec<Arc<str>>>>()?;
        let rarity = from.raw(Languages::size(names.len()))?.to_vec();
        Languages::of(names, rarity).ok_or_else(|| self.damaged("languages"))
    }

    /// So many weights.
    pub(crate) fn read_weights<const N: usize>(
        self,
        from: &mut Reader<'_>,
        count: usize,
    ) -> Result<Vec<[i16; N]>> {
        let mut all = Vec::new();
        for _ in 0..count {
            let mut weights = [0; N];
            for weight in &mut weights {
                *weight = i16::try_from(from.wide()?).map_err(|_| self.damaged("weights"))?;
            }
            all.push(weights);
        }
        Ok(all)
    }

    pub(crate) fn read_table(self, from: &mut Reader<'_>) -> Result<Table> {
        let mut hash = 0_u32;
        let mut pieces = Vec::new();
        for _ in 0..from.len()? {
            let distance = u32::try_from(from.count()?).ok();
            hash = distance
                .and_then(|distance| hash.checked_add(distance))
                .ok_or_else(|| self.damaged("pieces"))?;
            let [first, second] = *from.raw(2)? else { return Err(self.damaged("pieces")) };
            pieces.push((hash, [first.cast_signed(), second.cast_signed()]));
        }
        Ok(Table::new(pieces))
    }
}

pub(crate) fn write_lexicon(out: &mut Writer, lexicon: &Lexicon) {
    out.count(lexicon.concepts.len() as u64);
    lexicon.concepts.iter().for_each(|concept| out.text(concept));
    out.count(lexicon.cues.len() as u64);
    for (letters, concept) in &lexicon.cues {
        out.count(letters.len() as u64);
        out.raw(letters);
        out.count(u64::from(*concept));
    }
}

pub(crate) fn write_languages(out: &mut Writer, languages: &Languages) {
    out.count(languages.names().len() as u64);
    languages.names().iter().for_each(|name| out.text(name));
    out.raw(languages.rarity());
}

pub(crate) fn write_weights<const N: usize>(out: &mut Writer, weights: &[[i16; N]]) {
    for weight in weights.iter().flatten() {
        out.wide(i128::from(*weight));
    }
}

pub(crate) fn write_table(out: &mut Writer, table: &Table) {
    let pieces: Vec<_> = table.pieces().collect();
    out.count(pieces.len() as u64);
    let mut before = 0;
    for (hash, weights) in pieces {
        out.count(u64::from(hash - before));
        for weight in weights {
            out.raw(&weight.to_le_bytes());
        }
        before = hash;
    }
}

/// Without those of languages.
pub(crate) fn write_metrics(out: &mut Writer, metrics: &Metrics) {
    out.count(metrics.rows);
    for number in [
        metrics.accuracy,
        metrics.macro_f1,
        metrics.success_accuracy,
        metrics.calibration_error,
        metrics.log_loss,
    ] {
        out.float(number);
    }
    for label in &metrics.labels {
        out.count(label.rows);
        for number in [label.precision, label.recall, label.f1] {
            out.float(number);
        }
    }
    metrics.confusion.iter().flatten().for_each(|count| out.count(*count));
    out.count(metrics.abstention.len() as u64);
    for point in &metrics.abstention {
        for number in [point.threshold, point.coverage, point.accuracy] {
            out.float(number);
        }
    }
}

/// Without those of languages.
pub(crate) fn read_metrics(from: &mut Reader<'_>) -> Result<Metrics> {
    let mut metrics = Metrics {
        rows: from.count()?,
        accuracy: from.float()?,
        macro_f1: from.float()?,
        success_accuracy: from.float()?,
        calibration_error: from.float()?,
        log_loss: from.float()?,
        ..Metrics::default()
    };
    for label in &mut metrics.labels {
        *label = LabelMetrics {
            rows: from.count()?,
            precision: from.float()?,
            recall: from.float()?,
            f1: from.float()?,
        };
    }
    for count in metrics.confusion.iter_mut().flatten() {
        *count = from.count()?;
    }
    for _ in 0..from.len()? {
        let point = Abstention { threshold: from.float()?, coverage: from.float()?, accuracy: from.float()? };
        metrics.abstention.push(point);
    }
    Ok(metrics)
}
