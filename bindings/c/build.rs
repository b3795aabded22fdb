//! Names the shared library after the interface that it has: before 1.0 every minor version is another one.

fn main() {
    let part = |name: &str| std::env::var(format!("CARGO_PKG_VERSION_{name}")).unwrap_or_default();
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var("CARGO_CFG_TARGET_OS").is_ok_and(|os| os == "linux") {
        let version = if part("MAJOR") == "0" { format!("0.{}", part("MINOR")) } else { part("MAJOR") };
        println!("cargo::rustc-cdylib-link-arg=-Wl,-soname,libtenure.so.{version}");
    }
}
