//! The types of values.
//!
//! A Python number and a NumPy scalar of the same machine form are different types, as in CPython.  A
//! value that is known at compile time has the singleton type [`Ty::Lit`]; joining two different literals
//! gives the type they share.  [`Ty::fields`] gives the parts of an aggregate and is the only place that
//! says how one is made up; machine code keeps each part in a register of its own.

pub use coachwhip_abi::dtype::{Dtype, Kind};

use crate::class::UserClass;
use crate::constant::Const;
use crate::options::Options;
use crate::program::FuncId;
use crate::structure::structure;
use std::fmt;
use std::sync::Arc;

/// How the elements of an array lie in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Layout {
    /// Row-major and contiguous: the last stride is the element size.
    C,
    /// Column-major and contiguous.
    F,
    /// Any strides, also zero and negative.
    A,
}

/// The type of an array.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ArrayTy {
    /// Element type.
    pub dtype: Dtype,
    /// Number of dimensions, 0 to 32.
    pub ndim: u8,
    /// Layout.
    pub layout: Layout,
    /// Writing raises `ValueError`, as in NumPy.
    pub readonly: bool,
}

/// The type of a value.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Ty {
    /// Bottom: no value arrives here.
    Never,
    /// Not inferred yet: every value of untyped SSA.
    Any,
    /// `None`.
    None,
    /// Python `int`: 64 bits, checked.  Also every size, index and count in compiled code.
    Int,
    /// Python `float`.
    Float,
    /// Python `bool`.  Also every machine condition.
    Bool,
    /// Python `complex`.
    Complex,
    /// A NumPy scalar.
    Scalar(Dtype),
    /// An array.
    Array(ArrayTy),
    /// A reference to a counted block; see [`RefTy`].
    Ref(Arc<RefTy>),
    /// A dict or set: see [`TableTy`].
    Table(Arc<TableTy>),
    /// The keys, values or items of a dict, which may change meanwhile.
    Shown(Arc<Ty>, Shown),
    /// A tuple.
    Tuple(Arc<[Ty]>),
    /// A tuple whose length is known only when the code runs: the type of the list that it is made of, which nobody changes.
    TupleOf(Arc<Ty>),
    /// A tuple of a user's class, with named fields.
    NamedTuple(Arc<UserClass>, Arc<[Ty]>),
    /// A member of an enumeration, as its word ([`UserClass::word`]).
    Enum(Arc<UserClass>),
    /// A list display whose items are known one by one: it is never changed and has no identity, so it is a value.
    ListDisplay(Arc<[Ty]>),
    /// `None` or a value: a flag, true if there is a value, and the value (undefined if there is none).
    Optional(Arc<Ty>),
    /// A value of one of a few types, its members: the number of the member, and a value of each (undefined but for that
    /// one).  Members are in the order of their texts, no two alike, none is itself a union or an optional; one may be `None`.
    Union(Arc<[Ty]>),
    /// `range`: start, stop, and a step of the given type (`Int` or a literal).
    Range(Arc<Ty>),
    /// `slice(start, stop, step)`; each part `Int` or `None` or a literal.
    Slice(Arc<[Ty; 3]>),
    /// An iterator; see [`IterTy`].
    Iter(Arc<IterTy>),
    /// A raw pointer to elements of the given type, `None` for `void*`.
    Ptr(Option<Arc<Ty>>),
    /// The address of a mutable cell (a captured variable) of the given content.
    Cell(Arc<Ty>),
    /// A nested function with what it captured.
    Closure(FuncId, Arc<[Ty]>),
    /// A method of a value, looked up and not yet called.
    Method(Arc<Ty>, Arc<str>),
    /// An exception object: class (as constant) and arguments.  An argument that is a `Text` is a `str` made
    /// of its pieces; any other is the value itself.
    Exception(Arc<Const>, Arc<[Ty]>),
    /// An exception that is being handled, of a class that is not known: its number among those.
    Caught,
    /// A text put together from pieces (f-string), not yet printed or raised: the pieces' types.  A piece is
    /// either a literal `str`, taken as it is, or a `Tuple` of exactly three: the value, the format
    /// specification (a literal `str`, or `None`), and the conversion (a literal int: 0, or the character
    /// `s`, `r` or `a`).  So a piece's first field alone has machine values; the value may be a number, a bool,
    /// `None`, an `Optional`, a literal `str`, a tuple of such, or a `Text`, which stands for the whole `str`.
    Text(Arc<[Ty]>),
    /// A `str` of one character, as its code point: what indexing and iterating over a `str` gives.
    Char,
    /// A value known at compile time.
    Lit(Const),
}

