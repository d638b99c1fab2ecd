//! Complex numbers as two floats, and the operators of Python's `complex`.

use super::convert::{cast, is_complex, part};
use super::power;
use crate::emit::{Emit, Fault, Val, fault};
use coachwhip_ir::{BinaryOp, Code, Const, Difference, ErrorKind, Imm, Op, RuntimeFn, Ty, follows};

/// Real and imaginary part, of one float type.
#[derive(Clone, Debug)]
pub struct Parts {
    /// Real part.
    pub re: Val,
    /// Imaginary part.
    pub im: Val,
}

impl Parts {
    /// The parts of any number, as floats of type `ty`.
    pub fn of(e: &mut Emit, v: &Val, ty: &Ty) -> Parts {
        let wide = v.ty.widened();
        if !is_complex(&wide) {
            let re = cast(e, v, ty);
            let im = e.float_as(0.0, ty);
            return Parts { re, im };
        }
        let own = part(&wide);
        let (re, im) = match v.literal() {
            Some(Const::Complex(re, im)) => {
                let (re, im) = (f64::from_bits(*re), f64::from_bits(*im));
                (e.float(re), e.float(im))
            }
            Some(Const::Scalar(_, bits)) => {
                let (re, im) = (f64::from_bits(bits.0), f64::from_bits(bits.1));
                (e.float_as(re, &own), e.float_as(im, &own))
            }
            _ => (e.field(v, 0), e.field(v, 1)),
        };
        Parts { re: cast(e, &re, ty), im: cast(e, &im, ty) }
    }

    /// The complex number of type `ty`, whose parts have the parts' type.
    pub fn pack(&self, e: &mut Emit, ty: &Ty) -> Val {
        if let (Some(Const::Float(re)), Some(Const::Float(im)), Ty::Complex) =
            (self.re.literal(), self.im.literal(), ty)
        {
            let constant = Const::Complex(*re, *im);
            return e.lit(constant);
        }
        let own = part(ty);
        let (re, im) = (cast(e, &self.re, &own), cast(e, &self.im, &own));
        let (re, im) = (e.machine(&re), e.machine(&im));
        e.pack(ty.clone(), &[&re, &im])
    }

    /// Sum.
    pub fn add(&self, e: &mut Emit, other: &Parts) -> Parts {
        Parts { re: e.add(&self.re, &other.re), im: e.add(&self.im, &other.im) }
    }

    /// Difference.
    pub fn sub(&self, e: &mut Emit, other: &Parts) -> Parts {
        Parts { re: e.sub(&self.re, &other.re), im: e.sub(&self.im, &other.im) }
    }

    /// Product by the plain formula: CPython's and NumPy's.
    pub fn mul(&self, e: &mut Emit, other: &Parts) -> Parts {
        let (a, b) = (e.mul(&self.re, &other.re), e.mul(&self.im, &other.im));
        let (c, d) = (e.mul(&self.re, &other.im), e.mul(&self.im, &other.re));
        Parts { re: e.sub(&a, &b), im: e.add(&c, &d) }
    }

    /// Negation.
    pub fn neg(&self, e: &mut Emit) -> Parts {
        Parts { re: e.neg(&self.re), im: e.neg(&self.im) }
    }

    /// The conjugate.
    pub fn conj(&self, e: &mut Emit) -> Parts {
        Parts { re: self.re.clone(), im: e.neg(&self.im) }
    }

    /// Whether both parts are 0.
    pub fn is_zero(&self, e: &mut Emit) -> Val {
        let zero = e.float_as(0.0, &self.re.ty.widened());
        let (re, im) = (e.eq(&self.re, &zero), e.eq(&self.im, &zero));
        e.both(&re, &im)
    }

    /// Whether neither part is infinite or NaN.
    pub fn is_finite(&self, e: &mut Emit) -> Val {
        let (re, im) = (e.is_finite(&self.re), e.is_finite(&self.im));
        e.both(&re, &im)
    }

    /// Whether a part is infinite.
    pub fn is_inf(&self, e: &mut Emit) -> Val {
        let (re, im) = (e.is_inf(&self.re), e.is_inf(&self.im));
        e.either(&re, &im)
    }

    /// Whether a part is NaN.
    pub fn is_nan(&self, e: &mut Emit) -> Val {
        let (re, im) = (e.is_nan(&self.re), e.is_nan(&self.im));
        e.either(&re, &im)
    }

