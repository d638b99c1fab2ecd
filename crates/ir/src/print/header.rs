//! The first line of a function's text: symbol, name, parameters, captured cells, options, result type.

use super::{Quoted, Word};
use crate::func::{Func, Params};
use crate::options::{FastMath, Inline, Options};
use std::fmt::{self, Formatter, Write};

/// An on-off option: its name and its field.
type Switch = (&'static str, fn(&mut Options) -> &mut bool);
/// A relaxation: its name and its field.
type Relaxation = (&'static str, fn(&mut FastMath) -> &mut bool);

/// The on-off options, for the printer and the parser.
pub(crate) const SWITCHES: [Switch; 8] = [
    ("boundscheck", |o| &mut o.boundscheck),
    ("wrap", |o| &mut o.wrap),
    ("strict", |o| &mut o.strict),
    ("numpy_errors", |o| &mut o.numpy_errors),
    ("wraparound", |o| &mut o.wraparound),
    ("exact_math", |o| &mut o.exact_math),
    ("nogil", |o| &mut o.nogil),
    ("debug", |o| &mut o.debug),
];

/// The relaxations of floating-point arithmetic, for the printer and the parser.
pub(crate) const FASTMATH: [Relaxation; 7] = [
    ("nnan", |m| &mut m.nnan),
    ("ninf", |m| &mut m.ninf),
    ("nsz", |m| &mut m.nsz),
    ("arcp", |m| &mut m.arcp),
    ("contract", |m| &mut m.contract),
    ("afn", |m| &mut m.afn),
    ("reassoc", |m| &mut m.reassoc),
];

/// Everything before the `{`.
pub fn write(f: &mut Formatter<'_>, func: &Func) -> fmt::Result {
    write!(f, "func @{} {}(", Word(&func.symbol), Quoted(&func.name))?;
    write_params(f, &func.params)?;
    f.write_char(')')?;
    if !func.captures.is_empty() {
        f.write_str(" captures(")?;
        write_list(f, func.captures.iter().map(|name| Word(name)))?;
        f.write_char(')')?;
    }
    if func.of_library {
        f.write_str(" library")?;
    }
    if !func.reads_once.is_empty() {
        f.write_str(" reads_once(")?;
        write_list(f, func.reads_once.iter().map(|name| Word(name)))?;
        f.write_char(')')?;
    }
    let options = options(&func.options);
    if !options.is_empty() {
        write!(f, " options({})", options.join(", "))?;
    }
    write!(f, " -> {}", func.ret)?;
    if func.order.first() != Some(&func.entry) {
        write!(f, " entry {}", func.entry)?;
    }
    Ok(())
}

/// As Python writes them: `a, /, b=1, *args, c`.
fn write_params(f: &mut Formatter<'_>, params: &Params) -> fmt::Result {
    let mut parts: Vec<String> = Vec::new();
    let keyword_only = params.names.len().saturating_sub(params.kwonly);
    let star = || params.varargs.as_ref().map_or("*".to_string(), |name| format!("*{}", Word(name)));
    for (position, name) in params.names.iter().enumerate() {
        if position == params.posonly && position > 0 {
            parts.push("/".into());
        }
        if position == keyword_only {
            parts.push(star());
        }
        parts.push(match params.defaults.get(position) {
            Some(Some(default)) => format!("{}={default}", Word(name)),
            _ => Word(name).to_string(),
        });
    }
    if params.posonly > 0 && params.posonly == params.names.len() {
        parts.push("/".into());
    }
    if params.kwonly == 0 && params.varargs.is_some() {
        parts.push(star());
    }
    f.write_str(&parts.join(", "))
}

/// The options that differ from the default.
fn options(options: &Options) -> Vec<String> {
    let (mut mine, mut standard) = (options.clone(), Options::default());
    let mut parts = Vec::new();
    for (name, field) in SWITCHES {
        let on = *field(&mut mine);
        if on != *field(&mut standard) {
            parts.push(format!("{name}={}", if on { "on" } else { "off" }));
        }
    }
    let relaxed: Vec<&str> = FASTMATH.iter().filter(|(_, field)| *field(&mut mine.fastmath)).map(|(n, _)| *n).collect();
    if !relaxed.is_empty() {
        parts.push(format!("fastmath=({})", relaxed.join(", ")));
    }
    match options.inline {
        Inline::Auto => {}
        Inline::Always => parts.push("inline=always".into()),
        Inline::Never => parts.push("inline=never".into()),
    }
    if !options.locals.is_empty() {
        let locals: Vec<String> = options.locals.iter().map(|(name, ty)| format!("{}: {ty}", Word(name))).collect();
        parts.push(format!("locals=({})", locals.join(", ")));
    }
    parts
}

/// Items with commas between them.
fn write_list<T: fmt::Display>(f: &mut Formatter<'_>, items: impl Iterator<Item = T>) -> fmt::Result {
    for (position, item) in items.enumerate() {
        write!(f, "{}{item}", if position > 0 { ", " } else { "" })?;
    }
    Ok(())
}
