//! The signatures of callables, read from `signatures.txt`: data that rules and library functions are bound by.

use coachwhip_ir::Const;
use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

/// The rows; its head says what they look like.
const ROWS: &str = include_str!("../signatures.txt");

/// What a call may leave out.
#[derive(Clone, Debug, PartialEq)]
pub enum Default {
    /// Nothing: the argument is required.
    Required,
    /// The argument, for which no value stands.
    Absent,
    /// The argument, which then has this value.
    Value(Const),
    /// The argument, which then has a value that is no plain constant.
    Other,
}

/// A parameter.
#[derive(Clone, Debug)]
pub struct Param {
    /// Its name.
    pub name: Arc<str>,
    /// What it is if it is left out.
    pub default: Default,
}

/// How a callable takes its arguments.
#[derive(Clone, Debug)]
pub struct Signature {
    /// The callable as messages show it: `np.sort`.
    pub shown: String,
    /// The parameters as they are written, for messages.
    pub text: &'static str,
    /// Positional ones first, then keyword-only ones; without `*args` and `**kwargs`.
    pub params: Vec<Param>,
    /// How many of them are positional-only.
    pub posonly: usize,
    /// How many of them may be given by position.
    pub places: usize,
    /// Whether there is a `*args`.
    pub varargs: bool,
    /// Whether there is a `**kwargs`.
    pub keywords: bool,
}

impl Signature {
    /// Reads the parameters as Python writes them.
    fn read(name: &str, text: &'static str) -> Signature {
        let mut read = Signature {
            shown: shown(name),
            text,
            params: vec![],
            posonly: 0,
            places: 0,
            varargs: false,
            keywords: false,
        };
        let mut keyword_only = false;
        for part in parts(text) {
            match part {
                "/" => read.posonly = read.params.len(),
                _ if part.starts_with("**") => read.keywords = true,
                _ if part.starts_with('*') => {
                    read.varargs = part.len() > 1;
                    keyword_only = true;
                }
                _ => {
                    let (name, default) = match part.split_once('=') {
                        Some((name, value)) => (name, value_of(value)),
                        None => (part, Default::Required),
                    };
                    read.params.push(Param { name: name.into(), default });
                    read.places += usize::from(!keyword_only);
                }
            }
        }
        read
    }

    /// The parameters as they are written, those that are not taken left out.
    #[cfg(test)]
    pub fn taken(&self, takes: impl Fn(&str) -> bool) -> String {
        let is_name = |c: char| c == '_' || c.is_alphanumeric();
        let taken = |part: &&str| match part.find(|c| !is_name(c)) {
            Some(0) => true,
            end => takes(&part[..end.unwrap_or(part.len())]),
        };
        let mut left: Vec<&str> = parts(self.text).filter(taken).collect();
        if left.last() == Some(&"*") {
            left.pop();
        }
        left.join(", ")
    }

    /// The place of a parameter.
    pub fn place(&self, name: &str) -> Option<usize> {
        self.params.iter().position(|p| *p.name == *name)
    }
}

/// The signature of a callable by canonical name: `numpy.sort`, `numpy.ndarray.sort`, `numpy.add.reduce`.
pub fn of(name: &str) -> Option<&'static Signature> {
    let rows = rows();
    let (row, read) = match (rows.get(name), name.rsplit_once('.')) {
        (Some(found), _) => found,
        (None, Some((object, method))) => {
            rows.get(object).filter(|_| object.starts_with("numpy."))?;
            rows.get(format!("numpy.ufunc.{method}").as_str())?
        }
        (None, None) => return None,
    };
    Some(read.get_or_init(|| Signature::read(name, row)))
}

/// The names of the rows.
#[cfg(test)]
pub fn names() -> Vec<&'static str> {
    rows().keys().copied().collect()
}

type Rows = HashMap<&'static str, (&'static str, OnceLock<Signature>)>;

/// The rows by name; a signature is read when it is asked for first.
fn rows() -> &'static Rows {
    static TABLE: OnceLock<Rows> = OnceLock::new();
    TABLE.get_or_init(|| {
        let lines = ROWS.lines().filter(|line| !line.starts_with('#'));
        let pairs = lines.filter_map(|line| line.strip_suffix(')')?.split_once('('));
        pairs.map(|(name, text)| (name, (text, OnceLock::new()))).collect()
    })
}

/// The parameters of a row: no default contains a comma except between brackets or quotes.
fn parts(text: &'static str) -> impl Iterator<Item = &'static str> {
    let (mut depth, mut quoted) = (0, false);
    text.split(move |c| {
        match c {
            '\'' => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => depth -= 1,
            _ => {}
        }
        c == ',' && depth == 0 && !quoted
    })
    .map(str::trim)
    .filter(|part| !part.is_empty())
}

fn value_of(text: &str) -> Default {
    let quoted = text.strip_prefix('\'').and_then(|t| t.strip_suffix('\''));
    let constant = match text {
        "..." => return Default::Absent,
        "None" => Const::None,
        "True" => Const::Bool(true),
        "False" => Const::Bool(false),
        _ if text.contains("_NoValue") => Const::Named(text.into()),
        _ => match (quoted, text.parse::<i64>(), text.parse::<f64>()) {
            (Some(inner), ..) => Const::Str(inner.replace("\\n", "\n").into()),
            (None, Ok(number), _) => Const::Int(number),
            (None, Err(_), Ok(number)) => Const::Float(number.to_bits()),
            _ => return Default::Other,
        },
    };
    Default::Value(constant)
}

/// The name as users write it: a method without its class.
fn shown(name: &str) -> String {
    for class in ["numpy.ndarray.", "numpy.generic."] {
        if let Some(method) = name.strip_prefix(class) {
            return method.into();
        }
    }
    match name.strip_prefix("numpy.") {
        Some(rest) => format!("np.{rest}"),
        None => coachwhip_ir::describe::plain_name(name).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &'static str) -> Signature {
        Signature::read("numpy.f", text)
    }

    #[test]
    fn kinds_of_parameters() {
        let s = read("a, b, /, c, d=None, *, e='x, y', f=(None, None)");
        assert_eq!((s.posonly, s.places, s.varargs), (2, 4, false));
        assert_eq!(s.params.len(), 6);
        assert_eq!(s.params[4].default, Default::Value(Const::Str("x, y".into())));
        assert_eq!(s.params[5].default, Default::Other);
        let s = read("*args, key=None, default=...");
        assert_eq!((s.posonly, s.places, s.varargs), (0, 0, true));
        assert_eq!(s.params[1].default, Default::Absent);
    }

    #[test]
    fn every_row_reads() {
        let lines = ROWS.lines().filter(|line| !line.starts_with('#')).count();
        assert_eq!(names().len(), lines, "a row is written twice, or not as name(parameters)");
        for name in names() {
            let signature = of(name).unwrap();
            assert!(signature.params.iter().all(|p| p.name.chars().all(|c| c == '_' || c.is_alphanumeric())), "{name}");
        }
    }

    #[test]
    fn ufuncs_share_their_methods() {
        assert_eq!(of("numpy.add.reduce").unwrap().params[0].name.as_ref(), "array");
        assert!(of("numpy.sum.other").is_none() && of("numpy.nothing").is_none());
    }
}
