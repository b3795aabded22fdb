//! When teams work: the weekly hours and holidays that `schedules` and `holidays` tell, and the clock of the two
//! technical desks, who keep to them to the second.

use chrono::Datelike;

use crate::calendar::{Calendar, DAY, Instant, Region};

/// Whose hours count for a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Schedule {
    /// The first line and onboarding: every day, where the account is.
    Support(Region),
    /// The team that rests on weekends, where the account is.
    Billing(Region),
    Desk(Desk),
}

/// One of the two places of the technical team.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Desk {
    /// For the Americas and Europe: working days, with a break at noon.
    Stockholm,
    /// For Asia: working days with a break at noon, and a shift over the nights of Saturday and Sunday.
    Bangkok,
}

/// Minutes after midnight; a shift that closes before it opens ends on the next day.
pub(crate) type Hours = (i64, i64);

/// A date on which a desk has other hours than usual.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Holiday {
    month: u32,
    day: u32,
    /// None: closed all day.
    pub(crate) hours: Option<Hours>,
}

const OFFICE: &[Hours] = &[(9 * 60, 17 * 60 + 30)];
const STOCKHOLM: &[Hours] = &[(8 * 60, 12 * 60), (13 * 60, 17 * 60)];
const BANGKOK: &[Hours] = &[(9 * 60, 12 * 60), (13 * 60, 18 * 60)];
const BANGKOK_NIGHT: &[Hours] = &[(20 * 60, 4 * 60)];

const fn closed(month: u32, day: u32) -> Holiday {
    Holiday { month, day, hours: None }
}

const fn morning(month: u32, day: u32) -> Holiday {
    Holiday { month, day, hours: Some((9 * 60, 12 * 60)) }
}

const STOCKHOLM_HOLIDAYS: &[Holiday] = &[
    closed(1, 1),
    morning(1, 5),
    closed(1, 6),
    closed(5, 1),
    closed(6, 6),
    morning(12, 23),
    closed(12, 24),
    closed(12, 25),
    closed(12, 26),
    closed(12, 31),
];
const BANGKOK_HOLIDAYS: &[Holiday] = &[
    closed(1, 1),
    closed(4, 13),
    closed(4, 14),
    closed(4, 15),
    closed(5, 1),
    closed(7, 28),
    closed(12, 5),
    closed(12, 10),
    morning(12, 30),
    closed(12, 31),
];

impl Schedule {
    /// All of them.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        let offices =
            Region::ALL.into_iter().flat_map(|region| [Self::Support(region), Self::Billing(region)]);
        offices.chain(Desk::ALL.map(Self::Desk))
    }

    pub(crate) fn name(self) -> String {
        match self {
            Self::Support(region) => format!("support_{}", region.name()),
            Self::Billing(region) => format!("billing_{}", region.name()),
            Self::Desk(desk) => desk.schedule().to_owned(),
        }
    }

    /// Where its clock is.
    pub(crate) fn region(self) -> Region {
        match self {
            Self::Support(region) | Self::Billing(region) => region,
            Self::Desk(desk) => desk.region(),
        }
    }

    /// The shifts that begin on a weekday, 1 Monday to 7 Sunday.
    pub(crate) fn shifts(self, weekday: i64) -> &'static [Hours] {
        match (self, weekday >= 6) {
            (Self::Support(_), _) | (Self::Billing(_), false) => OFFICE,
            (Self::Desk(Desk::Stockholm), false) => STOCKHOLM,
            (Self::Billing(_) | Self::Desk(Desk::Stockholm), true) => &[],
            (Self::Desk(Desk::Bangkok), false) => BANGKOK,
            (Self::Desk(Desk::Bangkok), true) => BANGKOK_NIGHT,
        }
    }
}

impl Desk {
    pub(crate) const ALL: [Self; 2] = [Self::Stockholm, Self::Bangkok];

    /// The desk that serves a region.
    pub(crate) fn of(region: Region) -> Self {
        match region {
            Region::Americas | Region::Nordics | Region::Turkiye => Self::Stockholm,
            Region::Thailand | Region::Indonesia => Self::Bangkok,
        }
    }

