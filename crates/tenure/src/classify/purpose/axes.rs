//! Where an interaction lies on the axes between service and success: as its fields say, else as its words suggest.

use super::classification::Axes;
use super::fields::Fields;

/// How many axes there are.
pub(crate) const AXES: usize = Axes::NAMES.len();
/// A place on every axis, in hundredths from -100 to 100.
pub(crate) type Places = [i8; AXES];

/// What words say about the axes: how the fields of the rows with that concept, or of that label, lay on average.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct AxisModel {
    /// For each label.
    pub(crate) labels: [Places; 3],
    /// For each concept.
    pub(crate) concepts: Vec<Places>,
}

/// The places that fields name: the mean of all that say something about an axis.
pub(crate) fn stated(fields: Fields) -> [Option<f64>; AXES] {
    let mut sums = [(0.0, 0_u32); AXES];
    for (axis, place) in fields.places() {
        if let Some((sum, count)) = sums.get_mut(axis) {
            *sum += place;
            *count += 1;
        }
    }
    sums.map(|(sum, count)| (count > 0).then(|| sum / f64::from(count)))
}

/// Sums of places, from which means are taken.
#[derive(Clone, Copy, Debug, Default)]
struct Mean {
    sum: [f64; AXES],
    count: [f64; AXES],
}

impl Mean {
    fn add(&mut self, stated: &[Option<f64>; AXES]) {
        for ((sum, count), stated) in self.sum.iter_mut().zip(&mut self.count).zip(stated) {
            if let Some(place) = stated {
                *sum += place;
                *count += 1.0;
            }
        }
    }

    /// The means, drawn to the middle by as many rows at 0.
    fn places(&self, rows_at_zero: f64) -> Places {
        let mut places = [0; AXES];
        for ((place, sum), count) in places.iter_mut().zip(self.sum).zip(self.count) {
            #[allow(clippy::cast_possible_truncation, reason = "hundredths between -100 and 100")]
            let hundredths = (100.0 * sum / (count + rows_at_zero)).round() as i8;
            *place = hundredths;
        }
        places
    }
}

impl AxisModel {
    /// Learns from rows with fields: their labels, concepts and fields.
    pub(crate) fn learn<'r>(concepts: usize, rows: impl Iterator<Item = (usize, &'r [u16], Fields)>) -> Self {
        /// A concept in fewer rows than this says little.
        const FEW: f64 = 5.0;
        let mut by_label = [Mean::default(); 3];
        let mut by_concept = vec![Mean::default(); concepts];
        for (label, found, fields) in rows {
            let stated = stated(fields);
            by_label.iter_mut().skip(label).take(1).for_each(|mean| mean.add(&stated));
            for concept in found {
                by_concept.iter_mut().skip(usize::from(*concept)).take(1).for_each(|mean| mean.add(&stated));
            }
        }
        Self {
            labels: by_label.map(|mean| mean.places(1.0)),
            concepts: by_concept.iter().map(|mean| mean.places(FEW)).collect(),
        }
    }

    /// The places of an interaction: as stated by its fields, else half by its likely labels and half by its concepts.
    pub(crate) fn places(&self, fields: Fields, probabilities: [f64; 3], concepts: &[u16]) -> Axes {
        let mut suggested = [0.0; AXES];
        for (places, probability) in self.labels.iter().zip(probabilities) {
            add(&mut suggested, *places, probability);
        }
        if !concepts.is_empty() {
            suggested = suggested.map(|place| place / 2.0);
            let share = 0.5 / concepts.len() as f64;
            for places in concepts.iter().filter_map(|concept| self.concepts.get(usize::from(*concept))) {
                add(&mut suggested, *places, share);
            }
        }
        let mut stated =
            stated(fields).into_iter().zip(suggested).map(|(stated, suggested)| stated.unwrap_or(suggested));
        let mut next = || stated.next().unwrap_or_default();
        Axes {
            initiative: next(),
            horizon: next(),
            goal: next(),
            nature: next(),
            approach: next(),
            scope: next(),
            departments: next(),
        }
    }
}

fn add(sum: &mut [f64; AXES], places: Places, share: f64) {
    for (sum, place) in sum.iter_mut().zip(places) {
        *sum += share * f64::from(place) / 100.0;
    }
}
