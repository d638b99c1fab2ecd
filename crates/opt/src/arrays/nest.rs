//! The loops that fill an array with what a kernel gives.
//!
//! There is a loop for each axis, in the memory order of the result, and a view of one row of each array in the innermost
//! one.  Arrays of one contiguous order and the result's sizes are one row; where it is not known whether they have these
//! sizes, the same nest serves, with one iteration of its outer loops if they do.  A row that is a single element, as is
//! seen at run time, is spread over a buffer.  So one innermost loop, which LLVM makes vectors of, is enough, unless it
//! is not known whether rows are contiguous: then there are two nests, and a test chooses.  The second one is kept
//! small unless the kernel does much.

use super::build::{Nature, all, close, either, either_value, field, int, load, open, select};
use super::operand::{Operand, Step, product, row};
use crate::inline::{size, splice};
use coachwhip_ir::{ArrayTy, Builder, Cost, Func, Imm, Layout, Op, Ty, Value};

/// Kernels of more instructions are worth vectorising whatever their arrays look like.
const HEAVY: usize = 24;

/// The kernel: its number, and its body if it is to be put into the loop.
pub struct Kernel<'m> {
    /// Number in the module.
    pub number: u32,
    /// What is copied into the loop; a function that can reach itself is called.
    pub body: Option<&'m Func>,
    /// Its result's type.
    pub ret: Ty,
}

impl Kernel<'_> {
    /// Whether it does so much that even walking with strides is not what takes the time.
    fn is_heavy(&self) -> bool {
        let calls = |body: &Func| body.insts.values().any(|data| data.op.cost() == Cost::Call);
        self.body.is_none_or(|body| size(body) > HEAVY || calls(body))
    }

    /// Whether it returns the element that it is given.
    pub fn is_identity(&self) -> bool {
        let Some(body) = self.body else { return false };
        let ([block], [param]) = (body.order.as_slice(), body.entry_params()) else { return false };
        let is_return = |&inst| body.insts[inst].op == Op::Return && body.insts[inst].args == [*param];
        body.blocks[*block].insts.last().is_some_and(is_return)
    }

    /// The result for some elements.
    fn apply(&self, b: &mut Builder<'_>, args: Vec<Value>, target: ArrayTy) -> Value {
        let value = insert_call(b, self.number, self.ret.clone(), self.body, args);
        if self.ret != Ty::Never {
            return value;
        }
        // A kernel that always fails: no element is ever stored.
        b.value(Op::Undef, Imm::None, vec![], Ty::Scalar(target.dtype))
    }
}

/// A call of a kernel, or its body in the place of one.
fn insert_call(b: &mut Builder<'_>, number: u32, ret: Ty, body: Option<&Func>, args: Vec<Value>) -> Value {
    let value = b.value(Op::Call, Imm::Func(number), args, ret);
    let Some(body) = body else { return value };
    let at = b.func.blocks[b.block].insts.len() - 1;
    let mut renames = Vec::new();
    b.block = splice(b.func, b.block, at, body, &mut renames);
    renames.first().map_or(value, |&(_, to)| to)
}

/// The result of a kernel for some arguments, by its body where it cannot reach itself.
pub fn call_kernel(b: &mut Builder<'_>, number: u32, kernel: &Func, recursive: &[bool], args: Vec<Value>) -> Value {
    let body = Some(kernel).filter(|_| recursive.get(number as usize) == Some(&false));
    insert_call(b, number, kernel.ret.clone(), body, args)
}

/// An argument of the kernel.
#[derive(Clone)]
enum Source {
    /// The elements of an array.
    Elements(Operand),
    /// The same value always.
    Same(Value),
}

/// What is filled, and with what.
struct Fill<'m, 'k> {
    target: Operand,
    sizes: Vec<Value>,
    sources: Vec<Source>,
    kernel: &'k Kernel<'m>,
}

/// Which of two nests.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Rows {
    /// Strides that are not known are those of neighbours.
    Contiguous,
    /// They are what they are.
    Strided,
}

/// Fills an array: the loops.
pub fn fill(b: &mut Builder<'_>, target: Value, sizes: &[Value], args: &[Value], kernel: &Kernel<'_>) {
    let Some(ty) = b.func.ty(target).array() else { return };
    let mut sources = Vec::with_capacity(args.len());
    for &arg in args {
        let array = b.func.ty(arg).array();
        let operand = array.map(|array| Operand::new(b.func, arg, array, sizes));
        sources.push(match operand {
            Some(operand) => Source::Elements(operand),
            None => Source::Same(arg),
        });
    }
    let target = Operand::result(target, ty);
    let mut fill = Fill { target, sizes: sizes.to_vec(), sources, kernel };
    fill.hoist(b);
    if fill.sizes.is_empty() {
        let args = fill.sources.iter().filter_map(Source::same).collect();
        let value = kernel.apply(b, args, ty);
        b.inst(Op::Store, Imm::None, vec![fill.target.array, value], &[]);
    } else if fill.is_flat() {
        fill.flat_or_nest(b);
    } else {
        fill.nests(b);
    }
}

