//! The table of NumPy's universal functions of numbers, by their `__name__` (aliases share it).

use super::ufunc::*;
use crate::rules::Rule;
use crate::rules::arrays::functions;
use coachwhip_ir::{BinaryOp, CmpOp, Op, RuntimeFn};
use std::f64::consts::PI;

macro_rules! c_library {
    ($($name:literal $double:ident $single:ident $complex:expr;)*) => {
        const C_LIBRARY: &[(&str, Rule)] = &[$((concat!("numpy.", $name), |e, a| {
            of_one(e, a, $name, |e, v, n| {
                let function = Library {
                    name: $name, double: RuntimeFn::$double, single: RuntimeFn::$single, complex: $complex,
                };
                library(e, v, n, &function)
            })
        })),*];
    };
}

c_library! {
    "arccos" Acos Acosf Some(RuntimeFn::Cacos);
    "arccosh" Acosh Acoshf Some(RuntimeFn::Cacosh);
    "arcsin" Asin Asinf Some(RuntimeFn::Casin);
    "arcsinh" Asinh Asinhf Some(RuntimeFn::Casinh);
    "arctan" Atan Atanf Some(RuntimeFn::Catan);
    "arctanh" Atanh Atanhf Some(RuntimeFn::Catanh);
    "cbrt" Cbrt Cbrtf None;
    "cos" Cos Cosf Some(RuntimeFn::Ccos);
    "cosh" Cosh Coshf Some(RuntimeFn::Ccosh);
    "exp" Exp Expf Some(RuntimeFn::Cexp);
    "exp2" Exp2 Exp2f None;
    "expm1" Expm1 Expm1f None;
    "log" Log Logf Some(RuntimeFn::Clog);
    "log10" Log10 Log10f None;
    "log1p" Log1p Log1pf None;
    "log2" Log2 Log2f None;
    "sin" Sin Sinf Some(RuntimeFn::Csin);
    "sinh" Sinh Sinhf Some(RuntimeFn::Csinh);
    "tan" Tan Tanf Some(RuntimeFn::Ctan);
    "tanh" Tanh Tanhf Some(RuntimeFn::Ctanh);
}

macro_rules! one_number {
    ($($name:literal $rule:expr;)*) => {
        const ONE_NUMBER: &[(&str, Rule)] =
            &[$((concat!("numpy.", $name), |e, a| of_one(e, a, $name, $rule))),*];
    };
}

one_number! {
    "sqrt" sqrt;
    "floor" |e, v, n| whole(e, v, n, "floor", |e, v| e.floor(v));
    "ceil" |e, v, n| whole(e, v, n, "ceil", |e, v| e.ceil(v));
    "trunc" |e, v, n| whole(e, v, n, "trunc", |e, v| e.trunc(v));
    "rint" rint;
    "fabs" fabs;
    "deg2rad" |e, v, n| scaled(e, v, n, "deg2rad", PI / 180.0);
    "radians" |e, v, n| scaled(e, v, n, "radians", PI / 180.0);
    "rad2deg" |e, v, n| scaled(e, v, n, "rad2deg", 180.0 / PI);
    "degrees" |e, v, n| scaled(e, v, n, "degrees", 180.0 / PI);
    "absolute" absolute;
    "negative" negative;
    "positive" positive;
    "invert" invert;
    "conjugate" conjugate;
    "square" square;
    "reciprocal" reciprocal;
    "sign" sign;
    "isfinite" |e, v, n| test(e, v, n, true, |e, v| e.is_finite(v), true);
    "isinf" |e, v, n| test(e, v, n, false, |e, v| e.is_inf(v), false);
    "isnan" |e, v, n| test(e, v, n, false, |e, v| e.is_nan(v), false);
    "signbit" |e, v, n| real_test(e, v, n, "signbit", |e, v| e.sign_bit(v));
    "isposinf" |e, v, n| real_test(e, v, n, "isposinf", |e, v| {
        let infinity = e.float_as(f64::INFINITY, &v.ty.widened());
        e.eq(v, &infinity)
    });
    "isneginf" |e, v, n| real_test(e, v, n, "isneginf", |e, v| {
        let infinity = e.float_as(f64::NEG_INFINITY, &v.ty.widened());
        e.eq(v, &infinity)
    });
    "spacing" spacing;
    "logical_not" logical_not;
    "bitwise_count" bitwise_count;
    "modf" modf;
    "frexp" frexp;
}

