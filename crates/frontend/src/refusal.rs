//! The constructs that the front end refuses, with what the user is told.

use coachwhip_ir::{Code, Diagnostic};

macro_rules! refusals {
    ($($variant:ident $code:ident $message:literal, $help:literal;)*) => {
        /// A construct that is not supported.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Refusal { $(#[doc = $message] $variant),* }
        impl Refusal {
            /// The diagnostic, without a place.
            pub fn diagnostic(self) -> Diagnostic {
                match self { $(Refusal::$variant => Diagnostic::new(Code::$code, $message).help($help)),* }
            }
        }
    };
}

refusals! {
    YieldInHandler Generator "yield inside an except clause is not supported yet",
        "keep what is needed in variables and yield after the try statement";
    Coroutine Generator "async functions are not supported",
        "call the compiled function from the async function";
    Group ExceptionHandler "except* is not supported",
        "catch the exceptions one by one with except";
    Comprehension Container "comprehensions are not supported yet",
        "fill an array in a for loop";
    KeywordDict Unsupported "**keywords in a call are not supported",
        "write the keyword arguments out";
    KeywordParameters Unsupported "**keywords in a signature are not supported",
        "name the keyword parameters";
    Import Unsupported "a module that a compiled function imports must be there when it is compiled",
        "import at module level";
    RelativeImport Unsupported "relative imports inside a compiled function are not supported",
        "import at module level, or with the whole name";
    Class Unsupported "class definitions inside a compiled function are not supported",
        "define the class at module level";
    Super Unsupported "super() with arguments is not supported",
        "call super() without arguments";
    StoreGlobal Unsupported "assignment to a global variable is not supported",
        "return the value and assign it outside";
    DeleteName Unsupported "del of a global or captured variable is not supported",
        "leave the del out";
    DeleteAttr Unsupported "del of an attribute is not supported",
        "leave the del out";
    ClassPattern Unsupported "class patterns in match are not supported",
        "test with isinstance() and if";
    MappingPattern Container "mapping patterns in match are not supported",
        "use if statements";
    Template Text "template strings are not supported",
        "use an f-string";
    Types Unsupported "type parameters and type aliases inside a compiled function are not supported",
        "define them at module level";
    Interactive Unsupported "this code object is not a function's",
        "compile a function";
    Tool Unsupported "this instruction belongs to the interpreter's own tools",
        "report this, with the function";
}