structure! { Ty {
    Never No "never" "nothing";
    Any No "any" "anything";
    None No "none" "None";
    Int No "int" "int";
    Float No "float" "float";
    Bool No "bool" "bool";
    Complex No "complex" "complex";
    Char No "char" "str";
    Caught No "caught" "exception";
    Tuple Many "tuple" "tuple";
    ListDisplay Many "list" "list";
    TupleOf One "tuple_of" "tuple";
    Text Many "text" "str";
    Slice Three "slice" "slice";
    Optional One "optional" "None or {}";
    Union Many "union" "union";
    Range One "range" "range";
    Cell One "cell" "{}";
} }

/// What a reference leads to: a counted block that knows how to free what it holds (`abi::layout::Owner`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum RefTy {
    /// A list with items of one type, `Never` while nothing is known to be in it.
    List(Ty),
    /// A `str`.
    Str,
    /// A `bytes`.
    Bytes,
    /// A `bytearray`: laid out as a list of bytes.
    ByteArray,
    /// An object that compiled code has no type for, such as an argument of an exception: Python does what is done with it.
    Object,
    /// A generator, while types are inferred; [`crate::generators::lower`] makes a list of one item of it, its frame.
    Generator(GeneratorTy),
    /// An instance of a user's class: laid out as a list of one item, a tuple of an int (which attributes are there) and the
    /// attributes.  The type does not say them: the engine knows them while it infers, and types that cross the boundary
    /// have them in their class ([`UserClass::types`]).
    Instance(Arc<UserClass>),
}

/// The type of a generator.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct GeneratorTy {
    /// The generator function.
    pub func: FuncId,
    /// Types of its arguments, captured cells first.
    pub args: Arc<[Ty]>,
    /// Its options.
    pub options: Arc<Options>,
    /// What it yields, `Never` if nothing.
    pub yields: Ty,
    /// What it returns in the end.
    pub returns: Ty,
}

structure! { RefTy {
    List One "list" "list of {}";
    Str No "str" "str";
    Bytes No "bytes" "bytes";
    ByteArray No "bytearray" "bytearray";
    Object No "object" "object of Python";
} }

/// What a hash table is to the user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TableKind {
    /// A `dict`.
    Dict,
    /// A `set`.
    Set,
    /// A `frozenset`.
    FrozenSet,
    /// A `collections.Counter`: a dict of ints.
    Counter,
    /// A `collections.defaultdict`: a dict, and what makes the values of keys that are not in it.
    Default(Factory),
}

/// What makes the values of a `defaultdict`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Factory {
    /// Nothing.
    None,
    /// A class of Python's, called without arguments: see [`Factory::CLASSES`].
    Class(&'static str),
    /// A function of the program that captures nothing.
    Func(FuncId),
}

/// The type of a dict or set.  It is made of two lists that are never exchanged: words of the table (how many there are and
/// where the entries are, `python/coachwhip/lib/tables.py`), and entries, tuples of hash, key and, in a dict, value.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TableTy {
    /// What it is.
    pub kind: TableKind,
    /// Type of its keys, `Never` while nothing is known to be in it.
    pub key: Ty,
    /// Type of its values, `None` in a set.
    pub value: Ty,
    fields: [Ty; 2],
}

/// What a view of a dict shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Shown {
    /// Its keys.
    Keys,
    /// Its values.
    Values,
    /// Pairs of both.
    Items,
}

impl TableKind {
    /// Whether it is a dict: entries have values.
    pub fn is_dict(self) -> bool {
        !matches!(self, TableKind::Set | TableKind::FrozenSet)
    }

