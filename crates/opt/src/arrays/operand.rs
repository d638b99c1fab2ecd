//! The operands of a map as the loops over its result see them.

use super::build::{eq, field, int, int_op, load, select, test};
use super::facts::{Provenance, field_from, provenance, size_from, stride_from};
use coachwhip_ir::{ArrayTy, Builder, Func, Imm, Layout, Op, Ty, Value};

/// How an axis of an operand goes with the result's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Axis {
    /// The same size.
    Full,
    /// No such axis, or a single element.
    Single,
    /// One of the two: known at run time.
    Unknown,
}

/// The stride along the innermost loop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// One element after the other.
    Unit,
    /// The same element always.
    Zero,
    /// Known to be neither, or hardly either.
    Wide,
    /// One of the first two: known at run time.
    Spread,
    /// Known at run time.
    Unknown,
}

/// An array that is walked along the axes of a result.
#[derive(Clone, Debug)]
pub struct Operand {
    /// The array.
    pub array: Value,
    /// Its type.
    pub ty: ArrayTy,
    /// One for each axis of the result.
    pub axes: Vec<Axis>,
}

impl Operand {
    /// An array among the operands of a map with these sizes.
    pub fn new(func: &Func, array: Value, ty: ArrayTy, sizes: &[Value]) -> Operand {
        let missing = sizes.len().saturating_sub(ty.ndim as usize);
        let mut axes = vec![Axis::Single; missing];
        for (axis, &size) in sizes.iter().skip(missing).enumerate() {
            let (own, wanted) = (size_from(func, array, axis), provenance(func, size));
            axes.push(match own {
                _ if own == wanted => Axis::Full,
                Provenance::Const(1) => Axis::Single,
                _ => Axis::Unknown,
            });
        }
        Operand { array, ty, axes }
    }

    /// A result: every axis is full.
    pub fn result(array: Value, ty: ArrayTy) -> Operand {
        Operand { array, ty, axes: vec![Axis::Full; ty.ndim as usize] }
    }

    /// Whether one element stands for all.
    pub fn is_single(&self) -> bool {
        self.axes.iter().all(|a| *a == Axis::Single)
    }

    /// Whether it has all sizes of the result, if the run-time ones are equal, in the given contiguous order.
    pub fn is_flat(&self, layout: Layout) -> bool {
        self.ty.layout == layout && !self.axes.contains(&Axis::Single)
    }

    /// The operand's own axis behind an axis of the result.
    fn own(&self, axis: usize) -> Option<usize> {
        (axis + self.ty.ndim as usize).checked_sub(self.axes.len())
    }

    /// What is known about the stride along an axis of the result.
    pub fn step(&self, b: &Builder<'_>, axis: usize) -> Step {
        let Some(own) = self.own(axis) else { return Step::Zero };
        let known = match stride_from(b.func, self.array, own) {
            Provenance::Const(n) if n == i64::from(self.ty.dtype.size()) => Step::Unit,
            Provenance::Const(_) => Step::Wide,
            _ if self.ty.layout != Layout::A => Step::Wide,
            _ => Step::Unknown,
        };
        match self.axes.get(axis) {
            Some(Axis::Full) => known,
            Some(Axis::Unknown) if known == Step::Unit => Step::Spread,
            Some(Axis::Unknown) => Step::Unknown,
            _ => Step::Zero,
        }
    }

    /// Whether the run-time sizes are all the result's.
    pub fn is_full(&self, b: &mut Builder<'_>, sizes: &[Value]) -> Option<Value> {
        let mut all: Option<Value> = None;
        for (axis, &size) in sizes.iter().enumerate() {
            if let (Some(Axis::Unknown), Some(own)) = (self.axes.get(axis), self.own(axis)) {
                let have = field(b, self.array, 2 + own, Ty::Int);
                let same = eq(b, have, size);
                all = Some(all.map_or(same, |others| test(b, Op::And, others, same)));
            }
        }
        all
    }

    /// Whether a single element stands for all along an axis of the result: asked at run time.
    pub fn is_spread(&self, b: &mut Builder<'_>, axis: usize, size: Value) -> Option<Value> {
        let own = self.own(axis).filter(|_| self.axes.get(axis) == Some(&Axis::Unknown))?;
        let have = field(b, self.array, 2 + own, Ty::Int);
        Some(test(b, Op::Ne, have, size))
    }

