//! A tool in the guise of a test: what becomes of the IR text in the file `$IR`, and how long it takes.
//! `IR=file cargo test --release -p coachwhip-codegen --test dump -- --nocapture`

mod common;

use coachwhip_codegen::{EmitOptions, emit, link};
use std::time::Instant;

#[test]
fn dump() {
    let Ok(file) = std::env::var("IR") else { return };
    let module = common::parse(&std::fs::read_to_string(file).unwrap());
    let options = EmitOptions { llvm_ir: true, assembly: true, remarks: true, ..EmitOptions::default() };
    if std::env::var("QUIET").is_err() {
        let object = emit(&module, &options).unwrap();
        println!("{}\n{}\n{:?}", object.llvm_ir.unwrap(), object.assembly.unwrap(), object.remarks);
    }
    let symbols = common::externals();
    let mut best = [f64::MAX; 4];
    for _ in 0..20 {
        let object = emit(&module, &EmitOptions::default()).unwrap();
        let start = Instant::now();
        drop(link(&object, &symbols).unwrap());
        let link_time = start.elapsed();
        let times = object.times.iter().map(|(_, time)| *time).chain([link_time]);
        for (best, time) in best.iter_mut().zip(times) {
            *best = best.min(time.as_secs_f64() * 1e3);
        }
    }
    println!("lower, optimise, generate, link in ms: {best:.3?}");
}
