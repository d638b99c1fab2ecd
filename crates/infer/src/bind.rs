//! The one place where the arguments of a call meet the parameters of a callable: users' functions, rules, library functions.
//!
//! What is wrong with a call is said in CPython's words, since they are also what a user of the plain function would read.

use crate::args::Call;
use crate::emit::{Fault, Val};
use crate::signature::{Default, Signature};
use coachwhip_ir::{Code, Diagnostic};
use std::sync::Arc;

/// The parameters of a callable.
pub struct Parameters<'a> {
    /// The callable as messages show it.
    pub function: &'a str,
    /// Names: positional ones first, then keyword-only ones; without `*args`.
    pub names: Vec<&'a str>,
    /// How many of them are positional-only.
    pub posonly: usize,
    /// How many of them may be given by position.
    pub places: usize,
    /// Whether there is a `*args`.
    pub varargs: bool,
    /// Whether there is a `**kwargs`.
    pub keywords: bool,
    /// Which of them may be left out.
    pub optional: Vec<bool>,
}

/// The arguments by parameter, and those of `*args` and `**kwargs`.
pub struct Assigned {
    /// One slot for each parameter.
    pub slots: Vec<Option<Val>>,
    /// What `*args` takes.
    pub surplus: Vec<Val>,
    /// What `**kwargs` takes.
    pub named: Vec<(Arc<str>, Val)>,
}

impl Signature {
    /// The parameters, which a method's object has taken one of if it is `bound`: it counts in no message.
    pub fn parameters(&self, bound: bool) -> Parameters<'_> {
        let skip = usize::from(bound);
        Parameters {
            function: &self.shown,
            names: self.params.iter().skip(skip).map(|p| &*p.name).collect(),
            posonly: self.posonly.saturating_sub(skip),
            places: self.places.saturating_sub(skip),
            varargs: self.varargs,
            keywords: self.keywords,
            optional: self.params.iter().skip(skip).map(|p| p.default != Default::Required).collect(),
        }
    }
}

/// Assigns the arguments of a call to parameters as Python does.
pub fn assign(params: &Parameters<'_>, call: Call) -> Result<Assigned, Fault> {
    let mut slots: Vec<Option<Val>> = vec![None; params.names.len()];
    let given = call.positional.len();
    let (mut surplus, mut named) = (Vec::new(), Vec::new());
    for (i, v) in call.positional.into_iter().enumerate() {
        match slots.get_mut(i).filter(|_| i < params.places) {
            Some(slot) => *slot = Some(v),
            None => surplus.push(v),
        }
    }
    let (mut by_position_only, mut keyword_only_given) = (Vec::new(), 0);
    for (name, v) in call.keywords {
        match params.names.iter().position(|n| **n == *name) {
            Some(i) if i < params.posonly => by_position_only.push(name),
            Some(i) => {
                keyword_only_given += usize::from(i >= params.places);
                if slots.get_mut(i).and_then(|slot| slot.replace(v)).is_some() {
                    return Err(wrong(params, format!("got multiple values for argument '{name}'")));
                }
            }
            None if params.keywords => named.push((name, v)),
            None => return Err(unexpected(params, &name)),
        }
    }
    if !by_position_only.is_empty() {
        let names = by_position_only.join(", ");
        let message = format!("got some positional-only arguments passed as keyword arguments: '{names}'");
        return Err(wrong(params, message));
    }
    if !surplus.is_empty() && !params.varargs {
        return Err(too_many(params, given, keyword_only_given));
    }
    missing(params, &slots)?;
    Ok(Assigned { slots, surplus, named })
}

fn wrong(params: &Parameters<'_>, message: String) -> Fault {
    Box::new(Diagnostic::new(Code::ArgumentCount, format!("{}() {message}", params.function)))
}

/// A keyword that no parameter has; the nearest one that could be meant is named.
fn unexpected(params: &Parameters<'_>, name: &str) -> Fault {
    let fault = wrong(params, format!("got an unexpected keyword argument '{name}'"));
    let could_be = params.names.iter().skip(params.posonly);
    let near = could_be.map(|n| (distance(n, name), *n)).min().filter(|(d, _)| *d <= 1 + name.chars().count() / 4);
    match near {
        Some((_, meant)) => Box::new(fault.help(format!("did you mean '{meant}'?"))),
        None => fault,
    }
}

/// How many letters must be changed, put in, left out or exchanged with their neighbour.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let (mut before, mut row): (Vec<usize>, Vec<usize>) = (vec![], (0..=b.len()).collect());
    let mut last = None;
    for (i, x) in a.iter().enumerate() {
        let mut next = vec![i + 1];
        let mut left = None;
        for (j, y) in b.iter().enumerate() {
            let at = |row: &[usize], j: usize| row.get(j).copied().unwrap_or(usize::MAX - 1);
            let mut best = (at(&row, j) + usize::from(x != y)).min(at(&row, j + 1) + 1).min(at(&next, j) + 1);
            if last == Some(y) && left == Some(x) && j > 0 {
                best = best.min(at(&before, j - 1) + 1);
            }
            next.push(best);
            left = Some(y);
        }
        before = std::mem::replace(&mut row, next);
        last = Some(x);
    }
    row.last().copied().unwrap_or(0)
}

fn too_many(params: &Parameters<'_>, given: usize, keyword_only_given: usize) -> Fault {
    let places = params.places;
    let optional = params.optional.iter().take(places).filter(|o| **o).count();
    let plural = |n: usize| if n == 1 { "" } else { "s" };
    let takes = if optional > 0 {
        format!("from {} to {places} positional arguments", places - optional)
    } else {
        format!("{places} positional argument{}", plural(places))
    };
    let were = if given == 1 && keyword_only_given == 0 { "was" } else { "were" };
    let count = if keyword_only_given > 0 {
        let (a, b) = (plural(given), plural(keyword_only_given));
        format!("{given} positional argument{a} (and {keyword_only_given} keyword-only argument{b})")
    } else {
        given.to_string()
    };
    wrong(params, format!("takes {takes} but {count} {were} given"))
}

fn missing(params: &Parameters<'_>, slots: &[Option<Val>]) -> Result<(), Fault> {
    let absent = |range: std::ops::Range<usize>| -> Vec<String> {
        let named = params.names.iter().zip(slots).zip(&params.optional).take(range.end).skip(range.start);
        named
            .filter(|((_, slot), optional)| slot.is_none() && !**optional)
            .map(|((n, _), _)| format!("'{n}'"))
            .collect()
    };
    for (kind, names) in
        [("positional", absent(0..params.places)), ("keyword-only", absent(params.places..slots.len()))]
    {
        let plural = if names.len() == 1 { "" } else { "s" };
        let list = match names.as_slice() {
            [] => continue,
            [one] => one.clone(),
            [a, b] => format!("{a} and {b}"),
            [init @ .., last] => format!("{}, and {last}", init.join(", ")),
        };
        return Err(wrong(params, format!("missing {} required {kind} argument{plural}: {list}", names.len())));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::distance;

    #[test]
    fn distances() {
        let pairs =
            [("axis", "axis", 0), ("axes", "axis", 1), ("aixs", "axis", 1), ("keepdim", "keepdims", 1), ("", "ab", 2)];
        for (a, b, d) in pairs {
            assert_eq!((distance(a, b), distance(b, a)), (d, d), "{a} {b}");
        }
    }
}
