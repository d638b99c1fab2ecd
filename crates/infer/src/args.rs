//! The arguments of a call as a rule sees them.

use crate::emit::{Fault, Val};
use coachwhip_ir::{Code, Diagnostic};
use std::sync::Arc;

/// Positional and keyword arguments.
#[derive(Clone, Debug, Default)]
pub struct Args {
    /// Positional arguments.
    pub positional: Vec<Val>,
    /// Keyword arguments in the order of the call.
    pub keywords: Vec<(Arc<str>, Val)>,
}

impl Args {
    /// Positional arguments only.
    pub fn of(positional: Vec<Val>) -> Args {
        Args { positional, keywords: vec![] }
    }

    /// The arguments by parameter name: one slot per name, the first `required` of which must be filled.
    /// Names that start with `*` are keyword-only (written without the star in calls).
    pub fn bind(&self, function: &str, names: &[&str], required: usize) -> Result<Vec<Option<Val>>, Fault> {
        let mut slots: Vec<Option<Val>> = vec![None; names.len()];
        let places = names.iter().take_while(|n| !n.starts_with('*')).count();
        if self.positional.len() > places {
            let given = self.positional.len();
            return Err(wrong(format!("{function}() takes at most {places} positional arguments, {given} were given")));
        }
        for (slot, value) in slots.iter_mut().zip(&self.positional) {
            *slot = Some(value.clone());
        }
        for (name, value) in &self.keywords {
            let Some(slot) =
                names.iter().position(|n| n.trim_start_matches('*') == &**name).and_then(|i| slots.get_mut(i))
            else {
                return Err(wrong(format!("{function}() got an unexpected keyword argument '{name}'")));
            };
            if slot.replace(value.clone()).is_some() {
                return Err(wrong(format!("{function}() got multiple values for argument '{name}'")));
            }
        }
        match names.iter().zip(&slots).take(required).find(|(_, slot)| slot.is_none()) {
            Some((name, _)) => Err(wrong(format!("{function}() is missing its argument '{name}'"))),
            None => Ok(slots),
        }
    }
}

fn wrong(message: String) -> Fault {
    Box::new(Diagnostic::new(Code::ArgumentCount, message))
}
