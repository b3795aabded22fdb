//! Weights of pieces of text, found by their numbers: the one thing that has to be fast.
//!
//! A piece's number names a bucket and, within it, a tag; bucket and tag together are the whole number, so that a piece
//! that was never seen has no weight. A bucket is two words, one visit of the memory, and is searched without a branch.
//! Weights are one byte a label, in steps of one size: sums of whole numbers are the same in any order and on any platform.

/// Weights of the first and the second of three labels, each against the third.
pub(crate) type Against = [i8; 2];

/// The bits of a number that name its bucket; the other 16 are the tag.
const BUCKETS: usize = 1 << 16;
/// The lowest bit of each of the four lanes of a word.
const LANES: u64 = 0x0001_0001_0001_0001;
/// All but the highest bit of each lane.
const LOW: u64 = 0x7fff_7fff_7fff_7fff;

/// Four pieces and their weights, in lanes of 16 bits. An empty lane weighs nothing.
#[derive(Clone, Copy, Debug, Default)]
struct Bucket {
    tags: u64,
    weights: u64,
}

impl Bucket {
    /// The weights in the lane of a tag; zero if there is none.
    #[inline]
    fn find(self, tag: u16) -> Against {
        let differs = self.tags ^ (u64::from(tag) * LANES);
        // The highest bit of every lane that does not differ, spread over the lane.
        let same = !(((differs & LOW) + LOW) | differs | LOW) >> 15;
        let found = self.weights & (same * 0xffff);
        let found = found | (found >> 32);
        let [first, second, ..] = (found | (found >> 16)).to_le_bytes();
        [first.cast_signed(), second.cast_signed()]
    }

    /// The lanes as tags and weights.
    fn lanes(self) -> [(u16, Against); 4] {
        let lane = |word: u64, lane: u32| {
            let [low, high, ..] = (word >> (16 * lane)).to_le_bytes();
            [low, high]
        };
        [0, 1, 2, 3].map(|at| {
            let [first, second] = lane(self.weights, at);
            (u16::from_le_bytes(lane(self.tags, at)), [first.cast_signed(), second.cast_signed()])
        })
    }

    fn of(lanes: [(u16, Against); 4]) -> Self {
        let mut bucket = Self::default();
        for (tag, [first, second]) in lanes.into_iter().rev() {
            let weights = u16::from_le_bytes([first.cast_unsigned(), second.cast_unsigned()]);
            bucket.tags = (bucket.tags << 16) | u64::from(tag);
            bucket.weights = (bucket.weights << 16) | u64::from(weights);
        }
        bucket
    }
}

/// Weights by number.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    buckets: Vec<Bucket>,
}

#[inline]
fn address(hash: u32) -> (usize, u16) {
    let [low, high, bucket @ ..] = hash.to_le_bytes();
    (usize::from(u16::from_le_bytes(bucket)), u16::from_le_bytes([low, high]))
}

impl Table {
    /// A table of numbers and weights. Where too many meet in one bucket the heaviest stay.
    pub(crate) fn new(pieces: impl IntoIterator<Item = (u32, Against)>) -> Self {
        let mut table = Self { buckets: vec![Bucket::default(); BUCKETS] };
        for (hash, weights) in pieces {
            let (bucket, tag) = address(hash);
            let Some(bucket) = table.buckets.get_mut(bucket) else { continue };
            let mut lanes = bucket.lanes();
            if let Some(lightest) = lanes.iter_mut().min_by_key(|(_, weights)| heft(*weights))
                && heft(lightest.1) < heft(weights)
            {
                *lightest = (tag, weights);
            }
            *bucket = Bucket::of(lanes);
        }
        table
    }

    /// The weights of a piece; zero if it is not known.
    #[inline]
    pub(crate) fn weights(&self, hash: u32) -> [i32; 2] {
        let (bucket, tag) = address(hash);
        self.buckets.get(bucket).map_or([0; 2], |bucket| bucket.find(tag).map(i32::from))
    }

    /// All pieces and their weights, by rising number.
    pub(crate) fn pieces(&self) -> impl Iterator<Item = (u32, Against)> {
        (0_u32..).zip(&self.buckets).flat_map(|(at, bucket)| {
            let lanes = bucket.lanes().into_iter().filter(|(_, weights)| heft(*weights) > 0);
            let mut pieces: Vec<_> =
                lanes.map(|(tag, weights)| ((at << 16) | u32::from(tag), weights)).collect();
            pieces.sort_unstable();
            pieces
        })
    }
}

/// How much weights can change.
fn heft([first, second]: Against) -> u16 {
    u16::from(first.unsigned_abs()) + u16::from(second.unsigned_abs()) + u16::from(first.abs_diff(second))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    proptest! {
        #[test]
        fn what_goes_in_is_found_and_nothing_else(
            pieces in proptest::collection::btree_map(any::<u32>(), any::<(i8, i8)>(), 0..300),
            others: Vec<u32>,
        ) {
            let pieces: BTreeMap<u32, Against> = pieces.into_iter().map(|(hash, (a, b))| (hash, [a, b])).collect();
            let table = Table::new(pieces.clone());
            for hash in pieces.keys().chain(&others) {
                let expected = pieces.get(hash).copied().unwrap_or_default();
                prop_assert_eq!(table.weights(*hash), expected.map(i32::from));
            }
            let listed: BTreeMap<u32, Against> = table.pieces().collect();
            let heavy: BTreeMap<u32, Against> = pieces.into_iter().filter(|(_, weights)| heft(*weights) > 0).collect();
            prop_assert_eq!(listed, heavy);
        }
    }

    #[test]
    fn the_heaviest_stay_where_too_many_meet() {
        let table = Table::new((1..=6).map(|tag| (tag, [i8::try_from(tag).unwrap(), 0])));
        assert_eq!(table.weights(6), [6, 0]);
        assert_eq!(table.weights(3), [3, 0]);
        assert_eq!(table.weights(2), [0, 0]);
    }
}
