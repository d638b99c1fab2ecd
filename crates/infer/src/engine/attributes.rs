//! The attributes of instances: what the program stores says which there are and of which types.
//!
//! A class has one layout in a compile.  It begins with what the arguments' instances have, and an assignment of a value
//! that an attribute cannot hold widens it; then everything is inferred anew, until nothing is widened.  Types of instances
//! are nominal meanwhile, so classes that lead to themselves are finite.

use crate::join::{is_none, join, widen};
use coachwhip_ir::{Ty, UserClass, describe};
use std::sync::Arc;

/// Inference starts anew at most so often.
pub const MOST_ROUNDS: usize = 100;
/// So many attributes have a bit that says whether they are there.
const MOST_ATTRIBUTES: usize = 62;

/// The attributes of the instances of a class.
struct Layout {
    class: Arc<UserClass>,
    names: Vec<Arc<str>>,
    types: Vec<Ty>,
}

/// The layouts of a compile.
#[derive(Default)]
pub struct Layouts {
    all: Vec<Layout>,
    /// Whether something was widened since somebody last looked.
    pub widened: bool,
}

impl Layouts {
    fn of(&self, class: &UserClass) -> Option<&Layout> {
        self.all.iter().find(|layout| layout.class.number() == class.number())
    }

    fn of_mut(&mut self, class: &Arc<UserClass>) -> Option<&mut Layout> {
        let known = self.all.iter().position(|layout| layout.class.number() == class.number());
        let known = known.unwrap_or_else(|| {
            self.all.push(Layout { class: Arc::new(class.bare()), names: vec![], types: vec![] });
            self.all.len() - 1
        });
        self.all.get_mut(known)
    }

    /// Begins with the attributes that a type of the boundary says; the type as it is inside.
    pub fn seeded(&mut self, ty: &Ty) -> Ty {
        ty.map_instances(&mut |class| {
            for (name, ty) in class.fields.iter().zip(class.types.iter()) {
                let inner = self.seeded(ty);
                // Types of attributes that do not join are refused where they are used.
                let _ = self.widen(class, name, &inner);
            }
            self.of_mut(class).map_or(Ty::Never, |layout| Ty::instance(layout.class.clone()))
        })
    }

    /// The type as the boundary has it, with attributes.
    pub fn dressed(&self, ty: &Ty) -> Ty {
        self.dressed_in(ty, &mut Vec::new())
    }

    fn dressed_in(&self, ty: &Ty, inside: &mut Vec<u32>) -> Ty {
        ty.map_instances(&mut |class| match self.of(class) {
            Some(layout) if !inside.contains(&class.number()) => {
                inside.push(class.number());
                let types = layout.types.iter().map(|ty| self.dressed_in(ty, inside)).collect();
                inside.pop();
                let fields = layout.names.iter().cloned().collect();
                Ty::instance(Arc::new(UserClass { fields, types, ..class.bare() }))
            }
            _ => Ty::instance(Arc::new(class.bare())),
        })
    }

    /// What an instance is laid out as: an int that says which attributes are there, and the attributes.
    pub fn layout(&self, class: &UserClass) -> Ty {
        let types = self.of(class).into_iter().flat_map(|layout| layout.types.iter().cloned());
        Ty::tuple(std::iter::once(Ty::Int).chain(types))
    }

    /// Position and type of an attribute.
    pub fn find(&self, class: &UserClass, name: &str) -> Option<(usize, Ty)> {
        let layout = self.of(class)?;
        let at = layout.names.iter().position(|known| **known == *name)?;
        Some((at, layout.types.get(at)?.clone()))
    }

    /// Has an attribute hold values of a type, too; the error says in the user's words why it cannot.
    pub fn widen(&mut self, class: &Arc<UserClass>, name: &str, ty: &Ty) -> Result<(), String> {
        let ty = widen(ty);
        let Some(layout) = self.of_mut(class) else { return Ok(()) };
        let Some(at) = layout.names.iter().position(|known| **known == *name) else {
            if layout.names.len() >= MOST_ATTRIBUTES {
                return Err(format!("an instance has more than {MOST_ATTRIBUTES} attributes"));
            }
            layout.names.push(name.into());
            layout.types.push(ty);
            self.widened = true;
            return Ok(());
        };
        let Some(old) = layout.types.get_mut(at) else { return Ok(()) };
        let joined = join(old, &ty)?;
        if !exact(old, &joined) || !exact(&ty, &joined) {
            return Err(format!("{} in one place and {} in another", describe(old), describe(&ty)));
        }
        if joined != *old {
            *old = joined;
            self.widened = true;
        }
        Ok(())
    }
}

/// Whether values of a type keep their type in a type that it joins.
fn exact(ty: &Ty, joined: &Ty) -> bool {
    match (ty, joined) {
        (Ty::Optional(a), Ty::Optional(b)) => exact(a, b),
        (a, Ty::Optional(_)) if is_none(a) => true,
        (a, Ty::Optional(b)) => exact(a, b),
        (a, b) if a.items().is_some() && b.items().is_some() => {
            let (a, b) = (a.items().unwrap_or_default(), b.items().unwrap_or_default());
            a.iter().zip(b).all(|(a, b)| exact(a, b))
        }
        (a, b) if a.list_item().is_some() && b.list_item().is_some() => a == b || a.is_empty_container(),
        (a, b) if a.as_table().is_some() && b.as_table().is_some() => a == b || a.is_empty_container(),
        (a, b) if a.dtype().is_some() && b.dtype().is_some() => a.widened() == b.widened(),
        (Ty::Union(_), Ty::Union(_)) => true,
        (_, Ty::Union(_)) => false,
        _ => true,
    }
}
