//! Bytes that the library gives away: JSON text, encoded states and classifiers.

use crate::guard::{Failure, read};
use crate::pointer::misuse;
use crate::status::Status;
use std::ffi::c_char;

/// Text or bytes of the library's, owned by the caller. A NUL that is not counted follows the last byte, so that
/// text can be used as a C string.
pub struct Buffer {
    bytes: Vec<u8>,
}

impl Buffer {
    pub(crate) fn new(bytes: impl Into<Vec<u8>>) -> Self {
        let mut bytes = bytes.into();
        bytes.push(0);
        Self { bytes }
    }

    pub(crate) fn json(value: &impl serde::Serialize) -> Result<Self, Failure> {
        let json = serde_json::to_vec(value).map_err(|error| misuse(Status::Internal, error.to_string()))?;
        Ok(Self::new(json))
    }
}

/// Where are the bytes? They belong to the buffer. NULL for NULL.
#[unsafe(no_mangle)]
pub extern "C" fn tenure_buffer_data(buffer: Option<&Buffer>) -> *const c_char {
    read(std::ptr::null(), || buffer.map_or(std::ptr::null(), |buffer| buffer.bytes.as_ptr().cast()))
}

/// How many bytes, without the NUL that follows? 0 for NULL.
#[unsafe(no_mangle)]
pub extern "C" fn tenure_buffer_len(buffer: Option<&Buffer>) -> usize {
    read(0, || buffer.map_or(0, |buffer| buffer.bytes.len().saturating_sub(1)))
}

/// Frees a buffer. NULL is fine.
#[unsafe(no_mangle)]
pub extern "C" fn tenure_buffer_free(buffer: Option<Box<Buffer>>) {
    read((), || drop(buffer));
}
