//! The run: frames, control, limits.  Frames lie on a stack of their own, so deep recursion of the program is
//! not recursion of the interpreter.

use super::datum::{Datum, export, import};
use super::memory::Heap;
use super::ownership::{count, owners};
use super::text::Part;
use super::value::{Pointer, Value};
use super::{Failure, Limits, Report, RuntimeTable, Stop};
use crate::entity::Entity;
use crate::func::{self, Block, Edge, Func, Inst, InstData};
use crate::op::{Imm, Op};
use crate::program::Module;
use coachwhip_abi::ErrorKind;
use std::collections::HashMap;

/// The state of one call.
pub struct Frame<'m> {
    /// The function.
    pub func: &'m Func,
    /// Values by number, as far as they are computed.
    pub values: Vec<Option<Value>>,
    /// Owners that the error exit would release, by the value that was owned.
    pub slots: HashMap<func::Value, Vec<Pointer>>,
    /// Cells made in this call.
    pub cells: Vec<(usize, func::Value)>,
    block: Block,
    next: usize,
    /// Where the caller wants the result.
    result: Option<func::Value>,
}

/// A run.
pub struct Machine<'m, 'r> {
    /// The module.
    pub module: &'m Module,
    /// Memory.
    pub heap: Heap,
    /// Contents of cells by number.
    pub cells: Vec<Value>,
    /// What was printed.
    pub printed: Vec<Vec<Part>>,
    /// Global arrays.
    pub globals: Vec<(u32, Value)>,
    /// Global lists.
    pub lists: Vec<(u32, Value)>,
    /// Run-time functions.
    pub table: RuntimeTable<'r>,
    frames: Vec<Frame<'m>>,
    /// What a kernel returned.
    returned: Option<Value>,
    /// The failure that was recorded.
    pub recorded: Option<Failure>,
    /// Failures that are being handled, outermost first.
    pub handled: Vec<Failure>,
    limits: &'r Limits,
    steps: u64,
}

/// See [`super::run`].
pub fn run(
    module: &Module,
    args: &[Datum],
    globals: &[(u32, Datum)],
    limits: &Limits,
    table: RuntimeTable<'_>,
) -> Report {
    let mut machine = Machine {
        module,
        heap: Heap::new(limits.bytes),
        cells: Vec::new(),
        printed: Vec::new(),
        globals: Vec::new(),
        lists: Vec::new(),
        table,
        frames: Vec::new(),
        returned: None,
        recorded: None,
        handled: Vec::new(),
        limits,
        steps: 0,
    };
    let mut values = Vec::new();
    let outcome = machine.start(args, globals, &mut values).and_then(|()| machine.go());
    let after = machine.arguments(args, &values);
    let outcome = machine.settle(outcome);
    Report { outcome, args: after, printed: machine.printed, steps: machine.steps }
}

/// A mistake of the module.
pub fn wrong<T>(message: impl Into<String>) -> Result<T, Stop> {
    Err(Stop::Wrong(message.into()))
}

