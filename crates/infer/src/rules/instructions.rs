//! Untyped instructions: the rule that answers for each, and the table of them that the engine gets.

use super::{
    attributes, calls, exceptions, generators, identity, iterators, lists, named, nothing, objects, operators, print,
    slices, tables, tuples,
};
use crate::args::Call;
use crate::emit::{Emit, Fault, Val, fault};
use crate::table::{HandlingRules, ListRules, Rules};
use coachwhip_ir::{Code, Const, ErrorKind, Imm, InstData, Op, Ty};
use std::sync::Arc;

/// The rules of Python.
pub static RULES: Rules = Rules {
    value,
    statement,
    unpack,
    raise,
    lacks_value: nothing::certainly_fails,
    fail_for_none: nothing::fail,
    constant,
    call_library: calls::call_library,
    items: tuples::items,
    stored_iterator: generators::stored,
    lists: ListRules {
        may_hold: objects::may_hold,
        known_items: lists::items,
        made_of: objects::made_of,
        made: objects::made,
        check_table: tables::check,
        table_of: tables::made_of,
        converted: |e, from, ty| match ty.list_item() {
            Some(item) => objects::converted(e, from, item),
            None => tables::converted(e, from, ty),
        },
    },
    handling: HandlingRules {
        handled: exceptions::handled,
        caught: exceptions::caught,
        kept: exceptions::kept,
        end: exceptions::end_handling,
    },
};

fn statement(e: &mut Emit, data: &InstData, operands: &[Val]) -> Result<(), Fault> {
    match (data.op, &data.imm, operands) {
        (Op::PySetItem, _, [x, i, v]) => operators::setitem(e, x, i, v).map(drop),
        (Op::PySetAttr, Imm::Name(name), [x, v]) => attributes::setattr(e, x, name, v),
        (Op::PyDelItem, _, [x, i]) => operators::delitem(e, x, i),
        (Op::PyListAppend, _, [list, item]) => objects::append(e, list, item).map(drop),
        (Op::PyMapAdd, _, [dict, key, v]) => tables::map_add(e, dict, key, v),
        (Op::PySetAdd, _, [set, key]) => tables::add(e, set, key).map(drop),
        (Op::PyCheckBound, Imm::Name(name), [flag]) => {
            let name = e.lit(Const::Str(name.clone()));
            e.guard(flag, ErrorKind::UnboundLocal, &[&name]);
            Ok(())
        }
        _ => malformed(data.op),
    }
}

fn value(e: &mut Emit, data: &InstData, operands: &[Val]) -> Result<Val, Fault> {
    match (data.op, &data.imm, operands) {
        (Op::Const, Imm::Const(c), _) => Ok(constant(e, c)),
        (Op::Undef, ..) => Ok(e.never()),
        (Op::PyUnary, Imm::Unary(op), [x]) => operators::unary(e, *op, x),
        (Op::PyBinary, Imm::Binary(op, inplace), [x, y]) => operators::binary(e, *op, *inplace, x, y),
        (Op::PyCompare, Imm::Cmp(op), [x, y]) => operators::compare(e, *op, x, y),
        (Op::PyTruth, _, [x]) => operators::truth(e, x),
        (Op::PyIs, imm, [x, y]) => {
            let same = identity::is(e, x, y)?;
            Ok(if negative(imm) { e.negated(&same) } else { same })
        }
        (Op::PyIn, imm, [x, y]) => {
            let found = operators::contains(e, x, y)?;
            Ok(if negative(imm) { e.negated(&found) } else { found })
        }
        (Op::PyNarrowNone, _, [x]) => Ok(identity::narrow_none(e, x)),
        (Op::PyNarrowSome, _, [x]) => Ok(identity::narrow_some(e, x)),
        (Op::PyGetAttr, Imm::Name(name), [x]) => attributes::getattr(e, x, name),
        (Op::PyGetItem, _, [x, i]) => operators::getitem(e, x, i),
        (Op::PySlice, _, [start, stop, step]) => tuples::slice(e, start, stop, step),
        (Op::PyTuple, ..) => Ok(tuples::display(e, operands)),
        (Op::PyTupleConcat, ..) => tuples::concat_all(e, operands),
        (Op::PyList, ..) => lists::display(e, operands),
        (Op::PyListGrow, imm, [list, part]) => objects::grow(e, list, part, *imm == Imm::Int(1)),
        (Op::PyCall, imm, [callee, args @ ..]) => calls::call(e, callee, call_args(imm, args)),
        (Op::PyCallStar, imm, [callee, positional, keywords @ ..]) => {
            let mut args = call_args(imm, keywords);
            if let Some(printed) = print::starred(e, callee, positional, &args)? {
                return Ok(printed);
            }
            args.positional = tuples::items(e, positional)?;
            calls::call(e, callee, args)
        }
        (Op::PyUndefinedGlobal, Imm::Name(name), _) => {
            fault(Code::UnknownGlobal, format!("the name '{name}' is not defined"))
        }
        (Op::PyDeclare, Imm::Name(name), [x]) => declare(e, name, x),
        (Op::PyIter, _, [x]) => operators::iter(e, x),
        (Op::PyIterHas, _, [x]) => operators::iter_has(e, x),
        (Op::PyIterValue, _, [x]) => operators::iter_value(e, x),
        (Op::PyIterAdvance, _, [x]) => operators::iter_advance(e, x),
        (Op::PyIterResult, _, [x]) => Ok(generators::result(e, x)),
        (Op::PyYield, _, [x]) => generators::give(e, x),
        (Op::PyFormat, imm, [x, spec]) => print::format(e, x, spec, conversion(imm)),
        (Op::PyText, ..) => Ok(print::text(e, operands)),
        (Op::PyExcMatch, _, [x, classes]) => exceptions::matches(e, x, classes),
        (Op::PyMatchSequence, _, [x]) if x.ty.is_object() => {
            fault(Code::OperandTypes, "an object of Python cannot be matched with a sequence in compiled code")
        }
        (Op::PyMatchSequence, _, [x]) => Ok(iterators::is_sequence(e, x)),
        (Op::PyMatchLen, _, [x]) => operators::len(e, x),
        _ => malformed(data.op),
    }
}

