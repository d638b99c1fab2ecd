//! Types.

use super::Parsed;
use super::cursor::Cursor;
use crate::program::FuncId;
use crate::structure::Parts;
use crate::ty::{ArrayTy, Dtype, Factory, IterTy, Layout, RefTy, Shown, TableKind, Ty};
use std::sync::Arc;

/// NumPy's limit before version 2; also that of the array header.
const MAX_DIMENSIONS: u8 = 32;

impl Cursor<'_> {
    /// A type.
    pub fn ty(&mut self) -> Parsed<Ty> {
        self.nested(Cursor::ty_here)
    }

    fn ty_here(&mut self) -> Parsed<Ty> {
        let word = self.word()?;
        if let Some(dtype) = word.strip_prefix("np.").and_then(Dtype::by_name) {
            return Ok(Ty::Scalar(dtype));
        }
        if let Some(name) = word.strip_prefix("iter.") {
            let over = self.regular(name, IterTy::parts_of, IterTy::made_of, "iterator")?;
            return Ok(Ty::Iter(Arc::new(over)));
        }
        if let Some(shown) = word.strip_prefix("view.") {
            return match Shown::ALL.into_iter().find(|one| one.name() == shown) {
                Some(shown) => Ok(Ty::Shown(Arc::new(self.one_type()?), shown)),
                None => self.fail(format!("no view is called {shown}")),
            };
        }
        if let Some(class) = word.strip_prefix("defaultdict.").and_then(Factory::class) {
            return self.dict(TableKind::Default(class));
        }
        if word == "ref.instance" {
            self.expect('<')?;
            self.expect_word("class")?;
            let class = Arc::new(self.user_class()?);
            self.expect('>')?;
            return Ok(Ty::instance(class));
        }
        if let Some(name) = word.strip_prefix("ref.") {
            let to = self.regular(name, RefTy::parts_of, RefTy::made_of, "reference")?;
            return Ok(Ty::Ref(Arc::new(to)));
        }
        Ok(match word {
            "array" => self.array()?,
            "dict" => self.dict(TableKind::Dict)?,
            "counter" => self.dict(TableKind::Counter)?,
            "defaultdict.none" => self.dict(TableKind::Default(Factory::None))?,
            "defaultdict.func" => {
                self.expect('<')?;
                let id = FuncId(self.entity("fn")?);
                match &*self.more_types()? {
                    [key, value] => Ty::table(TableKind::Default(Factory::Func(id)), key.clone(), value.clone()),
                    _ => return self.fail("a dict has keys and values"),
                }
            }
            "set" => Ty::table(TableKind::Set, self.one_type()?, Ty::None),
            "frozenset" => Ty::table(TableKind::FrozenSet, self.one_type()?, Ty::None),
            "ptr" if self.peek() == Some(&super::lexer::Kind::Mark('<')) => Ty::Ptr(Some(Arc::new(self.one_type()?))),
            "ptr" => Ty::Ptr(None),
            "named" => {
                self.expect('<')?;
                self.expect_word("class")?;
                let class = Arc::new(self.user_class()?);
                Ty::NamedTuple(class, self.more_types()?)
            }
            "enum" => {
                self.expect('<')?;
                self.expect_word("class")?;
                let class = Arc::new(self.user_class()?);
                self.expect('>')?;
                Ty::Enum(class)
            }
            "closure" => self.closure()?,
            "method" => self.method()?,
            "exception" => self.exception()?,
            "lit" => {
                self.expect('<')?;
                let constant = self.constant()?;
                self.expect('>')?;
                Ty::Lit(constant)
            }
            _ => return self.regular(word, Ty::parts_of, Ty::made_of, "type"),
        })
    }

    /// The rest of a type with a row in the table of types.
    fn regular<T>(
        &mut self,
        name: &str,
        form: fn(&str) -> Option<Parts>,
        make: fn(&str, Vec<Ty>) -> Option<T>,
        what: &str,
    ) -> Parsed<T> {
        let parts = match form(name) {
            None => return self.fail(format!("no {what} is called {name}")),
            Some(Parts::No) => vec![],
            Some(Parts::One) => vec![self.one_type()?],
            Some(Parts::Three | Parts::Many) => self.types()?,
        };
        let count = parts.len();
        make(name, parts).ok_or_else(|| self.error(format!("{name} is not made of {count} types")))
    }

    /// `<a, b>`.
    fn types(&mut self) -> Parsed<Vec<Ty>> {
        self.expect('<')?;
        self.list('>', Cursor::ty)
    }

    /// `<a>`.
    fn one_type(&mut self) -> Parsed<Ty> {
        self.expect('<')?;
        let ty = self.ty()?;
        self.expect('>')?;
        Ok(ty)
    }

    /// `, a, b>` or `>`.
    fn more_types(&mut self) -> Parsed<Arc<[Ty]>> {
        if !self.accept(',') {
            self.expect('>')?;
            return Ok(Arc::from([]));
        }
        Ok(self.list('>', Cursor::ty)?.into())
    }

    /// `<float64, 2, C>`, with `, ro` for read-only.
    fn array(&mut self) -> Parsed<Ty> {
        self.expect('<')?;
        let name = self.word()?;
        let dtype = Dtype::by_name(name).ok_or_else(|| self.error(format!("no element type is called {name}")))?;
        self.expect(',')?;
        let ndim: u8 = self.number()?;
        if ndim > MAX_DIMENSIONS {
            return self.fail("an array has at most 32 dimensions");
        }
        self.expect(',')?;
        let layout = match self.word()? {
            "C" => Layout::C,
            "F" => Layout::F,
            "A" => Layout::A,
            other => return self.fail(format!("no layout is called {other}")),
        };
        let readonly = self.accept(',');
        if readonly {
            self.expect_word("ro")?;
        }
        self.expect('>')?;
        Ok(Ty::Array(ArrayTy { dtype, ndim, layout, readonly }))
    }

    fn dict(&mut self, kind: TableKind) -> Parsed<Ty> {
        match <[Ty; 2]>::try_from(self.types()?) {
            Ok([key, value]) => Ok(Ty::table(kind, key, value)),
            Err(_) => self.fail("a dict has keys and values"),
        }
    }

    fn closure(&mut self) -> Parsed<Ty> {
        self.expect('<')?;
        let id = FuncId(self.entity("fn")?);
        Ok(Ty::Closure(id, self.more_types()?))
    }

    fn method(&mut self) -> Parsed<Ty> {
        self.expect('<')?;
        let receiver = self.ty()?;
        self.expect(',')?;
        let name = self.name()?;
        self.expect('>')?;
        Ok(Ty::Method(Arc::new(receiver), name))
    }

    fn exception(&mut self) -> Parsed<Ty> {
        self.expect('<')?;
        let class = self.constant()?;
        Ok(Ty::Exception(Arc::new(class), self.more_types()?))
    }
}
