//! The table of every callable over numbers, put together from the files of the family.

use super::{
    builtins, complex_math, dtype, machine, math, math_int, numpy_functions, operator_module, rounding, ufunc_table,
};
use crate::rules::Rule;

type Table = &'static [(&'static str, Rule)];

const TABLES: [Table; 17] = [
    builtins::FUNCTIONS,
    rounding::FUNCTIONS,
    machine::FUNCTIONS,
    math::FUNCTIONS[0],
    math::FUNCTIONS[1],
    math_int::FUNCTIONS,
    numpy_functions::FUNCTIONS,
    complex_math::FUNCTIONS[0],
    complex_math::FUNCTIONS[1],
    operator_module::FUNCTIONS[0],
    operator_module::FUNCTIONS[1],
    dtype::FUNCTIONS[0],
    dtype::FUNCTIONS[1],
    ufunc_table::FUNCTIONS[0],
    ufunc_table::FUNCTIONS[1],
    ufunc_table::FUNCTIONS[2],
    ufunc_table::FUNCTIONS[3],
];

const COUNT: usize = {
    let (mut count, mut table) = (0, 0);
    while table < TABLES.len() {
        #[allow(clippy::indexing_slicing)] // evaluated by the compiler, which would refuse a bad index
        {
            count += TABLES[table].len();
        }
        table += 1;
    }
    count
};

const JOINED: [(&str, Rule); COUNT] = {
    #[allow(clippy::indexing_slicing)] // evaluated by the compiler, which would refuse a bad index
    {
        let mut joined = [TABLES[0][0]; COUNT];
        let (mut place, mut table) = (0, 0);
        while table < TABLES.len() {
            let mut row = 0;
            while row < TABLES[table].len() {
                joined[place] = TABLES[table][row];
                place += 1;
                row += 1;
            }
            table += 1;
        }
        joined
    }
};

/// Every callable over numbers by canonical name.
pub const FUNCTIONS: Table = &JOINED;
