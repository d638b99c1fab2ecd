//! Prints the LLVM IR and assembly of a module in text: `IR=file cargo test --test dump -- --nocapture`.
mod common;
#[test]
fn dump() {
    let Ok(file) = std::env::var("IR") else { return };
    let text = std::fs::read_to_string(file).unwrap();
    let options = coachwhip_codegen::EmitOptions { llvm_ir: true, assembly: true, ..Default::default() };
    let object = coachwhip_codegen::emit(&common::parse(&text), &options).unwrap();
    println!("{}\n{}\n{:?}", object.llvm_ir.unwrap(), object.assembly.unwrap(), object.times);
}
