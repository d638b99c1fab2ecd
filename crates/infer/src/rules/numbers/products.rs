//! Powers with a small constant exponent as products and roots, within 1 ulp: fused multiply-adds find what products and roots
//! lose, and the last one adds it, with one rounding.

use crate::emit::{Emit, Val};
use coachwhip_ir::{Dtype, Op, Ty};

/// Whole exponents up to this size become products.
const MOST: f64 = 16.0;

/// `a ** n` for floats, if the exponent is one of those.  The machine has fused multiply-add.
pub fn power(e: &mut Emit, a: &Val, n: f64) -> Option<Val> {
    let ty = a.ty.widened();
    if n == 1.5 {
        return Some(times_root(e, a, &ty));
    }
    if n == -0.5 {
        return Some(inverse_root(e, a, &ty));
    }
    if n.fract() != 0.0 || !(3.0..=MOST).contains(&n) && !(-MOST..=-2.0).contains(&n) {
        return None;
    }
    Some(if n == 3.0 { cube(e, a, &ty) } else { whole_power(e, a, n as i32, &ty) })
}

/// `a * a * a`.  Where the result is not 0, what the square loses can be held; where the square is so large that the
/// result is infinite, nothing is added.  What is added is smaller than the product, so signs of zeros are right.
fn cube(e: &mut Emit, a: &Val, ty: &Ty) -> Val {
    let largest = if *ty == Ty::Scalar(Dtype::Float32) { 90 } else { 700 };
    let (zero, limit) = (e.float_as(0.0, ty), e.float_as(2f64.powi(largest), ty));
    let square = e.mul(a, a);
    let down = e.neg(&square);
    let lost = fma(e, a, a, &down, ty);
    let rest = e.mul(&lost, a);
    let moderate = e.lt(&square, &limit);
    let rest = e.select(&moderate, &rest, &zero);
    fma(e, &square, a, &rest, ty)
}

/// What products lose of tiny results is too small to be held: these are computed larger.
fn whole_power(e: &mut Emit, a: &Val, n: i32, ty: &Ty) -> Val {
    let (lowest, extent) = if *ty == Ty::Scalar(Dtype::Float32) { (-90, 32) } else { (-900, 120) };
    let each = extent / n;
    let [limit, scale, back] = [lowest / n, each, -each * n].map(|n| e.float_as(2f64.powi(n), ty));
    let one = e.float_as(1.0, ty);
    let size = e.abs(a);
    let tiny = if n > 0 { e.lt(&size, &limit) } else { e.gt(&size, &limit) };
    let (scale, back) = (e.select(&tiny, &scale, &one), e.select(&tiny, &back, &one));
    let a = e.mul(a, &scale);
    let base = if n < 0 { Pair::inverse(e, &a, ty) } else { Pair { high: a, rest: None } };
    let result = base.power(e, n.unsigned_abs(), ty);
    e.mul(&result, &back)
}

/// The number `high + rest`; the rest is far smaller, or not finite where `high` is not.
#[derive(Clone)]
struct Pair {
    high: Val,
    rest: Option<Val>,
}

fn fma(e: &mut Emit, a: &Val, b: &Val, c: &Val, ty: &Ty) -> Val {
    e.op(Op::Fma, &[a, b, c], ty.clone())
}

impl Pair {
    /// `1 / a`.
    fn inverse(e: &mut Emit, a: &Val, ty: &Ty) -> Pair {
        let one = e.float_as(1.0, ty);
        let high = e.fdiv(&one, a);
        let down = e.neg(&high);
        let lack = fma(e, &down, a, &one, ty);
        let rest = e.mul(&high, &lack);
        Pair { high, rest: Some(rest) }
    }

    fn times(&self, e: &mut Emit, other: &Pair, ty: &Ty) -> Pair {
        let high = e.mul(&self.high, &other.high);
        let down = e.neg(&high);
        let mut rest = fma(e, &self.high, &other.high, &down, ty);
        for (one, other) in [(&self.rest, &other.high), (&other.rest, &self.high)] {
            if let Some(one) = one {
                rest = fma(e, one, other, &rest, ty);
            }
        }
        Pair { high, rest: Some(rest) }
    }

