//! The days and months of the company, and what time it is where an account works.

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveTime, Offset, TimeDelta, TimeZone};

/// An instant: microseconds since 1970-01-01T00:00:00Z.
pub(crate) type Instant = i64;

pub(crate) const SECOND: i64 = 1_000_000;
pub(crate) const MINUTE: i64 = 60 * SECOND;
pub(crate) const HOUR: i64 = 60 * MINUTE;
pub(crate) const DAY: i64 = 24 * HOUR;

/// Where an account is: its time zone and its language follow from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Region {
    /// The United States, English.
    #[default]
    Americas,
    /// Sweden, Swedish.
    Nordics,
    /// Turkey, Turkish.
    Turkiye,
    /// Thailand, Thai.
    Thailand,
    /// Indonesia, Indonesian.
    Indonesia,
}

impl Region {
    pub(crate) const ALL: [Self; 5] =
        [Self::Americas, Self::Nordics, Self::Turkiye, Self::Thailand, Self::Indonesia];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Americas => "americas",
            Self::Nordics => "nordics",
            Self::Turkiye => "turkiye",
            Self::Thailand => "thailand",
            Self::Indonesia => "indonesia",
        }
    }

    pub(crate) fn language(self) -> &'static str {
        match self {
            Self::Americas => "en",
            Self::Nordics => "sv",
            Self::Turkiye => "tr",
            Self::Thailand => "th",
            Self::Indonesia => "id",
        }
    }

    pub(crate) fn zone(self) -> chrono_tz::Tz {
        match self {
            Self::Americas => chrono_tz::America::New_York,
            Self::Nordics => chrono_tz::Europe::Stockholm,
            Self::Turkiye => chrono_tz::Europe::Istanbul,
            Self::Thailand => chrono_tz::Asia::Bangkok,
            Self::Indonesia => chrono_tz::Asia::Jakarta,
        }
    }
}

/// How busy a calendar month is, January first, in thousandths: a dip in summer and one in December.
const SEASONS: [i64; 12] = [1000, 1020, 1060, 1030, 1000, 940, 760, 860, 1080, 1120, 1080, 780];

/// One month of the company's life, in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Month {
    /// Its first day.
    pub(crate) date: NaiveDate,
    /// The number of its first day, counted from the company's first.
    pub(crate) first_day: i64,
    /// The number of the day after its last.
    pub(crate) end_day: i64,
    /// How busy it is, in thousandths.
    pub(crate) season: i64,
}

/// All days of the company. Days are numbered from 0, the day the company starts.
#[derive(Debug)]
pub(crate) struct Calendar {
    start: NaiveDate,
    midnight: Instant,
    months: Vec<Month>,
    /// Per region and day: local time minus UTC at noon. Working hours never cross a clock change, so one
    /// offset a day is enough, and looking it up is much faster than asking the time zone for each event.
    offsets: Vec<Vec<i64>>,
}

impl Calendar {
    /// The calendar of `months` months from the first day of a month; none if a date would overflow.
    pub(crate) fn new(start: NaiveDate, months: u32) -> Option<Self> {
        let day_of = |date: NaiveDate| (date - start).num_days();
        let months: Vec<Month> = (0..months)
            .map(|month| {
                let date = start.checked_add_months(Months::new(month))?;
                let next = start.checked_add_months(Months::new(month + 1))?;
                let season = SEASONS.get(date.month0() as usize).copied().unwrap_or(1000);
                Some(Month { date, first_day: day_of(date), end_day: day_of(next), season })
            })
            .collect::<Option<_>>()?;
        let days = u64::try_from(months.last()?.end_day).ok()?;
        let offsets = Region::ALL.iter().map(|region| offsets(region.zone(), start, days)).collect();
        let midnight = start.and_time(NaiveTime::MIN).and_utc().timestamp_micros();
        Some(Self { start, midnight, months, offsets })
    }

    /// The first instant.
    pub(crate) fn start(&self) -> Instant {
        self.midnight
    }

    /// The instant after the last.
    pub(crate) fn end(&self) -> Instant {
        self.midnight + self.days() * DAY
    }

    /// How many days there are.
    pub(crate) fn days(&self) -> i64 {
        self.months.last().map_or(0, |month| month.end_day)
    }

    pub(crate) fn months(&self) -> &[Month] {
        &self.months
    }

    /// Which month an instant falls into, in UTC; none outside of the company's life.
    pub(crate) fn month_of(&self, at: Instant) -> Option<usize> {
        let day = self.day_of(at);
        let month = self.months.partition_point(|month| month.end_day <= day);
        (day >= 0 && month < self.months.len()).then_some(month)
    }

    /// The UTC day of an instant.
    pub(crate) fn day_of(&self, at: Instant) -> i64 {
        (at - self.midnight).div_euclid(DAY)
    }

    /// The first instant of a UTC day.
    pub(crate) fn midnight_of(&self, day: i64) -> Instant {
        self.midnight + day * DAY
    }

    /// The instant at which clocks in a region show that many seconds after midnight.
    pub(crate) fn local(&self, region: Region, day: i64, seconds: i64) -> Instant {
        self.midnight + day * DAY + seconds * SECOND - self.offset(region, day)
    }

