//! The one place that makes text of a diagnostic: carets under the user's columns, at most 12 lines.

use annotate_snippets::renderer::DEFAULT_TERM_WIDTH;
use annotate_snippets::{AnnotationKind, Element, Group, Level, Renderer, Snippet};
use coachwhip_ir::{Diagnostic, Label, LocData};
use pyo3::prelude::*;

/// Most lines of a rendered diagnostic.
const MAX_LINES: usize = 12;
/// Decorators, one a line, that are skipped to find the `def`.
const MAX_DECORATOR_LINES: usize = 10;
/// Labels further apart than this are shown as separate pieces of source.
const NEAR: u32 = 8;

/// The text.  Source is read through `linecache`, as Python's own tracebacks do; without source the place is
/// given in words.
pub fn render(py: Python<'_>, diagnostic: &Diagnostic, function: Option<&Bound<'_, PyAny>>) -> PyResult<String> {
    let mut shown = diagnostic.clone();
    if shown.primary.is_none()
        && let Some(function) = function
    {
        shown.primary = Some(Label { span: place_of(function)?, text: String::new() });
    }
    loop {
        let text = once(py, &shown)?;
        if text.lines().count() <= MAX_LINES {
            return Ok(text);
        }
        // What explains least goes first.
        if shown.secondary.pop().is_none() && shown.notes.pop().is_none() {
            let lines: Vec<&str> = text.lines().take(MAX_LINES).collect();
            return Ok(lines.join("\n"));
        }
    }
}

fn once(py: Python<'_>, diagnostic: &Diagnostic) -> PyResult<String> {
    let title = Level::ERROR.primary_title(diagnostic.message.as_str()).id(diagnostic.code.text());
    let mut pieces = Vec::new();
    if let Some(primary) = &diagnostic.primary {
        let labels: Vec<&Label> = std::iter::once(primary).chain(&diagnostic.secondary).collect();
        pieces = sources(py, &labels)?;
    }
    let mut elements: Vec<Element<'_>> = pieces.iter().map(Source::element).collect();
    elements.extend(diagnostic.notes.iter().map(|note| Level::NOTE.message(note.as_str()).into()));
    let page = format!("`coachwhip explain {}` says more", diagnostic.code.text());
    elements.push(Level::HELP.message(diagnostic.help.as_deref().unwrap_or(&page)).into());
    let group: Group<'_> = title.elements(elements);
    Ok(Renderer::plain().term_width(DEFAULT_TERM_WIDTH).render(&[group]))
}

/// Lines of source with the labels in them.
struct Source {
    text: String,
    path: String,
    first_line: u32,
    labels: Vec<(std::ops::Range<usize>, String, bool)>,
}

impl Source {
    fn element(&self) -> Element<'_> {
        if self.text.is_empty() {
            return annotate_snippets::Origin::path(self.path.as_str()).line(self.first_line as usize).into();
        }
        let mut snippet =
            Snippet::source(self.text.as_str()).line_start(self.first_line as usize).path(self.path.as_str());
        for (range, text, primary) in &self.labels {
            let kind = if *primary { AnnotationKind::Primary } else { AnnotationKind::Context };
            let label = Some(text.as_str()).filter(|t| !t.is_empty());
            snippet = snippet.annotation(kind.span(range.clone()).label(label));
        }
        snippet.into()
    }
}

/// The labels' lines; labels that are near each other share one piece of source.
fn sources(py: Python<'_>, labels: &[&Label]) -> PyResult<Vec<Source>> {
    let mut made: Vec<Source> = Vec::new();
    let mut rest: Vec<(usize, &Label)> = labels.iter().copied().enumerate().collect();
    while let Some(&(_, seed)) = rest.first() {
        let near = |l: &Label| l.span.file == seed.span.file && l.span.line.abs_diff(seed.span.line) <= NEAR;
        let (mut here, others): (Vec<_>, Vec<_>) = rest.into_iter().partition(|(_, l)| near(l));
        rest = others;
        here.sort_by_key(|(_, l)| l.span.line);
        made.push(source(py, &seed.span, &here)?);
    }
    Ok(made)
}

fn source(py: Python<'_>, place: &LocData, labels: &[(usize, &Label)]) -> PyResult<Source> {
    let first = labels.iter().map(|(_, l)| l.span.line).min().unwrap_or(place.line);
    let last = labels.iter().map(|(_, l)| l.span.line).max().unwrap_or(place.line);
    let path = py.import("coachwhip._errors")?.getattr("shown")?.call1((&*place.file,))?.extract()?;
    let mut source = Source { text: String::new(), path, first_line: first, labels: vec![] };
    let mut starts = Vec::new();
    for number in first..=last {
        let Some(line) = line_of(py, &place.file, number)? else {
            return Ok(Source { text: String::new(), labels: vec![], first_line: place.line, ..source });
        };
        starts.push((source.text.len(), line.len()));
        source.text.push_str(&line);
        source.text.push('\n');
    }
    for (position, label) in labels {
        let Some(&(start, length)) = starts.get((label.span.line - first) as usize) else { continue };
        let range = columns(&label.span, source.text.get(start..start + length).unwrap_or_default());
        source.labels.push((start + range.start..start + range.end, label.text.clone(), *position == 0));
    }
    Ok(source)
}

/// The label's columns in its first line; the whole line if the columns are not known.
fn columns(span: &LocData, line: &str) -> std::ops::Range<usize> {
    let indent = line.len() - line.trim_start().len();
    let end_of_line = line.trim_end().len();
    let start = span.column as usize;
    let end = if span.end_line > span.line { end_of_line } else { span.end_column as usize };
    let valid = start < end && end <= line.len() && line.is_char_boundary(start) && line.is_char_boundary(end);
    if valid { start..end } else { indent.min(end_of_line)..end_of_line.max(indent) }
}

/// A line of a file without its end, `None` if Python has no source for it.
fn line_of(py: Python<'_>, file: &str, number: u32) -> PyResult<Option<String>> {
    let line: String = py.import("linecache")?.getattr("getline")?.call1((file, number))?.extract()?;
    let line = line.trim_end_matches(['\n', '\r']);
    Ok((!line.trim().is_empty()).then(|| line.replace('\t', " ")))
}

/// Where a function is defined.
fn place_of(function: &Bound<'_, PyAny>) -> PyResult<LocData> {
    let py = function.py();
    let code = function.getattr("__code__")?;
    let text = |name| -> PyResult<String> { code.getattr(name)?.extract() };
    let mut line: u32 = code.getattr("co_firstlineno")?.extract()?;
    // The first line of a decorated function is that of its decorators.
    let file = text("co_filename")?;
    for _ in 0..MAX_DECORATOR_LINES {
        let decorator = line_of(py, &file, line)?.is_some_and(|text| text.trim_start().starts_with('@'));
        line += decorator as u32;
    }
    Ok(LocData {
        function: text("co_qualname")?.into(),
        file: text("co_filename")?.into(),
        line,
        column: 0,
        end_line: line,
        end_column: 0,
        inlined_at: None,
    })
}