    /// The product as one number.
    fn times_rounded(&self, e: &mut Emit, other: &Pair, ty: &Ty) -> Val {
        let mut rest: Option<Val> = None;
        for (one, other) in [(&self.rest, &other.high), (&other.rest, &self.high)] {
            if let Some(one) = one {
                rest = Some(match rest {
                    Some(rest) => fma(e, one, other, &rest, ty),
                    None => e.mul(one, other),
                });
            }
        }
        sum_of_product(e, &self.high, &other.high, rest, ty)
    }

    /// By squaring, from the exponent's first bit on.
    fn power(&self, e: &mut Emit, n: u32, ty: &Ty) -> Val {
        let mut result = self.clone();
        for bit in (1..n.ilog2()).rev() {
            let copy = result.clone();
            result = result.times(e, &copy, ty);
            if n >> bit & 1 == 1 {
                result = result.times(e, self, ty);
            }
        }
        let copy = result.clone();
        if n & 1 == 1 {
            result.times(e, &copy, ty).times_rounded(e, self, ty)
        } else {
            result.times_rounded(e, &copy, ty)
        }
    }
}

/// `a * b + rest`, rounded once, with the product's sign; without the rest where it is not finite.
fn sum_of_product(e: &mut Emit, a: &Val, b: &Val, rest: Option<Val>, ty: &Ty) -> Val {
    let plain = e.mul(a, b);
    let Some(rest) = rest else { return plain };
    let infinity = e.float_as(f64::INFINITY, ty);
    let size = e.abs(&rest);
    let known = e.lt(&size, &infinity);
    let sum = fma(e, a, b, &rest, ty);
    let sum = e.copysign(&sum, &plain);
    e.select(&known, &sum, &plain)
}

/// A root, and half of what its square lacks.
fn root(e: &mut Emit, a: &Val, ty: &Ty) -> (Val, Val) {
    let half = e.float_as(0.5, ty);
    let root = e.sqrt(a);
    let down = e.neg(&root);
    let lack = fma(e, &down, &root, a, ty);
    (root, e.mul(&half, &lack))
}

/// `a * sqrt(a)`; as a power it is infinite for minus infinity, and has no sign for -0.0.
fn times_root(e: &mut Emit, a: &Val, ty: &Ty) -> Val {
    let (zero, least, infinity) =
        (e.float_as(0.0, ty), e.float_as(f64::NEG_INFINITY, ty), e.float_as(f64::INFINITY, ty));
    let edge = e.eq(a, &least);
    let a = e.add(a, &zero);
    let (root, half_lack) = root(e, &a, ty);
    let rest = e.mul(&root, &half_lack);
    let value = sum_of_product(e, &a, &root, Some(rest), ty);
    e.select(&edge, &infinity, &value)
}

/// `1 / sqrt(a)`; as a power it is 0 for minus infinity, and has no sign for -0.0.
fn inverse_root(e: &mut Emit, a: &Val, ty: &Ty) -> Val {
    // What squares lack of tiny numbers is too small to be held: these are taken larger.
    let exponents = if *ty == Ty::Scalar(Dtype::Float32) { [-90, 48] } else { [-960, 108] };
    let [limit, scale] = exponents.map(|n| e.float_as(2f64.powi(n), ty));
    let back = e.float_as(2f64.powi(exponents[1] / 2), ty);
    let (zero, one, least) = (e.float_as(0.0, ty), e.float_as(1.0, ty), e.float_as(f64::NEG_INFINITY, ty));
    let edge = e.eq(a, &least);
    let tiny = e.lt(a, &limit);
    let (scale, back) = (e.select(&tiny, &scale, &one), e.select(&tiny, &back, &one));
    let a = e.add(a, &zero);
    let a = e.mul(&a, &scale);
    let (root, half_lack) = root(e, &a, ty);
    let Pair { high, rest } = Pair::inverse(e, &root, ty);
    let (square, share) = (e.mul(&high, &high), e.mul(&half_lack, &high));
    let down = e.neg(&share);
    let rest = rest.map(|rest| fma(e, &down, &square, &rest, ty));
    let value = sum_of_product(e, &high, &one, rest, ty);
    let value = e.mul(&value, &back);
    e.select(&edge, &zero, &value)
}