impl Source {
    fn same(&self) -> Option<Value> {
        match self {
            Source::Same(value) => Some(*value),
            Source::Elements(_) => None,
        }
    }
}

impl Fill<'_, '_> {
    /// Reads arrays of a single element once.
    fn hoist(&mut self, b: &mut Builder<'_>) {
        for source in &mut self.sources {
            if let Source::Elements(operand) = source
                && operand.is_single()
            {
                *source = Source::Same(operand.only_element(b));
            }
        }
    }

    fn operands(&self) -> impl Iterator<Item = &Operand> {
        self.sources.iter().filter_map(|source| match source {
            Source::Elements(operand) => Some(operand),
            Source::Same(_) => None,
        })
    }

    /// Whether one loop over all elements will do, if sizes that are not known are equal.
    fn is_flat(&self) -> bool {
        let layout = self.target.ty.layout;
        layout != Layout::A && self.operands().all(|o| o.is_flat(layout))
    }

    /// One loop if all sizes are known to be the result's, else a nest that may be one.
    fn flat_or_nest(&self, b: &mut Builder<'_>) {
        let mut tests = Vec::new();
        for operand in self.operands() {
            tests.extend(operand.is_full(b, &self.sizes));
        }
        match all(b, tests) {
            None => self.flat(b),
            Some(full) => {
                let (one, total) = (int(b, 1), product(b, &self.sizes));
                let inner = self.inner();
                let mut counts = Vec::with_capacity(self.sizes.len());
                for (axis, &size) in self.sizes.iter().enumerate() {
                    counts.push(select(b, full, if axis == inner { total } else { one }, size));
                }
                self.nest(b, Rows::Contiguous, &counts, false);
            }
        }
    }

    /// One loop over the elements of all arrays.
    fn flat(&self, b: &mut Builder<'_>) {
        let total = product(b, &self.sizes);
        let target = self.target.flattened(b, total);
        let mut rows = Vec::with_capacity(self.sources.len());
        for source in &self.sources {
            rows.push(match source {
                Source::Elements(operand) => Row::Along(operand.flattened(b, total), operand.ty),
                Source::Same(value) => Row::Fixed(*value),
            });
        }
        self.innermost(b, target, &rows, total, false);
    }

    /// One nest if it is known how rows lie, else two.
    fn nests(&self, b: &mut Builder<'_>) {
        let inner = self.inner();
        let mut tests = Vec::new();
        for operand in self.operands().chain([&self.target]) {
            if operand.step(b, inner) == Step::Unknown
                && let Some(&size) = self.sizes.get(inner)
            {
                tests.extend(operand.has_rows(b, inner, size));
            }
        }
        let sizes = &self.sizes;
        match all(b, tests) {
            None => self.nest(b, Rows::Contiguous, sizes, false),
            Some(contiguous) => either(
                b,
                contiguous,
                |b| self.nest(b, Rows::Contiguous, sizes, false),
                |b| self.nest(b, Rows::Strided, sizes, !self.kernel.is_heavy()),
            ),
        }
    }

    /// The axis of the innermost loop.
    fn inner(&self) -> usize {
        if self.target.ty.layout == Layout::F { 0 } else { self.sizes.len().saturating_sub(1) }
    }

    /// A loop for each axis, of so many iterations.
    fn nest(&self, b: &mut Builder<'_>, rows: Rows, counts: &[Value], unlikely: bool) {
        let inner = self.inner();
        let zero = int(b, 0);
        let mut walks = Vec::new();
        for operand in self.operands().chain([&self.target]) {
            walks.push(Walk::new(b, operand, &self.sizes, inner, rows));
        }
        let mut index = vec![zero; self.sizes.len()];
        let mut outer = Vec::new();
        let axes: Vec<usize> = (0..self.sizes.len()).filter(|&axis| axis != inner).collect();
        let order: Vec<usize> = if inner == 0 { axes.into_iter().rev().collect() } else { axes };
        for axis in order {
            let Some(&count) = counts.get(axis) else { continue };
            let opened = open(b, count, Nature { unlikely, ..Nature::default() });
            if let Some(place) = index.get_mut(axis) {
                *place = opened.index;
            }
            outer.push(opened);
        }
        let Some(&count) = counts.get(inner) else { return };
        let mut made = Vec::with_capacity(walks.len());
        for walk in &walks {
            made.push(walk.row(b, &index, count));
        }
        let Some(Row::Along(target, _)) = made.pop() else { return };
        let mut arrays = made.into_iter();
        let row = |source: &Source| match source {
            Source::Elements(_) => arrays.next(),
            Source::Same(value) => Some(Row::Fixed(*value)),
        };
        let rows: Vec<Row> = self.sources.iter().filter_map(row).collect();
        self.innermost(b, target, &rows, count, unlikely);
        outer.into_iter().rev().for_each(|l| close(b, l));
    }

