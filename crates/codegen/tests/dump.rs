//! A tool in the guise of a test: what becomes of the IR text in the file `$IR`, and how long it takes.
//! `IR=file cargo test --release -p coachwhip-codegen --test dump -- --nocapture`

#![allow(unsafe_code, clippy::undocumented_unsafe_blocks)] // reads a clock

mod common;

use coachwhip_codegen::{EmitOptions, emit, host, link};
use std::time::Instant;

#[test]
fn dump() {
    let Ok(file) = std::env::var("IR") else { return };
    let module = common::parse(&std::fs::read_to_string(file).unwrap());
    let options = EmitOptions { llvm_ir: true, assembly: true, remarks: true, ..EmitOptions::new(host()) };
    if std::env::var("QUIET").is_err() {
        let object = emit(&module, &options).unwrap();
        println!("{}\n{}\n{:?}", object.llvm_ir.unwrap(), object.assembly.unwrap(), object.remarks);
    }
    let symbols = common::externals();
    let mut best = [f64::MAX; 4];
    let mut cpu = f64::MAX;
    for _ in 0..20 {
        let before = cpu_time();
        let object = emit(&module, &EmitOptions::new(host())).unwrap();
        cpu = cpu.min(cpu_time() - before);
        let start = Instant::now();
        drop(link(&object, &symbols).unwrap());
        let link_time = start.elapsed();
        let times = object.times.iter().map(|(_, time)| *time).chain([link_time]);
        for (best, time) in best.iter_mut().zip(times) {
            *best = best.min(time.as_secs_f64() * 1e3);
        }
    }
    println!("lower, optimise, generate, link in ms: {best:.3?}, processor time without link {:.3}", cpu * 1e3);
}

/// Processor time of this thread in seconds: right on a busy machine too.
fn cpu_time() -> f64 {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &mut time) };
    time.tv_sec as f64 + time.tv_nsec as f64 * 1e-9
}
