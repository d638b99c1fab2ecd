//! What a user is told, as data.  The `py` crate renders it; nothing else makes text with carets.

use crate::loc::LocData;
use std::fmt;

/// Declares [`Code`] from one table.  Each code has a page `docs/errors/CODE.md` whose example is a test.
macro_rules! codes {
    ($($variant:ident, $code:literal, $title:literal;)*) => {
        /// The stable code of a diagnostic.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Code { $(#[doc = $title] $variant),* }
        impl Code {
            /// Every code.
            pub const ALL: &'static [Code] = &[$(Code::$variant),*];
            /// `CW0101` and so on.
            pub fn text(self) -> &'static str { match self { $(Code::$variant => $code),* } }
            /// One line that says what it is about.
            pub fn title(self) -> &'static str { match self { $(Code::$variant => $title),* } }
        }
    };
}

codes! {
    // 01xx: constructs
    Unsupported, "CW0101", "this Python construct is not supported yet";
    Generator, "CW0102", "this use of a generator is not supported yet";
    ExceptionHandler, "CW0103", "this with statement or except* is not supported";
    Container, "CW0104", "this container is not supported yet";
    Text, "CW0105", "a value has no text form in compiled code";
    Bytecode, "CW0106", "the code object cannot be read";
    TooLarge, "CW0107", "the function is too large";
    // 02xx: names
    UnknownGlobal, "CW0201", "a global name is not defined";
    UnknownAttribute, "CW0202", "the value has no such attribute";
    UnsupportedObject, "CW0203", "the object cannot be used in compiled code";
    UnsupportedFunction, "CW0204", "the function is not supported in compiled code";
    Overload, "CW0205", "an overload refused the call";
    // 03xx: types
    OperandTypes, "CW0301", "the operator does not accept these types";
    ArgumentTypes, "CW0302", "the function does not accept these argument types";
    ArgumentCount, "CW0303", "the call does not match the function's parameters";
    Join, "CW0304", "a variable has types that do not go together";
    NotIterable, "CW0305", "the value cannot be iterated over";
    NotSubscriptable, "CW0306", "the value cannot be indexed like this";
    NotCallable, "CW0307", "the value cannot be called";
    UnpackCount, "CW0308", "the number of values does not match the targets";
    Recursion, "CW0309", "the type of a recursive function cannot be found";
    EscapingClosure, "CW0310", "a nested function cannot leave the compiled function";
    NeedsConstant, "CW0311", "the argument must be known at compile time";
    IntLiteral, "CW0312", "the integer does not fit 64 bits";
    Condition, "CW0313", "the value has no truth value";
    // 04xx: arguments from Python
    ArgumentUnsupported, "CW0401", "an argument's type cannot be compiled";
    SignatureMismatch, "CW0402", "the arguments do not match the explicit signature";
    SignatureText, "CW0403", "the signature cannot be read";
    ReturnMismatch, "CW0404", "the result does not match the explicit signature";
    ArrayUnsupported, "CW0405", "the array's element type or memory form cannot be compiled";
    // 09xx: ours
    Internal, "CW0901", "an error inside coachwhip";
}

/// A span with a short text.
#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    /// Where.
    pub span: LocData,
    /// What is there.
    pub text: String,
}

/// A message about the user's program.
#[derive(Clone, Debug, PartialEq)]
pub struct Diagnostic {
    /// Stable code.
    pub code: Code,
    /// One line: what is wrong, in the user's words.
    pub message: String,
    /// The place it is about.
    pub primary: Option<Label>,
    /// Other places that explain it.
    pub secondary: Vec<Label>,
    /// Facts.
    pub notes: Vec<String>,
    /// What to do.
    pub help: Option<String>,
    /// See [`Diagnostic::abandoned`].
    pub abandoned: bool,
}

impl Diagnostic {
    /// A diagnostic without a place yet.
    pub fn new(code: Code, message: impl Into<String>) -> Diagnostic {
        let message = message.into();
        Diagnostic { code, message, primary: None, secondary: vec![], notes: vec![], help: None, abandoned: false }
    }
    /// Python code that the compile ran has raised an exception, which whoever asked for the compile raises again.
    /// Nothing that was asked on the way is answered, and nothing of it may be remembered.
    pub fn abandoned() -> Diagnostic {
        let message = "an exception was raised while the function was compiled";
        Diagnostic { abandoned: true, ..Diagnostic::new(Code::Internal, message) }
    }
    /// Whether this is [`Diagnostic::abandoned`].
    pub fn is_abandoned(&self) -> bool {
        self.abandoned
    }
    /// With its place; a place that is already set stays.
    pub fn at(mut self, span: &LocData, text: impl Into<String>) -> Diagnostic {
        if self.primary.is_none() {
            self.primary = Some(Label { span: span.clone(), text: text.into() });
        }
        self
    }
    /// With another place.
    pub fn also(mut self, span: &LocData, text: impl Into<String>) -> Diagnostic {
        self.secondary.push(Label { span: span.clone(), text: text.into() });
        self
    }
    /// With a fact.
    pub fn note(mut self, text: impl Into<String>) -> Diagnostic {
        self.notes.push(text.into());
        self
    }
    /// With what to do.
    pub fn help(mut self, text: impl Into<String>) -> Diagnostic {
        self.help = Some(text.into());
        self
    }
}

impl fmt::Display for Diagnostic {
    /// One line, for logs and tests; users see the rendering of the `py` crate.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code.text(), self.message)
    }
}

impl std::error::Error for Diagnostic {}
