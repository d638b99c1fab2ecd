//! Calls, failures and the end of a function.

use super::Check;
use super::types::{Typed, alike};
use crate::constant::Const;
use crate::eval::Machine;
use crate::func::Func;
use crate::op::{Imm, Op};
use crate::program::Module;
use crate::ty::Ty;
use coachwhip_abi::{AbiTy, ErrorKind};

/// Checks what ends a function or fails in it, and `print`.
pub fn endings(t: &Typed<'_>, func: &Func) -> Check {
    match t.data.op {
        Op::Guard => {
            t.want(0, &Ty::Bool)?;
            failure(t, 1)
        }
        Op::Fail => failure(t, 0),
        Op::Record if t.data.imm != Imm::None => failure(t, 0),
        Op::Throw | Op::Record => match t.arg(0)? {
            Ty::Exception(..) => Ok(()),
            Ty::Caught if t.data.op == Op::Record => Ok(()),
            other => Err(format!("throws {other}, not an exception")),
        },
        Op::Print => match t.arg(0)? {
            Ty::Text(_) => Ok(()),
            other => Err(format!("prints {other}, not a text")),
        },
        _ => {
            let ty = t.arg(0)?;
            if *ty == func.ret { Ok(()) } else { Err(format!("returns {ty}, the function's type is {}", func.ret)) }
        }
    }
}

/// The arguments of a failure from operand `first` on: as many as the message takes, each an integer or, where
/// the message wants a name, a literal `str`.
fn failure(t: &Typed<'_>, first: usize) -> Check {
    let Imm::Error(kind) = &t.data.imm else { return Ok(()) };
    t.count(first + kind.arity())?;
    (0..kind.arity()).try_for_each(|n| failure_argument(t, *kind, n, t.arg(first + n)?))
}

fn failure_argument(_: &Typed<'_>, kind: ErrorKind, n: usize, ty: &Ty) -> Check {
    let name = kind.message().contains(&format!("{{{n}:name}}"));
    let fits = match ty {
        Ty::Lit(Const::Str(_)) => name,
        _ => !name && Machine::of(ty).is_some_and(|m| m.is_int() || m == Machine::Bool),
    };
    if fits { Ok(()) } else { Err(format!("argument {n} of {} cannot be {ty}", kind.text())) }
}

/// Checks the three kinds of calls.
pub fn calls(t: &Typed<'_>, module: Option<&Module>) -> Check {
    match (&t.data.imm, module) {
        (Imm::Func(number) | Imm::Kernel(number, _), Some(module)) => {
            let callee = module.funcs.get(*number as usize).ok_or("the callee is not in the module")?;
            compiled(t, callee)
        }
        (Imm::Runtime(function), _) => {
            t.count(function.args().len())?;
            for (index, want) in function.args().iter().enumerate() {
                abi(*want, t.arg(index)?).map_err(|m| format!("operand {index} {m}"))?;
            }
            // Two results may be two values or the parts of one.
            let results: Vec<Ty> = t.results.iter().flat_map(|ty| ty.machine()).collect();
            let wanted = returned(function.ret());
            if results.len() != wanted.len() {
                return Err(format!("has {} machine results", wanted.len()));
            }
            wanted.iter().zip(&results).try_for_each(|(want, ty)| abi(*want, ty).map_err(|m| format!("a result {m}")))
        }
        (Imm::Int(number), Some(module)) if !module.natives.iter().any(|(k, _)| i64::from(*k) == *number) => {
            Err("the native function is not in the module's table".into())
        }
        _ => Ok(()),
    }
}

/// A call of a function of the module.
fn compiled(t: &Typed<'_>, callee: &Func) -> Check {
    let params = callee.entry_params();
    t.count(params.len())?;
    for (index, &param) in params.iter().enumerate() {
        let (have, want) = (t.arg(index)?, callee.ty(param));
        if have != want {
            return Err(format!("operand {index} is {have}, the callee's parameter is {want}"));
        }
    }
    let ty = t.result()?;
    if *ty == callee.ret { Ok(()) } else { Err(format!("the result is {ty}, the callee's is {}", callee.ret)) }
}

/// The results of a run-time function in IR.
fn returned(ret: AbiTy) -> Vec<AbiTy> {
    match ret {
        AbiTy::Void => vec![],
        AbiTy::C128 => vec![AbiTy::F64; 2],
        AbiTy::I64Flag => vec![AbiTy::I64; 2],
        one => vec![one],
    }
}

/// A value at the boundary to the run time, where the code generator fits widths.
fn abi(want: AbiTy, ty: &Ty) -> Check {
    let machine = Machine::of(ty);
    let fits = match want {
        AbiTy::Void | AbiTy::C128 | AbiTy::I64Flag => false,
        AbiTy::I32 | AbiTy::I64 => machine.is_some_and(|m| m.is_int() || m == Machine::Bool),
        AbiTy::F32 | AbiTy::F64 => machine.is_some_and(Machine::is_float),
        AbiTy::Ptr => {
            let address = matches!(ty, Ty::Cell(_) | Ty::Ref(_) | Ty::Lit(Const::ExceptionClass(..)));
            address || alike(ty, &Ty::Ptr(None))
        }
    };
    if fits { Ok(()) } else { Err(format!("is {ty}, not {want:?}")) }
}
