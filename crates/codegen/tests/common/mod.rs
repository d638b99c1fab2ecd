//! Runs IR text as machine code.
#![allow(dead_code)] // each test file uses a part of it
#![allow(unsafe_code, clippy::undocumented_unsafe_blocks)] // runs code that the test has just compiled
#![allow(clippy::panic, clippy::unwrap_used, clippy::indexing_slicing)] // a failing test panics

use coachwhip_abi::layout::EntryFn;
use coachwhip_abi::{Context, ErrorKind, RuntimeFn};
use coachwhip_codegen::{EmitOptions, Linked, Object, Open, callback_symbol, emit, entry_symbol, host, link};
use coachwhip_ir::Module;

/// A compiled module, ready to run.
pub struct Program {
    pub object: Object,
    pub linked: Linked,
    symbol: String,
}

/// How a run failed.
#[derive(Debug, PartialEq, Eq)]
pub struct Failure {
    pub kind: ErrorKind,
    pub args: Vec<u64>,
    /// Lines of the frames, innermost first.
    pub lines: Vec<u32>,
}

pub fn externals() -> Vec<(String, usize)> {
    RuntimeFn::ALL.iter().map(|f| (f.symbol().to_string(), coachwhip_runtime::address(*f))).collect()
}

pub fn parse(text: &str) -> Module {
    coachwhip_ir::parse::module(text).unwrap_or_else(|e| panic!("{e}\n{text}"))
}

pub fn compile_with(text: &str, options: &EmitOptions, more: &[(String, usize)]) -> Program {
    let module = parse(text);
    let object = emit(&module, options).unwrap_or_else(|e| panic!("{e}\n{text}"));
    let mut symbols = externals();
    symbols.extend_from_slice(more);
    let natives = module.natives.iter();
    symbols.extend(natives.map(|&(number, address)| (Open::Native(number).symbol(), address as usize)));
    let linked = link(&object, &symbols).unwrap_or_else(|e| panic!("{e}\n{text}"));
    Program { object, linked, symbol: module.funcs[0].symbol.clone() }
}

pub fn compile(text: &str) -> Program {
    compile_with(text, &EmitOptions::new(host()), &[])
}

impl Program {
    pub fn entry(&self) -> EntryFn {
        let address = self.linked.address(&entry_symbol(&self.symbol)).unwrap();
        unsafe { std::mem::transmute::<usize, EntryFn>(address) }
    }

    pub fn callback(&self) -> usize {
        self.linked.address(&callback_symbol(&self.symbol)).unwrap()
    }

    pub fn run_in(&self, context: &mut Context, args: &[u64]) -> Result<[u64; 16], Failure> {
        let mut results = [0xdead; 16];
        let entry = self.entry();
        let status = unsafe { entry(context, args.as_ptr(), results.as_mut_ptr()) };
        if status == 0 {
            return Ok(results);
        }
        let frames = coachwhip_runtime::take_frames(context);
        let kind = ErrorKind::ALL[context.error.kind as usize];
        Err(Failure {
            kind,
            args: context.error.args[..context.error.arity as usize].to_vec(),
            lines: frames.iter().map(|&site| unsafe { (*site).line }).collect(),
        })
    }

    pub fn run(&self, args: &[u64]) -> Result<[u64; 16], Failure> {
        self.run_in(&mut coachwhip_runtime::new_context(), args)
    }

    /// The first result word.
    pub fn word(&self, args: &[u64]) -> u64 {
        self.run(args).unwrap()[0]
    }

    pub fn float(&self, args: &[f64]) -> f64 {
        let words: Vec<u64> = args.iter().map(|x| x.to_bits()).collect();
        f64::from_bits(self.word(&words))
    }
}

/// The words of a contiguous (C) array.
pub fn array_words<T>(data: &[T], shape: &[i64]) -> Vec<u64> {
    let mut words = vec![data.as_ptr() as u64, 0];
    words.extend(shape.iter().map(|&n| n as u64));
    let mut stride = size_of::<T>() as i64;
    let mut strides = vec![0; shape.len()];
    for (axis, n) in shape.iter().enumerate().rev() {
        strides[axis] = stride as u64;
        stride *= n;
    }
    words.extend(strides);
    words
}

/// One instruction on values of one type, as a whole program: `%` stands for the operands.
pub fn one_op(op: &str, params: &[&str], result: &str) -> Program {
    let list: Vec<String> = params.iter().enumerate().map(|(i, ty)| format!("v{i}: {ty}")).collect();
    let args: Vec<String> = (0..params.len()).map(|i| format!("v{i}")).collect();
    let names: Vec<String> = (0..params.len()).map(|i| format!("a{i}")).collect();
    compile(&format!(
        "func @f \"f\"({}) -> {result} {{\nblock0({}):\n  v90: {result} = {op} {}\n  return v90\n}}\n",
        names.join(", "),
        list.join(", "),
        args.join(", ")
    ))
}
