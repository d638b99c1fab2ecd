//! Kernels put together from kernels.

use super::nest::call_kernel;
use crate::inline::size;
use coachwhip_ir::{Builder, Cost, Func, InstData, Loc, Module, Op, Ty, Value};

/// Kernels up to this many operations are computed again rather than stored.
const TRIVIAL: usize = 4;
/// A kernel does not grow beyond this by composition.
const LARGEST: usize = 600;
/// What a division or a square root costs, in simple operations.
const SLOW: usize = 4;

/// Whether a kernel is so cheap that computing it twice costs less than keeping its results.
pub fn is_trivial(kernel: &Func) -> bool {
    let cost = |&inst| match kernel.insts[inst].op.cost() {
        Cost::Nothing => 0,
        Cost::Simple | Cost::Product => 1,
        Cost::Slow => SLOW,
        Cost::Call => TRIVIAL + 1,
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

/// The kernel that applies the consumer to elements, of which those of one operand come from the producer if there is one;
/// and the operands that it takes, each once.
pub fn compose(
    module: &Module,
    func: &Func,
    producer: Option<(Part<'_>, Value)>,
    consumer: Part<'_>,
    recursive: &[bool],
) -> Option<(Func, Vec<Value>)> {
    let outer = module.funcs.get(consumer.number as usize)?;
    let joint = producer.map(|(_, joint)| joint);
    let inner_args = producer.map_or(&[][..], |(part, _)| part.args);
    let mut operands: Vec<Value> = Vec::new();
    for &arg in consumer.args.iter().filter(|&&arg| Some(arg) != joint).chain(inner_args) {
        if !operands.contains(&arg) {
            operands.push(arg);
        }
    }
    let place = outer.locs.lookup(Loc(0))?.clone();
    let mut made = Func::new(short(outer.symbol.clone(), module.funcs.len()), outer.name.clone(), place);
    made.ret = outer.ret.clone();
    made.options = outer.options.clone();
    let entry = made.entry;
    let params: Vec<Value> = operands.iter().map(|&arg| made.add_param(entry, element(func.ty(arg)))).collect();
    let given = |args: &[Value], inner: Option<Value>| -> Option<Vec<Value>> {
        let find = |arg: &Value| match inner {
            Some(value) if Some(*arg) == joint => Some(value),
            _ => operands.iter().position(|o| o == arg).and_then(|i| params.get(i)).copied(),
        };
        args.iter().map(find).collect()
    };
    let mut b = Builder::new(&mut made, entry, Loc(0));
    let mut inner = None;
    if let Some((part, _)) = producer {
        let kernel = module.funcs.get(part.number as usize)?;
        inner = Some(call_kernel(&mut b, part.number, kernel, recursive, given(part.args, None)?));
    }
    let result = call_kernel(&mut b, consumer.number, outer, recursive, given(consumer.args, inner)?);
    b.ret(result);
    crate::cleanup::run(&mut made);
    Some((made, operands))
}

/// What a kernel takes for an operand.
pub fn element(ty: &Ty) -> Ty {
    ty.array().map_or_else(|| ty.clone(), |a| Ty::Scalar(a.dtype))
}

/// A symbol like another one that no function of the module has.
pub fn short(symbol: String, number: usize) -> String {
    let start = symbol.split('.').next().unwrap_or(&symbol);
    format!("{start}.{number}")
}