    /// Quotient by Smith's method with both branches computed by the same instructions.
    ///
    /// CPython divides both parts by the denominator; NumPy (`reciprocal`) multiplies them by its reciprocal.
    pub fn div(&self, e: &mut Emit, other: &Parts, reciprocal: bool) -> Parts {
        let (x, y) = (e.abs(&other.re), e.abs(&other.im));
        let big = e.ge(&x, &y);
        let (p, q) = (e.select(&big, &other.re, &other.im), e.select(&big, &other.im, &other.re));
        let ratio = e.fdiv(&q, &p);
        let t = e.mul(&q, &ratio);
        let denominator = e.add(&p, &t);
        let (u, v) = (e.select(&big, &self.re, &self.im), e.select(&big, &self.im, &self.re));
        let w = e.mul(&v, &ratio);
        let re = e.add(&u, &w);
        let w = e.mul(&u, &ratio);
        let (plus, minus) = (e.sub(&v, &w), e.sub(&w, &v));
        let im = e.select(&big, &plus, &minus);
        if !reciprocal {
            return Parts { re: e.fdiv(&re, &denominator), im: e.fdiv(&im, &denominator) };
        }
        let one = e.float_as(1.0, &self.re.ty.widened());
        let scale = e.fdiv(&one, &denominator);
        Parts { re: e.mul(&re, &scale), im: e.mul(&im, &scale) }
    }

    /// A real number divided by this one, by the same method.
    fn divide_real(&self, e: &mut Emit, a: &Val) -> Parts {
        let (x, y) = (e.abs(&self.re), e.abs(&self.im));
        let big = e.ge(&x, &y);
        let (p, q) = (e.select(&big, &self.re, &self.im), e.select(&big, &self.im, &self.re));
        let ratio = e.fdiv(&q, &p);
        let t = e.mul(&q, &ratio);
        let denominator = e.add(&p, &t);
        let minus = e.neg(a);
        let (u, v) = (e.mul(a, &ratio), e.mul(&minus, &ratio));
        let (re, im) = (e.select(&big, a, &u), e.select(&big, &v, &minus));
        Parts { re: e.fdiv(&re, &denominator), im: e.fdiv(&im, &denominator) }
    }

    /// One of two by a condition.
    pub fn select(&self, e: &mut Emit, condition: &Val, other: &Parts) -> Parts {
        Parts { re: e.select(condition, &self.re, &other.re), im: e.select(condition, &self.im, &other.im) }
    }

    /// The result of a run-time function of this number, computed in double precision.
    pub fn call(&self, e: &mut Emit, f: RuntimeFn, more: &[&Val]) -> Parts {
        let (re, im) = (cast(e, &self.re, &Ty::Float), cast(e, &self.im, &Ty::Float));
        let mut args = vec![&re, &im];
        args.extend(more);
        let ty = self.re.ty.widened();
        let (re, im) = e.runtime_pair(f, &args, Ty::Float);
        Parts { re: cast(e, &re, &ty), im: cast(e, &im, &ty) }
    }
}

/// An operator with a Python `complex` result.
pub fn python_binary(e: &mut Emit, op: BinaryOp, a: &Val, b: &Val) -> Result<Val, Fault> {
    let (x, y) = (Parts::of(e, a, &Ty::Float), Parts::of(e, b, &Ty::Float));
    if follows(Difference::RealWithComplex) {
        let real = |v: &Val| !is_complex(&v.ty.widened());
        let found = match (real(a), real(b)) {
            (true, _) => real_with(e, op, &x.re, &y)?,
            (_, true) => with_real(e, op, &x, &y.re),
            _ => None,
        };
        if let Some(result) = found {
            return Ok(result.pack(e, &Ty::Complex));
        }
    }
    let result = match op {
        BinaryOp::Add => x.add(e, &y),
        BinaryOp::Sub => x.sub(e, &y),
        BinaryOp::Mul => python_multiply(e, &x, &y)?,
        BinaryOp::TrueDiv => python_divide(e, &x, &y)?,
        BinaryOp::Pow => power::python_complex(e, &x, &y)?,
        _ => return fault(Code::OperandTypes, format!("{} does not accept complex", op.symbol())),
    };
    Ok(result.pack(e, &Ty::Complex))
}

/// An operator with a real left operand, as CPython has it since 3.14; none for a power.
fn real_with(e: &mut Emit, op: BinaryOp, a: &Val, b: &Parts) -> Result<Option<Parts>, Fault> {
    Ok(Some(match op {
        BinaryOp::Add => Parts { re: e.add(a, &b.re), im: b.im.clone() },
        BinaryOp::Sub => Parts { re: e.sub(a, &b.re), im: e.neg(&b.im) },
        BinaryOp::Mul => Parts { re: e.mul(a, &b.re), im: e.mul(a, &b.im) },
        BinaryOp::TrueDiv => {
            not_zero(e, b);
            let result = b.divide_real(e, a);
            recovered(e, result, RuntimeFn::PyRealQuotient, &[a, &b.re, &b.im])?
        }
        _ => return Ok(None),
    }))
}