    /// The loop over a row.
    fn innermost(&self, b: &mut Builder<'_>, target: Value, rows: &[Row], count: Value, unlikely: bool) {
        let inner = open(b, count, Nature { independent: true, unlikely });
        let mut args = Vec::with_capacity(rows.len());
        for row in rows {
            args.push(match row {
                Row::Along(array, ty) => load(b, *array, *ty, &[inner.index]),
                Row::Fixed(value) => *value,
            });
        }
        let value = self.kernel.apply(b, args, self.target.ty);
        b.inst(Op::Store, Imm::None, vec![target, inner.index, value], &[]);
        close(b, inner);
    }
}

/// What the innermost loop reads.
enum Row {
    /// Elements one after the other, of an array of this type.
    Along(Value, ArrayTy),
    /// One value.
    Fixed(Value),
}

/// An array on its way through a nest.
struct Walk {
    /// The array, with the axes of the result.
    array: Value,
    ty: ArrayTy,
    step: Step,
    /// Stride along the innermost loop.
    stride: Value,
    /// Whether a single element is spread over the row, and the buffer for it.
    spread: Option<(Value, Value)>,
}

impl Walk {
    fn new(b: &mut Builder<'_>, operand: &Operand, sizes: &[Value], inner: usize, rows: Rows) -> Walk {
        let step = match operand.step(b, inner) {
            Step::Unknown if rows == Rows::Contiguous => Step::Spread,
            Step::Spread if rows == Rows::Strided => Step::Unknown,
            other => other,
        };
        let size = sizes.get(inner).copied().unwrap_or(operand.array);
        let spread = match step {
            Step::Spread => operand.is_spread(b, inner, size).map(|single| (single, buffer(b, operand, single, size))),
            _ => None,
        };
        let strides = operand.strides(b, sizes);
        let stride = strides.get(inner).copied().unwrap_or(operand.array);
        let array = operand.broadcast(b, sizes, &strides);
        Walk { array, ty: operand.ty, step, stride, spread }
    }

    /// The row at a position, whose index along the innermost loop is 0.
    fn row(&self, b: &mut Builder<'_>, index: &[Value], count: Value) -> Row {
        let start = b.value(Op::Address, Imm::None, [&[self.array], index].concat(), Ty::Ptr(None));
        let (made, ty) = (self.array, self.ty);
        match self.step {
            Step::Zero => {
                let (zero, one) = (int(b, 0), int(b, 1));
                let only = row(b, made, ty, start, one, None);
                Row::Fixed(load(b, only, ty, &[zero]))
            }
            Step::Unit | Step::Spread => {
                let start = match self.spread {
                    Some((single, buffer)) => self.spread_over(b, single, buffer, start, count),
                    None => start,
                };
                Row::Along(row(b, made, ty, start, count, None), ty)
            }
            Step::Wide | Step::Unknown => Row::Along(row(b, made, ty, start, count, Some(self.stride)), ty),
        }
    }

    /// Where the row is: if it is a single element, in the buffer, after it.
    fn spread_over(&self, b: &mut Builder<'_>, single: Value, buffer: Value, start: Value, count: Value) -> Value {
        let to = field(b, buffer, 0, Ty::Ptr(None));
        let ty = self.ty;
        either(b, single, |b| super::copy::spread(b, to, start, count, ty), |_| {});
        select(b, single, to, start)
    }
}

/// Memory for a row of the operand's elements, if one is needed.
fn buffer(b: &mut Builder<'_>, operand: &Operand, single: Value, size: Value) -> Value {
    let ty = Ty::Array(ArrayTy { ndim: 1, layout: Layout::C, readonly: false, ..operand.ty });
    let make = |b: &mut Builder<'_>| b.value(Op::Alloc, Imm::None, vec![size], ty.clone());
    let none = |b: &mut Builder<'_>| b.value(Op::Undef, Imm::None, vec![], ty.clone());
    either_value(b, single, make, none, ty.clone())
}