    /// The name of the class.
    pub fn name(self) -> &'static str {
        match self {
            TableKind::Dict => "dict",
            TableKind::Set => "set",
            TableKind::FrozenSet => "frozenset",
            TableKind::Counter => "Counter",
            TableKind::Default(_) => "defaultdict",
        }
    }
}

impl Factory {
    /// Names of the classes that can be one.
    pub const CLASSES: [&'static str; 8] = ["int", "float", "bool", "complex", "str", "list", "set", "dict"];

    /// The class of this name.
    pub fn class(name: &str) -> Option<Factory> {
        Factory::CLASSES.into_iter().find(|class| *class == name).map(Factory::Class)
    }
}

impl Shown {
    /// Every kind of view.
    pub const ALL: [Shown; 3] = [Shown::Keys, Shown::Values, Shown::Items];

    /// The method that gives it.
    pub fn name(self) -> &'static str {
        match self {
            Shown::Keys => "keys",
            Shown::Values => "values",
            Shown::Items => "items",
        }
    }
}

/// The types of iterators.  State is kept in the value itself, so that advancing is pure.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum IterTy {
    /// Over a `range` with step 1: next value, stop.
    Range,
    /// Over any other `range`: next value, how many are left, step.
    RangeStep,
    /// Over the first axis of an array: the array, the position.
    Array(Ty),
    /// Over a homogeneous tuple: the tuple, the position.
    Tuple(Ty),
    /// Over a list, which may change meanwhile: the list, the position.
    List(Ty),
    /// Over a list from its end: the list, the position after the next item.
    ListReversed(Ty),
    /// Over a `str` or `bytes`: the string, where its code points are, their width, its length, the position.
    Str(Ty),
    /// Over one from its end: the same, with the position after the next character.
    StrReversed(Ty),
    /// Over the keys of a dict or set, which may change meanwhile: the table, the position, how many there were at first, how
    /// many are left.
    Keys(Ty),
    /// Over the values of a dict: the same.
    Values(Ty),
    /// Over pairs of both: the same.
    Items(Ty),
    /// `enumerate`: the count, the inner iterator.
    Enumerate(Ty),
    /// `zip`: the inner iterators; after them a literal `True` if it is strict.
    Zip(Arc<[Ty]>),
    /// `reversed` of an array or tuple: the sequence, how many are left.
    Reversed(Ty),
    /// `map`: the function, the inner iterators.
    Map(Arc<[Ty]>),
    /// `filter`: the function or `None`, the sequence, and a list of one int: the position of the next item, since looking
    /// for it calls the function.
    Filter(Arc<[Ty]>),
    /// `a.flat`: the array, the position in C order.
    Flat(Ty),
    /// A generator on its way to Python: a new one; or, of one that was run on, whether it has yielded, what, and what it
    /// has returned; then as literals whether what is sent into it is used, and whether a handler is around a `yield`.
    Given(Arc<[Ty]>),
}

structure! { IterTy {
    Range No "range" "iterator over a range";
    RangeStep No "range_step" "iterator over a range";
    Array One "array" "iterator over {}";
    Tuple One "tuple" "iterator over {}";
    List One "list" "iterator over {}";
    ListReversed One "list_reversed" "reversed";
    Str One "str" "iterator over {}";
    StrReversed One "str_reversed" "reversed";
    Keys One "keys" "iterator over {}";
    Values One "values" "iterator over the values of {}";
    Items One "items" "iterator over the items of {}";
    Enumerate One "enumerate" "enumerate";
    Zip Many "zip" "zip";
    Reversed One "reversed" "reversed";
    Map Many "map" "map";
    Filter Many "filter" "filter";
    Flat One "flat" "flat iterator";
    Given Many "given" "generator";
} }

impl IterTy {
    /// Over what a view shows of a table.
    pub fn over(table: Ty, shown: Shown) -> IterTy {
        match shown {
            Shown::Keys => IterTy::Keys(table),
            Shown::Values => IterTy::Values(table),
            Shown::Items => IterTy::Items(table),
        }
    }