/// The same with a real right operand.
fn with_real(e: &mut Emit, op: BinaryOp, a: &Parts, b: &Val) -> Option<Parts> {
    Some(match op {
        BinaryOp::Add => Parts { re: e.add(&a.re, b), im: a.im.clone() },
        BinaryOp::Sub => Parts { re: e.sub(&a.re, b), im: a.im.clone() },
        BinaryOp::Mul => Parts { re: e.mul(&a.re, b), im: e.mul(&a.im, b) },
        BinaryOp::TrueDiv => {
            if !e.options.numpy_errors {
                let zero = e.float(0.0);
                let fine = e.ne(b, &zero);
                e.guard(&fine, ErrorKind::ComplexDivZero, &[]);
            }
            Parts { re: e.fdiv(&a.re, b), im: e.fdiv(&a.im, b) }
        }
        _ => return None,
    })
}

/// `a * b`.
pub fn python_multiply(e: &mut Emit, a: &Parts, b: &Parts) -> Result<Parts, Fault> {
    let result = a.mul(e, b);
    recovered(e, result, RuntimeFn::PyCproduct, &[&a.re, &a.im, &b.re, &b.im])
}

/// `a / b`; fails if b is 0, unless the function asked for NumPy's error model.
pub fn python_divide(e: &mut Emit, a: &Parts, b: &Parts) -> Result<Parts, Fault> {
    not_zero(e, b);
    let result = a.div(e, b, false);
    recovered(e, result, RuntimeFn::PyCquotient, &[&a.re, &a.im, &b.re, &b.im])
}

fn not_zero(e: &mut Emit, b: &Parts) {
    if !e.options.numpy_errors {
        let zero = b.is_zero(e);
        let ok = e.not(&zero);
        e.guard(&ok, ErrorKind::ComplexDivZero, &[]);
    }
}

/// A result of the plain formula; where both parts are NaN, and CPython recovers infinities and zeros from them, what a
/// function of the run time makes of the operands.
fn recovered(e: &mut Emit, plain: Parts, f: RuntimeFn, operands: &[&Val]) -> Result<Parts, Fault> {
    if !follows(Difference::ComplexInfinities) {
        return Ok(plain);
    }
    let (re, im) = (e.is_nan(&plain.re), e.is_nan(&plain.im));
    let lost = e.both(&re, &im);
    let result = e.if_else(
        &lost,
        |e| {
            let (re, im) = e.runtime_pair(f, operands, Ty::Float);
            Ok(Parts { re, im }.pack(e, &Ty::Complex))
        },
        |e| Ok(plain.pack(e, &Ty::Complex)),
    )?;
    Ok(Parts::of(e, &result, &Ty::Float))
}

/// `abs(z)`: a float of the parts' type.
pub fn modulus(e: &mut Emit, z: &Parts) -> Val {
    let ty = z.re.ty.widened();
    let f = if ty == Ty::Scalar(coachwhip_ir::Dtype::Float32) { RuntimeFn::Hypotf } else { RuntimeFn::Hypot };
    match ty {
        Ty::Scalar(_) => super::vector_math::call(e, f, &[&z.re, &z.im], ty),
        _ => e.runtime(f, &[&z.re, &z.im], ty),
    }
}

/// The modulus computed anew on a cold path: the parts change places, which changes no bit, so that it is not
/// taken for the same as an earlier one, which then may be unused.
pub fn modulus_again(e: &mut Emit, z: &Parts) -> Val {
    modulus(e, &Parts { re: z.im.clone(), im: z.re.clone() })
}

/// Python's `abs(z)`, which fails if the result overflows.  Where the sum of squares is finite, it cannot; the
/// look at the result stands on the cold path, so that a comparison with it (`modulus_operands`) needs none.
pub fn python_abs(e: &mut Emit, z: &Parts) -> Result<Val, Fault> {
    let size = modulus(e, z);
    let infinity = e.float(f64::INFINITY);
    let squares = sum_of_squares(e, z);
    let small = e.lt(&squares, &infinity);
    e.if_else(
        &small,
        |e| Ok(e.none()),
        |e| {
            let size = modulus_again(e, z);
            let over = e.is_inf(&size);
            let infinite = z.is_inf(e);
            let fine = e.not(&over);
            let ok = e.either(&fine, &infinite);
            e.guard(&ok, ErrorKind::AbsOverflow, &[]);
            Ok(e.none())
        },
    )?;
    Ok(size)
}

/// `re**2 + im**2`, with the errors of its three roundings.
pub fn sum_of_squares(e: &mut Emit, z: &Parts) -> Val {
    let (x, y) = (e.mul(&z.re, &z.re), e.mul(&z.im, &z.im));
    e.add(&x, &y)
}

/// The number whose modulus (double precision) a value is, if it is one.
pub fn modulus_operands(e: &Emit, v: &Val) -> Option<Parts> {
    let inst = &e.func.insts[e.func.def_inst(v.id)?];
    match (inst.op, &inst.imm, inst.args.as_slice()) {
        (Op::Runtime, Imm::Runtime(RuntimeFn::Hypot), &[re, im])
        | (Op::Kernel, Imm::Kernel(_, RuntimeFn::Hypot), &[re, im]) => {
            let part = |id| Val { id, ty: e.func.ty(id).clone() };
            Some(Parts { re: part(re), im: part(im) })
        }
        _ => None,
    }
}
