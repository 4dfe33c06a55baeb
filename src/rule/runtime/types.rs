//! The types of the rule language. They exist while a rule is loaded: an expression that would ask for
//! a field that no record has, or compare a date with a text, is refused before any file is read.

use std::fmt;
use std::sync::Arc;

use crate::kind::{self, Kinds, Shape};

/// What an expression yields.
#[derive(Clone, Debug, PartialEq)]
pub enum Type {
    /// Not known before a file is read, such as an untyped field of a user's kind.
    Any,
    /// What the elements of `[]` are: nothing is, so they go with every type.
    Nothing,
    Null,
    Bool,
    Int,
    Double,
    Text,
    Date,
    /// The time from a day until today, as `age(day)` gives it; compares with durations.
    Age,
    Duration,
    Period,
    Amount,
    List(Box<Type>),
    Optional(Box<Type>),
    /// A record of one of these kinds.
    Record(Box<[Arc<str>]>),
    /// An element of a list of mappings in a record, such as a key result.
    Item(ShapeRef),
    /// Something that the host says of a file or record, such as a broken link.
    Fact(&'static FactType),
    File,
    /// A file in which the state differs from the policy that it is held to.
    PolicyFile,
    /// Records that share a key.
    Group {
        kinds: Box<[Arc<str>]>,
        key: Box<Type>,
    },
    Params,
}

/// A [`Shape`] compared by identity: two shapes of one kind are the same allocation.
#[derive(Clone, Debug)]
pub struct ShapeRef(pub Arc<Shape>);

impl PartialEq for ShapeRef {
    fn eq(&self, other: &ShapeRef) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

/// The members that a kind of fact has.
#[derive(Debug, PartialEq)]
pub struct FactType {
    pub name: &'static str,
    pub members: &'static [(&'static str, FactMember)],
}

/// The type of a fact's member. A subset of [`Type`] that can stand in a constant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum FactMember {
    Text,
    Bool,
    Int,
    Date,
    Record,
    Term,
    Person,
    People,
}

impl FactMember {
    pub fn ty(self) -> Type {
        match self {
            FactMember::Text => Type::Text,
            FactMember::Bool => Type::Bool,
            FactMember::Int => Type::Int,
            FactMember::Date => Type::Date,
            FactMember::Record => Type::Record(Box::default()),
            FactMember::Term => Type::Record(Box::new(["term".into()])),
            FactMember::Person => Type::Record(Box::new(["person".into()])),
            FactMember::People => Type::list(FactMember::Person.ty()),
        }
    }
}

impl Type {
    pub fn list(of: Type) -> Type {
        Type::List(Box::new(of))
    }

    /// The type that a field of a kind has in expressions.
    pub fn of_field(ty: &kind::FieldType) -> Type {
        match ty {
            kind::FieldType::Text => Type::Text,
            kind::FieldType::Bool => Type::Bool,
            kind::FieldType::Integer => Type::Int,
            kind::FieldType::Number => Type::Double,
            kind::FieldType::Date => Type::Date,
            kind::FieldType::Duration => Type::Duration,
            kind::FieldType::Period => Type::Period,
            kind::FieldType::Amount => Type::Amount,
            kind::FieldType::Reference(kinds) => Type::Record(kinds.iter().cloned().collect()),
            kind::FieldType::List(of) => Type::list(Type::of_field(of)),
            kind::FieldType::Struct(shape) => Type::Item(ShapeRef(shape.clone())),
            kind::FieldType::Any => Type::Any,
        }
    }

    pub fn is_any(&self) -> bool {
        matches!(self, Type::Any)
    }

    pub fn is_number(&self) -> bool {
        matches!(self, Type::Int | Type::Double)
    }

    /// The type of a list's elements.
    pub fn element(&self) -> Option<Type> {
        match self {
            Type::List(of) if **of == Type::Nothing => Some(Type::Any),
            Type::List(of) => Some((**of).clone()),
            Type::Any => Some(Type::Any),
            _ => None,
        }
    }

    /// Whether `a == b` can ever be true.
    pub fn equates(&self, other: &Type) -> bool {
        match (self, other) {
            (Type::Any | Type::Null | Type::Nothing, _) | (_, Type::Any | Type::Null | Type::Nothing) => true,
            (Type::Amount, b) if b.is_number() => true,
            (a, Type::Amount) if a.is_number() => true,
            (Type::Record(_), Type::Text) | (Type::Text, Type::Record(_)) => true,
            (Type::Record(_), Type::Record(_)) => true,
            (Type::List(a), Type::List(b)) | (Type::Optional(a), Type::Optional(b)) => a.equates(b),
            (a, b) if a.is_number() && b.is_number() => true,
            (a, b) => a == b,
        }
    }