    /// The table that it goes over, and what it shows of it.
    pub fn shown(&self) -> Option<(&Ty, Shown)> {
        match self {
            IterTy::Keys(table) => Some((table, Shown::Keys)),
            IterTy::Values(table) => Some((table, Shown::Values)),
            IterTy::Items(table) => Some((table, Shown::Items)),
            _ => None,
        }
    }
}

impl Ty {
    /// The type of the value behind a literal number or tuple of such, else the type itself: `None` stays a literal.
    pub fn widened(&self) -> Ty {
        match self {
            Ty::Lit(c) => match c {
                Const::Bool(_) => Ty::Bool,
                Const::Int(_) => Ty::Int,
                Const::Float(_) => Ty::Float,
                Const::Complex(..) => Ty::Complex,
                Const::Scalar(d, _) => Ty::Scalar(*d),
                Const::Tuple(_) | Const::NamedTuple(..) => self.expanded().widened(),
                Const::Enum(class, _) => Ty::Enum(class.clone()),
                _ => self.clone(),
            },
            Ty::Tuple(_) | Ty::NamedTuple(..) => self.map_items(Ty::widened),
            Ty::ListDisplay(items) => Ty::ListDisplay(items.iter().map(Ty::widened).collect()),
            other => other.clone(),
        }
    }

    /// The constant, if the type is a singleton.
    pub fn literal(&self) -> Option<&Const> {
        match self {
            Ty::Lit(c) => Some(c),
            _ => None,
        }
    }

    /// A literal tuple as a tuple of literals.
    pub fn expanded(&self) -> Ty {
        let literals = |items: &[Const]| items.iter().map(|c| Ty::Lit(c.clone())).collect();
        match self {
            Ty::Lit(Const::Tuple(items)) => Ty::Tuple(literals(items)),
            Ty::Lit(Const::NamedTuple(class, items)) => Ty::NamedTuple(class.clone(), literals(items)),
            other => other.clone(),
        }
    }

    /// The members of a union.
    pub fn members(&self) -> Option<&[Ty]> {
        match self {
            Ty::Union(members) => Some(members),
            _ => None,
        }
    }

    /// The types of a tuple's items, whatever its class.
    pub fn items(&self) -> Option<&[Ty]> {
        match self {
            Ty::Tuple(items) | Ty::NamedTuple(_, items) => Some(items),
            _ => None,
        }
    }

    /// A tuple of the same class with other items; any other type stays.
    pub fn map_items(&self, change: impl Fn(&Ty) -> Ty) -> Ty {
        let Some(items) = self.items() else { return self.clone() };
        self.with_items(items.iter().map(change).collect())
    }

    /// A tuple of the same class with these items.
    pub fn with_items(&self, items: Arc<[Ty]>) -> Ty {
        match self {
            Ty::NamedTuple(class, _) => Ty::NamedTuple(class.clone(), items),
            _ => Ty::Tuple(items),
        }
    }

    /// The class of a tuple with named fields.
    pub fn tuple_class(&self) -> Option<&Arc<UserClass>> {
        match self {
            Ty::NamedTuple(class, _) | Ty::Lit(Const::NamedTuple(class, _)) => Some(class),
            _ => None,
        }
    }

    /// The class of an instance of a user's class.
    pub fn user_class(&self) -> Option<&Arc<UserClass>> {
        match self {
            Ty::NamedTuple(class, _) | Ty::Lit(Const::NamedTuple(class, _)) => Some(class),
            Ty::Enum(class) | Ty::Lit(Const::Enum(class, _)) => Some(class),
            _ => self.instance_class(),
        }
    }

    /// An instance of a user's class.
    pub fn instance(class: Arc<UserClass>) -> Ty {
        Ty::Ref(Arc::new(RefTy::Instance(class)))
    }

    /// The class of an instance that is an object.
    pub fn instance_class(&self) -> Option<&Arc<UserClass>> {
        match self {
            Ty::Ref(to) => match &**to {
                RefTy::Instance(class) => Some(class),
                _ => None,
            },
            _ => None,
        }
    }

