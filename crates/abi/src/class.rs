//! The exception classes that compiled code knows, numbered in a preorder walk of their hierarchy: the classes derived
//! from one have the numbers that follow its own, so that a handler compares with two numbers.

/// The classes by canonical name, each with its depth below `BaseException`; a class follows the one it is derived from.
///
/// A class with two bases stands below the first; [`ALSO`] has the second.
const CLASSES: &[(u8, &str)] = &[
    (0, "builtins.BaseException"),
    (1, "builtins.BaseExceptionGroup"),
    (1, "builtins.SystemExit"),
    (1, "builtins.KeyboardInterrupt"),
    (1, "builtins.GeneratorExit"),
    (1, "builtins.Exception"),
    (2, "builtins.StopIteration"),
    (2, "builtins.StopAsyncIteration"),
    (2, "builtins.ArithmeticError"),
    (3, "builtins.FloatingPointError"),
    (3, "builtins.OverflowError"),
    (3, "builtins.ZeroDivisionError"),
    (2, "builtins.AssertionError"),
    (2, "builtins.AttributeError"),
    (2, "builtins.BufferError"),
    (2, "builtins.EOFError"),
    (2, "builtins.ImportError"),
    (3, "builtins.ModuleNotFoundError"),
    (2, "builtins.LookupError"),
    (3, "builtins.IndexError"),
    (3, "builtins.KeyError"),
    (2, "builtins.MemoryError"),
    (2, "builtins.NameError"),
    (3, "builtins.UnboundLocalError"),
    (2, "builtins.OSError"),
    (3, "builtins.BlockingIOError"),
    (3, "builtins.ChildProcessError"),
    (3, "builtins.ConnectionError"),
    (4, "builtins.BrokenPipeError"),
    (4, "builtins.ConnectionAbortedError"),
    (4, "builtins.ConnectionRefusedError"),
    (4, "builtins.ConnectionResetError"),
    (3, "builtins.FileExistsError"),
    (3, "builtins.FileNotFoundError"),
    (3, "builtins.InterruptedError"),
    (3, "builtins.IsADirectoryError"),
    (3, "builtins.NotADirectoryError"),
    (3, "builtins.PermissionError"),
    (3, "builtins.ProcessLookupError"),
    (3, "builtins.TimeoutError"),
    (2, "builtins.ReferenceError"),
    (2, "builtins.RuntimeError"),
    (3, "builtins.NotImplementedError"),
    (3, "builtins.RecursionError"),
    (2, "builtins.SyntaxError"),
    (3, "builtins.IndentationError"),
    (4, "builtins.TabError"),
    (2, "builtins.SystemError"),
    (2, "builtins.TypeError"),
    (2, "builtins.ValueError"),
    (3, "builtins.UnicodeError"),
    (4, "builtins.UnicodeDecodeError"),
    (4, "builtins.UnicodeEncodeError"),
    (4, "builtins.UnicodeTranslateError"),
    (3, "numpy.exceptions.AxisError"),
    (3, "numpy.linalg.LinAlgError"),
    (2, "builtins.Warning"),
    (3, "builtins.BytesWarning"),
    (3, "builtins.DeprecationWarning"),
    (3, "builtins.EncodingWarning"),
    (3, "builtins.FutureWarning"),
    (3, "builtins.ImportWarning"),
    (3, "builtins.PendingDeprecationWarning"),
    (3, "builtins.ResourceWarning"),
    (3, "builtins.RuntimeWarning"),
    (3, "builtins.SyntaxWarning"),
    (3, "builtins.UnicodeWarning"),
    (3, "builtins.UserWarning"),
];

/// Second bases.
const ALSO: &[(&str, &str)] = &[("numpy.exceptions.AxisError", "builtins.IndexError")];

/// Number of the class that every other is derived from.
pub const BASE: u32 = 0;

/// Every class by number.
pub fn names() -> impl Iterator<Item = &'static str> {
    CLASSES.iter().map(|(_, name)| *name)
}

/// The number of a class; a built-in one may do without its module.
pub fn number(name: &str) -> Option<u32> {
    let plain = name.strip_prefix("builtins.").unwrap_or(name);
    let plain = if matches!(plain, "IOError" | "EnvironmentError") { "OSError" } else { plain };
    let is = |class: &str| class.strip_prefix("builtins.").unwrap_or(class) == plain;
    CLASSES.iter().position(|(_, class)| is(class)).map(|at| at as u32)
}

/// The last number among the class and those that are derived from it.
fn last(number: u32) -> u32 {
    let mut classes = CLASSES.iter().skip(number as usize);
    let Some((own, _)) = classes.next() else { return number };
    number + classes.take_while(|(depth, _)| depth > own).count() as u32
}

/// The numbers, first and last, of the classes that an `except` clause with this class catches.
pub fn caught_by(class: u32) -> Vec<(u32, u32)> {
    let own = (class, last(class));
    let mut all = vec![own];
    for (derived, base) in ALSO {
        if let (Some(derived), Some(base)) = (number(derived), number(base))
            && (own.0..=own.1).contains(&base)
            && !(own.0..=own.1).contains(&derived)
        {
            all.push((derived, derived));
        }
    }
    all
}

/// The class and those that it is derived from, itself first.
pub fn bases(class: u32) -> Vec<u32> {
    (0..=class).rev().filter(|base| caught_by(*base).iter().any(|(a, b)| (*a..=*b).contains(&class))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn derived_classes_follow_their_base() {
        for pair in CLASSES.windows(2) {
            if let [(before, _), (depth, name)] = pair {
                assert!(*depth > 0 && *depth <= before + 1, "{name}");
            }
        }
    }

    #[test]
    fn a_class_with_two_bases_is_caught_by_both() {
        let catches = |class: &str, raised: &str| {
            let raised = number(raised).unwrap_or(u32::MAX);
            caught_by(number(class).unwrap_or(0)).iter().any(|(first, last)| (*first..=*last).contains(&raised))
        };
        for class in ["builtins.ValueError", "builtins.IndexError", "builtins.LookupError", "builtins.Exception"] {
            assert!(catches(class, "numpy.exceptions.AxisError"), "{class}");
        }
        assert!(!catches("builtins.KeyError", "numpy.exceptions.AxisError"));
        assert!(!catches("builtins.Exception", "builtins.KeyboardInterrupt"));
        assert!(catches("builtins.IOError", "builtins.FileNotFoundError"));
    }
}
