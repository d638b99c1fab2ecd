//! Short spellings of one typed instruction each.  The result has the (widened) type of the first operand,
//! comparisons and tests give a `Bool`; both operands have one machine type.

use crate::emit::{Emit, Val};
use coachwhip_ir::{Const, Op, Ty};

macro_rules! binary {
    ($($name:ident $op:ident $doc:literal;)*) => { impl Emit<'_> { $(
        #[doc = $doc]
        pub(crate) fn $name(&mut self, a: &Val, b: &Val) -> Val {
            let ty = a.ty.widened();
            self.op(Op::$op, &[a, b], ty)
        }
    )* } };
}

macro_rules! unary {
    ($($name:ident $op:ident $doc:literal;)*) => { impl Emit<'_> { $(
        #[doc = $doc]
        pub(crate) fn $name(&mut self, a: &Val) -> Val {
            let ty = a.ty.widened();
            self.op(Op::$op, &[a], ty)
        }
    )* } };
}

macro_rules! test {
    ($($name:ident $op:ident $doc:literal;)*) => { impl Emit<'_> { $(
        #[doc = $doc]
        pub(crate) fn $name(&mut self, a: &Val, b: &Val) -> Val {
            self.op(Op::$op, &[a, b], Ty::Bool)
        }
    )* } };
}

binary! {
    add Add "Sum; integers wrap.";
    sub Sub "Difference; integers wrap.";
    mul Mul "Product; integers wrap.";
    fdiv Div "Floating-point quotient.";
    floordiv FloorDiv "Integer quotient, floored; the divisor is not 0 and the result fits.";
    floormod FloorMod "Integer remainder with the divisor's sign; the divisor is neither 0 nor -1 with the least integer.";
    truncmod TruncMod "Integer remainder with the dividend's sign; the divisor as for `floormod`.";
    bitand And "Bitwise and.";
    bitor Or "Bitwise or.";
    bitxor Xor "Bitwise exclusive or.";
    shl Shl "Left shift by less than the width.";
    shr Shr "Right shift by less than the width.";
    int_min Min "The smaller integer.";
    int_max Max "The larger integer.";
    copysign CopySign "The first operand's size with the second's sign.";
}

unary! {
    neg Neg "Negation; integers wrap.";
    not Not "Bitwise complement; of a `Bool`, negation.";
    abs Abs "Absolute value; integers wrap.";
    sqrt Sqrt "Square root.";
    floor Floor "Rounds down.";
    ceil Ceil "Rounds up.";
    trunc Trunc "Rounds towards zero.";
    rint Rint "Rounds to nearest, ties to even.";
}

test! {
    eq Eq "Equal.";
    ne Ne "Not equal.";
    lt Lt "Less.";
    le Le "Less or equal.";
    gt Gt "Greater.";
    ge Ge "Greater or equal.";
}

impl Emit<'_> {
    /// Both conditions.
    pub(crate) fn both(&mut self, a: &Val, b: &Val) -> Val {
        match (a.literal(), b.literal()) {
            (Some(Const::Bool(false)), _) | (_, Some(Const::Bool(true))) => a.clone(),
            (Some(Const::Bool(true)), _) | (_, Some(Const::Bool(false))) => b.clone(),
            _ => self.bitand(a, b),
        }
    }

    /// One of the conditions or both.
    pub(crate) fn either(&mut self, a: &Val, b: &Val) -> Val {
        match (a.literal(), b.literal()) {
            (Some(Const::Bool(true)), _) | (_, Some(Const::Bool(false))) => a.clone(),
            (Some(Const::Bool(false)), _) | (_, Some(Const::Bool(true))) => b.clone(),
            _ => self.bitor(a, b),
        }
    }

    /// A float constant in the form of the given float type (`Float`, float64 or float32).
    pub(crate) fn float_as(&mut self, value: f64, ty: &Ty) -> Val {
        let v = self.float(value);
        super::cast(self, &v, ty)
    }

    /// An integer constant in the form of the given number type.
    pub(crate) fn int_as(&mut self, value: i64, ty: &Ty) -> Val {
        let v = self.int(value);
        super::cast(self, &v, ty)
    }

    /// Whether a float is NaN.
    pub(crate) fn is_nan(&mut self, a: &Val) -> Val {
        self.ne(a, a)
    }

    /// Whether a float is plus or minus infinity.
    pub(crate) fn is_inf(&mut self, a: &Val) -> Val {
        let size = self.abs(a);
        let infinity = self.float_as(f64::INFINITY, &a.ty.widened());
        self.eq(&size, &infinity)
    }

    /// Whether a float is neither infinite nor NaN.
    pub(crate) fn is_finite(&mut self, a: &Val) -> Val {
        let size = self.abs(a);
        let infinity = self.float_as(f64::INFINITY, &a.ty.widened());
        self.lt(&size, &infinity)
    }

    /// Whether a float's sign bit is set.
    pub(crate) fn sign_bit(&mut self, a: &Val) -> Val {
        let one = self.float_as(1.0, &a.ty.widened());
        let signed = self.copysign(&one, a);
        let zero = self.float_as(0.0, &a.ty.widened());
        self.lt(&signed, &zero)
    }
}
