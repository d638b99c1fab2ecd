//! The family of arrays: items and slices, attributes and methods, constructors, iteration, pointers.
//!
//! Every rule works on the header of an array, its sizes and strides as values, and on single elements;
//! what loops over elements is a library function in Python (`python/coachwhip/lib`), called by [`library`].

mod array_like;
mod attributes;
mod broadcast;
mod builtins;
mod cast;
pub mod casting;
mod create;
mod elementwise;
mod fancy;
mod flat;
pub mod functions;
mod geometry;
mod index;
mod integers;
mod iterate;
pub mod literals;
mod methods;
mod operators;
mod order;
mod pointers;
mod primitives;
mod promotion;
pub mod raise;
mod ranges;
mod reductions;
mod reshape;
mod slices;
mod store;
#[cfg(test)]
mod tests;
pub mod ufunc_methods;
pub mod ufuncs;

use super::{Family, Rule};
use crate::emit::{Emit, Fault, Val, fault};
use coachwhip_ir::{Code, FastMath, Options};

/// Callables over arrays.
const FUNCTIONS: &[(&str, Rule)] = &[
    ("numpy.empty", create::empty),
    ("numpy.zeros", create::zeros),
    ("numpy.ones", create::ones),
    ("numpy.full", create::full),
    ("numpy.empty_like", create::empty_like),
    ("numpy.zeros_like", create::zeros_like),
    ("numpy.ones_like", create::ones_like),
    ("numpy.full_like", create::full_like),
    ("numpy.copy", create::copy),
    ("numpy.array", create::new_array),
    ("numpy.asarray", create::asarray),
    ("numpy.asanyarray", create::asarray),
    ("numpy.ascontiguousarray", create::ascontiguousarray),
    ("numpy.asfortranarray", create::asfortranarray),
    ("numpy.arange", ranges::arange),
    ("numpy.linspace", ranges::linspace),
    ("numpy.reshape", reshape::function),
    ("numpy.ravel", reshape::ravel_function),
    ("numpy.transpose", reshape::transpose_function),
    ("numpy.shape", |e, args| attributes::described(e, args, "shape")),
    ("numpy.ndim", |e, args| attributes::described(e, args, "ndim")),
    ("numpy.size", |e, args| attributes::described(e, args, "size")),
    ("numpy.where", functions::choose),
    ("numpy.nan_to_num", functions::nan_to_num),
    ("numpy.copyto", functions::copyto),
    ("numpy.putmask", functions::putmask),
    ("builtins.sum", builtins::sum),
    ("builtins.any", builtins::any),
    ("builtins.all", builtins::all),
    ("numpy.result_type", promotion::result_type),
    ("numpy.promote_types", promotion::promote_types),
    ("numpy.can_cast", promotion::can_cast),
    ("coachwhip.lib.compiler.contiguous", primitives::contiguous),
    ("coachwhip.lib.compiler.writeable", primitives::writeable),
    ("coachwhip.lib.compiler.sort", primitives::sort),
    ("coachwhip.lib.compiler.select", primitives::select),
    ("coachwhip.lib.compiler.sort_positions", primitives::sort_positions),
    ("coachwhip.lib.compiler.select_positions", primitives::select_positions),
    ("coachwhip.lib.compiler.random_double", primitives::random_double),
    ("coachwhip.lib.compiler.random_interval", primitives::random_interval),
    ("coachwhip.lib.compiler.random_seed", primitives::random_seed),
    ("coachwhip.lib.compiler.rarely", primitives::rarely),
    ("coachwhip.lib.compiler.in_lanes", primitives::in_lanes),
    ("coachwhip.lib.compiler.mask_count", primitives::mask_count),
    ("coachwhip.lib.compiler.mask_positions", primitives::mask_positions),
    ("coachwhip.lib.compiler.mask_compress", primitives::mask_compress),
    ("coachwhip.lib.compiler.mask_expand", primitives::mask_expand),
    ("coachwhip.lib.compiler.empty_like_all", primitives::empty_like_all),
    ("coachwhip.carray", pointers::carray),
    ("coachwhip.farray", pointers::farray),
];

/// What this family answers for.
pub const FAMILY: Family = Family {
    functions: FUNCTIONS,
    unary: operators::unary,
    binary: operators::binary,
    compare: operators::compare,
    truth: iterate::truth,
    contains: iterate::contains,
    len: iterate::len,
    getitem: index::family_getitem,
    setitem: store::family_setitem,
    delitem: |_, _, _| Ok(None),
    item: iterate::item,
    getattr: attributes::getattr,
    setattr: attributes::setattr,
    has_method: methods::has_method,
    method: methods::method,
    iter: iterate::iter,
    iter_has: iterate::iter_has,
    iter_value: iterate::iter_value,
    iter_advance: iterate::iter_advance,
};

/// NumPy's functions that pick elements.
pub const PICKS: Family = Family { functions: fancy::FUNCTIONS, ..Family::NONE };

pub use array_like::{array_like, is_convertible};
#[cfg(test)]
pub use attributes::ATTRIBUTES;
pub use attributes::unknown_attribute;
/// Sums, extremes, moments, positions and running totals.
pub const REDUCTIONS: Family = Family { functions: reductions::FUNCTIONS, ..Family::NONE };

#[cfg(test)]
pub use methods::names as method_names;

pub use builtins::{iterable, max as max_of_iterable, min as min_of_iterable};
pub use create::in_dtype;
pub use elementwise::is_array;
pub use slices::bound as slice_bound;
pub use ufuncs::Ufunc;

/// Calls a library function that loops over arrays.  Its indices are right by construction, so it is compiled
/// without checks of them, whatever the caller's options say.
pub fn library(e: &mut Emit, name: &str, args: &[Val]) -> Result<Val, Fault> {
    let options = Options { boundscheck: false, wraparound: false, wrap: true, ..e.options.clone() };
    library_with(e, name, args, &options)
}

/// As [`library`], for a function whose integers are meant to wrap, whatever `overflow` says.
pub fn library_that_wraps(e: &mut Emit, name: &str, args: &[Val]) -> Result<Val, Fault> {
    let options = Options { boundscheck: false, wraparound: false, wrap: true, strict: false, ..e.options.clone() };
    library_with(e, name, args, &options)
}

/// As [`library`], for a function whose result depends on each rounding: no relaxation may touch it.
pub fn strict_library(e: &mut Emit, name: &str, args: &[Val]) -> Result<Val, Fault> {
    let options = Options { fastmath: FastMath::default(), boundscheck: false, wraparound: false, ..e.options.clone() };
    library_with(e, name, args, &options)
}

fn library_with(e: &mut Emit, name: &str, args: &[Val], options: &Options) -> Result<Val, Fault> {
    let Some(id) = e.engine.library(name)? else {
        return fault(Code::Internal, format!("the library function {name} is missing"));
    };
    let mut inner =
        Emit { func: &mut *e.func, block: e.block, loc: e.loc, options, engine: &mut *e.engine, dead: e.dead };
    let result = inner.call(id, args);
    let (block, dead) = (inner.block, inner.dead);
    e.block = block;
    e.dead = dead;
    result
}
