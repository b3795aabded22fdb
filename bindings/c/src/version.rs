//! Versions: of the library, of its ABI and of the time-zone rules inside.

use crate::error::c_text;
use crate::guard::read;
use std::ffi::{CStr, CString, c_char};
use std::sync::LazyLock;

/// Changes when a program that was compiled against an older `tenure.h` would no longer work.
pub const TENURE_ABI_VERSION: u32 = 1;

/// Which version is the library? As `TENURE_VERSION`: `1.2.3`. The text lives as long as the library.
#[unsafe(no_mangle)]
pub extern "C" fn tenure_version() -> *const c_char {
    const VERSION: &CStr =
        match CStr::from_bytes_with_nul(concat!(env!("CARGO_PKG_VERSION"), "\0").as_bytes()) {
            Ok(version) => version,
            Err(_) => c"unknown",
        };
    read(c"unknown".as_ptr(), || VERSION.as_ptr())
}

/// Which ABI does the library have? A program checks it against `TENURE_ABI_VERSION`.
#[unsafe(no_mangle)]
pub extern "C" fn tenure_abi_version() -> u32 {
    read(0, || TENURE_ABI_VERSION)
}

/// Which time-zone rules are compiled in? The version of the IANA database: `2026a`. The text lives as long as the
/// library.
#[unsafe(no_mangle)]
pub extern "C" fn tenure_zone_rules() -> *const c_char {
    static RULES: LazyLock<CString> = LazyLock::new(|| c_text(tenure_core::ZONE_RULES));
    read(c"unknown".as_ptr(), || RULES.as_ptr())
}