    /// As in `schedules.schedule_id`.
    pub(crate) fn schedule(self) -> &'static str {
        match self {
            Self::Stockholm => "desk_stockholm",
            Self::Bangkok => "desk_bangkok",
        }
    }

    fn region(self) -> Region {
        match self {
            Self::Stockholm => Region::Nordics,
            Self::Bangkok => Region::Thailand,
        }
    }

    pub(crate) fn holidays(self) -> &'static [Holiday] {
        match self {
            Self::Stockholm => STOCKHOLM_HOLIDAYS,
            Self::Bangkok => BANGKOK_HOLIDAYS,
        }
    }

    /// The holiday a day is, if it is one.
    pub(crate) fn holiday(self, calendar: &Calendar, day: i64) -> Option<&'static Holiday> {
        let date = calendar.date(day)?;
        self.holidays().iter().find(|holiday| (holiday.month, holiday.day) == (date.month(), date.day()))
    }

    /// The instant after so much working time.
    pub(crate) fn after(self, calendar: &Calendar, at: Instant, mut time: i64) -> Instant {
        let (today, _) = calendar.local_clock(self.region(), at);
        // No desk is closed for two weeks, and nobody waits for years.
        for (opens, closes) in (today..today + 1000).flat_map(|day| self.open(calendar, day)) {
            let opens = opens.max(at);
            let open = (closes - opens).max(0);
            if open > 0 && time <= open {
                return opens + time;
            }
            time -= open;
        }
        at + time
    }

    /// How much working time there is from one instant to another.
    pub(crate) fn between(self, calendar: &Calendar, from: Instant, to: Instant) -> i64 {
        let (first, _) = calendar.local_clock(self.region(), from);
        let days = first..=first + (to - from) / DAY + 1;
        let open = days.flat_map(|day| self.open(calendar, day));
        open.map(|(opens, closes)| (closes.min(to) - opens.max(from)).max(0)).sum()
    }

    /// The open hours of one local day, in order. A holiday also voids what a night shift reaches into it.
    fn open(self, calendar: &Calendar, day: i64) -> Vec<(Instant, Instant)> {
        const MIDNIGHT: i64 = 24 * 60;
        let clock = |(opens, closes): Hours| {
            (calendar.local(self.region(), day, opens * 60), calendar.local(self.region(), day, closes * 60))
        };
        if let Some(holiday) = self.holiday(calendar, day) {
            return holiday.hours.into_iter().map(clock).collect();
        }
        let shifts = |day| Schedule::Desk(self).shifts(calendar.weekday(day)).iter();
        let overnight = shifts(day - 1).filter(|(opens, closes)| closes <= opens);
        let early = overnight.map(|(_, closes)| (0, *closes));
        let today =
            shifts(day).map(|(opens, closes)| (*opens, if closes <= opens { MIDNIGHT } else { *closes }));
        early.chain(today).map(clock).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::HOUR;
    use chrono::NaiveDate;

    fn calendar() -> Calendar {
        Calendar::new(NaiveDate::from_ymd_opt(2024, 1, 1).unwrap(), 24).unwrap()
    }

    fn instant(text: &str) -> Instant {
        chrono::DateTime::parse_from_rfc3339(text).unwrap().timestamp_micros()
    }

    /// Friday 2024-03-08 16:00 in Stockholm plus six hours: one on Friday, four on Monday morning, one after the
    /// break, until 14:00.
    #[test]
    fn breaks_and_weekends_do_not_count() {
        let calendar = calendar();
        let (from, to) = (instant("2024-03-08T16:00:00+01:00"), instant("2024-03-11T14:00:00+01:00"));
        assert_eq!(Desk::Stockholm.after(&calendar, from, 6 * HOUR), to);
        assert_eq!(Desk::Stockholm.between(&calendar, from, to), 6 * HOUR);
    }

    /// Saturday 2024-03-09 22:00 in Bangkok: six hours until 4:00 on Sunday, eight hours from 20:00 on Sunday.
    #[test]
    fn nights_of_the_weekend_count() {
        let calendar = calendar();
        let (from, to) = (instant("2024-03-09T22:00:00+07:00"), instant("2024-03-10T21:00:00+07:00"));
        assert_eq!(Desk::Bangkok.after(&calendar, from, 7 * HOUR), to);
        assert_eq!(Desk::Bangkok.between(&calendar, from, to), 7 * HOUR);
    }

    /// Sunday 2024-04-14 is a holiday after a holiday, and Monday another one: the shift of Saturday is the last
    /// that could begin, and is void too. Work starts on Tuesday at 9:00.
    #[test]
    fn holidays_void_the_nights_too() {
        let calendar = calendar();
        let from = instant("2024-04-12T18:00:00+07:00");
        let to = instant("2024-04-16T09:30:00+07:00");
        assert_eq!(Desk::Bangkok.after(&calendar, from, HOUR / 2), to);
    }

    /// Stockholm works from 9:00 to 12:00 on 23 December 2024, and not again before the 27th, a Friday.
    #[test]
    fn short_days_have_their_own_hours() {
        let calendar = calendar();
        let (from, to) = (instant("2024-12-23T08:00:00+01:00"), instant("2024-12-27T09:00:00+01:00"));
        assert_eq!(Desk::Stockholm.between(&calendar, from, to), 4 * HOUR);
        assert_eq!(Desk::Stockholm.after(&calendar, from, 4 * HOUR), to);
    }
}
