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
        #[cfg(test)]
        if self.keywords.iter().any(|(name, _)| &**name == PROBE) {
            return Err(wrong(format!("{PROBE}{}", listed(names, required))));
        }
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

/// A keyword that asks for the names of the parameters; see `rules/known.rs`.
#[cfg(test)]
pub const PROBE: &str = "?";

/// The parameters as in a signature.
#[cfg(test)]
fn listed(names: &[&str], required: usize) -> String {
    let star = names.iter().position(|name| name.starts_with('*'));
    let mut parts: Vec<String> = Vec::new();
    for (i, name) in names.iter().enumerate() {
        if Some(i) == star {
            parts.push("*".into());
        }
        parts.push(format!("{}{}", name.trim_start_matches('*'), if i < required { "" } else { "=" }));
    }
    parts.join(", ")
}

fn wrong(message: String) -> Fault {
    Box::new(Diagnostic::new(Code::ArgumentCount, message))
}
