//! Columns that the table of operations and the table of run-time functions have in common.

/// Whose the memory is that a result leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Owner {
    /// What keeps the operands keeps it: a view, a field, a pointer.
    Operands,
    /// It was there before the call and outlives it: global arrays, constants.
    Outside,
    /// The function has it from here on, and nobody else leads to it.
    New,
    /// The function has it from here on; others may have it, too, and it may be an operand's.
    Handed,
    /// A cell or a list, which may let go of it: whoever wants it for longer counts it.
    Keeper,
}

impl Owner {
    /// Whether the function has to release it.
    pub const fn is_handed_over(self) -> bool {
        matches!(self, Owner::New | Owner::Handed)
    }
}

/// How long something takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Cost {
    /// No time worth a thought.
    Nothing,
    /// As a sum.
    Simple,
    /// As a product.
    Product,
    /// As a division or a square root.
    Slow,
    /// As a call, or longer.
    Call,
}

/// Where something may run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Runs {
    /// Anywhere: in a parallel region, too, where nobody says which iteration comes first.
    Parallel,
    /// In the order of the source alone: somebody outside sees the order.
    Ordered,
    /// In the order of the source, while the interpreter is held.
    Attached,
}