macro_rules! two_numbers {
    ($($name:literal $rule:expr;)*) => {
        const TWO_NUMBERS: &[(&str, Rule)] =
            &[$((concat!("numpy.", $name), |e, a| of_two(e, a, $name, $rule))),*];
    };
}

two_numbers! {
    "add" |e, a, b| operator(e, BinaryOp::Add, a, b);
    "subtract" |e, a, b| operator(e, BinaryOp::Sub, a, b);
    "multiply" |e, a, b| operator(e, BinaryOp::Mul, a, b);
    "divide" |e, a, b| operator(e, BinaryOp::TrueDiv, a, b);
    "floor_divide" |e, a, b| operator(e, BinaryOp::FloorDiv, a, b);
    "remainder" |e, a, b| operator(e, BinaryOp::Mod, a, b);
    "power" |e, a, b| operator(e, BinaryOp::Pow, a, b);
    "bitwise_and" |e, a, b| operator(e, BinaryOp::And, a, b);
    "bitwise_or" |e, a, b| operator(e, BinaryOp::Or, a, b);
    "bitwise_xor" |e, a, b| operator(e, BinaryOp::Xor, a, b);
    "left_shift" |e, a, b| operator(e, BinaryOp::Lshift, a, b);
    "right_shift" |e, a, b| operator(e, BinaryOp::Rshift, a, b);
    "equal" |e, a, b| comparison(e, CmpOp::Eq, a, b);
    "not_equal" |e, a, b| comparison(e, CmpOp::Ne, a, b);
    "less" |e, a, b| comparison(e, CmpOp::Lt, a, b);
    "less_equal" |e, a, b| comparison(e, CmpOp::Le, a, b);
    "greater" |e, a, b| comparison(e, CmpOp::Gt, a, b);
    "greater_equal" |e, a, b| comparison(e, CmpOp::Ge, a, b);
    "maximum" |e, a, b| extreme(e, CmpOp::Gt, true, a, b);
    "minimum" |e, a, b| extreme(e, CmpOp::Lt, true, a, b);
    "fmax" |e, a, b| extreme(e, CmpOp::Gt, false, a, b);
    "fmin" |e, a, b| extreme(e, CmpOp::Lt, false, a, b);
    "fmod" fmod;
    "arctan2" |e, a, b| library2(e, "arctan2", RuntimeFn::Atan2, RuntimeFn::Atan2f, a, b);
    "hypot" |e, a, b| library2(e, "hypot", RuntimeFn::Hypot, RuntimeFn::Hypotf, a, b);
    "nextafter" nextafter;
    "copysign" copysign;
    "heaviside" heaviside;
    "logaddexp" |e, a, b| logaddexp(e, false, a, b);
    "logaddexp2" |e, a, b| logaddexp(e, true, a, b);
    "gcd" |e, a, b| divisor(e, "gcd", false, a, b);
    "lcm" |e, a, b| divisor(e, "lcm", true, a, b);
    "ldexp" ldexp;
    "float_power" float_power;
    "logical_and" |e, a, b| logical(e, Op::And, a, b);
    "logical_or" |e, a, b| logical(e, Op::Or, a, b);
    "logical_xor" |e, a, b| logical(e, Op::Xor, a, b);
    "divmod" divmod;
}

/// Parts of numbers, which of arrays are views, and the angle, which has an argument of its own.
const PARTS: &[(&str, Rule)] = &[
    ("numpy.angle", |e, a| match functions::takes_arrays(a) || a.get("deg").is_some() {
        true => functions::angle(e, a),
        false => of_one(e, a, "angle", angle),
    }),
    ("numpy.real", |e, a| match functions::takes_arrays(a) {
        true => functions::part(e, a, "real"),
        false => of_one(e, a, "real", |e, v, n| Ok(super::attributes::real(e, v, n))),
    }),
    ("numpy.imag", |e, a| match functions::takes_arrays(a) {
        true => functions::part(e, a, "imag"),
        false => of_one(e, a, "imag", |e, v, n| Ok(super::attributes::imag(e, v, n))),
    }),
];

/// The functions of this file.
pub const FUNCTIONS: [&[(&str, Rule)]; 4] = [C_LIBRARY, ONE_NUMBER, TWO_NUMBERS, PARTS];
