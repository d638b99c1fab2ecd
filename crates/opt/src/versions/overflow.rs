//! Overflow in trials: checked operations of NumPy's integers written out in operations that LLVM can widen, and what makes
//! sure that a sum does not overflow during a chunk.

use super::sums::{has_few_passes, portion};
use crate::analysis::LoopId;
use crate::bounds::{Facts, interval};
use coachwhip_ir::{Block, Builder, Const, Dtype, Func, Imm, Inst, Kind, Op, Ty, Value};

/// A sum that a loop carries from iteration to iteration.
#[derive(Clone, Copy)]
pub struct Sum {
    /// Place of the sum among the parameters of the header.
    pub position: usize,
    /// What an iteration adds or subtracts.
    pub addend: Value,
}

/// The sum whose overflow a guard excludes, if nothing else in the loop looks at it.
pub fn sum(facts: &Facts, id: LoopId, body: Block, guard: Inst) -> Option<Sum> {
    let func = facts.func;
    let header = facts.loops.loops[id].header;
    let not = func.def_inst(*func.insts[guard].args.first()?)?;
    let inst = func.def_inst(*func.insts[not].args.first()?)?;
    let data = &func.insts[inst];
    let [a, b] = *data.args.as_slice() else { return None };
    let params = &func.blocks[header].params;
    let place = |v: Value| params.iter().position(|&p| p == v);
    let (position, addend) = match (data.op, place(a), place(b)) {
        (Op::AddOvf | Op::SubOvf, Some(position), None) => (position, b),
        (Op::AddOvf, None, Some(position)) => (position, a),
        _ => return None,
    };
    let &sum = params.get(position)?;
    let unsigned = func.ty(sum).dtype()?.kind() == Kind::Unsigned;
    let latch = func.edges(body).first()?;
    if latch.args.get(position) != data.results.first() || (unsigned && data.op == Op::SubOvf) {
        return None;
    }
    let inside = [header, body].into_iter().flat_map(|block| &func.blocks[block].insts);
    let alone = inside.filter(|&&i| i != inst).all(|&i| !func.insts[i].args.contains(&sum));
    (alone && has_few_passes(facts, id)).then_some(Sum { position, addend })
}

/// Whether a sum may begin a chunk with this value; or, if `addend`, whether an iteration may add it.
pub fn is_small(func: &mut Func, block: Block, value: Value, addend: bool) -> Option<Value> {
    let range = interval::of_type(func.ty(value))?;
    let (start, step) = portion(range);
    let most = if addend { step } else { start };
    within(func, block, value, most)
}

/// `-most <= value <= most`.
fn within(func: &mut Func, block: Block, value: Value, most: i128) -> Option<Value> {
    let (ty, loc) = (func.ty(value).clone(), super::loc_of(func, block));
    let mut b = Builder::new(func, block, loc);
    let high = number(&mut b, &ty, most)?;
    let below = b.value(Op::Le, Imm::None, vec![value, high], Ty::Bool);
    if interval::of_type(&ty)?.0 == 0 {
        return Some(below);
    }
    let low = number(&mut b, &ty, -most)?;
    let above = b.value(Op::Ge, Imm::None, vec![value, low], Ty::Bool);
    Some(b.value(Op::And, Imm::None, vec![below, above], Ty::Bool))
}

/// A constant of an integer type.
fn number(b: &mut Builder, ty: &Ty, value: i128) -> Option<Value> {
    let word = b.constant(Const::Int(i64::try_from(value).ok()?), Ty::Int);
    Some(if ty == &Ty::Int { word } else { b.value(Op::Convert, Imm::None, vec![word], ty.clone()) })
}

/// A checked operation in others: its value, and a flag that is set where it overflows.  Products of 64 bits are said to
/// overflow wherever a factor has more than half of the bits.
pub fn written_out(func: &mut Func, block: Block, op: Op, x: Value, y: Value) -> Option<(Value, Value)> {
    let (ty, loc) = (func.ty(x).clone(), super::loc_of(func, block));
    let signed = interval::of_type(&ty)?.0 < 0;
    if op == Op::MulOvf {
        return product(func, block, x, y, &ty, signed);
    }
    let plain = if op == Op::AddOvf { Op::Add } else { Op::Sub };
    let mut b = Builder::new(func, block, loc);
    let mut two = |op, x, y| b.value(op, Imm::None, vec![x, y], ty.clone());
    let value = two(plain, x, y);
    if !signed {
        let (low, high) = if op == Op::AddOvf { (value, x) } else { (x, y) };
        return Some((value, b.value(Op::Lt, Imm::None, vec![low, high], Ty::Bool)));
    }
    // The sign is wrong if it differs from those of both summands; a difference has the summands `value` and `y`.
    let (first, second) = if op == Op::AddOvf { ((x, value), (y, value)) } else { ((x, y), (x, value)) };
    let (p, q) = (two(Op::Xor, first.0, first.1), two(Op::Xor, second.0, second.1));
    let wrong = two(Op::And, p, q);
    let zero = number(&mut b, &ty, 0)?;
    Some((value, b.value(Op::Lt, Imm::None, vec![wrong, zero], Ty::Bool)))
}

fn product(func: &mut Func, block: Block, x: Value, y: Value, ty: &Ty, signed: bool) -> Option<(Value, Value)> {
    let loc = super::loc_of(func, block);
    let wide = match (ty.dtype()?.size(), signed) {
        (1, true) => Dtype::Int16,
        (1, false) => Dtype::Uint16,
        (2, true) => Dtype::Int32,
        (2, false) => Dtype::Uint32,
        (4, true) => Dtype::Int64,
        (4, false) => Dtype::Uint64,
        _ => {
            let most = interval::of_type(ty)?.1.isqrt();
            let (p, q) = (within(func, block, x, most)?, within(func, block, y, most)?);
            let mut b = Builder::new(func, block, loc);
            let fits = b.value(Op::And, Imm::None, vec![p, q], Ty::Bool);
            let value = b.value(Op::Mul, Imm::None, vec![x, y], ty.clone());
            return Some((value, b.value(Op::Not, Imm::None, vec![fits], Ty::Bool)));
        }
    };
    let mut b = Builder::new(func, block, loc);
    let wide = Ty::Scalar(wide);
    let mut convert = |v, ty: &Ty| b.value(Op::Convert, Imm::None, vec![v], ty.clone());
    let (p, q) = (convert(x, &wide), convert(y, &wide));
    let product = b.value(Op::Mul, Imm::None, vec![p, q], wide.clone());
    let value = b.value(Op::Convert, Imm::None, vec![product], ty.clone());
    let back = b.value(Op::Convert, Imm::None, vec![value], wide);
    Some((value, b.value(Op::Ne, Imm::None, vec![back, product], Ty::Bool)))
}
