//! The SSA of code objects recorded by real CPython versions.

mod recording;

#[test]
fn show() {
    let only = std::env::var("ONLY").ok();
    let version = std::env::var("V").unwrap_or("3.11".into());
    for code in recording::read(&version) {
        if only.as_ref().is_some_and(|o| !code.qualname.contains(o)) {
            continue;
        }
        match coachwhip_frontend::build(&code, &coachwhip_ir::Options::default()) {
            Ok(func) => {
                println!("{func}");
                for p in coachwhip_ir::verify::untyped(&func) {
                    println!("PROBLEM {p:?}");
                }
            }
            Err(d) => {
                println!("func {}: {d} {:?}\n", code.qualname, d.primary.as_ref().map(|p| (p.span.line, p.span.column)))
            }
        }
    }
}
