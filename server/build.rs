//! Builds the binary anew when the bundle of pages changed: new files would go unnoticed.

fn main() {
    println!("cargo::rerun-if-changed=../dist");
}
