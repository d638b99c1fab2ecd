//! `cargo run -p coachwhip-filetests -- FILE [PASS]`: runs the optimiser on IR text and prints the module after each
//! pass, or only after the passes of one name.  For looking at what a failing program went through.

use coachwhip_opt::STAGES;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().ok_or("usage: coachwhip-filetests FILE [PASS]")?;
    let wanted = arguments.next();
    let mut module = coachwhip_ir::parse::module(&std::fs::read_to_string(path)?)?;
    for stage in STAGES {
        coachwhip_opt::run_stage(stage, &mut module);
        if wanted.as_ref().is_none_or(|name| name == stage.name) {
            println!("; behind {}\n{module}", stage.name);
        }
    }
    Ok(())
}
