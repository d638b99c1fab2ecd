//! Maps, straight from their definition: all results first, then the stores.

use super::Stop;
use super::datum::sizes;
use super::machine::{Machine, wrong};
use super::value::{Pointer, Value};
use crate::func::{Func, InstData};
use crate::op::{Imm, Op};
use crate::ty::{ArrayTy, Ty};

/// Where the elements of an array are, for the positions of the result.
struct Walk {
    start: Pointer,
    /// Steps along the result's axes: 0 where the array has no axis or a single element.
    strides: Vec<i64>,
    ty: Ty,
}

impl Walk {
    /// An array seen as one of the given shape.
    fn new(value: &Value, array: ArrayTy, shape: &[i64]) -> Result<Walk, Stop> {
        let ndim = array.ndim as usize;
        let own = sizes(value, 2, ndim).map_err(Stop::Wrong)?;
        let steps = sizes(value, 2 + ndim, ndim).map_err(Stop::Wrong)?;
        let start = value.field(0).and_then(Value::as_pointer).ok_or_else(|| Stop::Wrong("no data".into()))?;
        let missing = shape.len().saturating_sub(ndim);
        let mut strides = vec![0; missing];
        for ((&have, &step), &want) in own.iter().zip(&steps).zip(shape.iter().skip(missing)) {
            if have != want && have != 1 {
                return wrong(format!("a size is {have}, not {want} or 1"));
            }
            strides.push(if have == want { step } else { 0 });
        }
        Ok(Walk { start, strides, ty: Ty::Scalar(array.dtype) })
    }

    fn at(&self, index: &[i64]) -> Pointer {
        let moved: i64 = index.iter().zip(&self.strides).map(|(i, s)| i.wrapping_mul(*s)).sum();
        Pointer { offset: self.start.offset.wrapping_add(moved), ..self.start }
    }
}

/// An argument of the kernel: an element of an array, or the same value always.
enum Source {
    Elements(Walk),
    Same(Value),
}

impl<'m> Machine<'m, '_> {
    /// The run-time function of that name.
    pub fn copy_elements(&mut self, data: &InstData) -> Result<(), Stop> {
        let (to, from) = (self.operand(data, 0)?.as_pointer(), self.operand(data, 2)?.as_pointer());
        let (Some(to), Some(from)) = (to, from) else { return wrong("copies from or to nowhere") };
        let mut numbers = Vec::new();
        for index in [1, 3, 4, 5] {
            numbers.extend(self.operand(data, index)?.as_int());
        }
        let &[step, from_step, count, size] = numbers.as_slice() else { return wrong("copies an unknown number") };
        for position in 0..count {
            let at = |start: Pointer, step: i64| Pointer { offset: start.offset + position * step, ..start };
            let bytes = self.heap.bytes(at(from, from_step), size as usize).map_err(Stop::Wrong)?.to_vec();
            self.heap.write(at(to, step), &bytes).map_err(Stop::Wrong)?;
        }
        Ok(())
    }

    /// Executes `map` and `map_into`.
    pub fn map(&mut self, func: &'m Func, data: &InstData) -> Result<(), Stop> {
        let Imm::Func(number) = data.imm else { return wrong("no kernel") };
        let Some(kernel) = self.module.funcs.get(number as usize) else { return wrong("no such kernel") };
        let into = data.op == Op::MapInto;
        let target = if into { data.args.first() } else { data.results.first() };
        let Some(array) = target.and_then(|&v| func.ty(v).array()) else { return wrong("no target") };
        let ndim = array.ndim as usize;
        let shape = if into {
            sizes(&self.operand(data, 0)?, 2, ndim).map_err(Stop::Wrong)?
        } else {
            let values = (0..ndim).map(|i| self.operand(data, i)).collect::<Result<Vec<_>, _>>()?;
            values.iter().map(Value::as_int).collect::<Option<_>>().ok_or_else(|| Stop::Wrong("no size".into()))?
        };
        let mut sources = Vec::new();
        for (index, &arg) in data.args.iter().enumerate().skip(if into { 1 } else { ndim }) {
            let value = self.operand(data, index)?;
            sources.push(match func.ty(arg).array() {
                Some(array) => Source::Elements(Walk::new(&value, array, &shape)?),
                None => Source::Same(value),
            });
        }
        let result = if into { self.operand(data, 0)? } else { self.fresh(array, &shape, false)? };
        let target = Walk::new(&result, array, &shape)?;
        let mut computed = Vec::new();
        each_index(&shape, |index| {
            let args = sources.iter().map(|source| match source {
                Source::Elements(walk) => self.heap.load(walk.at(index), &walk.ty).map_err(Stop::Wrong),
                Source::Same(value) => Ok(value.clone()),
            });
            let args = args.collect::<Result<Vec<_>, _>>()?;
            computed.push((target.at(index), self.evaluate(kernel, args)?));
            Ok(())
        })?;
        for (at, value) in computed {
            self.heap.store(at, &value, &target.ty).map_err(Stop::Wrong)?;
        }
        match data.results.first() {
            Some(&place) => self.set(place, result),
            None => Ok(()),
        }
    }
}

/// Every position in an array of this shape, in C order.
fn each_index(shape: &[i64], mut visit: impl FnMut(&[i64]) -> Result<(), Stop>) -> Result<(), Stop> {
    let mut index = vec![0i64; shape.len()];
    for _ in 0..shape.iter().product::<i64>() {
        visit(&index)?;
        for (i, n) in index.iter_mut().zip(shape).rev() {
            *i += 1;
            if *i < *n {
                break;
            }
            *i = 0;
        }
    }
    Ok(())
}
