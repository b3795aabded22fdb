//! A classifier as bytes: what makes its answers, in the order of [`Model`]'s fields.

use super::axes::{AXES, AxisModel, Places};
use super::fields::WITH_TEXT;
use super::model::Model;
use crate::classify::linear::TextWeights;
use crate::classify::linear::bytes::{
    Kind, read_metrics, write_languages, write_lexicon, write_metrics, write_table, write_weights,
};
use crate::error::Result;
use crate::state::{Reader, Writer};

const CLASSIFIER: Kind = Kind { magic: b"TNRC", format: 1, name: "classifier" };

/// Writes a model.
pub(crate) fn write(model: &Model) -> Vec<u8> {
    CLASSIFIER.seal(|out| write_model(out, model))
}

/// The checksum of all that a model knows.
pub(crate) fn checksum(model: &Model) -> u32 {
    CLASSIFIER.checksum(|out| write_model(out, model))
}

/// Reads what [`write`] wrote.
pub(crate) fn read(bytes: &[u8]) -> Result<Model> {
    CLASSIFIER.open(bytes, read_model)
}

fn write_model(out: &mut Writer, model: &Model) {
    out.text(&model.name);
    out.count(u64::from(model.data));
    write_lexicon(out, &model.lexicon);
    write_languages(out, &model.languages);
    for places in model.axes.labels.iter().chain(&model.axes.concepts) {
        for place in places {
            out.raw(&place.to_le_bytes());
        }
    }
    out.float(model.words.step);
    out.float(model.alone);
    write_weights(out, &model.words.concepts);
    write_weights(out, &model.fields);
    write_table(out, &model.words.table);
    write_metrics(out, &model.metrics);
    out.count(model.metrics.languages.len() as u64);
    for (language, metrics) in &model.metrics.languages {
        out.text(language);
        write_metrics(out, metrics);
    }
}

fn read_model(from: &mut Reader<'_>) -> Result<Model> {
    let name = from.text()?.to_owned();
    let data = u32::try_from(from.count()?).map_err(|_| CLASSIFIER.damaged("checksums"))?;
    let lexicon = CLASSIFIER.read_lexicon(from)?;
    let languages = CLASSIFIER.read_languages(from)?;
    let count = lexicon.concepts.len();
    let axes = AxisModel {
        labels: [read_places(from)?, read_places(from)?, read_places(from)?],
        concepts: (0..count).map(|_| read_places(from)).collect::<Result<_>>()?,
    };
    let (step, alone) = (from.float()?, from.float()?);
    let concepts = CLASSIFIER.read_weights(from, count)?;
    let fields = CLASSIFIER.read_weights(from, WITH_TEXT + 1)?;
    let table = CLASSIFIER.read_table(from)?;
    let mut metrics = read_metrics(from)?;
    for _ in 0..from.len()? {
        let language = from.text()?.to_owned();
        metrics.languages.push((language, read_metrics(from)?));
    }
    let words = TextWeights { concepts, table, step, damps_concepts: true };
    Ok(Model { name, data, lexicon, languages, axes, words, fields, alone, metrics })
}

fn read_places(from: &mut Reader<'_>) -> Result<Places> {
    let mut places = [0; AXES];
    for (place, byte) in places.iter_mut().zip(from.raw(AXES)?) {
        *place = byte.cast_signed();
    }
    Ok(places)
}