    /// Whether there are instances in values of this type.
    pub fn holds_instance(&self) -> bool {
        match self {
            Ty::Ref(to) => matches!(**to, RefTy::Instance(_)) || to.parts().iter().any(Ty::holds_instance),
            Ty::Cell(inner) => inner.holds_instance(),
            Ty::Ptr(Some(inner)) => inner.holds_instance(),
            _ => {
                let mut found = false;
                self.each_field(&mut |field, _| found = found || field.holds_instance());
                found
            }
        }
    }

    /// The type with those of instances exchanged.
    pub fn map_instances(&self, change: &mut dyn FnMut(&Arc<UserClass>) -> Ty) -> Ty {
        match self {
            _ if !self.holds_instance() => self.clone(),
            Ty::Ref(to) if let RefTy::Instance(class) = &**to => change(class),
            Ty::Table(table) => {
                Ty::table(table.kind, table.key.map_instances(change), table.value.map_instances(change))
            }
            Ty::NamedTuple(_, items) => self.with_items(items.iter().map(|item| item.map_instances(change)).collect()),
            Ty::Shown(of, shown) => Ty::Shown(of.map_instances(change).into(), *shown),
            Ty::Closure(id, captured) => {
                Ty::Closure(*id, captured.iter().map(|item| item.map_instances(change)).collect())
            }
            Ty::Method(of, name) => Ty::Method(of.map_instances(change).into(), name.clone()),
            Ty::Ptr(Some(to)) => Ty::Ptr(Some(to.map_instances(change).into())),
            Ty::Exception(class, args) => {
                Ty::Exception(class.clone(), args.iter().map(|item| item.map_instances(change)).collect())
            }
            _ => self.with_parts(&mut |part| Some(part.map_instances(change))).unwrap_or_else(|| self.clone()),
        }
    }

    /// The class of a member of an enumeration.
    pub fn enum_class(&self) -> Option<&Arc<UserClass>> {
        match self {
            Ty::Enum(class) | Ty::Lit(Const::Enum(class, _)) => Some(class),
            _ => None,
        }
    }

    /// A tuple type.
    pub fn tuple(items: impl IntoIterator<Item = Ty>) -> Ty {
        Ty::Tuple(items.into_iter().collect())
    }

    /// An object of Python.
    pub fn object() -> Ty {
        Ty::Ref(Arc::new(RefTy::Object))
    }

    /// Whether it is an object of Python.
    pub fn is_object(&self) -> bool {
        matches!(self, Ty::Ref(to) if **to == RefTy::Object)
    }

    /// A list of items of a type.
    pub fn list(item: Ty) -> Ty {
        Ty::Ref(Arc::new(RefTy::List(item)))
    }

    /// The item type, if it is a list that may change.
    pub fn list_item(&self) -> Option<&Ty> {
        match self {
            Ty::Ref(to) => match &**to {
                RefTy::List(item) => Some(item),
                _ => None,
            },
            _ => None,
        }
    }

    /// A dict, set or frozenset; sets have `None` as type of their values.
    pub fn table(kind: TableKind, key: Ty, value: Ty) -> Ty {
        let entry = match kind.is_dict() {
            true => Ty::tuple([Ty::Int, key.clone(), value.clone()]),
            false => Ty::tuple([Ty::Int, key.clone()]),
        };
        Ty::Table(Arc::new(TableTy { kind, key, value, fields: [Ty::list(Ty::Int), Ty::list(entry)] }))
    }

    /// A dict.
    pub fn dict(key: Ty, value: Ty) -> Ty {
        Ty::table(TableKind::Dict, key, value)
    }

    /// What it holds, if it is a dict or set.
    pub fn as_table(&self) -> Option<&TableTy> {
        match self {
            Ty::Table(table) => Some(table),
            _ => None,
        }
    }

    /// Whether it is a container whose type follows from what is put into it: a list that may change, a dict or a set.
    pub fn is_container(&self) -> bool {
        self.list_item().is_some() || self.as_table().is_some()
    }

    /// Whether it is such a container of which nothing says yet what is in it.
    pub fn is_empty_container(&self) -> bool {
        self.list_item() == Some(&Ty::Never) || self.as_table().is_some_and(|table| table.key == Ty::Never)
    }

