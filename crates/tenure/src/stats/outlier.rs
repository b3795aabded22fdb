//! Outliers: how far a value is from others, in a way that outliers among those do not change.

/// The modified z-score of Iglewicz and Hoaglin (1993): the distance of a value from the median of others, in units of
/// their median distance from it; scaled so that it is a z-score where the others are normal.
///
/// Where more than half of the others are equal, their mean distance takes the place of the median one. Where all are, a
/// value that is equal too has the score 0, and any other none. Of no others there is none.
///
/// ```
/// let weeks = [10.0, 12.0, 11.0, 9.0, 10.0, 11.0, 10.0, 12.0];
/// assert_eq!(tenure::stats::modified_z_score(3.0, &weeks), Some(0.6745 * -7.5 / 0.5));
/// ```
pub fn modified_z_score(value: f64, others: &[f64]) -> Option<f64> {
    let middle = median(others.to_vec())?;
    let distances: Vec<f64> = others.iter().map(|other| (other - middle).abs()).collect();
    let mean = distances.iter().sum::<f64>() / distances.len() as f64;
    let distance = value - middle;
    match median(distances)? {
        spread if spread > 0.0 => Some(0.6745 * distance / spread),
        _ if mean > 0.0 => Some(distance / (1.253_314 * mean)),
        _ => (distance == 0.0).then_some(0.0),
    }
}

/// The middle of values; of an even number, halfway between the two in the middle.
pub(crate) fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let (low, high) = (values.get(values.len().checked_sub(1)? / 2)?, values.get(values.len() / 2)?);
    let middle = low.midpoint(*high);
    middle.is_finite().then_some(middle)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mean_distance_helps_where_most_are_equal() {
        // Seven of ten and one of two: the median is 10, the mean distance 1.
        let others = [10.0, 10.0, 2.0, 10.0, 10.0, 10.0, 10.0, 10.0];
        assert_eq!(modified_z_score(5.0, &others), Some(-5.0 / 1.253_314));
        assert_eq!(modified_z_score(10.0, &[10.0; 8]), Some(0.0));
        assert_eq!([modified_z_score(9.0, &[10.0; 8]), modified_z_score(9.0, &[])], [None; 2]);
    }
}
