//! Sizes: files of at most 1,000 lines (median 200), functions of at most 200 lines (median 8).

use super::Source;
use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::visit::Visit;

const FILE_LINES: usize = 1000;
const FILE_MEDIAN: usize = 200;
const FUNCTION_LINES: usize = 200;
const FUNCTION_MEDIAN: usize = 8;

/// Tables and generated files, which may be as long as what they list.
const TABLES: &[&str] = &["python/coachwhip/lib/index.py", "docs/supported.md"];

/// Files and functions over the limits, and a line of figures.
pub fn check(sources: &[Source]) -> (Vec<String>, String) {
    let mut problems = Vec::new();
    let mut files = Vec::new();
    let mut functions = Vec::new();
    for source in sources.iter().filter(|s| !s.path.ends_with(".md") && !TABLES.contains(&s.path.as_str())) {
        let lines = source.text.lines().count();
        files.push(lines);
        if lines > FILE_LINES {
            problems.push(format!("{}: {lines} lines, more than {FILE_LINES}", source.path));
        }
        for (name, length) in functions_of(source) {
            functions.push(length);
            if length > FUNCTION_LINES {
                problems
                    .push(format!("{}: function {name} has {length} lines, more than {FUNCTION_LINES}", source.path));
            }
        }
    }
    let (file_median, function_median) = (median(&mut files), median(&mut functions));
    if file_median > FILE_MEDIAN {
        problems.push(format!("the median file has {file_median} lines, more than {FILE_MEDIAN}"));
    }
    if function_median > FUNCTION_MEDIAN {
        problems.push(format!("the median function has {function_median} lines, more than {FUNCTION_MEDIAN}"));
    }
    let summary =
        format!("median file {file_median} lines, {} functions, median {function_median} lines", functions.len());
    (problems, summary)
}

fn median(values: &mut [usize]) -> usize {
    values.sort_unstable();
    values.get(values.len() / 2).copied().unwrap_or(0)
}

/// Names and lengths of a Rust file's functions (Python's are held short by the file's limit).
fn functions_of(source: &Source) -> Vec<(String, usize)> {
    if !source.path.ends_with(".rs") {
        return Vec::new();
    }
    let mut found = Functions(Vec::new());
    if let Ok(file) = syn::parse_file(&source.text) {
        found.visit_file(&file);
    }
    found.0
}

struct Functions(Vec<(String, usize)>);

impl Functions {
    fn add(&mut self, name: &syn::Ident, body: Span) {
        let lines = body.end().line.saturating_sub(body.start().line) + 1;
        self.0.push((name.to_string(), lines));
    }
}

impl<'ast> Visit<'ast> for Functions {
    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.add(&item.sig.ident, item.block.span());
        syn::visit::visit_item_fn(self, item);
    }
    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.add(&item.sig.ident, item.block.span());
        syn::visit::visit_impl_item_fn(self, item);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(lines: usize) -> Source {
        let body = "    let _ = 1;\n".repeat(lines);
        Source { path: "a.rs".into(), text: format!("//! A file.\nfn long() {{\n{body}}}\n") }
    }

    #[test]
    fn long_functions_and_files_are_found() {
        let (problems, _) = check(&[source(198)]);
        assert!(problems.iter().all(|p| !p.contains("function long")), "{problems:?}");
        let (problems, _) = check(&[source(300)]);
        assert!(problems.iter().any(|p| p.contains("function long has 302 lines")), "{problems:?}");
        let (problems, _) = check(&[source(1200)]);
        assert!(problems.iter().any(|p| p.contains("1203 lines, more than 1000")), "{problems:?}");
    }
}
