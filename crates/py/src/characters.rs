//! What the running interpreter knows of characters, asked of its own `str` methods: no table of Unicode is ours.
//!
//! Only methods of exact `str` objects run here, and no bytecode, so no signal handler does.  They are asked about a page at
//! once: characters that are nobody's neighbours, because a NUL, which has no case and begins no word, stands between them.

use coachwhip_runtime::characters::{Case, PAGE, Page, class};
use pyo3::prelude::*;
use pyo3::types::{PyInt, PyList, PyString};

/// Predicates of a character alone; `istitle` holds for upper case as well.
const CLASSES: [(&str, u32); 10] = [
    ("isalpha", class::ALPHA),
    ("isdecimal", class::DECIMAL),
    ("isdigit", class::DIGIT),
    ("isnumeric", class::NUMERIC),
    ("isspace", class::SPACE),
    ("isupper", class::UPPER),
    ("islower", class::LOWER),
    ("istitle", class::TITLE),
    ("isprintable", class::PRINTABLE),
    ("isidentifier", class::ID_START),
];

/// The cases and the methods that give them.
const CASES: [(&str, Case); 4] =
    [("lower", Case::Lower), ("upper", Case::Upper), ("title", Case::Title), ("casefold", Case::Fold)];

/// Fills in a page but for its ASCII characters; false if the interpreter has no memory for it.
pub fn page(number: u32, to: &mut Page) -> bool {
    Python::attach(|py| fill(py, number * PAGE as u32, to).is_ok())
}

/// The characters of a page.
struct Characters<'py> {
    py: Python<'py>,
    all: Bound<'py, PyList>,
    nul: Bound<'py, PyString>,
}

impl<'py> Characters<'py> {
    /// Each between two texts, with NULs between them.
    fn beside(&self, before: &str, after: &str) -> PyResult<Bound<'py, PyAny>> {
        let between = PyString::new(self.py, &format!("{after}\0{before}")).call_method1("join", (&self.all,))?;
        PyString::new(self.py, before).add(between)?.add(PyString::new(self.py, after))
    }

    /// The parts between NULs.
    fn parts(&self, text: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        text.call_method1("split", (&self.nul,))
    }

    /// For each part, whether it ends with a character.
    fn end_with(&self, text: &Bound<'py, PyAny>, end: &str) -> PyResult<Vec<bool>> {
        self.parts(text)?.try_iter()?.map(|part| part?.call_method1("endswith", (end,))?.is_truthy()).collect()
    }

    /// For each of some texts, whether a predicate holds.
    fn hold(&self, texts: &Bound<'py, PyAny>, name: &str) -> PyResult<Vec<bool>> {
        let builtins = self.py.import("builtins")?;
        let asked = builtins.getattr("map")?.call1((self.py.get_type::<PyString>().getattr(name)?, texts))?;
        asked.try_iter()?.map(|answer| answer?.is_truthy()).collect()
    }
}

fn fill(py: Python<'_>, first: u32, to: &mut Page) -> PyResult<()> {
    let first_asked = first.max(0x80);
    let Some(to) = to.get_mut((first_asked - first) as usize..) else { return Ok(()) };
    let chr = py.import("builtins")?.getattr("chr")?;
    let all: Vec<_> = (first_asked..first + PAGE as u32).map(|code| chr.call1((code,))).collect::<PyResult<_>>()?;
    let ask = Characters { py, all: PyList::new(py, all)?, nul: PyString::new(py, "\0") };
    let mut set = |bit: u32, holds: &[bool]| {
        for (character, holds) in to.iter_mut().zip(holds) {
            character.classes |= if *holds { bit } else { 0 };
        }
    };
    for (name, bit) in CLASSES {
        set(bit, &ask.hold(&ask.all, name)?);
    }
    let after_letter = ask.parts(&ask.beside("a", "")?)?;
    set(class::ID_CONTINUE, &ask.hold(&after_letter, "isidentifier")?);
    // After a character with case, `title` writes a small letter.
    set(class::CASED, &ask.end_with(&ask.beside("", "a")?.call_method0("title")?, "a")?);
    // After a letter, a sigma is a final one if what lies between is passed over, or has case itself; at the beginning, a
    // character before it counts only if it is not passed over.
    let alone = ask.end_with(&ask.beside("", "Σ")?.call_method0("lower")?, "ς")?;
    let between = ask.end_with(&ask.beside("A", "Σ")?.call_method0("lower")?, "ς")?;
    let ignored: Vec<bool> = alone.iter().zip(&between).map(|(alone, between)| *between && !alone).collect();
    set(class::CASE_IGNORABLE, &ignored);
    for (character, code) in to.iter_mut().zip(first_asked..) {
        character.cases = [[code, 0, 0]; 4];
        if character.classes & class::UPPER != 0 {
            character.classes &= !class::TITLE;
        }
        if character.classes & class::DECIMAL != 0 {
            character.decimal = py.get_type::<PyInt>().call1((chr.call1((code,))?,))?.extract()?;
        }
    }
    let plain = ask.beside("", "")?;
    for (name, case) in CASES {
        let mapped = plain.call_method0(name)?;
        if mapped.eq(&plain)? {
            continue;
        }
        for (character, part) in to.iter_mut().zip(ask.parts(&mapped)?.try_iter()?) {
            let part = part?;
            if let Some(place) = character.cases.get_mut(case as usize) {
                *place = [0; 3];
                for (place, c) in place.iter_mut().zip(part.cast::<PyString>()?.to_str()?.chars()) {
                    *place = c.into();
                }
            }
        }
    }
    Ok(())
}
