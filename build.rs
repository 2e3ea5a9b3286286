//! Says whether the large model is there to be compiled in. The package of the crate registry is made without it.

fn main() {
    println!("cargo::rustc-check-cfg=cfg(accurate_model)");
    println!("cargo::rerun-if-changed=models/accurate");
    if std::path::Path::new("models/accurate/weights.safetensors").exists() {
        println!("cargo::rustc-cfg=accurate_model");
    }
}
