//! What the arguments of reductions have in common, and what becomes of their results.

use super::super::array_like::array_like;
use super::super::cast::is_number;
use super::super::casting::{self, Casting};
use super::super::create::{allocate, array_or_number};
use super::super::geometry::{array, contiguous, equal, or, packed_strides, shape, strides, view};
use super::super::literals::{dtype, flag};
use super::super::raise::{Piece, raise, shape_text};
use super::super::{cast, index, store};
use super::axes::{self, Axes, Axisless};
use super::fold::dtype_of;
use crate::args::Args;
use crate::emit::{Emit, Fault, Val, fault};
use coachwhip_ir::{ArrayTy, Code, Const, Dtype, Kind, Layout, Ty, describe};

/// The bound arguments of a reduction by name.
pub struct Bound<'a> {
    args: &'a Args,
    bare: Axisless,
}

/// The functions that assign their results to `out`.
const ASSIGNED: [&str; 3] = ["np.nanmedian", "np.nanpercentile", "np.nanquantile"];

/// The arguments of which NumPy takes `None` as absent, even where that is not the default.
const NONE_IS_ABSENT: [&str; 7] = ["axis", "dtype", "out", "initial", "mean", "weights", "x"];

impl<'a> Bound<'a> {
    /// The arguments, of which the first is the array.  A rule serves functions and methods that have not all of the
    /// parameters that it names.
    pub fn new(args: &'a Args, names: &[&str]) -> Result<Bound<'a>, Fault> {
        let declared: Vec<&str> = names.iter().copied().filter(|name| args.has(name)).collect();
        args.slots(&declared)?;
        Ok(Bound { args, bare: Axisless::Reduced })
    }

    /// As [`Bound::new`], of a function that looks for the axes of an array without axes.
    pub fn strict(args: &'a Args, names: &[&str]) -> Result<Bound<'a>, Fault> {
        Ok(Bound { bare: Axisless::Refused, ..Bound::new(args, names)? })
    }

    /// An argument, unless absent.
    pub fn get(&self, name: &str) -> Option<&Val> {
        self.args.get(name).filter(|v| !(index::is_none(v) && NONE_IS_ABSENT.contains(&name)))
    }

    /// Refuses an argument, `None` too.
    pub fn refuse(&self, name: &str) -> Result<(), Fault> {
        match self.args.get(name) {
            Some(_) => Err(self.args.unsupported(name)),
            None => Ok(()),
        }
    }

    /// Refuses an `out=` that cannot take the results of the ufunc that writes them, in NumPy's words.
    pub fn out_takes(&self, e: &mut Emit, ufunc: &str, from: Dtype) -> Result<(), Fault> {
        match self.out(e)? {
            Some((_, out)) if !Casting::SameKind.allows(from, out.dtype) => {
                casting::refused(ufunc, "output", from, out.dtype, Casting::SameKind)
            }
            _ => Ok(()),
        }
    }

    /// The array, or a number as an array without axes.
    pub fn array(&self, e: &mut Emit) -> Result<(Val, ArrayTy), Fault> {
        let given = self.args.first().cloned();
        match given.as_ref().map(|v| array_like(e, v)).transpose()?.flatten() {
            Some(found) => Ok(found),
            None => array_or_number(e, given, self.args.function()),
        }
    }

    /// `dtype=`.
    pub fn dtype(&self) -> Result<Option<Dtype>, Fault> {
        dtype(self.get("dtype"))
    }

    /// `keepdims=`.
    pub fn keepdims(&self) -> Result<bool, Fault> {
        match self.get("keepdims") {
            Some(v) if index::is_none(v) => fault(Code::ArgumentTypes, "keepdims must be a bool, not None"),
            v => flag(v, "keepdims", false),
        }
    }

    /// `out=`.
    pub fn out(&self, e: &mut Emit) -> Result<Option<(Val, ArrayTy)>, Fault> {
        let Some(v) = self.get("out") else { return Ok(None) };
        match array(e, v) {
            Some(found) => Ok(Some(found)),
            None => fault(Code::ArgumentTypes, format!("out must be an array, not {}", describe(&v.ty))),
        }
    }

    /// `initial=` as an element of the dtype.
    pub fn initial(&self, e: &mut Emit, d: Dtype) -> Result<Option<Val>, Fault> {
        if let Some(v) = self.get("initial").filter(|v| !is_number(v)) {
            return fault(Code::ArgumentTypes, format!("initial must be a number, not {}", describe(&v.ty)));
        }
        self.get("initial").map(|v| cast::stored(e, v, d)).transpose()
    }

    /// `where=`, unless it is `True`: an array of bools that broadcasts to the sizes.
    pub fn mask(&self, e: &mut Emit, sizes: &[Val]) -> Result<Option<(Val, ArrayTy)>, Fault> {
        let Some(v) = self.get("where").filter(|v| v.literal() != Some(&Const::Bool(true))) else { return Ok(None) };
        if index::is_none(v) {
            return fault(Code::ArgumentTypes, "where must be an array of bools: NumPy takes None for False");
        }
        let (mask, ty) = array_or_number(e, Some(v.clone()), "where")?;
        if ty.dtype != Dtype::Bool || usize::from(ty.ndim) > sizes.len().max(1) {
            return fault(Code::ArgumentTypes, "where must be an array of bools that broadcasts to the reduced array");
        }
        let given = shape(e, &mask, ty);
        let one = e.int(1);
        let mut fits = e.bool(true);
        for (size, wanted) in given.iter().rev().zip(sizes.iter().rev()) {
            let (same, single) = (equal(e, size, wanted), equal(e, size, &one));
            let either = or(e, &same, &single);
            fits = super::super::geometry::and(e, &fits, &either);
        }
        let refuse = |e: &mut Emit| {
            let mut pieces = vec![Piece::Text("operands could not be broadcast together with shapes ")];
            pieces.extend(shape_text(sizes));
            pieces.push(Piece::Text(" "));
            pieces.extend(shape_text(&given));
            Ok(raise(e, "ValueError", pieces))
        };
        e.if_else(&fits, |e| Ok(e.none()), refuse)?;
        Ok(Some((mask, ty)))
    }

    /// Runs the reduction over the axes asked for, and gives its results the shape and place asked for.
    pub fn reduce(&self, e: &mut Emit, several: bool, body: &Body<'_>) -> Result<Val, Fault> {
        self.shaped(e, several, false, body)
    }

    /// As [`Bound::reduce`], for results with an axis of their own in front, if `led`.
    pub fn reduce_shaped(&self, e: &mut Emit, led: bool, body: &Body<'_>) -> Result<Val, Fault> {
        self.shaped(e, true, led, body)
    }

    fn shaped(&self, e: &mut Emit, several: bool, led: bool, body: &Body<'_>) -> Result<Val, Fault> {
        let (a, ty) = self.array(e)?;
        let keepdims = self.keepdims()?;
        let one = |e: &mut Emit, reduced: &[bool]| -> Result<Val, Fault> {
            let v = body(e, &a, ty, reduced)?;
            Ok(match (keepdims && !e.dead, led) {
                (false, _) => v,
                (true, false) => with_axes(e, &v, reduced)?,
                (true, true) => super::orders::behind_quantiles(e, &v, reduced)?,
            })
        };
        let v = match axes::parse(e, self.get("axis"), ty.ndim as usize, several, self.bare)? {
            Axes::Failed(v) => return Ok(v),
            Axes::Known(reduced) => one(e, &reduced)?,
            Axes::Varying(axis) => {
                let ndim = usize::from(ty.ndim);
                axes::chosen(e, &axis, ndim, &|e, k| one(e, &(0..ndim).map(|i| i == k).collect::<Vec<_>>()))?
            }
        };
        match self.out(e)? {
            // These assign their results, which then broadcast; the others have a ufunc write them.
            Some((out, out_ty)) if !e.dead && ASSIGNED.contains(&self.args.function()) && !out_ty.readonly => {
                store::assign(e, &out, out_ty, &v)?;
                Ok(out)
            }
            Some((out, out_ty)) if !e.dead => into(e, &v, &out, out_ty),
            _ => Ok(v),
        }
    }
}

/// A reduction over the flagged axes: a scalar if all are, else an array over the others.
pub type Body<'a> = dyn Fn(&mut Emit, &Val, ArrayTy, &[bool]) -> Result<Val, Fault> + 'a;

/// The dtype that sums and products of integers have.
pub fn long(d: Dtype) -> Dtype {
    match d.kind() {
        Kind::Bool | Kind::Signed => Dtype::Int64,
        Kind::Unsigned => Dtype::Uint64,
        _ => d,
    }
}

/// A number as an element.
pub fn element(e: &mut Emit, value: i64, d: Dtype) -> Val {
    let value = e.int(value);
    let element = cast::cast(e, &value, d);
    e.machine(&element)
}

/// The results with axes of size 1 where they were reduced.
pub fn with_axes(e: &mut Emit, v: &Val, reduced: &[bool]) -> Result<Val, Fault> {
    let one = e.int(1);
    let Some(ty) = v.ty.array() else {
        let Some(d) = dtype_of(v) else { return Ok(v.clone()) };
        let a = allocate(e, d, &vec![one; reduced.len()], Layout::C, false);
        let a_ty = a.ty.array().unwrap_or(ArrayTy { dtype: d, ndim: 0, layout: Layout::C, readonly: false });
        store::fill(e, &a, a_ty, v)?;
        return Ok(a);
    };
    let ndim = reduced.len() as u8;
    let (mut own_sizes, mut own_steps) = (shape(e, v, ty).into_iter(), strides(e, v, ty).into_iter());
    let item = e.int(i64::from(ty.dtype.size()));
    let (mut sizes, mut steps) = (vec![], vec![]);
    for gone in reduced {
        let (size, step) = if *gone { (None, None) } else { (own_sizes.next(), own_steps.next()) };
        sizes.push(size.unwrap_or_else(|| one.clone()));
        steps.push(step.unwrap_or_else(|| item.clone()));
    }
    let layout = contiguous(ty.layout, reduced.len());
    if layout != Layout::A {
        steps = packed_strides(e, ty.dtype, &sizes, layout);
    }
    let start = super::super::geometry::data(e, v);
    Ok(view(e, v, ArrayTy { ndim, layout, ..ty }, &start, &sizes, &steps))
}

/// Stores the results in the array given for them, which is the result.
pub fn into(e: &mut Emit, v: &Val, out: &Val, ty: ArrayTy) -> Result<Val, Fault> {
    if ty.readonly {
        return Ok(raise(e, "ValueError", vec![Piece::Text("output array is read-only")]));
    }
    let given = v.ty.array().map_or(0, |t| t.ndim);
    if given != ty.ndim {
        let number = |n: u8| Const::Int(i64::from(n));
        let (found, expected) = (e.lit(number(ty.ndim)), e.lit(number(given)));
        let pieces = vec![
            Piece::Text("output parameter for reduction has the wrong number of dimensions: Found "),
            Piece::Number(found),
            Piece::Text(" but expected "),
            Piece::Number(expected),
        ];
        return Ok(raise(e, "ValueError", pieces));
    }
    let Ty::Array(from) = v.ty else {
        let element = cast::cast(e, v, ty.dtype);
        store::fill(e, out, ty, &element)?;
        return Ok(out.clone());
    };
    let (sizes, wanted) = (shape(e, out, ty), shape(e, v, from));
    let mut same = e.bool(true);
    for (x, y) in sizes.iter().zip(&wanted) {
        let equal = equal(e, x, y);
        same = super::super::geometry::and(e, &same, &equal);
    }
    let refuse = |e: &mut Emit| {
        let mut pieces = vec![Piece::Text("the output array has shape ")];
        pieces.extend(shape_text(&sizes));
        pieces.push(Piece::Text(", the results of the reduction have shape "));
        pieces.extend(shape_text(&wanted));
        Ok(raise(e, "ValueError", pieces))
    };
    e.if_else(&same, |e| Ok(e.none()), refuse)?;
    store::assign(e, out, ty, v)?;
    Ok(out.clone())
}