fn unpack(e: &mut Emit, data: &InstData, v: &Val) -> Result<Vec<Val>, Fault> {
    match (data.op, &data.imm) {
        (Op::PyUnpackStar, Imm::Pair(before, after)) => tuples::unpack_star(e, v, *before as usize, *after as usize),
        _ => tuples::unpack(e, v, data.results.len()),
    }
}

fn raise(e: &mut Emit, op: Op, operands: &[Val]) -> Result<(), Fault> {
    match (op, operands) {
        (Op::PyReraise, [exception]) => {
            exceptions::reraise(e, exception);
            Ok(())
        }
        (_, []) => {
            exceptions::reraise_handled(e);
            Ok(())
        }
        (_, [exception]) => exceptions::raise(e, exception),
        (_, [exception, cause]) => exceptions::raise_from(e, exception, cause),
        _ => {
            e.fail(ErrorKind::Unreachable, &[]);
            Ok(())
        }
    }
}

/// A constant of the program as a value.
pub fn constant(e: &mut Emit, c: &Const) -> Val {
    match c {
        Const::Array(index) => {
            let ty = Ty::Array(e.engine.source().array(*index));
            e.engine.use_array(*index);
            e.op_with(Op::GlobalArray, Imm::Int(i64::from(*index)), &[], ty)
        }
        Const::List(index) => {
            let ty = e.engine.source().list(*index);
            e.op_with(Op::GlobalList, Imm::Int(i64::from(*index)), &[], ty)
        }
        Const::Slice(parts) => slices::constant(e, parts),
        Const::Tuple(items) if items.iter().any(has_form) => {
            let items: Vec<Val> = items.iter().map(|c| constant(e, c)).collect();
            tuples::display(e, &items)
        }
        Const::NamedTuple(class, items) => {
            let items: Vec<Val> = items.iter().map(|c| constant(e, c)).collect();
            named::pack(e, class, &items)
        }
        c => e.lit(c.clone()),
    }
}

/// Whether a constant is, or holds, one that is a value of parts in compiled code.
fn has_form(c: &Const) -> bool {
    match c {
        Const::Array(_) | Const::List(_) | Const::Slice(_) | Const::NamedTuple(..) => true,
        Const::Tuple(items) => items.iter().any(has_form),
        _ => false,
    }
}

fn call_args(imm: &Imm, operands: &[Val]) -> Call {
    let names: &[Arc<str>] = match imm {
        Imm::Names(names) => names,
        _ => &[],
    };
    let (positional, keywords) = operands.split_at(operands.len().saturating_sub(names.len()));
    Call { positional: positional.to_vec(), keywords: names.iter().cloned().zip(keywords.iter().cloned()).collect() }
}

fn declare(e: &mut Emit, name: &str, x: &Val) -> Result<Val, Fault> {
    let declared = e.options.locals.iter().find(|(n, _)| **n == *name).map(|(_, ty)| ty.clone());
    match declared {
        Some(ty) => crate::coerce::convert_declared(e, x, &ty).map_err(|mut d| {
            d.message = format!("variable '{name}': {}", d.message);
            d
        }),
        None => Ok(x.clone()),
    }
}

fn negative(imm: &Imm) -> bool {
    matches!(imm, Imm::Int(1))
}

fn conversion(imm: &Imm) -> i64 {
    match imm {
        Imm::Int(n) => *n,
        _ => 0,
    }
}

fn malformed<T>(op: Op) -> Result<T, Fault> {
    fault(Code::Internal, format!("malformed instruction {}", op.text()))
}