    /// Whether `a < b` has a meaning.
    pub fn orders(&self, other: &Type) -> bool {
        match (self, other) {
            (Type::Any, _) | (_, Type::Any) => true,
            (Type::Age, Type::Duration) | (Type::Duration, Type::Age) => true,
            (Type::Amount, b) if b.is_number() => true,
            (a, Type::Amount) if a.is_number() => true,
            (a, b) if a.is_number() && b.is_number() => true,
            (a, b) => {
                a == b && matches!(a, Type::Text | Type::Date | Type::Age | Type::Duration | Type::Amount)
            }
        }
    }

    /// The type that holds values of both: of the branches of `? :`, of the elements of a list.
    pub fn join(self, other: Type) -> Type {
        match (self, other) {
            (a, b) if a == b => a,
            (Type::Nothing, other) | (other, Type::Nothing) => other,
            (Type::List(a), Type::List(b)) => Type::list(a.join(*b)),
            (Type::Record(a), Type::Record(b)) if a.is_empty() || b.is_empty() => {
                Type::Record(Box::default())
            }
            (Type::Record(a), Type::Record(b)) => {
                let more = b.iter().filter(|kind| !a.contains(kind));
                Type::Record(a.iter().chain(more).cloned().collect())
            }
            _ => Type::Any,
        }
    }

    /// Whether a value of this type can be handed to a parameter of type `wanted`.
    pub fn fits(&self, wanted: &Type) -> bool {
        match (self, wanted) {
            (Type::Any | Type::Nothing, _) | (_, Type::Any) => true,
            (Type::Record(_), Type::Record(_)) => true,
            (Type::Record(_), Type::Text) => true,
            (Type::Int, Type::Double) => true,
            (Type::List(a), Type::List(b)) | (Type::Optional(a), Type::Optional(b)) => a.fits(b),
            (a, b) => a == b,
        }
    }
}

/// `person, role or team`.
fn either(names: &[Arc<str>]) -> String {
    match names {
        [before @ .., last] if !before.is_empty() => format!("{} or {last}", before.join(", ")),
        names => names.join(""),
    }
}

impl Type {
    /// Several of them: "a list of texts".
    fn plural(&self) -> String {
        match self {
            Type::Text => "texts".to_string(),
            Type::Int => "whole numbers".to_string(),
            Type::Double => "numbers".to_string(),
            Type::Date => "dates".to_string(),
            Type::Duration => "durations".to_string(),
            Type::Period => "periods".to_string(),
            Type::Amount => "amounts".to_string(),
            Type::List(_) => "lists".to_string(),
            Type::Record(_) => "records".to_string(),
            Type::Item(_) => "items".to_string(),
            Type::Fact(_) => "facts".to_string(),
            _ => "values".to_string(),
        }
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Type::Any | Type::Nothing => f.write_str("a value"),
            Type::Null => f.write_str("null"),
            Type::Bool => f.write_str("a yes or no"),
            Type::Int => f.write_str("a whole number"),
            Type::Double => f.write_str("a number"),
            Type::Text => f.write_str("a text"),
            Type::Date => f.write_str("a date"),
            Type::Age => f.write_str("an age"),
            Type::Duration => f.write_str("a duration"),
            Type::Period => f.write_str("a period"),
            Type::Amount => f.write_str("an amount"),
            Type::List(of) if matches!(**of, Type::Any | Type::Nothing) => f.write_str("a list"),
            Type::List(of) => write!(f, "a list of {}", of.plural()),
            Type::Optional(of) => write!(f, "{of} that may be absent"),
            Type::Record(kinds) => match &**kinds {
                [] => f.write_str("a record"),
                [first, ..] => {
                    let article = if first.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
                    write!(f, "{article} {}", either(kinds))
                }
            },
            Type::Item(_) => f.write_str("an item of a list"),
            Type::Fact(fact) => f.write_str(fact.name),
            Type::File => f.write_str("a file"),
            Type::PolicyFile => f.write_str("a file of a policy"),
            Type::Group { .. } => f.write_str("a group of records"),
            Type::Params => f.write_str("the rule's parameters"),
        }
    }
}

/// The type of `field` in records of `kinds`: what the kinds that have it agree on.
/// None where every kind is known and none has it.
pub fn record_field(kinds: &Kinds, names: &[Arc<str>], field: &str) -> Option<Type> {
    let mut found: Option<Type> = None;
    let mut open = names.is_empty();
    for name in names {
        let Some(kind) = kinds.get(name) else {
            open = true;
            continue;
        };
        if let Some(field) = kind.shape.field(field) {
            let ty = Type::of_field(&field.ty);
            found = Some(match found {
                Some(before) => before.join(ty),
                None => ty,
            });
        }
    }
    found.or(open.then_some(Type::Any))
}
