//! No folder of a crate is part of a circle of modules that import each other.
//!
//! Modules are those at the top of a crate: a file, or a folder with all that is in it.  Files beside each other may know
//! each other; a folder stands above what it imports.

use super::Source;
use proc_macro2::{Delimiter, TokenStream, TokenTree};
use std::collections::{BTreeMap, BTreeSet};

/// The modules of a crate with those that each imports.
#[derive(Default)]
struct Crate {
    imports: BTreeMap<String, BTreeSet<String>>,
    folders: BTreeSet<String>,
}

/// Circles with a folder in them, a line for each.
pub fn check(sources: &[Source]) -> Vec<String> {
    let mut crates: BTreeMap<&str, Crate> = BTreeMap::new();
    for source in sources {
        let inside = source.path.strip_prefix("crates/").and_then(|path| path.split_once("/src/"));
        let Some((krate, path)) = inside.filter(|(_, path)| !path.ends_with("lib.rs")) else { continue };
        let steps: Vec<&str> = path.trim_end_matches(".rs").split('/').filter(|step| *step != "mod").collect();
        let (Some(module), Ok(tokens)) = (steps.first(), source.text.parse::<TokenStream>()) else { continue };
        let known = crates.entry(krate).or_default();
        if path.contains('/') {
            known.folders.insert((*module).to_string());
        }
        imported(tokens, steps.len(), known.imports.entry((*module).to_string()).or_default());
    }
    crates.iter().flat_map(|(name, krate)| krate.circles(name)).collect()
}

impl Crate {
    fn circles(&self, name: &str) -> Vec<String> {
        let mut found = BTreeSet::new();
        for folder in &self.folders {
            let circle: Vec<&str> = self
                .reached(folder)
                .into_iter()
                .filter(|module| self.imports.contains_key(*module) && self.reached(module).contains(folder.as_str()))
                .collect();
            if circle.len() > 1 {
                found.insert(format!("crates/{name}: {} import each other in a circle", circle.join(", ")));
            }
        }
        found.into_iter().collect()
    }

    /// What a module imports, and what that imports in turn.
    fn reached<'a>(&'a self, from: &'a str) -> BTreeSet<&'a str> {
        let (mut seen, mut work) = (BTreeSet::new(), vec![from]);
        while let Some(module) = work.pop() {
            for next in self.imports.get(module).into_iter().flatten().filter(|next| self.imports.contains_key(*next)) {
                if seen.insert(next.as_str()) {
                    work.push(next);
                }
            }
        }
        seen
    }
}

/// Notes the names that paths from the top of the crate begin with; `depth` is that of the file's module, so many `super`
/// lead to the top.  What is for tests alone is left out.
fn imported(tokens: TokenStream, depth: usize, found: &mut BTreeSet<String>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        at += 1;
        match token {
            TokenTree::Punct(mark) if mark.as_char() == '#' && is_for_tests(tokens.get(at)) => {
                let ends = |token: &TokenTree| match token {
                    TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
                    TokenTree::Punct(mark) => mark.as_char() == ';',
                    _ => false,
                };
                let item = tokens.iter().skip(at + 1).position(ends);
                at += item.map_or(1, |length| length + 2);
            }
            TokenTree::Ident(name) if name == "crate" || name == "super" => {
                let mut ups = usize::from(name == "super");
                while let Some(TokenTree::Ident(name)) = tokens.get(at + 2)
                    && name == "super"
                {
                    ups += 1;
                    at += 3;
                }
                if name == "crate" || ups == depth {
                    first_names(tokens.get(at + 2), found);
                }
            }
            TokenTree::Group(group) => imported(group.stream(), depth, found),
            _ => {}
        }
    }
}

/// The name, or those at the starts of a list in braces.
fn first_names(token: Option<&TokenTree>, found: &mut BTreeSet<String>) {
    match token {
        Some(TokenTree::Ident(name)) => drop(found.insert(name.to_string())),
        Some(TokenTree::Group(group)) => {
            let mut starts = true;
            for token in group.stream() {
                match &token {
                    TokenTree::Ident(name) if starts => drop(found.insert(name.to_string())),
                    _ => {}
                }
                starts = matches!(&token, TokenTree::Punct(mark) if mark.as_char() == ',');
            }
        }
        _ => {}
    }
}

fn is_for_tests(attribute: Option<&TokenTree>) -> bool {
    attribute.is_some_and(|token| token.to_string().replace(' ', "") == "[cfg(test)]")
}

#[cfg(test)]
mod tests {
    use super::{Source, check};

    fn source(path: &str, text: &str) -> Source {
        Source { path: format!("crates/x/src/{path}"), text: text.into() }
    }

    #[test]
    fn a_folder_in_a_circle_is_found_by_every_kind_of_path() {
        let inside = source("a/b/c.rs", "fn f() { super::super::super::d::g() }");
        let back = source("d.rs", "use super::{e::h, a};");
        let told = "crates/x: a, d import each other in a circle";
        assert_eq!(check(&[inside, back]), [told]);
    }

    #[test]
    fn files_and_tests_may_know_each_other() {
        let files = [source("a.rs", "use crate::b::x;"), source("b.rs", "use crate::a::y;")];
        assert!(check(&files).is_empty());
        let tests = [source("a/mod.rs", "use crate::b;"), source("b.rs", "#[cfg(test)]\nmod t { use crate::a::y; }")];
        assert!(check(&tests).is_empty());
    }
}
