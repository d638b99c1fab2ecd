//! `template.format(...)`: the fields of a literal template as pieces of a text; any other template is Python's own business.

use crate::args::Args;
use crate::asked::asked;
use crate::emit::{Emit, Fault, Val, fault};
use crate::rules::{Answer, print};
use crate::text::is_string;
use coachwhip_ir::{Code, Const, Ty};
use std::iter::Peekable;
use std::str::Chars;

/// Whether values of a type have the method.
pub fn has_method(ty: &Ty, name: &str) -> bool {
    name == "format" && is_string(ty)
}

/// `template.format(...)`.
pub fn method(e: &mut Emit, v: &Val, name: &str, args: &Args) -> Answer {
    if !has_method(&v.ty, name) {
        return Ok(None);
    }
    args.only(&["self", "**"])?;
    if let Some(Const::Str(template)) = v.literal() {
        let template = template.clone();
        let mut fields = Fields { args, next: Next::Unknown };
        let mut rest = template.chars().peekable();
        match fields.parts(e, &mut rest, 0) {
            Err(fault) if fault.code == Code::Unsupported => {}
            parts => return parts.map(|parts| Some(print::text(e, &parts))),
        }
    }
    by_python(e, v, args).map(Some)
}

/// By Python's own `format`: the template, the names of the named arguments, and all arguments, named ones last.
fn by_python(e: &mut Emit, v: &Val, args: &Args) -> Result<Val, Fault> {
    let names: Vec<Const> = args.named().iter().map(|(name, _)| Const::Str(name.clone())).collect();
    let names = e.lit(Const::Tuple(names.into()));
    let mut all = vec![v.clone(), names];
    all.extend(args.rest().iter().cloned());
    all.extend(args.named().iter().map(|(_, v)| v.clone()));
    asked(e, "coachwhip._templates:formatted", &all, Ty::str())
}

/// How fields without a name get their arguments.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Next {
    Unknown,
    Automatic(usize),
    Manual,
}

struct Fields<'a> {
    args: &'a Args,
    next: Next,
}

fn wrong<T>(message: impl Into<String>) -> Result<T, Fault> {
    fault(Code::ArgumentTypes, message)
}

impl Fields<'_> {
    /// The parts of a template, or of a specification in it, which ends at its field's end.
    fn parts(&mut self, e: &mut Emit, rest: &mut Peekable<Chars<'_>>, depth: usize) -> Result<Vec<Val>, Fault> {
        let (mut parts, mut plain) = (Vec::new(), String::new());
        while let Some(&c) = rest.peek() {
            if c == '}' && depth > 0 {
                break;
            }
            rest.next();
            match c {
                '{' | '}' if depth == 0 && rest.next_if_eq(&c).is_some() => plain.push(c),
                '{' => {
                    parts.push(e.lit(Const::Str(std::mem::take(&mut plain).into())));
                    parts.push(self.field(e, rest, depth)?);
                }
                '}' => return wrong("Single '}' encountered in format string"),
                c => plain.push(c),
            }
        }
        parts.push(e.lit(Const::Str(plain.into())));
        Ok(parts)
    }

    /// One field, whose brace is read already.
    fn field(&mut self, e: &mut Emit, rest: &mut Peekable<Chars<'_>>, depth: usize) -> Result<Val, Fault> {
        if depth > 1 {
            return wrong("Max string recursion exceeded");
        }
        let mut name = String::new();
        while let Some(c) = rest.next_if(|c| !"!:}{".contains(*c)) {
            name.push(c);
        }
        let value = self.value(&name)?;
        let mut conversion = 0;
        if rest.next_if_eq(&'!').is_some() {
            conversion = match rest.next() {
                Some(c @ ('s' | 'r' | 'a')) => i64::from(u32::from(c)),
                Some(c) => return wrong(format!("Unknown conversion specifier {c}")),
                None => return wrong("end of string while looking for conversion specifier"),
            };
        }
        let spec = match rest.next_if_eq(&':') {
            Some(_) => {
                let parts = self.parts(e, rest, depth + 1)?;
                print::text(e, &parts)
            }
            None => e.none(),
        };
        match rest.next() {
            Some('}') => print::format(e, &value, &spec, conversion),
            _ => wrong("expected '}' before end of string"),
        }
    }

    /// The argument that a field names.
    fn value(&mut self, name: &str) -> Result<Val, Fault> {
        if name.contains(['.', '[']) {
            let message =
                format!("attributes and items in a format string ('{name}') are not supported in compiled code");
            return fault(Code::Unsupported, message);
        }
        let at = match (name.parse::<usize>(), self.next) {
            (Err(_), next) if name.is_empty() => match next {
                Next::Manual => {
                    return wrong("cannot switch from manual field specification to automatic field numbering");
                }
                Next::Unknown => 0,
                Next::Automatic(at) => at,
            },
            (Err(_), _) => {
                return match self.args.named().iter().find(|(known, _)| **known == *name) {
                    Some((_, v)) => Ok(v.clone()),
                    None => wrong(format!("the format string names '{name}', which is not among the arguments")),
                };
            }
            (Ok(_), Next::Automatic(_)) => {
                return wrong("cannot switch from automatic field numbering to manual field specification");
            }
            (Ok(at), _) => at,
        };
        self.next = if name.is_empty() { Next::Automatic(at + 1) } else { Next::Manual };
        match self.args.rest().get(at) {
            Some(v) => Ok(v.clone()),
            None => wrong(format!("Replacement index {at} out of range for positional args tuple")),
        }
    }
}
