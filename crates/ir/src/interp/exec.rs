//! What each operation does, but for control.

use super::datum::{Datum, array_value, contiguous, export, sizes};
use super::machine::{Machine, wrong};
use super::memory::element_size;
use super::ownership::{count, owners};
use super::value::{Pointer, Value};
use super::{Failure, Stop};
use crate::constant::Const;
use crate::eval::{self, Number};
use crate::func::{Func, InstData};
use crate::op::{Imm, Op, Rule};
use crate::ty::{ArrayTy, Layout, Ty};
use coachwhip_abi::{AbiTy, ErrorKind, RuntimeFn};

type Done = Result<(), Stop>;

impl<'m> Machine<'m, '_> {
    /// Executes an instruction that stays in its function.
    pub fn execute(&mut self, func: &'m Func, data: &InstData) -> Done {
        use Op::*;
        match data.op {
            Const | Undef | Pack | Field | View | Select => self.plain(func, data),
            Alloc => self.alloc(func, data),
            Convert if matches!(self.result_ty(func, data), Ty::Ref(_)) => {
                let same = self.operand(data, 0)?;
                self.give(data, same)
            }
            GlobalArray => self.global(data),
            GlobalList => self.global_list(data),
            ItemLoad | ItemStore | ItemInit | ItemsDrop | ItemsMove => self.item(func, data),
            Guard => match self.condition(data)? {
                true => Ok(()),
                false => self.failure(func, data, 1),
            },
            Fail => self.failure(func, data, 0),
            Throw => self.throw(func, data),
            Record => self.record(func, data),
            Leave => match self.recorded.take() {
                Some(failure) => Err(Stop::Failed(failure)),
                None => wrong("no failure was recorded"),
            },
            op if op.is_mark() || op.rule() == Rule::Poll => Ok(()),
            Print => self.print(func, data),
            Runtime => self.runtime(func, data),
            CallExternal => Err(Stop::Unsupported("a library function compiled by itself".into())),
            CallNative => Err(Stop::Unsupported("a native function".into())),
            op => match op.rule() {
                Rule::Memory => self.memory(func, data),
                Rule::List => self.list(func, data),
                Rule::Text => self.string(func, data),
                Rule::Map => self.map(func, data),
                Rule::Cell => self.cell(func, data),
                Rule::Owner => self.ownership(func, data),
                _ => self.number(func, data),
            },
        }
    }

    /// Type of an operand.
    fn ty<'f>(&self, func: &'f Func, data: &InstData, index: usize) -> &'f Ty {
        data.args.get(index).map_or(&Ty::Never, |&v| func.ty(v))
    }

    /// Type of the first result.
    fn result_ty<'f>(&self, func: &'f Func, data: &InstData) -> &'f Ty {
        data.results.first().map_or(&Ty::Never, |&v| func.ty(v))
    }

    /// Sets the first result.
    pub fn give(&mut self, data: &InstData, value: Value) -> Done {
        data.results.first().map_or(Ok(()), |&result| self.set(result, value))
    }

    /// An operand that is an integer.
    pub fn int(&mut self, data: &InstData, index: usize) -> Result<i64, Stop> {
        let value = self.operand(data, index)?;
        value.as_int().ok_or_else(|| Stop::Wrong(format!("operand {index} is undefined")))
    }

    /// An operand that is an address.
    pub fn pointer(&mut self, data: &InstData, index: usize) -> Result<Pointer, Stop> {
        let value = self.operand(data, index)?;
        value.as_pointer().ok_or_else(|| Stop::Wrong(format!("operand {index} is no address")))
    }

    fn plain(&mut self, func: &Func, data: &InstData) -> Done {
        let ty = self.result_ty(func, data);
        let value = match (data.op, &data.imm) {
            (Op::Const, Imm::Const(c)) if matches!(ty, Ty::Ref(_)) => {
                let fixed = super::strings::fixed(&mut self.heap, c);
                fixed.ok_or_else(|| Stop::Unsupported(format!("the constant {c}")))?
            }
            (Op::Const, Imm::Const(c)) => {
                Value::constant(c, ty).ok_or_else(|| Stop::Unsupported(format!("the constant {c}")))?
            }
            (Op::Field, Imm::Int(index)) => {
                let aggregate = self.operand(data, 0)?;
                let field = usize::try_from(*index).ok().and_then(|i| aggregate.field(i).cloned());
                field.ok_or_else(|| Stop::Wrong("no such field".into()))?
            }
            (Op::Select, _) => match self.operand(data, 0)? {
                Value::Number(Number::Bool(c)) => self.operand(data, if c { 1 } else { 2 })?,
                _ => Value::undefined(ty),
            },
            (Op::Pack, _) => {
                let fields = (0..data.args.len()).map(|i| self.operand(data, i)).collect::<Result<_, _>>()?;
                Value::Fields(fields)
            }
            (Op::View, _) => {
                let owner = self.operand(data, 0)?.field(1).cloned().unwrap_or(Value::Undefined);
                let mut fields = (1..data.args.len()).map(|i| self.operand(data, i)).collect::<Result<Vec<_>, _>>()?;
                fields.insert(1, owner);
                Value::Fields(fields.into())
            }
            _ => Value::undefined(ty),
        };
        self.give(data, value)
    }

    /// Operations on numbers and comparisons of addresses.
    fn number(&mut self, func: &Func, data: &InstData) -> Done {
        let ty = self.result_ty(func, data);
        let mut numbers = Vec::with_capacity(data.args.len());
        for index in 0..data.args.len() {
            match self.operand(data, index)? {
                Value::Number(n) => numbers.push(n),
                Value::Pointer(p) => numbers.push(Number::Int(p.address(), eval::Width { bits: 64, signed: true })),
                Value::Undefined => return self.poison(data),
                _ => return wrong(format!("operand {index} is no number")),
            }
        }
        let machine = eval::Machine::of(ty).ok_or_else(|| Stop::Wrong(format!("the result is {ty}")))?;
        match (eval::apply(data.op, &numbers, machine), data.op) {
            (Some((value, flag)), _) => {
                if let (Some(flag), Some(&second)) = (flag, data.results.get(1)) {
                    self.set(second, Value::bool(flag))?;
                }
                self.give(data, Value::Number(value))
            }
            // Machine code traps in these; in others it goes on with a value that means nothing.
            (None, Op::FloorDiv | Op::FloorMod | Op::TruncDiv | Op::TruncMod) => {
                let shown: Vec<String> = numbers.iter().map(|n| n.to_string()).collect();
                wrong(format!("the precondition does not hold for {}", shown.join(", ")))
            }
            (None, _) => self.poison(data),
        }
    }

    /// Every result is a value that must not be looked at.
    fn poison(&mut self, data: &InstData) -> Done {
        data.results.iter().try_for_each(|&result| self.set(result, Value::Undefined))
    }

    /// Address of an element, its indices being operands 1 and on; they are in range if `checked`.
    fn element(&mut self, func: &Func, data: &InstData, checked: bool) -> Result<Pointer, Stop> {
        let array = self.operand(data, 0)?;
        let ndim = self.ty(func, data, 0).array().map_or(0, |a| a.ndim as usize);
        let (shape, strides) = (sizes(&array, 2, ndim), sizes(&array, 2 + ndim, ndim));
        let data_pointer = array.field(0).and_then(Value::as_pointer).ok_or_else(|| Stop::Wrong("no data".into()))?;
        let mut offset = data_pointer.offset;
        for (axis, (n, stride)) in shape.map_err(Stop::Wrong)?.iter().zip(strides.map_err(Stop::Wrong)?).enumerate() {
            let index = self.int(data, 1 + axis)?;
            if checked && !(0..*n).contains(&index) {
                return wrong(format!("index {index} of axis {axis} is outside 0 to {n}"));
            }
            offset = offset.wrapping_add(index.wrapping_mul(stride));
        }
        Ok(Pointer { offset, ..data_pointer })
    }

    fn memory(&mut self, func: &Func, data: &InstData) -> Done {
        match data.op {
            Op::Load => {
                let at = self.element(func, data, true)?;
                let dtype = self.ty(func, data, 0).array().map(|a| Ty::Scalar(a.dtype));
                let value = self.heap.load(at, &dtype.unwrap_or(Ty::Never)).map_err(Stop::Wrong)?;
                self.give(data, value)
            }
            Op::Store => {
                let at = self.element(func, data, true)?;
                let ty = self.ty(func, data, 0).array().map_or(Ty::Never, |a| Ty::Scalar(a.dtype));
                let value = self.operand(data, data.args.len().saturating_sub(1))?;
                self.heap.store(at, &value, &ty).map_err(Stop::Wrong)
            }
            Op::Address => {
                let at = self.element(func, data, false)?;
                self.give(data, Value::Pointer(at))
            }
            Op::Offset => {
                let (at, bytes) = (self.pointer(data, 0)?, self.int(data, 1)?);
                self.give(data, Value::Pointer(Pointer { offset: at.offset.wrapping_add(bytes), ..at }))
            }
            Op::LoadPtr => {
                let ty = self.result_ty(func, data);
                let at = self.behind(data, ty)?;
                let value = self.heap.load(at, ty).map_err(Stop::Wrong)?;
                self.give(data, value)
            }
            _ => {
                let ty = self.ty(func, data, 2);
                let at = self.behind(data, ty)?;
                let value = self.operand(data, 2)?;
                self.heap.store(at, &value, ty).map_err(Stop::Wrong)
            }
        }
    }

    /// The address `p + i` for elements of this type.
    fn behind(&mut self, data: &InstData, ty: &Ty) -> Result<Pointer, Stop> {
        let (at, index) = (self.pointer(data, 0)?, self.int(data, 1)?);
        let size = element_size(ty).ok_or_else(|| Stop::Unsupported(format!("{ty} in memory")))?;
        Ok(Pointer { offset: at.offset.wrapping_add(index.wrapping_mul(size)), ..at })
    }

    fn alloc(&mut self, func: &Func, data: &InstData) -> Done {
        let Some(array) = self.result_ty(func, data).array() else { return wrong("allocates no array") };
        let shape = (0..data.args.len()).map(|i| self.int(data, i)).collect::<Result<Vec<_>, _>>()?;
        let value = self.fresh(array, &shape, data.imm == Imm::Int(1))?;
        self.give(data, value)
    }

    /// A new array.
    pub fn fresh(&mut self, array: ArrayTy, shape: &[i64], zeroed: bool) -> Result<Value, Stop> {
        if shape.iter().any(|&n| n < 0) {
            return wrong("a negative size");
        }
        // As NumPy: zero sizes do not hide a product that is too big.
        let size = i64::from(array.dtype.size());
        let total = shape.iter().filter(|&&n| n != 0).try_fold(size, |t, &n| t.checked_mul(n));
        let Some(total) = total else { return self.fail(ErrorKind::ArrayTooBig, vec![]) };
        let total = if shape.contains(&0) { 0 } else { total };
        let Some(start) = self.heap.allocate(total as usize, zeroed) else {
            return self.fail(ErrorKind::OutOfMemory, vec![Datum::Const(Const::Int(total))]);
        };
        let strides = if array.layout == Layout::F {
            let mut reversed: Vec<i64> = shape.iter().rev().copied().collect();
            reversed = contiguous(&reversed, size);
            reversed.reverse();
            reversed
        } else {
            contiguous(shape, size)
        };
        Ok(array_value(start, start, shape, &strides))
    }

    fn global(&mut self, data: &InstData) -> Done {
        let found = self.globals.iter().find(|(k, _)| data.imm == Imm::Int(i64::from(*k))).map(|(_, v)| v.clone());
        match found {
            Some(value) => self.give(data, value),
            None => wrong("the global array is not in the module's table"),
        }
    }

    fn global_list(&mut self, data: &InstData) -> Done {
        let found = self.lists.iter().find(|(k, _)| data.imm == Imm::Int(i64::from(*k))).map(|(_, v)| v.clone());
        match found {
            Some(value) => self.give(data, value),
            None => Err(Stop::Unsupported("a global list".into())),
        }
    }

    fn cell(&mut self, func: &Func, data: &InstData) -> Done {
        if data.op == Op::CellNew {
            let Ty::Cell(content) = self.result_ty(func, data) else { return wrong("not a cell") };
            self.cells.push(Value::undefined(content));
            let number = self.cells.len() - 1;
            if let Some(&result) = data.results.first() {
                self.frame()?.cells.push((number, result));
            }
            return self.give(data, Value::Cell(number));
        }
        let Value::Cell(number) = self.operand(data, 0)? else { return wrong("operand 0 is no cell") };
        if data.op == Op::CellGet {
            let content = self.cells.get(number).cloned().unwrap_or(Value::Undefined);
            return self.give(data, content);
        }
        let value = self.operand(data, 1)?;
        match self.cells.get_mut(number) {
            Some(slot) => *slot = value,
            None => return wrong("no such cell"),
        }
        Ok(())
    }

    fn ownership(&mut self, func: &Func, data: &InstData) -> Done {
        let Some(&subject) = data.args.first() else { return wrong("no operand") };
        let value = self.value(subject)?;
        let held = owners(&value, func.ty(subject), &self.cells);
        match data.op {
            Op::Own => {
                self.frame()?.slots.insert(subject, held);
                Ok(())
            }
            Op::Disown => {
                self.frame()?.slots.remove(&subject);
                Ok(())
            }
            Op::Retain => count(&mut self.heap, &held, 1).map_err(Stop::Wrong),
            _ => {
                self.frame()?.slots.remove(&subject);
                count(&mut self.heap, &held, -1).map_err(Stop::Wrong)
            }
        }
    }

    /// Fails with the row and the arguments from operand `first` on.
    fn failure(&mut self, func: &Func, data: &InstData, first: usize) -> Done {
        let Imm::Error(kind) = data.imm else { return wrong("no failure is named") };
        let args = (first..data.args.len()).map(|i| self.datum(func, data, i)).collect::<Result<Vec<_>, _>>()?;
        self.fail(kind, args)
    }

    /// An operand as data.
    fn datum(&mut self, func: &Func, data: &InstData, index: usize) -> Result<Datum, Stop> {
        let value = self.operand(data, index)?;
        export(&self.heap, &value, self.ty(func, data, index)).map_err(Stop::Wrong)
    }

    fn throw(&mut self, func: &Func, data: &InstData) -> Done {
        let Ty::Exception(class, types) = self.ty(func, data, 0) else { return wrong("throws no exception") };
        let Value::Fields(values) = self.operand(data, 0)? else { return wrong("throws no exception") };
        let args = values.iter().zip(types.iter()).map(|(v, t)| export(&self.heap, v, t));
        let args = args.collect::<Result<Vec<_>, _>>().map_err(Stop::Wrong)?;
        Err(Stop::Failed(Failure { kind: ErrorKind::User, args, class: Some((**class).clone()) }))
    }

    fn record(&mut self, func: &Func, data: &InstData) -> Done {
        if *self.ty(func, data, 0) == Ty::Caught {
            let number = self.operand(data, 0)?.field(0).and_then(Value::as_int).unwrap_or(-1);
            self.recorded = self.handled.get(number as usize).cloned();
            return Ok(());
        }
        let failed = if data.imm == Imm::None { self.throw(func, data) } else { self.failure(func, data, 0) };
        match failed {
            Err(Stop::Failed(failure)) => {
                self.recorded = Some(failure);
                Ok(())
            }
            other => other,
        }
    }

    fn print(&mut self, func: &Func, data: &InstData) -> Done {
        match self.datum(func, data, 0)? {
            Datum::Text(parts) => {
                self.printed.push(parts);
                Ok(())
            }
            _ => wrong("prints no text"),
        }
    }

    fn runtime(&mut self, func: &Func, data: &InstData) -> Done {
        let Imm::Runtime(function) = data.imm else { return wrong("no function is named") };
        match function {
            RuntimeFn::Poll => return Ok(()),
            RuntimeFn::OwnerData => {
                let owner = self.pointer(data, 0)?;
                return self.give(data, Value::Pointer(owner));
            }
            RuntimeFn::CopyElements => return self.copy_elements(data),
            RuntimeFn::SameAddress => {
                let same = self.pointer(data, 0)? == self.pointer(data, 1)?;
                return self.give(data, Value::int(i64::from(same)));
            }
            _ if super::strings::is_of_strings(function) => return self.string_function(data, function),
            _ if super::handling::is_of_handling(function) => return self.handling(data, function),
            RuntimeFn::Retain | RuntimeFn::Release => {
                let change = if function == RuntimeFn::Retain { 1 } else { -1 };
                let owner = self.pointer(data, 0)?;
                return self.heap.count(owner, change).map_err(Stop::Wrong);
            }
            _ => {}
        }
        let mut numbers = Vec::new();
        for (index, want) in function.args().iter().enumerate() {
            match self.operand(data, index)? {
                Value::Number(n) => numbers.push(at_boundary(n, *want)),
                Value::Undefined => return self.poison(data),
                _ => return Err(Stop::Unsupported(format!("{} here", function.symbol()))),
            }
        }
        let found = (self.table)(function, &numbers);
        let found = found.ok_or_else(|| Stop::Unsupported(format!("{} here", function.symbol())))?;
        let mut found = found.into_iter();
        for &result in &data.results {
            let value = assembled(func.ty(result), &mut found);
            let value = value.ok_or_else(|| Stop::Wrong(format!("{} returned something else", function.symbol())))?;
            self.set(result, value)?;
        }
        Ok(())
    }
}

/// A number as a run-time function takes it: the boundary knows two widths of floats, and integers.
fn at_boundary(number: Number, want: AbiTy) -> Number {
    match (number, want) {
        (Number::F16(x), AbiTy::F64) => Number::F64(x.value()),
        (Number::F16(x), AbiTy::F32) => Number::F32(x.value() as f32),
        (Number::F32(x), AbiTy::F64) => Number::F64(f64::from(x)),
        (Number::F64(x), AbiTy::F32) => Number::F32(x as f32),
        (other, _) => other,
    }
}

/// A value of a type from the numbers that a run-time function returned, in the widths of the type.
fn assembled(ty: &Ty, numbers: &mut impl Iterator<Item = Number>) -> Option<Value> {
    if let Some(fields) = ty.fields() {
        let parts: Option<Vec<Value>> = fields.iter().map(|field| assembled(field, numbers)).collect();
        return Some(Value::Fields(parts?.into()));
    }
    let number = numbers.next()?;
    let (converted, _) = eval::apply(Op::Convert, &[number], eval::Machine::of(ty)?)?;
    Some(Value::Number(converted))
}
