//! Counts of every class in every cell, laid out flat.

/// The most counters, a quarter of a gigabyte: as many as an answer of eight million rows takes.
const ROOM: usize = 1 << 26;

/// Counters by period, combination of the values of `by`, and class. Rows that come in order of time then stay among
/// the counters of one period.
pub(super) struct Counters {
    counts: Vec<u32>,
    /// How many counters a cell has: a power of two, at least the number of classes.
    width: usize,
    /// For how many combinations there is room.
    combinations: usize,
}

impl Counters {
    pub(super) fn new(classes: usize) -> Self {
        Self { counts: Vec::new(), width: classes.next_power_of_two(), combinations: 1 }
    }

    /// Makes room; `false` if that would be too much.
    pub(super) fn reserve(&mut self, combinations: usize, periods: usize) -> bool {
        if combinations > self.combinations {
            let wider = combinations.max(self.combinations + self.combinations / 2);
            if wider * self.width * periods > ROOM {
                return false;
            }
            let mut counts = vec![0; self.counts.len() / self.combinations * wider];
            let old = self.counts.chunks(self.combinations * self.width);
            for (from, to) in old.zip(counts.chunks_mut(wider * self.width)) {
                if let Some((to, _)) = to.split_at_mut_checked(from.len()) {
                    to.copy_from_slice(from);
                }
            }
            (self.counts, self.combinations) = (counts, wider);
        }
        let needed = periods * self.combinations * self.width;
        if needed > self.counts.len() && needed <= ROOM {
            self.counts.resize(needed, 0);
        }
        needed <= ROOM
    }

    fn cell(&self, period: u32, combination: u32) -> usize {
        (period as usize * self.combinations + combination as usize) * self.width
    }

    /// Counts `times` rows.
    pub(super) fn add(&mut self, period: u32, combination: u32, class: usize, times: u32) {
        let at = self.cell(period, combination) + class;
        if let Some(count) = self.counts.get_mut(at) {
            *count += times;
        }
    }

    /// Counts rows of one period.
    pub(super) fn add_rows(&mut self, period: u32, combinations: &[u32], classes: &[u8]) {
        if self.combinations * self.width <= FEW {
            return self.add_few(period, combinations, classes);
        }
        for (combination, class) in combinations.iter().zip(classes) {
            self.add(period, *combination, usize::from(*class), 1);
        }
    }

    /// Counts rows of one period and so few cells that a byte names a counter. Neighbouring rows go to different
    /// copies of the counters: adding to the one that was just added to would have to wait.
    #[allow(clippy::cast_possible_truncation, reason = "few counters, so positions fit a byte")]
    fn add_few(&mut self, period: u32, combinations: &[u32], classes: &[u8]) {
        let mut copies = [[0_u32; FEW]; 4];
        let shift = self.width.trailing_zeros();
        let add = |copy: &mut [u32; FEW], (combination, class): (&u32, &u8)| {
            if let Some(count) = copy.get_mut(usize::from((*combination << shift) as u8 | *class)) {
                *count += 1;
            }
        };
        let (rows, last_rows) = combinations.as_chunks::<4>();
        let (of_rows, of_last_rows) = classes.as_chunks::<4>();
        for (combinations, classes) in rows.iter().zip(of_rows) {
            for (copy, row) in copies.iter_mut().zip(combinations.iter().zip(classes)) {
                add(copy, row);
            }
        }
        for (copy, row) in copies.iter_mut().zip(last_rows.iter().zip(of_last_rows)) {
            add(copy, row);
        }
        let first = self.cell(period, 0);
        for copy in &copies {
            for (count, more) in self.counts.iter_mut().skip(first).zip(copy) {
                *count += more;
            }
        }
    }

    /// Counts rows of any period.
    pub(super) fn add_scattered(&mut self, periods: &[u32], combinations: &[u32], classes: &[u8]) {
        for ((period, combination), class) in periods.iter().zip(combinations).zip(classes) {
            self.add(*period, *combination, usize::from(*class), 1);
        }
    }

    /// The counts of a combination: a period at a time, a count a class.
    pub(super) fn of_combination(&self, combination: usize) -> impl Iterator<Item = &[u32]> {
        let periods = self.counts.chunks(self.combinations * self.width);
        periods.filter_map(move |counts| counts.chunks(self.width).nth(combination))
    }
}

/// So many counters have positions that fit a byte.
const FEW: usize = 256;
