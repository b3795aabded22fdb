//! Any bytes are a state or an error; a state that was read can be finished, merged and written again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tenure::State;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(mut state) = State::decode(bytes) {
        let again = State::decode(&state.encode()).expect("its own bytes");
        let _ = state.merge(&again);
        let _ = state.finish();
    }
});
