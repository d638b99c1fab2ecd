//! The list of what rules implement, with the parameters of the signature that they take, for `docs/supported.md`:
//! `crates/infer/rules.tsv`.
//!
//! A rule is called with arguments that say, when it takes them, which ones those are ([`crate::args::Args::probe`]).
//! `cargo xtask library` writes the file; without `BLESS=1` the test compares.

use super::{FAMILIES, arrays, strings};
use crate::args::{Args, PROBE};
use crate::emit::{Emit, Engine, Fault, Val};
use crate::signature;
use coachwhip_ir::{ArrayTy, Const, Diagnostic, Dtype, Func, FuncId, Layout, Loc, LocData, Options, Source, Ty};
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// A program in which there is nothing.
struct Nothing;

impl Source for Nothing {
    fn func(&self, _: FuncId) -> Result<Arc<Func>, Diagnostic> {
        unreachable!()
    }
    fn captured(&self, _: FuncId) -> Vec<Const> {
        vec![]
    }
    fn array(&self, _: u32) -> ArrayTy {
        ARRAY
    }
    fn attribute(&self, _: u32, _: &str) -> Option<Const> {
        None
    }
    fn module_name(&self, _: u32) -> Arc<str> {
        "m".into()
    }
    fn native(&self, _: u32) -> (Vec<Ty>, Ty, u64) {
        unreachable!()
    }
    fn library(&self, _: &str) -> Result<Option<FuncId>, Diagnostic> {
        Ok(None)
    }
}

impl Engine for Nothing {
    fn source(&self) -> &dyn Source {
        self
    }
    fn rules(&self) -> &'static crate::table::Rules {
        &crate::rules::instructions::RULES
    }
    fn callee(&mut self, _: FuncId, _: &[Ty], _: &Options) -> Result<(u32, Ty), Fault> {
        unreachable!()
    }
    fn use_array(&mut self, _: u32) {}
    fn use_native(&mut self, _: u32) {}
}

const ARRAY: ArrayTy = ArrayTy { dtype: Dtype::Float64, ndim: 1, layout: Layout::C, readonly: false };

/// The names of the arguments that a rule takes; every parameter, if it takes none by name.
fn arguments(name: &str, rule: impl FnOnce(&mut Emit, &Val, &Args) -> Result<(), Fault>) -> String {
    let signature = signature::of(name).unwrap_or_else(|| panic!("signatures.txt lacks {name}"));
    let place = LocData {
        function: "f".into(),
        file: "f.py".into(),
        line: 1,
        column: 0,
        end_line: 1,
        end_column: 1,
        inlined_at: None,
    };
    let mut func = Func::new("f", "f", place);
    let block = func.entry;
    let array = Val { id: func.add_param(block, Ty::Array(ARRAY)), ty: Ty::Array(ARRAY) };
    let (options, mut engine) = (Options::default(), Nothing);
    let mut e = Emit { func: &mut func, block, loc: Loc(0), options: &options, engine: &mut engine, dead: false };
    let args = Args::probe(signature, &array);
    let said = catch_unwind(AssertUnwindSafe(|| rule(&mut e, &array, &args)));
    let named = match &said {
        Ok(Err(fault)) => fault.message.strip_prefix(PROBE).map(|names| names.split(' ').collect::<Vec<_>>()),
        _ => None,
    };
    signature.taken(|name| named.as_ref().is_none_or(|names| names.contains(&name)))
}

#[test]
fn the_list_is_fresh() {
    let mut found = BTreeMap::new();
    for (name, rule) in FAMILIES.iter().flat_map(|f| f.functions) {
        found.insert((*name).to_string(), arguments(name, |e, _, args| rule(e, args).map(drop)));
    }
    for name in arrays::method_names() {
        let method = |e: &mut Emit, a: &Val, args: &Args| (arrays::FAMILY.method)(e, a, name, args).map(drop);
        let name = format!("numpy.ndarray.{name}");
        let taken = arguments(&name, method);
        found.insert(name, taken);
    }
    for name in strings::method_names() {
        let taken = signature::of(&name).unwrap_or_else(|| panic!("signatures.txt lacks {name}")).taken(|_| true);
        found.insert(name, taken);
    }
    for name in arrays::ATTRIBUTES {
        found.insert(format!("numpy.ndarray.{name}.__get__"), String::new());
    }
    let text: String = found.iter().map(|(name, arguments)| format!("{name}\t{arguments}\n")).collect();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/rules.tsv");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(path, text).unwrap();
    } else {
        let kept = std::fs::read_to_string(path).unwrap_or_default();
        assert!(kept == text, "crates/infer/rules.tsv is not fresh: `cargo xtask library` writes it");
    }
}
