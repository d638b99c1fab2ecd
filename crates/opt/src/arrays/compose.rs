//! Kernels put together from kernels.

use super::nest::call_kernel;
use crate::inline::size;
use coachwhip_ir::{Builder, Func, InstData, Module, Op, Ty, Value};

/// Kernels up to this many operations are computed again rather than stored.
const TRIVIAL: usize = 4;
/// A kernel does not grow beyond this by composition.
const LARGEST: usize = 600;
/// What a division or a square root costs, in simple operations.
const SLOW: usize = 4;

/// Whether a kernel is so cheap that computing it twice costs less than keeping its results.
pub fn is_trivial(kernel: &Func) -> bool {
    let cost = |&inst| match kernel.insts[inst].op {
        Op::Const | Op::Return => 0,
        Op::Div | Op::Sqrt | Op::FloorDiv | Op::FloorMod | Op::TruncDiv | Op::TruncMod => SLOW,
        Op::Call | Op::CallExternal | Op::Runtime | Op::CallNative => TRIVIAL + 1,
        _ => 1,
    };
    let [block] = kernel.order.as_slice() else { return false };
    kernel.blocks[*block].insts.iter().map(cost).sum::<usize>() <= TRIVIAL
}

/// Whether two functions are computed under the same rules.
pub fn alike(one: &Func, other: &Func) -> bool {
    let (a, b) = (&one.options, &other.options);
    a.fastmath == b.fastmath && a.exact_math == b.exact_math && a.debug == b.debug
}

/// Whether two kernels may become one.
pub fn fit(producer: &Func, consumer: &Func) -> bool {
    alike(producer, consumer) && size(producer) + size(consumer) <= LARGEST
}

/// The kernel's arguments among the operands of a map.
pub fn arguments<'d>(func: &Func, data: &'d InstData) -> &'d [Value] {
    data.args.get(first_argument(func, data)..).unwrap_or(&[])
}

/// Where they begin.
pub fn first_argument(func: &Func, data: &InstData) -> usize {
    match data.op {
        Op::Map => data.results.first().and_then(|&r| func.ty(r).array()).map_or(0, |a| a.ndim as usize),
        _ => 1,
    }
}

/// A kernel as the composition sees it.
#[derive(Clone, Copy)]
pub struct Part<'f> {
    /// Its number.
    pub number: u32,
    /// What it is applied to, in the function of the maps.
    pub args: &'f [Value],
}

/// The kernel that applies the consumer to elements of which those of `joint` come from the producer, and the
/// operands that it takes.
pub fn compose(
    module: &Module,
    func: &Func,
    producer: Part<'_>,
    consumer: Part<'_>,
    joint: Value,
    recursive: &[bool],
) -> Option<(Func, Vec<Value>)> {
    let (first, second) = (module.funcs.get(producer.number as usize)?, module.funcs.get(consumer.number as usize)?);
    let mut operands: Vec<Value> = Vec::new();
    let outer = consumer.args.iter().filter(|&&arg| arg != joint);
    for &arg in outer.chain(producer.args) {
        if !operands.contains(&arg) {
            operands.push(arg);
        }
    }
    let place = second.locs.lookup(coachwhip_ir::Loc(0))?.clone();
    let symbol = format!("{}.{}", second.symbol, first.symbol.trim_start_matches("cw_"));
    let mut made = Func::new(short(symbol, module.funcs.len()), second.name.clone(), place);
    made.ret = second.ret.clone();
    made.options = second.options.clone();
    let entry = made.entry;
    let params: Vec<Value> = operands.iter().map(|&arg| made.add_param(entry, element(func.ty(arg)))).collect();
    let mut b = Builder::new(&mut made, entry, coachwhip_ir::Loc(0));
    let given = |args: &[Value], inner: Option<Value>| -> Option<Vec<Value>> {
        let find = |arg: &Value| match inner {
            Some(value) if *arg == joint => Some(value),
            _ => operands.iter().position(|o| o == arg).and_then(|i| params.get(i)).copied(),
        };
        args.iter().map(find).collect()
    };
    let inner = call_kernel(&mut b, producer.number, first, recursive, given(producer.args, None)?);
    let outer = call_kernel(&mut b, consumer.number, second, recursive, given(consumer.args, Some(inner))?);
    b.ret(outer);
    crate::cleanup::run(&mut made);
    Some((made, operands))
}

/// What a kernel takes for an operand.
pub fn element(ty: &Ty) -> Ty {
    ty.array().map_or_else(|| ty.clone(), |a| Ty::Scalar(a.dtype))
}

/// A symbol of bearable length that no other function of the module has.
pub fn short(symbol: String, number: usize) -> String {
    const LONGEST: usize = 60;
    let start: String = symbol.chars().take(LONGEST).collect();
    format!("{start}.{number}")
}
