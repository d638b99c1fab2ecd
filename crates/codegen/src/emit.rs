//! From a module to object code.

use crate::lines::{Origin, debug_line};
use crate::llvm::{Context, Machine};
use crate::lower::{Unit, lower_module};
use crate::open::{Open, Sources, Span};
use crate::pipeline::{self, Recipe};
use crate::remarks::{self, Remark};
use crate::{EmitError, arch, callback_symbol, entry_symbol, llvm};
use coachwhip_ir::{Module, Target};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// What to make besides object code.
#[derive(Clone, Debug)]
pub struct EmitOptions {
    /// The machine that code is made for.
    pub target: Arc<Target>,
    /// Also the C-callable function `S.c` of the root.
    pub callback: bool,
    /// Keep the optimised LLVM IR as text.
    pub llvm_ir: bool,
    /// Keep the assembly as text.
    pub assembly: bool,
    /// Gather what the vectoriser says about each loop.
    pub remarks: bool,
}

impl EmitOptions {
    /// Nothing but the code, for this machine.
    pub fn new(target: Arc<Target>) -> EmitOptions {
        EmitOptions { target, callback: false, llvm_ir: false, assembly: false, remarks: false }
    }
}

/// A step of [`emit`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stage {
    /// SSA to LLVM IR.
    Lower,
    /// LLVM's passes.
    Optimise,
    /// LLVM IR to object code.
    Generate,
}

impl Stage {
    /// What `explain()` calls it.
    pub fn name(self) -> &'static str {
        match self {
            Stage::Lower => "lower to LLVM IR",
            Stage::Optimise => "LLVM passes",
            Stage::Generate => "LLVM code generation",
        }
    }
}

/// Relocatable code with what is needed to link it.
#[derive(Clone, Debug, Default)]
pub struct Object {
    /// An ELF object file.
    pub code: Vec<u8>,
    /// The functions it defines for others: `S.entry`, and `S.c` if asked for.
    pub symbols: Vec<String>,
    /// What it leaves open for whoever links it, besides run-time functions.
    pub open: Vec<Open>,
    /// Places in it are right only where its source stands now, because no span was given for some function.
    pub fixed: bool,
    /// Optimised LLVM IR, if asked for.
    pub llvm_ir: Option<String>,
    /// Assembly, if asked for.
    pub assembly: Option<String>,
    /// What the vectoriser said, if asked for.
    pub remarks: Vec<Remark>,
    /// How long each stage took.
    pub times: Vec<(Stage, Duration)>,
}

/// Compiles a module.  Every call is independent of every other: no locks, no shared state.
pub fn emit(module: &Module, options: &EmitOptions) -> Result<Object, EmitError> {
    emit_movable(module, &[], options)
}

/// As [`emit`]; places in the given functions are relative to origins that are supplied when the object is linked.
pub fn emit_movable(module: &Module, spans: &[Span], options: &EmitOptions) -> Result<Object, EmitError> {
    let root = module.funcs.first().ok_or_else(|| EmitError::new("the module has no root"))?;
    if options.remarks {
        llvm::enable_remarks();
    }
    let start = Instant::now();
    let recipe = Recipe::of(module);
    let machine = Machine::new(&options.target, recipe.code_level(), arch::initialise).map_err(EmitError::new)?;
    let context = Context::new();
    let mut unit = Unit::new(&context, module, &options.target, Sources::new(spans));
    machine.prepare(&unit.module);
    lower_module(&mut unit, options.callback)?;
    if cfg!(debug_assertions) {
        unit.module.verify().map_err(|e| EmitError::new(format!("{e}\n{}", unit.module.text())))?;
    }
    let lowered = Instant::now();
    pipeline::optimise(&machine, &unit.module, recipe).map_err(EmitError::new)?;
    let optimised = Instant::now();
    let llvm_ir = options.llvm_ir.then(|| unit.module.text());
    let assembly = match options.assembly {
        true => {
            let text = machine.emit(&unit.module, true).map_err(EmitError::new)?;
            Some(String::from_utf8_lossy(&text).into_owned())
        }
        false => None,
    };
    let generating = Instant::now();
    let code = machine.emit(&unit.module, false).map_err(EmitError::new)?;
    let (code, lines) = debug_line::exchange(&code, &unit.places)?;
    unit.open.extend(lines.origins().map(Open::Origin));
    let mut symbols = vec![entry_symbol(&root.symbol)];
    if options.callback {
        symbols.push(callback_symbol(&root.symbol));
    }
    Ok(Object {
        code,
        symbols,
        fixed: unit.fixed,
        open: std::mem::take(&mut unit.open).into_iter().collect(),
        llvm_ir,
        assembly,
        remarks: if options.remarks { remarks::read(&context.take_reports(), &place_in(&unit)) } else { Vec::new() },
        times: vec![
            (Stage::Lower, lowered - start),
            (Stage::Optimise, optimised - lowered),
            (Stage::Generate, generating.elapsed()),
        ],
    })
}

/// Tells file and line of the places of a unit.
fn place_in<'u>(unit: &'u Unit<'_, '_>) -> impl Fn(u32) -> Option<(String, u32)> + 'u {
    |number| {
        let (function, place) = unit.places.get(number)?;
        let (file, first) = match &function.origin {
            Origin::Number(number) => unit.sources.origin(*number)?,
            Origin::File(file) => (&**file, 0),
        };
        Some((file.to_string(), first.wrapping_add(place.line)))
    }
}
