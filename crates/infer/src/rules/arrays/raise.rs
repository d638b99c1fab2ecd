//! Exceptions whose message tells shapes: built as text only on the path that raises.

use crate::emit::{Emit, Val};
use coachwhip_ir::{Const, Imm, Op, Ty};
use std::sync::Arc;

/// A piece of a message.
pub enum Piece {
    /// Text as it is.
    Text(&'static str),
    /// A number in decimal.
    Number(Val),
}

/// Raises the built-in exception here; what follows is not reached.
pub fn raise(e: &mut Emit, class: &str, pieces: Vec<Piece>) -> Val {
    let items: Vec<Val> = pieces.iter().map(|piece| item(e, piece)).collect();
    let text_ty = Ty::Text(items.iter().map(|v| v.ty.clone()).collect());
    let text = e.pack(text_ty.clone(), &items.iter().collect::<Vec<_>>());
    let class = Const::Named(format!("builtins.{class}").into());
    let error = e.pack(Ty::Exception(Arc::new(class), [text_ty].into()), &[&text]);
    let never = e.never();
    e.effect(Op::Throw, Imm::None, &[&error]);
    e.leave();
    never
}

/// A piece as an item of a `Ty::Text`.
fn item(e: &mut Emit, piece: &Piece) -> Val {
    match piece {
        Piece::Text(text) => e.lit(Const::Str((*text).into())),
        Piece::Number(number) => {
            let number = e.machine(number);
            let (spec, conversion) = (e.none(), e.int(0));
            let ty = Ty::tuple([number.ty.clone(), spec.ty.clone(), conversion.ty.clone()]);
            e.pack(ty, &[&number, &spec, &conversion])
        }
    }
}

/// A shape as NumPy writes it in messages: `(2,3)`, `(4,)`, `()`.
pub fn shape_text(sizes: &[Val]) -> Vec<Piece> {
    let mut pieces = vec![Piece::Text("(")];
    for (axis, size) in sizes.iter().enumerate() {
        if axis > 0 {
            pieces.push(Piece::Text(","));
        }
        pieces.push(Piece::Number(size.clone()));
    }
    pieces.push(Piece::Text(if sizes.len() == 1 { ",)" } else { ")" }));
    pieces
}
