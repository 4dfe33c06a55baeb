use crate::rule::builtins::fields;
use crate::rule::runtime::{Argument, Function, FunctionParam, Type, Words, function};

pub(super) const FUNCTIONS: &[Function] =
    &[function("entries", &[FunctionParam::Mapping], entry_list_type, |cx, args| {
        fields::entries(cx, &args[0])
    })];

fn entry_list_type(args: &[Argument]) -> Type {
    Type::list(match &args[0].ty {
        Type::Map(key, value, words) => Type::Entry(key.clone(), value.clone(), words.clone()),
        _ => Type::Entry(Box::new(Type::String), Box::new(Type::Any), Words::default()),
    })
}