impl<'m> Machine<'m, '_> {
    /// Brings arguments and global arrays in and enters function 0.
    fn start(&mut self, args: &[Datum], globals: &[(u32, Datum)], values: &mut Vec<Value>) -> Result<(), Stop> {
        for (number, ty) in &self.module.arrays {
            let datum = globals.iter().find(|(k, _)| k == number).map(|(_, d)| d);
            let value = datum.and_then(|d| import(&mut self.heap, d, &crate::ty::Ty::Array(*ty)));
            let value = value.ok_or_else(|| Stop::Unsupported(format!("global array {number} is not given")))?;
            self.globals.push((*number, value));
        }
        let Some(root) = self.module.funcs.first() else { return wrong("the module has no function") };
        let params = root.entry_params();
        if params.len() != args.len() {
            return Err(Stop::Unsupported(format!("the function has {} parameters", params.len())));
        }
        for (&param, datum) in params.iter().zip(args) {
            let value = import(&mut self.heap, datum, root.ty(param));
            let value = value.ok_or_else(|| Stop::Unsupported(format!("{param} is {}", root.ty(param))))?;
            values.push(value);
        }
        self.enter(root, values.clone(), None)
    }

    /// Pushes a frame.
    pub fn enter(&mut self, func: &'m Func, args: Vec<Value>, result: Option<func::Value>) -> Result<(), Stop> {
        if self.frames.len() >= self.limits.depth {
            return self.fail(ErrorKind::Recursion, vec![]);
        }
        let values = vec![None; func.values.len()];
        let block = func.entry;
        let mut frame = Frame { func, values, slots: HashMap::new(), cells: Vec::new(), block, next: 0, result };
        for (&param, arg) in func.entry_params().iter().zip(args) {
            if let Some(slot) = frame.values.get_mut(param.index()) {
                *slot = Some(arg);
            }
        }
        self.frames.push(frame);
        Ok(())
    }

    /// Fails with a row of the error table.
    pub fn fail<T>(&self, kind: ErrorKind, args: Vec<Datum>) -> Result<T, Stop> {
        Err(Stop::Failed(Failure { kind, args, class: None }))
    }

    /// Whether memory is counted in this run.
    pub fn counts(&self) -> bool {
        self.limits.leaks
    }

    /// The innermost frame.
    pub fn frame(&mut self) -> Result<&mut Frame<'m>, Stop> {
        self.frames.last_mut().ok_or_else(|| Stop::Wrong("no function is running".into()))
    }

    /// Executes until the root returns.
    fn go(&mut self) -> Result<Datum, Stop> {
        match self.until(0)? {
            Some(result) => Ok(result),
            None => wrong("no function is running"),
        }
    }

    /// The result of a kernel for some arguments.
    pub fn evaluate(&mut self, kernel: &'m Func, args: Vec<Value>) -> Result<Value, Stop> {
        let depth = self.frames.len();
        self.enter(kernel, args, None)?;
        self.until(depth)?;
        self.returned.take().ok_or_else(|| Stop::Wrong("the kernel returned nothing".into()))
    }

    /// Executes until so many frames are left; the datum is the root's result.
    fn until(&mut self, depth: usize) -> Result<Option<Datum>, Stop> {
        while self.frames.len() > depth {
            if self.steps >= self.limits.steps {
                return Err(Stop::Steps);
            }
            self.steps += 1;
            let frame = self.frame()?;
            let func = frame.func;
            let inst = func.blocks.lookup(frame.block).and_then(|b| b.insts.get(frame.next)).copied();
            let Some(inst) = inst else { return wrong(format!("{} ends without a terminator", frame.block)) };
            frame.next += 1;
            let stepped = self.step(func, inst);
            match stepped {
                Err(Stop::Failed(failure)) => self.unwind(depth, failure)?,
                Err(Stop::Wrong(message)) => return wrong(format!("{}: {message}", crate::print::inst(func, inst))),
                Err(stop) => return Err(stop),
                Ok(Some(result)) => return Ok(Some(result)),
                Ok(None) => {}
            }
        }
        Ok(None)
    }

    /// Goes on where the failure is caught, if that is in a frame above so many.
    fn unwind(&mut self, depth: usize, failure: Failure) -> Result<(), Stop> {
        while self.frames.len() > depth {
            let frame = self.frame()?;
            let func = frame.func;
            let at = frame.next.checked_sub(1);
            let inst = at.and_then(|at| func.blocks.lookup(frame.block)?.insts.get(at)).copied();
            if let Some(data) = inst.and_then(|inst| func.insts.lookup(inst)).filter(|data| data.attempted) {
                for &result in data.own_results() {
                    self.set(result, Value::undefined(func.ty(result)))?;
                }
                self.recorded = Some(failure);
                return self.set_flag(data, false);
            }
            if self.frames.len() == 1 {
                break;
            }
            self.abandon()?;
        }
        Err(Stop::Failed(failure))
    }

    /// Whether what is attempted has succeeded.
    fn set_flag(&mut self, data: &InstData, succeeded: bool) -> Result<(), Stop> {
        let flag = data.results.last().filter(|_| data.attempted);
        flag.map_or(Ok(()), |flag| self.set(*flag, Value::Number(crate::eval::Number::Bool(succeeded))))
    }

    /// Leaves the innermost frame after a failure: what it owns is released.
    fn abandon(&mut self) -> Result<(), Stop> {
        let Some(frame) = self.frames.pop() else { return wrong("no function is running") };
        let mut kept: Vec<Pointer> = frame.slots.values().flatten().copied().collect();
        for (cell, made) in &frame.cells {
            kept.extend(owners(&Value::Cell(*cell), frame.func.ty(*made), &self.cells));
        }
        match self.limits.leaks {
            true => count(&mut self.heap, &kept, -1).map_err(|m| Stop::Wrong(format!("in the error exit: {m}"))),
            false => Ok(()),
        }
    }

    /// One instruction; the datum is the root's result.
    fn step(&mut self, func: &'m Func, inst: Inst) -> Result<Option<Datum>, Stop> {
        let Some(data) = func.insts.lookup(inst) else { return wrong("no such instruction") };
        self.set_flag(data, true)?;
        match data.op {
            Op::Jump => self.jump(data, 0),
            Op::Branch => {
                let taken = self.condition(data)?;
                self.jump(data, usize::from(!taken))
            }
            Op::Return => return self.leave(data),
            Op::Unreachable => wrong("control gets here"),
            Op::Call | Op::Kernel => self.call(data),
            _ => self.execute(func, data),
        }?;
        Ok(None)
    }

    /// The truth value that is the first operand.
    pub fn condition(&mut self, data: &InstData) -> Result<bool, Stop> {
        match self.operand(data, 0)? {
            Value::Number(crate::eval::Number::Bool(b)) => Ok(b),
            _ => wrong("the condition is undefined"),
        }
    }

    /// An operand's value.
    pub fn operand(&mut self, data: &InstData, index: usize) -> Result<Value, Stop> {
        let Some(&value) = data.args.get(index) else { return wrong(format!("no operand {index}")) };
        self.value(value)
    }

    /// A value that has been computed.
    pub fn value(&mut self, value: func::Value) -> Result<Value, Stop> {
        match self.frame()?.values.get(value.index()) {
            Some(Some(found)) => Ok(found.clone()),
            _ => wrong(format!("{value} is not computed yet")),
        }
    }

    /// Sets a result.
    pub fn set(&mut self, value: func::Value, to: Value) -> Result<(), Stop> {
        match self.frame()?.values.get_mut(value.index()) {
            Some(slot) => {
                *slot = Some(to);
                Ok(())
            }
            None => wrong(format!("{value} does not exist")),
        }
    }

    fn jump(&mut self, data: &InstData, index: usize) -> Result<(), Stop> {
        let Some(Edge { block, args }) = data.edges.get(index) else { return wrong("no such edge") };
        let values: Vec<Value> = args.iter().map(|&a| self.value(a)).collect::<Result<_, _>>()?;
        let frame = self.frame()?;
        (frame.block, frame.next) = (*block, 0);
        let Some(target) = frame.func.blocks.lookup(*block) else { return wrong("no such block") };
        target.params.iter().zip(values).try_for_each(|(&param, value)| self.set(param, value))
    }

    fn call(&mut self, data: &InstData) -> Result<(), Stop> {
        let (Imm::Func(number) | Imm::Kernel(number, _)) = data.imm else { return wrong("no callee") };
        let Some(callee) = self.module.funcs.get(number as usize) else { return wrong("no such callee") };
        let args = (0..data.args.len()).map(|i| self.operand(data, i)).collect::<Result<Vec<_>, _>>()?;
        self.enter(callee, args, data.results.first().copied())
    }

    /// Returns to the caller, or ends the run.
    fn leave(&mut self, data: &InstData) -> Result<Option<Datum>, Stop> {
        let value = self.operand(data, 0)?;
        let Some(frame) = self.frames.pop() else { return wrong("no function is running") };
        if let Some(result) = frame.result {
            self.set(result, value)?;
            return Ok(None);
        }
        if !self.frames.is_empty() {
            self.returned = Some(value);
            return Ok(None);
        }
        let datum = export(&self.heap, &value, &frame.func.ret).map_err(Stop::Wrong)?;
        let kept = owners(&value, &frame.func.ret, &self.cells);
        if self.limits.leaks {
            count(&mut self.heap, &kept, -1).map_err(Stop::Wrong)?;
        }
        Ok(Some(datum))
    }

    /// After a failure every frame releases what it owns; then nothing may be kept.
    fn settle(&mut self, outcome: Result<Datum, Stop>) -> Result<Datum, Stop> {
        if matches!(outcome, Err(Stop::Wrong(_) | Stop::Unsupported(_) | Stop::Steps)) || !self.limits.leaks {
            return outcome;
        }
        while !self.frames.is_empty() {
            self.abandon()?;
        }
        self.heap.drop_foreign().map_err(Stop::Wrong)?;
        match self.heap.kept() {
            0 => outcome,
            kept => wrong(format!("{kept} blocks of memory are never freed")),
        }
    }

    /// The arguments as the caller finds them afterwards.
    fn arguments(&self, args: &[Datum], values: &[Value]) -> Vec<Datum> {
        let root = self.module.funcs.first();
        let types = root.map_or(&[][..], |f| f.entry_params());
        let after = |((datum, value), ty): ((&Datum, &Value), &func::Value)| match (datum, root) {
            (Datum::Const(_), _) | (_, None) => datum.clone(),
            (_, Some(f)) => export(&self.heap, value, f.ty(*ty)).unwrap_or_else(|_| datum.clone()),
        };
        args.iter().zip(values).zip(types).map(after).collect()
    }
}
