//! Pictures: emoji, and faces made of signs, by what they mean.

/// How many kinds there are; they are numbered from 1.
pub(crate) const KINDS: u8 = 8;
/// Glad faces, hearts, hands that applaud, stars.
pub(crate) const GLAD: u8 = 1;
/// Sad and angry faces, broken hearts, thumbs down.
pub(crate) const SAD: u8 = 2;

/// The kind of a picture; `None` of what is no picture.
pub(crate) fn kind(character: char) -> Option<u8> {
    match character {
        // The colour of a skin.
        '\u{1f3fb}'..='\u{1f3ff}' => None,
        '\u{263a}'
        | '\u{2665}'
        | '\u{2705}'
        | '\u{270c}'
        | '\u{2728}'
        | '\u{2763}'..='\u{2764}'
        | '\u{2b50}'
        | '\u{1f308}'
        | '\u{1f31f}'
        | '\u{1f338}'..='\u{1f339}'
        | '\u{1f389}'..='\u{1f38a}'
        | '\u{1f3c6}'
        | '\u{1f44c}'..='\u{1f44d}'
        | '\u{1f44f}'
        | '\u{1f48e}'
        | '\u{1f490}'
        | '\u{1f493}'
        | '\u{1f495}'..='\u{1f49e}'
        | '\u{1f4aa}'
        | '\u{1f4af}'
        | '\u{1f5a4}'
        | '\u{1f600}'..='\u{1f604}'
        | '\u{1f606}'..='\u{1f607}'
        | '\u{1f609}'..='\u{1f60e}'
        | '\u{1f618}'
        | '\u{1f638}'
        | '\u{1f63a}'..='\u{1f63b}'
        | '\u{1f642}'
        | '\u{1f64c}'
        | '\u{1f64f}'
        | '\u{1f680}'
        | '\u{1f90c}'..='\u{1f90e}'
        | '\u{1f917}'..='\u{1f919}'
        | '\u{1f91d}'
        | '\u{1f923}'
        | '\u{1f929}'
        | '\u{1f947}'
        | '\u{1f970}'
        | '\u{1f973}'
        | '\u{1f979}'
        | '\u{1f9e1}'
        | '\u{1fae1}'
        | '\u{1faf6}' => Some(GLAD),
        '\u{2620}'
        | '\u{2639}'
        | '\u{26a0}'
        | '\u{26d4}'
        | '\u{274c}'
        | '\u{1f40c}'
        | '\u{1f422}'
        | '\u{1f44e}'
        | '\u{1f47f}'..='\u{1f480}'
        | '\u{1f494}'
        | '\u{1f4a9}'
        | '\u{1f4c9}'
        | '\u{1f595}'
        | '\u{1f5d1}'
        | '\u{1f608}'
        | '\u{1f610}'..='\u{1f616}'
        | '\u{1f61e}'..='\u{1f625}'
        | '\u{1f628}'..='\u{1f62d}'
        | '\u{1f630}'..='\u{1f631}'
        | '\u{1f633}'
        | '\u{1f635}'
        | '\u{1f63e}'..='\u{1f641}'
        | '\u{1f644}'
        | '\u{1f6a9}'
        | '\u{1f6ab}'
        | '\u{1f6ae}'
        | '\u{1f921}'..='\u{1f922}'
        | '\u{1f925}'..='\u{1f926}'
        | '\u{1f92c}'
        | '\u{1f92e}'..='\u{1f92f}'
        | '\u{1f937}'
        | '\u{1f971}'
        | '\u{1f974}'
        | '\u{1f97a}'
        | '\u{1fae4}' => Some(SAD),
        '\u{2600}'..='\u{27bf}' | '\u{1f000}'.. => {
            // The others mean little; they are told apart a little.
            let spread = u32::from(character).wrapping_mul(0x9e37_79b1) >> 16;
            u8::try_from(spread % u32::from(KINDS - SAD)).ok().map(|other| SAD + 1 + other)
        }
        _ => None,
    }
}

/// The kind of a face made of signs, by its mouth: what is behind the eyes in `:)` and `;-(`.
pub(crate) fn mouth(character: char) -> Option<u8> {
    match character {
        ')' | ']' => Some(GLAD),
        '(' | '[' => Some(SAD),
        _ => None,
    }
}

/// Whether a sign may be the eyes of a face.
pub(crate) fn is_eyes(character: char) -> bool {
    matches!(character, ':' | ';' | '=')
}
