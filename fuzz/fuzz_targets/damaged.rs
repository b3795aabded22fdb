//! Damaged bytes whose checksum is put right afterwards, so that what lies behind it is met.

/// CRC-32 as in zlib, bit by bit.
fn checksum(bytes: &[u8]) -> u32 {
    let step = |crc: u32, _| if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 };
    !bytes.iter().fold(!0_u32, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), step))
}

/// The bytes with other ones at some places, cut after so many unless that is 0.
pub fn damaged(mut bytes: Vec<u8>, cut: u16, edits: Vec<(u16, u8)>) -> Vec<u8> {
    if cut > 0 {
        bytes.truncate(usize::from(cut));
    }
    let length = bytes.len();
    for (at, byte) in edits {
        if let Some(place) = bytes.get_mut(usize::from(at) % length.max(1)) {
            *place = byte;
        }
    }
    if let Some(body) = length.checked_sub(4) {
        let sum = checksum(&bytes[..body]).to_le_bytes();
        bytes[body..].copy_from_slice(&sum);
    }
    bytes
}
