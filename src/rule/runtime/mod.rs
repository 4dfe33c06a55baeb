//! What an expression works on: types, values, the context of an evaluation, and how builtins are declared.

mod compare;
mod context;
mod signature;
pub mod types;
pub mod value;

pub use context::Context;
pub use signature::{CallForm, Dependency, Function, function, member, method, of_file, of_record};
pub use types::{Argument, FactType, PEOPLE, SOMEBODY, ShapeRef, Ty, Type, fields_of};
pub use value::{
    ChangeList, ChangeRef, ELEMENT_COST, EvalError, EvalResult, Evaluated, Fact, FactIdentity, Group, Item,
    MapValue, RecordReference, Str, Unresolved, Value, Written, named_value,
};
