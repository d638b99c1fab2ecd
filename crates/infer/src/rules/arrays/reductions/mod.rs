//! Reductions as functions and as methods of arrays.
//!
//! A rule binds NumPy's arguments, works out dtypes and shapes, and hands the elements to loops in Python
//! (`python/coachwhip/lib/folds.py` and its neighbours) in one of the forms of [`form`].

mod axes;
mod differences;
mod extremes;
mod fold;
mod form;
mod moments;
mod nans;
mod orders;
mod parts;
mod positions;
mod running;
mod sums;

pub use axes::{Axes, Axisless, chosen as chosen_axis, parse as axes_argument};
pub use form::result;
pub use parts::{Bound, into};

use crate::args::Args;
use crate::emit::Emit;
use crate::rules::{Answer, Rule};

/// The callables.
pub const FUNCTIONS: &[(&str, Rule)] = &[
    ("numpy.sum", sums::sum),
    ("numpy.prod", sums::prod),
    ("numpy.any", sums::any),
    ("numpy.all", sums::all),
    ("numpy.count_nonzero", sums::count_nonzero),
    ("numpy.min", extremes::min),
    ("numpy.max", extremes::max),
    ("numpy.amin", extremes::amin),
    ("numpy.amax", extremes::amax),
    ("numpy.mean", moments::mean),
    ("numpy.var", moments::var),
    ("numpy.std", moments::std),
    ("numpy.nansum", nans::nansum),
    ("numpy.nanprod", nans::nanprod),
    ("numpy.nanmin", nans::nanmin),
    ("numpy.nanmax", nans::nanmax),
    ("numpy.nanmean", nans::nanmean),
    ("numpy.nanvar", nans::nanvar),
    ("numpy.nanstd", nans::nanstd),
    ("numpy.argmin", positions::argmin),
    ("numpy.argmax", positions::argmax),
    ("numpy.nanargmin", positions::nanargmin),
    ("numpy.nanargmax", positions::nanargmax),
    ("numpy.ptp", differences::ptp),
    ("numpy.average", differences::average),
    ("numpy.diff", differences::diff),
    ("numpy.trapezoid", differences::trapezoid),
    ("numpy.median", orders::median),
    ("numpy.quantile", orders::quantile),
    ("numpy.percentile", orders::percentile),
    ("numpy.nanmedian", orders::nanmedian),
    ("numpy.nanquantile", orders::nanquantile),
    ("numpy.nanpercentile", orders::nanpercentile),
    ("numpy.cumsum", running::cumsum),
    ("numpy.cumprod", running::cumprod),
    ("numpy.nancumsum", running::nancumsum),
    ("numpy.nancumprod", running::nancumprod),
    ("numpy.cumulative_sum", running::cumulative_sum),
    ("numpy.cumulative_prod", running::cumulative_prod),
];

/// The methods of arrays among them.
const METHODS: &[(&str, Rule)] = &[
    ("sum", sums::sum),
    ("prod", sums::prod),
    ("any", sums::any),
    ("all", sums::all),
    ("min", extremes::min),
    ("max", extremes::max),
    ("mean", moments::mean),
    ("var", moments::var),
    ("std", moments::std),
    ("argmin", positions::argmin),
    ("argmax", positions::argmax),
    ("cumsum", running::cumsum),
    ("cumprod", running::cumprod),
];

/// The names of those methods.
#[cfg(test)]
pub fn method_names() -> impl Iterator<Item = &'static str> {
    METHODS.iter().map(|(name, _)| *name)
}

/// Whether arrays have this method.
pub fn is_method(name: &str) -> bool {
    METHODS.iter().any(|(method, _)| *method == name)
}

/// `a.name(args)`: the function, whose arguments have the same names.
pub fn method(e: &mut Emit, name: &str, args: &Args) -> Answer {
    match METHODS.iter().find(|(method, _)| *method == name) {
        Some((_, rule)) => rule(e, args).map(Some),
        None => Ok(None),
    }
}
