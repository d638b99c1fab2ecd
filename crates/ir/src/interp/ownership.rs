//! Who keeps which memory: the owners in a value, and the four operations on them.

use super::memory::{Access, Heap};
use super::value::{Pointer, Value};
use crate::ty::Ty;

/// The owners in a value of this type.
pub fn owners(value: &Value, ty: &Ty, cells: &[Value]) -> Vec<Pointer> {
    let mut found = Vec::new();
    collect(value, ty, cells, &mut found);
    found
}

fn collect(value: &Value, ty: &Ty, cells: &[Value], found: &mut Vec<Pointer>) {
    match (value, ty) {
        (Value::Pointer(block), Ty::Ref(_)) => found.push(*block),
        (_, Ty::Array(_)) => found.extend(value.field(1).and_then(Value::as_pointer)),
        (Value::Cell(number), Ty::Cell(content)) => {
            if let Some(held) = cells.get(*number) {
                collect(held, content, cells, found);
            }
        }
        (Value::Fields(values), _) => {
            let fields = ty.fields().unwrap_or_default();
            values.iter().zip(&fields).for_each(|(v, t)| collect(v, t, cells, found));
        }
        _ => {}
    }
}

/// Counts one keeper more or less for each owner.
pub fn count(heap: &mut Heap, owners: &[Pointer], change: i64) -> Access<()> {
    owners.iter().try_for_each(|&owner| heap.count(owner, change))
}