    /// Whether the elements along an axis of the result are neighbours, or one that stands for all: asked at run time.
    pub fn has_rows(&self, b: &mut Builder<'_>, axis: usize, size: Value) -> Option<Value> {
        let own = self.own(axis)?;
        let stride = field(b, self.array, 2 + self.ty.ndim as usize + own, Ty::Int);
        let unit = int(b, i64::from(self.ty.dtype.size()));
        let near = eq(b, stride, unit);
        let spread = self.is_spread(b, axis, size);
        Some(spread.map_or(near, |spread| test(b, Op::Or, near, spread)))
    }

    /// The strides along the result's axes in bytes.
    pub fn strides(&self, b: &mut Builder<'_>, sizes: &[Value]) -> Vec<Value> {
        let ndim = self.ty.ndim as usize;
        let mut strides = Vec::with_capacity(sizes.len());
        for (axis, &size) in sizes.iter().enumerate() {
            strides.push(match (self.axes.get(axis), self.own(axis)) {
                (Some(Axis::Full), Some(own)) => field(b, self.array, 2 + ndim + own, Ty::Int),
                (Some(Axis::Unknown), Some(own)) => {
                    let have = field(b, self.array, 2 + own, Ty::Int);
                    let stride = field(b, self.array, 2 + ndim + own, Ty::Int);
                    let zero = int(b, 0);
                    let same = eq(b, have, size);
                    select(b, same, stride, zero)
                }
                _ => int(b, 0),
            });
        }
        strides
    }

    /// Whether it is known to have all sizes of the result.
    pub fn is_exact(&self) -> bool {
        self.axes.iter().all(|a| *a == Axis::Full)
    }

    /// The array with the axes and the sizes of the result; its strides are given.
    pub fn broadcast(&self, b: &mut Builder<'_>, sizes: &[Value], strides: &[Value]) -> Value {
        if self.is_exact() && self.ty.ndim as usize == sizes.len() {
            return self.array;
        }
        let data = field(b, self.array, 0, Ty::Ptr(None));
        let ty = ArrayTy { ndim: sizes.len() as u8, layout: Layout::A, ..self.ty };
        b.value(Op::View, Imm::None, [&[self.array, data], sizes, strides].concat(), Ty::Array(ty))
    }

    /// The element of an operand that has only one.
    pub fn only_element(&self, b: &mut Builder<'_>) -> Value {
        let zero = int(b, 0);
        load(b, self.array, self.ty, &vec![zero; self.ty.ndim as usize])
    }

    /// All elements of a contiguous array in one row.
    pub fn flattened(&self, b: &mut Builder<'_>, total: Value) -> Value {
        let start = field(b, self.array, 0, Ty::Ptr(None));
        row(b, self.array, self.ty, start, total, None)
    }
}

/// Some elements of an array in a row, neighbours unless a stride is given.
pub fn row(b: &mut Builder<'_>, array: Value, ty: ArrayTy, start: Value, count: Value, stride: Option<Value>) -> Value {
    let layout = if stride.is_some() { Layout::A } else { Layout::C };
    let stride = stride.unwrap_or_else(|| int(b, i64::from(ty.dtype.size())));
    let ty = ArrayTy { ndim: 1, layout, ..ty };
    b.value(Op::View, Imm::None, vec![array, start, count, stride], Ty::Array(ty))
}

/// The product of sizes.
pub fn product(b: &mut Builder<'_>, sizes: &[Value]) -> Value {
    let Some((&first, rest)) = sizes.split_first() else { return int(b, 1) };
    rest.iter().fold(first, |total, &n| int_op(b, Op::Mul, total, n))
}

/// Whether two arrays are known to be one view: the same elements at the same places.
pub fn is_same_view(b: &Builder<'_>, x: Value, y: Value) -> bool {
    if x == y {
        return true;
    }
    let (Some(a), Some(c)) = (b.func.ty(x).array(), b.func.ty(y).array()) else { return false };
    let fields = 2..2 + 2 * i64::from(a.ndim);
    a.dtype == c.dtype
        && a.ndim == c.ndim
        && start(b, x) == start(b, y)
        && fields.into_iter().all(|i| field_from(b.func, x, i) == field_from(b.func, y, i))
}

/// Where the first element of an array is: the value, or the array that has it as its own.
fn start(b: &Builder<'_>, array: Value) -> Value {
    match b.func.def_inst(array).map(|i| &b.func.insts[i]) {
        Some(made) if made.op == Op::View => match made.args.get(1) {
            Some(&data) => match b.func.def_inst(data).map(|i| &b.func.insts[i]) {
                Some(read) if read.op == Op::Field && read.imm == Imm::Int(0) => {
                    read.args.first().map_or(data, |&base| start(b, base))
                }
                _ => data,
            },
            None => array,
        },
        _ => array,
    }
}
