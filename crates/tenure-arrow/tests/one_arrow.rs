//! Two Arrow versions in one build do not understand each other's arrays: there is to be one.

use std::path::Path;

#[test]
fn the_lock_file_holds_one_arrow() {
    let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../Cargo.lock");
    let lock = std::fs::read_to_string(lock).expect("the workspace has a lock file");
    for name in ["arrow-array", "arrow-buffer", "arrow-data", "arrow-schema"] {
        let versions = lock.lines().filter(|line| *line == format!("name = \"{name}\"")).count();
        assert_eq!(versions, 1, "{name} is in the lock file {versions} times");
    }
}