    /// The day and the seconds after midnight that clocks in a region show.
    pub(crate) fn local_clock(&self, region: Region, at: Instant) -> (i64, i64) {
        let shown = at - self.midnight + self.offset(region, self.day_of(at));
        (shown.div_euclid(DAY), shown.rem_euclid(DAY) / SECOND)
    }

    /// An instant of the same local day at which people are awake: its hours are squeezed into 7:00 to 21:00.
    pub(crate) fn awake(&self, region: Region, at: Instant) -> Instant {
        let (day, seconds) = self.local_clock(region, at);
        self.local(region, day, 7 * 3600 + seconds * 14 / 24)
    }

    /// Saturday or Sunday.
    pub(crate) fn is_weekend(&self, day: i64) -> bool {
        self.weekday(day) >= 6
    }

    /// From 1, Monday, to 7, Sunday.
    pub(crate) fn weekday(&self, day: i64) -> i64 {
        (i64::from(self.start.weekday().num_days_from_monday()) + day).rem_euclid(7) + 1
    }

    /// The date of a day; none beyond the end of time.
    pub(crate) fn date(&self, day: i64) -> Option<NaiveDate> {
        self.start.checked_add_signed(TimeDelta::try_days(day)?)
    }

    fn offset(&self, region: Region, day: i64) -> i64 {
        let days = self.offsets.get(region as usize).map_or(&[][..], Vec::as_slice);
        let day = usize::try_from(day).unwrap_or(0).min(days.len().saturating_sub(1));
        days.get(day).copied().unwrap_or(0)
    }
}

fn offsets(zone: chrono_tz::Tz, start: NaiveDate, days: u64) -> Vec<i64> {
    let noon = NaiveTime::from_hms_opt(12, 0, 0).unwrap_or_default();
    let offset = |day| {
        let local = start.checked_add_days(Days::new(day))?.and_time(noon);
        let offset = zone.offset_from_local_datetime(&local).earliest()?.fix();
        Some(i64::from(offset.local_minus_utc()) * SECOND)
    };
    (0..days).map(|day| offset(day).unwrap_or(0)).collect()
}

/// The same day and time of day `months` later; the last day of a shorter month.
pub(crate) fn add_months(at: Instant, months: u32) -> Option<Instant> {
    let later = DateTime::from_timestamp_micros(at)?.checked_add_months(Months::new(months))?;
    Some(later.timestamp_micros())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calendar() -> Calendar {
        Calendar::new(NaiveDate::from_ymd_opt(2024, 1, 1).unwrap(), 24).unwrap()
    }

    #[test]
    fn two_years_have_731_days() {
        assert_eq!(calendar().days(), 366 + 365);
    }

    /// Stockholm is one hour ahead of UTC in winter and two in summer, New York five and four behind.
    #[test]
    fn working_hours_follow_the_zone_and_its_summer_time() {
        let calendar = calendar();
        let utc_hour = |region, day| (calendar.local(region, day, 9 * 3600) / HOUR).rem_euclid(24);
        assert_eq!(utc_hour(Region::Nordics, 0), 8);
        assert_eq!(utc_hour(Region::Nordics, 180), 7);
        assert_eq!(utc_hour(Region::Americas, 0), 14);
        assert_eq!(utc_hour(Region::Americas, 180), 13);
        assert_eq!(utc_hour(Region::Thailand, 180), 2);
    }

    #[test]
    fn local_clock_reverses_local() {
        let calendar = calendar();
        for region in Region::ALL {
            for day in [0, 100, 200, 730] {
                assert_eq!(calendar.local_clock(region, calendar.local(region, day, 40_000)), (day, 40_000));
            }
        }
    }

    /// Jakarta is seven hours ahead: 16:59:59Z is one second before midnight there, 17:00:00Z midnight.
    #[test]
    fn people_are_awake_from_seven_to_nine() {
        let calendar = calendar();
        let hours = |at| calendar.local_clock(Region::Indonesia, calendar.awake(Region::Indonesia, at));
        let midnight = calendar.midnight_of(10) + 17 * HOUR;
        assert_eq!(hours(midnight), (11, 7 * 3600));
        assert_eq!(hours(midnight - SECOND), (10, 21 * 3600 - 1));
    }

    /// 2024-01-01 was a Monday.
    #[test]
    fn weekends_are_saturday_and_sunday() {
        let calendar = calendar();
        let weekend: Vec<i64> = (0..14).filter(|day| calendar.is_weekend(*day)).collect();
        assert_eq!(weekend, [5, 6, 12, 13]);
    }

    #[test]
    fn months_are_found_by_their_instants() {
        let calendar = calendar();
        assert_eq!(calendar.month_of(calendar.start()), Some(0));
        assert_eq!(calendar.month_of(calendar.start() - 1), None);
        assert_eq!(calendar.month_of(calendar.midnight_of(31)), Some(1));
        assert_eq!(calendar.month_of(calendar.midnight_of(31) - 1), Some(0));
        assert_eq!(calendar.month_of(calendar.end() - 1), Some(23));
        assert_eq!(calendar.month_of(calendar.end()), None);
    }
}
