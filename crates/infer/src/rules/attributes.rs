//! Attributes: of modules and values, and methods looked up to be called.

use super::instructions::constant;
use super::nothing::{self, Complaint};
use super::{FAMILIES, Family, ask, library};
use crate::emit::{Emit, Fault, Val, fault};
use coachwhip_ir::{Code, Const, Diagnostic, Ty, describe};
use std::sync::Arc;

/// What this family answers for.
pub const FAMILY: Family = Family::NONE;

/// `x.name`.
pub fn getattr(e: &mut Emit, v: &Val, name: &str) -> Result<Val, Fault> {
    if let Ty::Lit(Const::Module(module)) = v.ty {
        let source = e.engine.source();
        return match source.attribute(module, name) {
            Some(c) => Ok(constant(e, &c)),
            None => {
                let module = source.module_name(module);
                fault(Code::UnknownAttribute, format!("module '{module}' has no attribute '{name}'"))
            }
        };
    }
    let v = nothing::opened(e, v, &Complaint::attribute(name));
    if let Some(value) = ask(|f| (f.getattr)(e, &v, name))? {
        return Ok(value);
    }
    let known = FAMILIES.iter().any(|f| (f.has_method)(&v.ty, name));
    if !known && let Some(value) = library::attribute(e, &v, name)? {
        return Ok(value);
    }
    if known || library::has_method(e, &v, name)? {
        let v = if v.ty.literal().is_some() { e.machine(&v) } else { v };
        return Ok(e.pack(Ty::Method(Arc::new(v.ty.clone()), Arc::from(name)), &[&v]));
    }
    if let Some(fault) = super::arrays::unknown_attribute(e, &v, name) {
        return Err(Box::new(fault));
    }
    let of = describe(&v.ty);
    let fault = Diagnostic::new(Code::UnknownAttribute, format!("{of} has no attribute '{name}' in compiled code"));
    Err(Box::new(fault))
}

/// `x.name = value`.
pub fn setattr(e: &mut Emit, v: &Val, name: &str, value: &Val) -> Result<(), Fault> {
    let v = nothing::opened(e, v, &Complaint::attribute(name));
    match ask(|f| (f.setattr)(e, &v, name, value))? {
        Some(_) => Ok(()),
        None => {
            let of = describe(&v.ty);
            fault(Code::UnknownAttribute, format!("attribute '{name}' of {of} cannot be assigned"))
        }
    }
}
