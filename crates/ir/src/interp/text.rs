//! Texts put together from pieces; formatting them is the Python face's job.

use super::datum::{Datum, export};
use super::memory::Heap;
use super::value::Value;
use crate::constant::Const;
use crate::ty::Ty;
use std::sync::Arc;

/// A piece of a text.
#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    /// As it is.
    Literal(Arc<str>),
    /// `format(value, spec)`, after the conversion (0, or `s`, `r`, `a` as number).
    Formatted {
        /// The value.
        value: Datum,
        /// The format specification.
        spec: Arc<str>,
        /// The conversion.
        conversion: u8,
    },
}

/// The parts of a text from its pieces' types and values (see `Ty::Text`).
pub fn parts(heap: &Heap, values: &[Value], pieces: &[Ty]) -> Result<Vec<Part>, String> {
    values.iter().zip(pieces).map(|(value, ty)| part(heap, value, ty)).collect()
}

fn part(heap: &Heap, value: &Value, ty: &Ty) -> Result<Part, String> {
    match ty {
        Ty::Lit(Const::Str(text)) => Ok(Part::Literal(text.clone())),
        Ty::Tuple(fields) => {
            let [inner, spec, conversion] = &**fields else { return Err("a piece has not three fields".into()) };
            let datum = match value.field(0) {
                Some(v) => export(heap, v, inner)?,
                None => return Err("a piece has no value".into()),
            };
            let spec = match spec.literal() {
                Some(Const::Str(spec)) => spec.clone(),
                _ => Arc::from(""),
            };
            let conversion = match conversion.literal() {
                Some(Const::Int(c)) => *c as u8,
                _ => 0,
            };
            Ok(Part::Formatted { value: datum, spec, conversion })
        }
        other => Ok(Part::Formatted { value: export(heap, value, other)?, spec: Arc::from(""), conversion: 0 }),
    }
}
