//! Linear forms over values and products of two values, with exact coefficients.

use coachwhip_ir::Value;

/// Forms with more terms than this are not made.
const MOST_TERMS: usize = 8;

/// A value, or the product of two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Term {
    /// A factor.
    pub first: Value,
    /// The other one, not less than the first.
    pub second: Option<Value>,
}

/// A constant and terms with coefficients that are not 0, in the order of the terms.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Linear {
    /// Terms.
    pub terms: Vec<(Term, i128)>,
    /// Constant.
    pub constant: i128,
}

impl Linear {
    /// A constant.
    pub fn constant(constant: i128) -> Linear {
        Linear { terms: vec![], constant }
    }

    /// A value by itself.
    pub fn value(value: Value) -> Linear {
        Linear { terms: vec![(Term { first: value, second: None }, 1)], constant: 0 }
    }

    /// `self * a + other * b`; `None` if it gets too large.
    pub fn combine(&self, a: i128, other: &Linear, b: i128) -> Option<Linear> {
        let mut result = Linear {
            terms: Vec::with_capacity(self.terms.len() + other.terms.len()),
            constant: self.constant.checked_mul(a)?.checked_add(other.constant.checked_mul(b)?)?,
        };
        let (mut left, mut right) = (self.terms.iter().peekable(), other.terms.iter().peekable());
        loop {
            let (term, coefficient) = match (left.peek(), right.peek()) {
                (None, None) => break,
                (Some(l), Some(r)) if l.0 == r.0 => (l.0, l.1.checked_mul(a)?.checked_add(r.1.checked_mul(b)?)?),
                (Some(l), r) if r.is_none_or(|r| l.0 < r.0) => (l.0, l.1.checked_mul(a)?),
                (_, Some(r)) => (r.0, r.1.checked_mul(b)?),
                (_, None) => break,
            };
            left.next_if(|l| l.0 == term);
            right.next_if(|r| r.0 == term);
            if coefficient != 0 {
                result.terms.push((term, coefficient));
            }
        }
        (result.terms.len() <= MOST_TERMS).then_some(result)
    }

    /// The sum.
    pub fn plus(&self, other: &Linear) -> Option<Linear> {
        self.combine(1, other, 1)
    }

    /// The difference.
    pub fn minus(&self, other: &Linear) -> Option<Linear> {
        self.combine(1, other, -1)
    }

    /// The form with a number added.
    pub fn offset(&self, by: i128) -> Option<Linear> {
        Some(Linear { terms: self.terms.clone(), constant: self.constant.checked_add(by)? })
    }

    /// The product, if no term gets a third factor.
    pub fn times(&self, other: &Linear) -> Option<Linear> {
        let mut result = other.combine(self.constant, &Linear::default(), 0)?;
        for &(term, coefficient) in &self.terms {
            let mut part = Linear::default();
            for &(factor, c) in &other.terms {
                if term.second.is_some() || factor.second.is_some() {
                    return None;
                }
                let (a, b) = (term.first.min(factor.first), term.first.max(factor.first));
                let product = Linear { terms: vec![(Term { first: a, second: Some(b) }, c)], constant: 0 };
                part = part.plus(&product)?;
            }
            if other.constant != 0 {
                let alone = Linear { terms: vec![(term, other.constant)], constant: 0 };
                part = part.plus(&alone)?;
            }
            result = result.combine(1, &part, coefficient)?;
        }
        Some(result)
    }

    /// The constant, if there are no terms.
    pub fn as_constant(&self) -> Option<i128> {
        self.terms.is_empty().then_some(self.constant)
    }

    /// The coefficient of a value that stands alone.
    pub fn coefficient(&self, value: Value) -> i128 {
        let term = Term { first: value, second: None };
        self.terms.iter().find(|(t, _)| *t == term).map_or(0, |(_, c)| *c)
    }

    /// All values, of products too.
    pub fn values(&self) -> impl Iterator<Item = Value> + '_ {
        self.terms.iter().flat_map(|(t, _)| std::iter::once(t.first).chain(t.second))
    }

    /// The form divided by the common divisor of its coefficients; the constant is rounded down, which keeps `form >= 0`
    /// for integers.
    pub fn tightened(mut self) -> Linear {
        let divisor = self.terms.iter().fold(0, |g, (_, c)| gcd(g, c.unsigned_abs()));
        if let Ok(divisor) = i128::try_from(divisor)
            && divisor > 1
        {
            for (_, c) in &mut self.terms {
                *c /= divisor;
            }
            self.constant = self.constant.div_euclid(divisor);
        }
        self
    }
}

fn gcd(a: u128, b: u128) -> u128 {
    let (mut a, mut b) = (a, b);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}
