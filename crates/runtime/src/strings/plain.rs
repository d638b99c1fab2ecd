//! Texts whose pieces need nothing of Python: strings, characters and whole numbers as they are.

use super::{Builder, units};
use coachwhip_abi::layout::Str;
use coachwhip_abi::{Piece, PieceTag};

/// Writes the pieces; false if one of them needs more than is done here.
pub fn write(pieces: &[Piece], to: &mut Builder) -> bool {
    let mut depth = 0u32;
    for piece in pieces {
        let plain = piece.spec_len == 0 && matches!(piece.conversion, 0 | 115);
        if !plain {
            return false;
        }
        match piece.tag {
            PieceTag::TextBegin => depth += 1,
            PieceTag::TextEnd => depth = depth.saturating_sub(1),
            // SAFETY: compiled code passes constants with their length.
            PieceTag::Str => unsafe {
                let bytes = match piece.b {
                    0 => &[],
                    length => std::slice::from_raw_parts(piece.a as *const u8, length as usize),
                };
                match std::str::from_utf8(bytes) {
                    Ok(text) => to.add_str(text),
                    Err(_) => return false,
                }
            },
            // SAFETY: the piece keeps its block.
            PieceTag::Block if piece.dtype == 0 => unsafe { to.add(units(piece.a as *const Str)) },
            PieceTag::Char => to.push(piece.a as u32),
            PieceTag::Int => to.add_str(&(piece.a as i64).to_string()),
            PieceTag::Bool => to.add_str(if piece.a & 1 != 0 { "True" } else { "False" }),
            PieceTag::None => to.add_str("None"),
            _ => return false,
        }
    }
    depth == 0
}
