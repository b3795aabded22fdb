//! A reader of comments as bytes: what makes its answers, in the order of [`Model`]'s fields.

use super::context::Cues;
use super::model::{MOST_THEMES, Model, Themes};
use crate::classify::linear::TextWeights;
use crate::classify::linear::bytes::{Kind, write_languages, write_lexicon, write_table, write_weights};
use crate::error::Result;
use crate::state::{Reader, Writer};
use std::sync::Arc;

const READER: Kind = Kind { magic: b"TNRF", format: 1, name: "reader of comments" };

/// Writes a model.
pub(crate) fn write(model: &Model) -> Vec<u8> {
    READER.seal(|out| write_model(out, model))
}

/// The checksum of all that a model knows.
pub(crate) fn checksum(model: &Model) -> u32 {
    READER.checksum(|out| write_model(out, model))
}

/// Reads what [`write`] wrote.
pub(crate) fn read(bytes: &[u8]) -> Result<Model> {
    READER.open(bytes, read_model)
}

fn write_model(out: &mut Writer, model: &Model) {
    out.text(&model.name);
    out.count(u64::from(model.data));
    write_lexicon(out, &model.cues.lexicon);
    write_languages(out, &model.languages);
    out.float(model.words.step);
    model.constant.iter().for_each(|number| out.float(*number));
    write_weights(out, &model.words.concepts);
    write_table(out, &model.words.table);
    out.count(model.themes.names.len() as u64);
    for ((name, threshold), features) in
        model.themes.names.iter().zip(&model.themes.thresholds).zip(&model.themes.features)
    {
        out.text(name);
        out.float(*threshold);
        for weight in features {
            out.wide(i128::from(*weight));
        }
    }
    write_table(out, &model.themes.table);
}

fn read_model(from: &mut Reader<'_>) -> Result<Model> {
    let name = from.text()?.to_owned();
    let data = u32::try_from(from.count()?).map_err(|_| READER.damaged("checksums"))?;
    let cues = Cues::of(READER.read_lexicon(from)?);
    let languages = READER.read_languages(from)?;
    let step = from.float()?;
    let constant = [from.float()?, from.float()?];
    let concepts = READER.read_weights(from, cues.features())?;
    let words = TextWeights { concepts, table: READER.read_table(from)?, step, damps_concepts: false };
    let (mut names, mut thresholds, mut features) = (Vec::new(), Vec::new(), Vec::new());
    let count = from.len()?;
    if count > MOST_THEMES {
        return Err(READER.damaged("themes"));
    }
    for _ in 0..count {
        names.push(Arc::from(from.text()?));
        thresholds.push(from.float()?);
        features
            .push(READER.read_weights(from, cues.features())?.into_iter().map(|[weight]| weight).collect());
    }
    let themes = Themes { names, features, table: READER.read_table(from)?, thresholds };
    Ok(Model { name, data, cues, languages, words, constant, themes })
}
