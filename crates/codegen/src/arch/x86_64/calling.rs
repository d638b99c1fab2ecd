//! How C passes complex numbers: of two doubles as a pair of them, which as an argument is two arguments; of two floats
//! as a vector in one register.

use crate::llvm::{Builder, Context, Type, Value};

/// A C `double complex`.
pub fn complex128(context: &Context) -> Type<'_> {
    context.structure(&[context.f64(), context.f64()])
}

/// A C `float complex`.
pub fn complex64(context: &Context) -> Type<'_> {
    context.f32().vector(2)
}

/// The types of the parameters that an argument of a C type takes.
pub fn parameters<'c>(context: &'c Context, ty: Type<'c>) -> Vec<Type<'c>> {
    if ty == complex128(context) { vec![context.f64(), context.f64()] } else { vec![ty] }
}

/// A C `float complex` from its parts.
pub fn pack64<'c>(context: &'c Context, builder: &Builder<'c>, parts: &[Value<'c>]) -> Value<'c> {
    let lanes = parts.iter().zip(0..);
    lanes.fold(complex64(context).poison(), |vector, (&part, lane)| builder.set_lane(vector, part, lane))
}

/// The parts of a C `float complex`.
pub fn unpack64<'c>(builder: &Builder<'c>, vector: Value<'c>) -> [Value<'c>; 2] {
    [builder.lane(vector, 0), builder.lane(vector, 1)]
}
