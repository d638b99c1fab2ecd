//! The structure of types: for each that is made of types alone, a row in `ty.rs` with its name in IR text, how many it is made
//! of, and the user's words.
//!
//! Printer, parser, descriptions, and whoever rebuilds or joins types part by part read these rows; a type with such a row
//! needs nothing in them.  The others ([`Ty::Scalar`], [`Ty::Array`], [`Ty::Lit`] and those with a name, a function or a class in
//! them) have lines of their own there.

use crate::ty::{IterTy, RefTy, Ty};
use std::sync::Arc;

/// How many types a type is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parts {
    /// None.
    No,
    /// One.
    One,
    /// Three.
    Three,
    /// Any number of them.
    Many,
}

/// Makes of the rows of a family what is asked about its types.
macro_rules! structure {
    ($family:ident { $($variant:ident $form:ident $text:literal $words:literal;)* }) => {
        impl $family {
            /// The name in IR text, for those that have a row.
            pub fn text(&self) -> Option<&'static str> {
                #[allow(unreachable_patterns)] // where every variant has a row
                match self { $($crate::structure::structure!(@any $form $variant) => Some($text),)* _ => None }
            }
            /// The user's words: `{}` stands for the description of a part.
            pub fn words(&self) -> &'static str {
                #[allow(unreachable_patterns)] // as above
                match self { $($crate::structure::structure!(@any $form $variant) => $words,)* _ => "" }
            }
            /// The types that it is made of, for those that have a row.
            pub fn parts(&self) -> &[Ty] {
                #[allow(unreachable_patterns)] // as above
                match self { $($crate::structure::structure!(@bind $form $variant parts) => $crate::structure::structure!(@parts $form parts),)* _ => &[] }
            }
            /// How many types the one with a name is made of.
            pub fn parts_of(text: &str) -> Option<crate::structure::Parts> {
                match text { $($text => Some(crate::structure::Parts::$form),)* _ => None }
            }
            /// The type with a name that is made of these types; none if it is made of so many.
            pub fn made_of(text: &str, parts: Vec<Ty>) -> Option<$family> {
                match text { $($text => $crate::structure::structure!(@make $form $variant parts),)* _ => None }
            }
        }
    };
    (@any No $variant:ident) => { Self::$variant };
    (@any $form:ident $variant:ident) => { Self::$variant(..) };
    (@bind No $variant:ident $parts:ident) => { Self::$variant };
    (@bind $form:ident $variant:ident $parts:ident) => { Self::$variant($parts) };
    (@parts No $parts:ident) => { &[] };
    (@parts One $parts:ident) => { std::slice::from_ref::<Ty>(std::borrow::Borrow::borrow($parts)) };
    (@parts Three $parts:ident) => { &$parts[..] };
    (@parts Many $parts:ident) => { &$parts[..] };
    (@make No $variant:ident $parts:ident) => { $parts.is_empty().then_some(Self::$variant) };
    (@make One $variant:ident $parts:ident) => { <[Ty; 1]>::try_from($parts).ok().map(|[part]| Self::$variant(part.into())) };
    (@make Three $variant:ident $parts:ident) => {
        <[Ty; 3]>::try_from($parts).ok().map(|parts| Self::$variant(parts.into()))
    };
    (@make Many $variant:ident $parts:ident) => { Some(Self::$variant($parts.into())) };
}

pub(crate) use structure;

impl Ty {
    /// The type with each part of it another one, at the first level; those that have no row are as they were.
    pub fn with_parts(&self, part: &mut dyn FnMut(&Ty) -> Option<Ty>) -> Option<Ty> {
        let mut all = |parts: &[Ty]| parts.iter().map(&mut *part).collect::<Option<Vec<Ty>>>();
        match (self, self.text()) {
            (Ty::Ref(to), _) => to
                .text()
                .map_or(Some(self.clone()), |text| Some(Ty::Ref(Arc::new(RefTy::made_of(text, all(to.parts())?)?)))),
            (Ty::Iter(over), _) => over.text().map_or(Some(self.clone()), |text| {
                Some(Ty::Iter(Arc::new(IterTy::made_of(text, all(over.parts())?)?)))
            }),
            (_, Some(text)) => Ty::made_of(text, all(self.parts())?),
            (_, None) => Some(self.clone()),
        }
    }
}

impl Ty {
    /// The type with each part of it another one, at the first level, whether it has a row or not.
    pub fn replace_parts(&self, part: &mut dyn FnMut(&Ty) -> Ty) -> Ty {
        let mut all = |parts: &[Ty]| -> Arc<[Ty]> { parts.iter().map(&mut *part).collect() };
        match self {
            Ty::NamedTuple(class, items) => Ty::NamedTuple(class.clone(), all(items)),
            Ty::Closure(id, items) => Ty::Closure(*id, all(items)),
            Ty::Exception(class, items) => Ty::Exception(class.clone(), all(items)),
            Ty::Method(receiver, name) => Ty::Method(Arc::new(part(receiver)), name.clone()),
            Ty::Shown(table, shown) => Ty::Shown(Arc::new(part(table)), *shown),
            Ty::Ptr(Some(target)) => Ty::Ptr(Some(Arc::new(part(target)))),
            Ty::Table(table) => Ty::table(table.kind, part(&table.key), part(&table.value)),
            _ => self.with_parts(&mut |ty| Some(part(ty))).unwrap_or_else(|| self.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_is_made_of_its_parts_again() {
        let pair = Ty::tuple([Ty::Int, Ty::list(Ty::Float)]);
        let mut itself = |part: &Ty| Some(part.clone());
        for ty in [
            Ty::Int,
            pair.clone(),
            Ty::list(pair.clone()),
            Ty::str(),
            Ty::Optional(pair.clone().into()),
            Ty::Slice(Arc::new([Ty::Int, Ty::None, Ty::Int])),
            Ty::Iter(Arc::new(IterTy::Zip(Arc::from([pair.clone(), Ty::Int])))),
            Ty::Ptr(None),
        ] {
            assert_eq!(ty.with_parts(&mut itself).as_ref(), Some(&ty));
        }
        let floats = pair.with_parts(&mut |_| Some(Ty::Float));
        assert_eq!(floats, Some(Ty::tuple([Ty::Float, Ty::Float])));
        assert_eq!(Ty::made_of("optional", vec![]), None);
        assert_eq!(Ty::made_of("slice", vec![Ty::Int]), None);
    }
}
