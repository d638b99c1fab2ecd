//! Types.

use super::Parsed;
use super::cursor::Cursor;
use crate::program::FuncId;
use crate::ty::{ArrayTy, Dtype, IterTy, Layout, RefTy, Ty};
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
        if let Some(iter) = word.strip_prefix("iter.") {
            return Ok(Ty::Iter(Arc::new(self.iter(iter)?)));
        }
        if let Some(word) = word.strip_prefix("ref.") {
            return Ok(Ty::Ref(Arc::new(self.reference(word)?)));
        }
        Ok(match word {
            "never" => Ty::Never,
            "any" => Ty::Any,
            "none" => Ty::None,
            "int" => Ty::Int,
            "float" => Ty::Float,
            "bool" => Ty::Bool,
            "complex" => Ty::Complex,
            "char" => Ty::Char,
            "caught" => Ty::Caught,
            "array" => self.array()?,
            "tuple" => Ty::Tuple(self.types()?.into()),
            "list" => Ty::ListDisplay(self.types()?.into()),
            "text" => Ty::Text(self.types()?.into()),
            "optional" => Ty::Optional(Arc::new(self.one_type()?)),
            "range" => Ty::Range(Arc::new(self.one_type()?)),
            "cell" => Ty::Cell(Arc::new(self.one_type()?)),
            "slice" => {
                let parts = <[Ty; 3]>::try_from(self.types()?);
                Ty::Slice(Arc::new(parts.map_err(|_| self.error("a slice has three parts"))?))
            }
            "ptr" if self.peek() == Some(&super::lexer::Kind::Mark('<')) => Ty::Ptr(Some(Arc::new(self.one_type()?))),
            "ptr" => Ty::Ptr(None),
            "named" => {
                self.expect('<')?;
                self.expect_word("tuple_class")?;
                let class = Arc::new(self.tuple_class()?);
                Ty::NamedTuple(class, self.more_types()?)
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
            _ => return self.fail(format!("no type is called {word}")),
        })
    }

    /// What follows `ref.`.
    fn reference(&mut self, word: &str) -> Parsed<RefTy> {
        match word {
            "list" => Ok(RefTy::List(self.one_type()?)),
            "str" => Ok(RefTy::Str),
            "bytes" => Ok(RefTy::Bytes),
            "bytearray" => Ok(RefTy::ByteArray),
            _ => self.fail(format!("no reference is called {word}")),
        }
    }

    /// What follows `iter.`.
    fn iter(&mut self, word: &str) -> Parsed<IterTy> {
        Ok(match word {
            "range" => IterTy::Range,
            "range_step" => IterTy::RangeStep,
            "array" => IterTy::Array(self.one_type()?),
            "tuple" => IterTy::Tuple(self.one_type()?),
            "list" => IterTy::List(self.one_type()?),
            "list_reversed" => IterTy::ListReversed(self.one_type()?),
            "str" => IterTy::Str(self.one_type()?),
            "str_reversed" => IterTy::StrReversed(self.one_type()?),
            "enumerate" => IterTy::Enumerate(self.one_type()?),
            "zip" => IterTy::Zip(self.types()?.into()),
            "reversed" => IterTy::Reversed(self.one_type()?),
            "flat" => IterTy::Flat(self.one_type()?),
            "map" => IterTy::Map(self.types()?.into()),
            "filter" => IterTy::Filter(self.types()?.into()),
            _ => return self.fail(format!("no iterator is called {word}")),
        })
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
