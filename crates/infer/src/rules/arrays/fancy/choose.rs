//! `np.choose`: for each element the choice that an index names.

use super::functions::{Mode, given, into_out, mode, moderate, positions_argument};
use super::masks::like;
use super::selection::{broadcast_shapes, spread};
use crate::args::Args;
use crate::emit::{Emit, Fault, Val, fault};
use crate::rules::arrays::create::{allocate, converted};
use crate::rules::arrays::geometry::{extent, flattened, shape};
use crate::rules::arrays::index::load;
use crate::rules::arrays::literals::Order;
use crate::rules::arrays::raise::{Piece, raise, shape_text};
use crate::rules::arrays::{array_like, library};
use crate::rules::{lists::is_sequence, tuples};
use coachwhip_ir::{ArrayTy, Code, Dtype, Layout};

/// The choices, of one dtype.
enum Choices {
    /// One array or number for each.
    Each(Vec<(Val, ArrayTy)>),
    /// The items of the first axis of an array.
    Rows(Val, ArrayTy),
}

/// `np.choose(a, choices, out=None, mode="raise")`.
pub fn choose(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let [a, choices, out, mode] = args.take(["a", "choices", "out", "mode"])?;
    let choices = given(choices, "choose")?;
    chosen(e, a, &choices, out, &mode)
}

/// `a.choose(*choices, out=None, mode="raise")`: the choices as one argument or as several.
pub fn method(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let [a, out, mode] = args.take(["a", "out", "mode"])?;
    let choices = match args.rest() {
        [] => return fault(Code::ArgumentCount, "choose() takes exactly 1 argument (0 given)"),
        [one] => one.clone(),
        several => tuples::display(e, several),
    };
    chosen(e, a, &choices, out, &mode)
}

fn chosen(
    e: &mut Emit,
    a: Option<Val>,
    choices: &Val,
    out: Option<Val>,
    mode_slot: &Option<Val>,
) -> Result<Val, Fault> {
    let mode = mode(mode_slot)?;
    let a = e.opened(&given(a, "choose")?);
    let (index, index_ty) = positions_argument(e, &a, "choose")?;
    let choices = read(e, choices)?;
    let count = match &choices {
        Choices::Each(all) => e.int(all.len() as i64),
        Choices::Rows(rows, _) => extent(e, rows, 0),
    };
    let (index, index_ty) = moderate(e, &index, index_ty, &count, mode)?;
    let (sizes, dtype) = sizes(e, (&index, index_ty), &choices)?;
    if mode == Mode::Raise {
        let given = if index_ty.ndim == 0 || index_ty.layout != Layout::A && index_ty.ndim > 1 {
            flattened(e, &index, index_ty).0
        } else {
            index.clone()
        };
        let inside = library(e, "coachwhip.lib.are_choices", &[given, count])?;
        let text = "invalid entry in choice array";
        e.if_else(&inside, |e| Ok(e.none()), |e| Ok(raise(e, "ValueError", vec![Piece::Text(text)])))?;
    }
    let one = e.int(1);
    let wide = if sizes.is_empty() { vec![one] } else { sizes.clone() };
    let result = allocate(e, dtype, &wide, Layout::C, false);
    let index = spread(e, &index, index_ty, &wide);
    match choices {
        Choices::Each(all) => {
            let all: Vec<Val> = all.iter().map(|(v, ty)| spread(e, v, *ty, &wide)).collect();
            let all = tuples::display(e, &all);
            library(e, "coachwhip.lib.choose", &[result.clone(), index, all])?;
        }
        Choices::Rows(rows, ty) => {
            let count = extent(e, &rows, 0);
            let with_rows: Vec<Val> = std::iter::once(count).chain(wide.iter().cloned()).collect();
            let rows = rows_spread(e, &rows, ty, &with_rows);
            library(e, "coachwhip.lib.choose_rows", &[result.clone(), index, rows])?;
        }
    }
    if sizes.is_empty() {
        let zero = e.int(0);
        let ty = ArrayTy { dtype, ndim: 1, layout: Layout::C, readonly: false };
        return Ok(load(e, &result, ty, &[zero]));
    }
    into_out(e, result, out, "choose")
}

/// The rows with new axes after the first, so that each is spread by itself.
fn rows_spread(e: &mut Emit, rows: &Val, ty: ArrayTy, sizes: &[Val]) -> Val {
    let missing = sizes.len() - usize::from(ty.ndim).min(sizes.len());
    if missing == 0 {
        return spread(e, rows, ty, sizes);
    }
    use crate::rules::arrays::index::{Index, Item, select};
    let whole = || Item::Slice([None, None, None]);
    let items = std::iter::once(whole())
        .chain((0..missing).map(|_| Item::NewAxis))
        .chain((1..ty.ndim).map(|_| whole()))
        .collect();
    let lifted = select(e, rows, ty, &Index::of(items));
    let lifted_ty = lifted.ty.array().unwrap_or(ty);
    spread(e, &lifted, lifted_ty, sizes)
}

fn read(e: &mut Emit, v: &Val) -> Result<Choices, Fault> {
    if !is_sequence(&v.ty) {
        let (rows, ty) = like(e, v, "choose")?;
        if ty.ndim == 0 {
            return fault(Code::ArgumentTypes, "choose() wants a sequence of choices");
        }
        return Ok(Choices::Rows(rows, ty));
    }
    let mut all = Vec::new();
    let mut dtype: Option<Dtype> = None;
    for item in tuples::items(e, v)? {
        let Some((a, ty)) = array_like::array_like(e, &item)? else {
            return fault(Code::ArgumentTypes, "the choices of choose() are arrays or numbers");
        };
        dtype = Some(dtype.map_or(ty.dtype, |d| d.promote(ty.dtype)));
        all.push((a, ty));
    }
    let mut result = Vec::new();
    for (a, ty) in all {
        let made = converted(e, &a, ty, dtype, Order::K)?;
        let made_ty = made.ty.array().unwrap_or(ty);
        result.push((made, made_ty));
    }
    Ok(Choices::Each(result))
}

/// The shape and dtype of the result.
fn sizes(e: &mut Emit, (index, index_ty): (&Val, ArrayTy), choices: &Choices) -> Result<(Vec<Val>, Dtype), Fault> {
    let own = shape(e, index, index_ty);
    let (mut shapes, dtype) = match choices {
        Choices::Each(all) => {
            let shapes: Vec<Vec<Val>> = all.iter().map(|(v, ty)| shape(e, v, *ty)).collect();
            let Some((_, first)) = all.first() else {
                return fault(Code::ArgumentTypes, "choose() wants at least one choice");
            };
            (shapes, first.dtype)
        }
        Choices::Rows(rows, ty) => (vec![shape(e, rows, *ty).into_iter().skip(1).collect()], ty.dtype),
    };
    shapes.push(own);
    let ndim = shapes.iter().map(Vec::len).max().unwrap_or(0);
    let (result, fits) = broadcast_shapes(e, &shapes, ndim);
    e.if_else(
        &fits,
        |e| Ok(e.none()),
        |e| {
            let mut pieces =
                vec![Piece::Text("shape mismatch: objects cannot be broadcast to a single shape. Shapes: ")];
            for shape in &shapes {
                pieces.extend(shape_text(shape));
                pieces.push(Piece::Text(" "));
            }
            Ok(raise(e, "ValueError", pieces))
        },
    )?;
    Ok((result, dtype))
}