    /// The type of a container's items, of a dict's values.
    pub fn held(&self) -> Option<&Ty> {
        match self.as_table() {
            Some(table) => table.kind.is_dict().then_some(&table.value),
            None => self.list_item(),
        }
    }

    /// The same container with items, or values, of another type.
    pub fn holding(&self, held: Ty) -> Ty {
        match self.as_table() {
            Some(table) => Ty::table(table.kind, table.key.clone(), held),
            None => Ty::list(held),
        }
    }

    /// A `str`.
    pub fn str() -> Ty {
        Ty::Ref(Arc::new(RefTy::Str))
    }

    /// A `bytes`.
    pub fn bytes() -> Ty {
        Ty::Ref(Arc::new(RefTy::Bytes))
    }

    /// A `bytearray`.
    pub fn bytearray() -> Ty {
        Ty::Ref(Arc::new(RefTy::ByteArray))
    }

    /// Whether it is a `bytearray`.
    pub fn is_bytearray(&self) -> bool {
        matches!(self, Ty::Ref(to) if **to == RefTy::ByteArray)
    }

    /// The generator type, if it is one.
    pub fn generator(&self) -> Option<&GeneratorTy> {
        match self {
            Ty::Ref(to) => match &**to {
                RefTy::Generator(generator) => Some(generator),
                _ => None,
            },
            _ => None,
        }
    }

    /// Whether a generator is in it, at any depth.
    pub fn holds_generator(&self) -> bool {
        match self {
            Ty::Ref(to) => matches!(**to, RefTy::Generator(_)) || to.parts().iter().any(Ty::holds_generator),
            Ty::Cell(inner) => inner.holds_generator(),
            Ty::Ptr(inner) => inner.as_ref().is_some_and(|inner| inner.holds_generator()),
            _ if self.is_one_word() => false,
            _ => {
                let mut found = false;
                self.each_field(&mut |field, _| found |= field.holds_generator());
                found
            }
        }
    }

    /// The type of what is stored in it, if it is laid out as a list: a list, or a `bytearray`.
    pub fn stored(&self) -> Option<&Ty> {
        if self.is_bytearray() { Some(&Ty::Scalar(Dtype::Uint8)) } else { self.list_item() }
    }

    /// Whether it is a `str` that exists when the code runs, as a block.
    pub fn is_str(&self) -> bool {
        matches!(self, Ty::Ref(to) if **to == RefTy::Str)
    }

    /// Whether it is a `bytes` that exists when the code runs.
    pub fn is_bytes(&self) -> bool {
        matches!(self, Ty::Ref(to) if **to == RefTy::Bytes)
    }

    /// The array type, if it is one.
    pub fn array(&self) -> Option<ArrayTy> {
        match self {
            Ty::Array(a) => Some(*a),
            _ => None,
        }
    }

    /// The element type of NumPy arithmetic on this type: `Scalar` for itself, the matching dtype for a
    /// Python number, none for the rest.
    pub fn dtype(&self) -> Option<Dtype> {
        match self.widened() {
            Ty::Bool => Some(Dtype::Bool),
            Ty::Int => Some(Dtype::Int64),
            Ty::Float => Some(Dtype::Float64),
            Ty::Complex => Some(Dtype::Complex128),
            Ty::Scalar(d) => Some(d),
            _ => None,
        }
    }

    /// Python's own number type (`int`, `float`, `bool`, `complex`).
    pub fn is_python_number(&self) -> bool {
        matches!(self.widened(), Ty::Int | Ty::Float | Ty::Bool | Ty::Complex)
    }

    /// Number of machine values; literals, `None` and functions have none.
    pub fn is_erased(&self) -> bool {
        self.fields().is_some_and(|f| f.is_empty())
    }

    /// The parts of an aggregate, `None` for a type that is one machine value.
    ///
    /// Arrays: data pointer, owner pointer, shape, strides in bytes.
    pub fn fields(&self) -> Option<Vec<Ty>> {
        if self.is_one_word() {
            return None;
        }
        let mut fields = Vec::new();
        self.each_field(&mut |field, times| fields.extend(std::iter::repeat_n(field.clone(), times)));
        Some(fields)
    }

