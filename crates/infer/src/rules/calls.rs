//! Calls: binding arguments to the parameters of user's and library functions.

use crate::args::Args;
use crate::emit::{Emit, Fault, Val, fault};
use coachwhip_ir::{Code, FuncId};

/// Calls a function with captured cells and the arguments as written.
pub fn call_function(_e: &mut Emit, _id: FuncId, _cells: &[Val], _args: Args) -> Result<Val, Fault> {
    fault(Code::NotCallable, "calls")
}
