//! Tells the binary for what it is built; `about.rs` says it.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    for name in ["TARGET", "PROFILE"] {
        let value = std::env::var(name).unwrap_or_else(|_| "?".to_owned());
        println!("cargo::rustc-env=MAILLAGE_{name}={value}");
    }
}
