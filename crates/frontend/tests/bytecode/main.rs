//! Code objects recorded by real CPython versions: the same SSA for all, equal to `tests/bytecode/expected.txt`.
//!
//! `BLESS=1 cargo test -p coachwhip-frontend` writes the expectation anew, from the first version.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)] // a test

mod hostile;
mod limits;
mod places;
mod recording;

use coachwhip_frontend::{CodeSnapshot, build};
use coachwhip_ir::{Diagnostic, Func, FuncId, Imm, Options, verify};
use std::collections::BTreeMap;
use std::fmt::Write;

const VERSIONS: [&str; 5] = ["3.11", "3.12", "3.13", "3.14", "3.15"];

/// The text of every function of the corpus, by name.
fn texts(version: &str) -> BTreeMap<String, String> {
    let codes = recording::read(version);
    let outermost = codes.iter().enumerate().filter(|(_, code)| !code.qualname.contains('.'));
    outermost.map(|(number, code)| (code.qualname.to_string(), text(&codes, number))).collect()
}

/// A function and those nested in it, numbered in the order of their mention; or why one is refused.
fn text(codes: &[CodeSnapshot], number: usize) -> String {
    let mut numbers = vec![number];
    let mut text = String::new();
    let mut next = 0;
    while let Some(&number) = numbers.get(next) {
        next += 1;
        match checked(&codes[number]) {
            Err(diagnostic) => return format!("refused {diagnostic}\n"),
            Ok(mut func) => {
                renumber(&mut func, &mut numbers);
                write!(text, "{func}").unwrap();
            }
        }
    }
    text
}

fn checked(code: &CodeSnapshot) -> Result<Func, Diagnostic> {
    let func = build(code, &Options::default())?;
    let problems = verify::untyped(&func);
    assert!(problems.is_empty(), "{func}\n{problems:?}");
    Ok(func)
}

fn renumber(func: &mut Func, numbers: &mut Vec<usize>) {
    for inst in func.insts.values_mut() {
        if let Imm::Code(id) = &mut inst.imm {
            numbers.push(id.0 as usize);
            *id = FuncId(numbers.len() as u32 - 1);
        }
    }
}

/// The expectation's sections by name.
fn sections(text: &str) -> BTreeMap<String, String> {
    let sections = text.split("### ").skip(1);
    sections
        .map(|section| {
            let (name, body) = section.split_once('\n').unwrap();
            (name.to_string(), body.trim_end().to_string() + "\n")
        })
        .collect()
}

/// Comprehensions in 3.15, where the first iterator is made under the protection that gives variables back, after the container.
/// A generator expression makes its first iterator itself there.
const LATER_ITERATOR: [&str; 6] = [
    "comprehension_captured",
    "comprehension_in_try",
    "dict_comprehension",
    "generator_all",
    "generator_expression",
    "set_comprehension",
];

/// The functions by the names of their expectations.  Comprehensions are functions of their own in 3.11, and code
/// of the function that they stand in from 3.12 on.
fn by_expectation(version: &str) -> BTreeMap<String, String> {
    let first = texts(VERSIONS[0]);
    let inlined = |name: &str| {
        let of_its_own =
            |body: &String| ["<listcomp>", "<dictcomp>", "<setcomp>"].iter().any(|part| body.contains(part));
        first.get(name).is_some_and(of_its_own)
    };
    let named = |name: String| match version {
        "3.11" => name,
        // The interpreter writes the loop out, beside the call that it is where `all` is another function.
        "3.14" if name == "generator_all" => format!("{name} since 3.14"),
        "3.15" if LATER_ITERATOR.contains(&name.as_str()) => format!("{name} since 3.15"),
        _ if inlined(&name) => format!("{name} since 3.12"),
        _ => name,
    };
    texts(version).into_iter().map(|(name, body)| (named(name), body)).collect()
}

#[test]
fn recorded_code_gives_the_expected_text() {
    let path = recording::folder().join("expected.txt");
    if std::env::var_os("BLESS").is_some() {
        let mut text = String::new();
        let mut all = BTreeMap::new();
        for version in ["3.11", "3.12", "3.14", "3.15"] {
            for (name, body) in by_expectation(version) {
                all.entry(name).or_insert(body);
            }
        }
        for (name, body) in all {
            write!(text, "### {name}\n{body}\n").unwrap();
        }
        std::fs::write(&path, text).unwrap();
    }
    let expected = sections(&std::fs::read_to_string(&path).unwrap());
    let mut wrong = Vec::new();
    for version in VERSIONS {
        let found = by_expectation(version);
        for (name, body) in &found {
            match expected.get(name) {
                None => wrong.push(format!("{version} {name}: no expectation")),
                Some(wanted) if wanted != body => {
                    wrong.push(format!("{version} {name}:\n{body}\nexpected:\n{wanted}"));
                }
                Some(_) => {}
            }
        }
        let recorded = texts(version);
        let names = expected.keys().map(|name| name.split(' ').next().unwrap());
        wrong
            .extend(names.filter(|name| !recorded.contains_key(*name)).map(|n| format!("{version} {n}: not recorded")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn refusals_are_what_the_names_say() {
    for version in VERSIONS {
        for (name, body) in texts(version) {
            assert_eq!(name.starts_with("refused_"), body.starts_with("refused "), "{version} {name}:\n{body}");
        }
    }
}
