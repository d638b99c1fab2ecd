//! Maps: kernels over the elements of arrays.

use super::Check;
use super::types::Typed;
use crate::func::{Func, InstData};
use crate::op::{Imm, Op};
use crate::program::Module;
use crate::ty::{ArrayTy, Ty};
use coachwhip_abi::Runs;

/// Checks `map` and `map_into`.
pub fn check(t: &Typed<'_>, module: Option<&Module>) -> Check {
    let (target, first) = match t.data.op {
        Op::Map => {
            let target = array(t.result()?)?;
            t.indices(0, target.ndim as usize)?;
            (target, target.ndim as usize)
        }
        _ => {
            let target = array(t.arg(0)?)?;
            if target.readonly {
                return Err("maps into a read-only array".into());
            }
            (target, 1)
        }
    };
    let args = t.args.get(first..).unwrap_or(&[]);
    if let Some(wide) = args.iter().filter_map(|ty| ty.array()).find(|a| a.ndim > target.ndim) {
        return Err(format!("{wide} has more axes than {target}"));
    }
    let (Imm::Func(number), Some(module)) = (&t.data.imm, module) else { return Ok(()) };
    let kernel = module.funcs.get(*number as usize).ok_or("the kernel is not in the module")?;
    takes(kernel, args, target)?;
    match kernel.order.iter().flat_map(|&b| &kernel.blocks[b].insts).map(|&i| &kernel.insts[i]).find(|d| !is_free(d)) {
        Some(data) => Err(format!("the kernel has `{}`, which must run in order", data.op.text())),
        None => Ok(()),
    }
}

/// Whether an instruction may run for one element before another or at the same time.
fn is_free(data: &InstData) -> bool {
    data.op.runs(&data.imm) == Runs::Parallel
}

fn array(ty: &Ty) -> Result<ArrayTy, String> {
    ty.array().ok_or_else(|| format!("{ty} is not an array"))
}

/// The kernel takes an element for each array and the other operands as they are.
fn takes(kernel: &Func, args: &[&Ty], target: ArrayTy) -> Check {
    let params = kernel.entry_params();
    if params.len() != args.len() {
        return Err(format!("the kernel has {} parameters, not {}", params.len(), args.len()));
    }
    for (index, (&param, arg)) in params.iter().zip(args).enumerate() {
        let element = arg.array().map(|a| Ty::Scalar(a.dtype));
        let (have, want) = (element.as_ref().unwrap_or(arg), kernel.ty(param));
        if have != want {
            return Err(format!("the kernel's parameter {index} is {want}, not {have}"));
        }
    }
    let element = Ty::Scalar(target.dtype);
    // A kernel that always fails has no result.
    if kernel.ret == element || kernel.ret == Ty::Never {
        return Ok(());
    }
    Err(format!("the kernel's result is {}, not {element}", kernel.ret))
}
