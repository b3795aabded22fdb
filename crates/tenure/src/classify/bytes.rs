//! A classifier as bytes.
//!
//! Layout, little-endian: magic `TNRC`, format version (1 byte), what makes the answers in the order of [`Model`]'s fields,
//! CRC-32 of all that precedes it. Whole numbers are LEB128, signed ones zigzag, floats their bits. Pieces come by rising
//! number, as distances.

use super::axes::{AXES, AxisModel, Places};
use super::language::Languages;
use super::lexicon::Lexicon;
use super::metrics::{Abstention, LabelMetrics, Metrics};
use super::model::Model;
use super::solver::WITH_TEXT;
use super::table::Table;
use crate::error::{Error, ErrorKind, Result};
use crate::state::{Reader, Writer};
use std::sync::Arc;

const MAGIC: &[u8; 4] = b"TNRC";
/// The newest layout, which is written; older ones are read as long as there are any.
const FORMAT: u8 = 1;

fn damaged(what: &str) -> Error {
    Error::corrupt(format!("the classifier's {what} do not fit together: it was damaged"))
}

/// Writes a model.
pub(super) fn write(model: &Model) -> Vec<u8> {
    let mut bytes = content(model);
    let checksum = crc32fast::hash(&bytes);
    bytes.extend_from_slice(&checksum.to_le_bytes());
    bytes
}

/// The checksum of all that a model knows.
pub(super) fn checksum(model: &Model) -> u32 {
    crc32fast::hash(&content(model))
}

fn content(model: &Model) -> Vec<u8> {
    let mut out = Writer::default();
    out.raw(MAGIC);
    out.raw(&[FORMAT]);
    out.text(&model.name);
    out.count(u64::from(model.data));
    write_lexicon(&mut out, &model.lexicon);
    out.count(model.languages.names().len() as u64);
    model.languages.names().iter().for_each(|name| out.text(name));
    out.raw(model.languages.rarity());
    for places in model.axes.labels.iter().chain(&model.axes.concepts) {
        for place in places {
            out.raw(&place.to_le_bytes());
        }
    }
    out.float(model.step);
    out.float(model.alone);
    for weights in model.concepts.iter().chain(&model.fields) {
        for weight in weights {
            out.wide(i128::from(*weight));
        }
    }
    let pieces: Vec<_> = model.table.pieces().collect();
    out.count(pieces.len() as u64);
    let mut before = 0;
    for (hash, weights) in pieces {
        out.count(u64::from(hash - before));
        for weight in weights {
            out.raw(&weight.to_le_bytes());
        }
        before = hash;
    }
    write_metrics(&mut out, &model.metrics);
    out.count(model.metrics.languages.len() as u64);
    for (language, metrics) in &model.metrics.languages {
        out.text(language);
        write_metrics(&mut out, metrics);
    }
    out.into_bytes()
}

/// Reads what [`write`] wrote.
pub(super) fn read(bytes: &[u8]) -> Result<Model> {
    let body =
        bytes.strip_prefix(MAGIC).ok_or_else(|| Error::corrupt("these bytes are not a tenure classifier"))?;
    let version = *body.first().ok_or_else(|| Error::corrupt("the classifier ends too early"))?;
    if version == 0 || version > FORMAT {
        let message =
            format!("the classifier has format version {version}; this version reads up to {FORMAT}");
        return Err(Error::new(ErrorKind::UnsupportedVersion, message));
    }
    let cut = || Error::corrupt("the classifier's checksum does not match: it was damaged or cut");
    let (content, checksum) = bytes.split_last_chunk::<4>().ok_or_else(cut)?;
    if crc32fast::hash(content) != u32::from_le_bytes(*checksum) {
        return Err(cut());
    }
    let mut from = Reader::new(content.get(MAGIC.len() + 1..).ok_or_else(cut)?);
    let model = read_model(&mut from)?;
    if from.is_empty() { Ok(model) } else { Err(damaged("ends")) }
}

fn read_model(from: &mut Reader<'_>) -> Result<Model> {
    let name = from.text()?.to_owned();
    let data = u32::try_from(from.count()?).map_err(|_| damaged("checksums"))?;
    let lexicon = read_lexicon(from)?;
    let names = (0..from.len()?).map(|_| from.text().map(Arc::from)).collect::<Result<Vec<Arc<str>>>>()?;
    let rarity = from.raw(Languages::size(names.len()))?.to_vec();
    let languages = Languages::of(names, rarity).ok_or_else(|| damaged("languages"))?;
    let concepts = lexicon.concepts.len();
    let axes = AxisModel {
        labels: [read_places(from)?, read_places(from)?, read_places(from)?],
        concepts: (0..concepts).map(|_| read_places(from)).collect::<Result<_>>()?,
    };
    let (step, alone) = (from.float()?, from.float()?);
    let mut weights = |count: usize| -> Result<Vec<[i16; 2]>> {
        let mut one = || i16::try_from(from.wide()?).map_err(|_| damaged("weights"));
        (0..count).map(|_| Ok([one()?, one()?])).collect()
    };
    let (concepts, fields) = (weights(concepts)?, weights(WITH_TEXT + 1)?);
    let mut hash = 0_u32;
    let mut pieces = Vec::new();
    for _ in 0..from.len()? {
        let distance = u32::try_from(from.count()?).ok();
        hash = distance.and_then(|distance| hash.checked_add(distance)).ok_or_else(|| damaged("pieces"))?;
        let [support, service] = *from.raw(2)? else { return Err(damaged("pieces")) };
        pieces.push((hash, [support.cast_signed(), service.cast_signed()]));
    }
    let mut metrics = read_metrics(from)?;
    for _ in 0..from.len()? {
        let language = from.text()?.to_owned();
        metrics.languages.push((language, read_metrics(from)?));
    }
    let table = Table::new(pieces);
    Ok(Model { name, data, lexicon, languages, axes, concepts, table, step, fields, alone, metrics })
}

fn write_lexicon(out: &mut Writer, lexicon: &Lexicon) {
    out.count(lexicon.concepts.len() as u64);
    lexicon.concepts.iter().for_each(|concept| out.text(concept));
    out.count(lexicon.cues.len() as u64);
    for (letters, concept) in &lexicon.cues {
        out.count(letters.len() as u64);
        out.raw(letters);
        out.count(u64::from(*concept));
    }
}

fn read_lexicon(from: &mut Reader<'_>) -> Result<Lexicon> {
    let concepts = (0..from.len()?).map(|_| from.text().map(str::to_owned)).collect::<Result<Vec<_>>>()?;
    let mut cues = Vec::new();
    for _ in 0..from.len()? {
        let length = from.len()?;
        let letters = from.raw(length)?.to_vec();
        let concept =
            u16::try_from(from.count()?).ok().filter(|concept| usize::from(*concept) < concepts.len());
        cues.push((letters, concept.ok_or_else(|| damaged("cues"))?));
    }
    Lexicon::new(concepts, cues)
}

fn read_places(from: &mut Reader<'_>) -> Result<Places> {
    let mut places = [0; AXES];
    for (place, byte) in places.iter_mut().zip(from.raw(AXES)?) {
        *place = byte.cast_signed();
    }
    Ok(places)
}

fn write_metrics(out: &mut Writer, metrics: &Metrics) {
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

fn read_metrics(from: &mut Reader<'_>) -> Result<Metrics> {
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
