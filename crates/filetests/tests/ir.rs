//! Runs `tests/ir`.

use std::path::Path;

#[test]
fn text_in_text_out() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/ir");
    let bless = std::env::var_os("BLESS").is_some_and(|v| v == "1");
    let (failures, cases) = coachwhip_filetests::run(&folder, bless).expect("tests/ir can be read");
    assert!(failures.is_empty(), "{} of {cases} cases fail\n\n{}", failures.len(), failures.join("\n\n"));
    assert!(cases > 0, "no cases");
}

/// Every pass has a folder of its own with cases.
#[test]
fn every_pass_is_shown() {
    for stage in coachwhip_opt::STAGES {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/ir").join(stage.name);
        assert!(folder.is_dir(), "tests/ir/{} is missing: write a case, then BLESS=1", stage.name);
    }
}