    /// Whether values of this type are one machine value.
    pub fn is_one_word(&self) -> bool {
        match self {
            Ty::Int | Ty::Float | Ty::Bool | Ty::Ptr(_) | Ty::Cell(_) | Ty::Ref(_) => true,
            Ty::Scalar(dtype) => dtype.kind() != Kind::Complex,
            _ => false,
        }
    }

    /// Calls `see` with the fields of an aggregate in order, each with how often it comes in a row.
    pub fn each_field<'t>(&'t self, see: &mut dyn FnMut(&'t Ty, usize)) {
        let mut all = |items: &'t [Ty]| items.iter().for_each(|item| see(item, 1));
        match self {
            Ty::None | Ty::Lit(_) | Ty::Never | Ty::Any => {}
            Ty::Int | Ty::Float | Ty::Bool | Ty::Ptr(_) | Ty::Cell(_) | Ty::Ref(_) => {}
            Ty::Complex => see(&Ty::Float, 2),
            Ty::Scalar(Dtype::Complex64) => see(&Ty::Scalar(Dtype::Float32), 2),
            Ty::Scalar(Dtype::Complex128) => see(&Ty::Scalar(Dtype::Float64), 2),
            Ty::Scalar(_) => {}
            Ty::Caught | Ty::Char | Ty::Enum(_) => see(&Ty::Int, 1),
            Ty::Array(a) => {
                see(&Ty::Ptr(None), 2);
                see(&Ty::Int, 2 * usize::from(a.ndim));
            }
            Ty::Table(table) => all(&table.fields),
            Ty::Shown(inner, _) | Ty::TupleOf(inner) => see(inner, 1),
            Ty::Tuple(items)
            | Ty::NamedTuple(_, items)
            | Ty::ListDisplay(items)
            | Ty::Text(items)
            | Ty::Closure(_, items)
            | Ty::Exception(_, items) => all(items),
            Ty::Optional(inner) => {
                see(&Ty::Bool, 1);
                see(inner, 1);
            }
            Ty::Union(members) => {
                see(&Ty::Int, 1);
                members.iter().for_each(|member| see(member, 1));
            }
            Ty::Range(step) => {
                see(&Ty::Int, 2);
                see(step, 1);
            }
            Ty::Slice(parts) => all(&**parts),
            Ty::Method(receiver, _) => see(receiver, 1),
            Ty::Iter(iter) => match &**iter {
                IterTy::Range => see(&Ty::Int, 2),
                IterTy::RangeStep => see(&Ty::Int, 3),
                IterTy::Array(a)
                | IterTy::Tuple(a)
                | IterTy::List(a)
                | IterTy::ListReversed(a)
                | IterTy::Reversed(a)
                | IterTy::Flat(a) => {
                    see(a, 1);
                    see(&Ty::Int, 1);
                }
                IterTy::Str(a) | IterTy::StrReversed(a) => {
                    see(a, 1);
                    see(&Ty::Ptr(None), 1);
                    see(&Ty::Int, 3);
                }
                IterTy::Keys(table) | IterTy::Values(table) | IterTy::Items(table) => {
                    see(table, 1);
                    see(&Ty::Int, 3);
                }
                IterTy::Enumerate(inner) => {
                    see(&Ty::Int, 1);
                    see(inner, 1);
                }
                IterTy::Zip(parts) | IterTy::Map(parts) | IterTy::Filter(parts) | IterTy::Given(parts) => all(parts),
            },
        }
    }

    /// The machine values of this type, fields of fields flattened.
    pub fn machine(&self) -> Vec<Ty> {
        match self.fields() {
            None => vec![self.clone()],
            Some(fields) => fields.iter().flat_map(Ty::machine).collect(),
        }
    }
}

impl fmt::Display for ArrayTy {
    /// `f64[::1]`-like: `array<float64, 2, C>`, with `, ro` for read-only.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ro = if self.readonly { ", ro" } else { "" };
        write!(f, "array<{}, {}, {:?}{ro}>", self.dtype.name(), self.ndim, self.layout)
    }
}
