//! The types of expressions. They exist only while a rule is loaded: the load-time check rejects expressions that
//! would fail for every record.

use std::fmt;
use std::sync::Arc;

use crate::kind::{self, Field, Kinds, Shape, WHO};
use crate::text::article;

#[derive(Clone, Debug, PartialEq)]
pub enum Type {
    /// Not known before a file is read, such as an untyped field of a user's kind.
    Any,
    /// The element type of `[]`; fits every type.
    Nothing,
    Null,
    Bool,
    Int,
    Double,
    String,
    /// A string that is known to be a regular expression.
    Pattern,
    Date,
    /// The time from a date until today, as `age(date)` returns it; compares with durations.
    Age,
    Duration,
    Period,
    Amount,
    List(Box<Type>),
    /// A mapping whose keys are not fields: the types of its keys and values.
    Map(Box<Type>, Box<Type>),
    Optional(Box<Type>),
    /// A record of one of these kinds; of any kind if there are none.
    Record(Box<[Arc<str>]>),
    /// A mapping in a list of a record, such as a key result.
    Item(ShapeRef),
    Fact(&'static FactType),
    File,
    /// The records of a `group-by`, and the type of their key.
    Group {
        kinds: Box<[Arc<str>]>,
        key: Box<Type>,
    },
}

/// A [`Shape`] compared by identity: two shapes of one kind are the same allocation.
#[derive(Clone, Debug)]
pub struct ShapeRef(pub Arc<Shape>);

impl PartialEq for ShapeRef {
    fn eq(&self, other: &ShapeRef) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

/// A type of objects that the program computes. Equal by name; a member may be of the same type.
pub struct FactType {
    /// True if it has a text of a file, in which an expression can search.
    pub is_searchable: bool,
    pub name: &'static str,
    members: &'static [(MemberType, &'static [&'static str])],
}

impl PartialEq for FactType {
    fn eq(&self, other: &FactType) -> bool {
        self.name == other.name
    }
}

impl fmt::Debug for FactType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

impl FactType {
    /// Declares a type with the names of its members, by their types.
    pub const fn new(
        name: &'static str,
        members: &'static [(MemberType, &'static [&'static str])],
    ) -> FactType {
        FactType { is_searchable: false, name, members }
    }

    pub const fn searchable(self) -> FactType {
        FactType { is_searchable: true, ..self }
    }

    /// The name and the type of each member.
    pub fn members(&self) -> impl Iterator<Item = (&'static str, MemberType)> {
        self.members.iter().flat_map(|(ty, names)| names.iter().map(|name| (*name, *ty)))
    }

    pub fn member(&self, name: &str) -> Option<Type> {
        self.members().find(|member| member.0 == name).map(|member| member.1.ty())
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum MemberType {
    String,
    Bool,
    Int,
    Date,
    Record,
    Term,
    /// A person, role or team.
    Who,
    Whos,
    File,
    People,
    Records,
    Strings,
    Facts(&'static FactType),
}

impl MemberType {
    pub fn ty(self) -> Type {
        match self {
            MemberType::String => Type::String,
            MemberType::Bool => Type::Bool,
            MemberType::Int => Type::Int,
            MemberType::Date => Type::Date,
            MemberType::Record => Type::Record(Box::default()),
            MemberType::Term => Type::Record(Box::new(["term".into()])),
            MemberType::Who => Type::Record(WHO.iter().map(|&kind| kind.into()).collect()),
            MemberType::Whos => Type::list(MemberType::Who.ty()),
            MemberType::File => Type::File,
            MemberType::People => Type::list(Type::Record(Box::new(["person".into()]))),
            MemberType::Records => Type::list(MemberType::Record.ty()),
            MemberType::Strings => Type::list(Type::String),
            MemberType::Facts(fact) => Type::list(Type::Fact(fact)),
        }
    }
}

impl Type {
    pub fn list(of: Type) -> Type {
        Type::List(Box::new(of))
    }

    pub fn of_field(ty: &kind::FieldType) -> Type {
        match ty {
            kind::FieldType::Text => Type::String,
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
            kind::FieldType::Map(map) => {
                let key = map.keys.as_ref().map(|kinds| Type::Record(kinds.iter().cloned().collect()));
                let (key, value) = (key.unwrap_or(Type::String), Type::of_field(&map.values));
                Type::Map(Box::new(key), Box::new(value))
            }
            kind::FieldType::Any => Type::Any,
        }
    }

    pub fn is_any(&self) -> bool {
        matches!(self, Type::Any)
    }

    pub fn is_number(&self) -> bool {
        matches!(self, Type::Int | Type::Double)
    }

    pub fn element(&self) -> Option<Type> {
        match self {
            Type::List(of) if **of == Type::Nothing => Some(Type::Any),
            Type::List(of) => Some((**of).clone()),
            Type::Map(key, ..) => Some((**key).clone()),
            Type::Any => Some(Type::Any),
            _ => None,
        }
    }

    /// True if `a == b` can be true.
    pub fn can_equal(&self, other: &Type) -> bool {
        match (self, other) {
            (Type::Any | Type::Null | Type::Nothing, _) | (_, Type::Any | Type::Null | Type::Nothing) => true,
            (Type::Amount, b) if b.is_number() => true,
            (a, Type::Amount) if a.is_number() => true,
            (Type::Record(_) | Type::Pattern, Type::String)
            | (Type::String, Type::Record(_) | Type::Pattern) => true,
            (Type::Record(_), Type::Record(_)) => true,
            (Type::List(a), Type::List(b)) | (Type::Optional(a), Type::Optional(b)) => a.can_equal(b),
            (a, b) if a.is_number() && b.is_number() => true,
            (a, b) => a == b,
        }
    }

    /// True if `a < b` is defined.
    pub fn can_compare(&self, other: &Type) -> bool {
        match (self, other) {
            (Type::Any, _) | (_, Type::Any) => true,
            (Type::Age, Type::Duration) | (Type::Duration, Type::Age) => true,
            (Type::Amount, b) if b.is_number() => true,
            (a, Type::Amount) if a.is_number() => true,
            (a, b) if a.is_number() && b.is_number() => true,
            (a, b) => {
                a == b && matches!(a, Type::String | Type::Date | Type::Age | Type::Duration | Type::Amount)
            }
        }
    }

    /// The least common type: of the branches of `? :`, of the elements of a list.
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

    /// True if a value of this type is accepted where `expected` is required.
    pub fn fits(&self, expected: &Type) -> bool {
        match (self, expected) {
            (Type::Any | Type::Nothing, _) | (_, Type::Any) => true,
            (Type::Record(_), Type::Record(_)) => true,
            (Type::Record(_) | Type::Pattern, Type::String) => true,
            (Type::Int, Type::Double) => true,
            (Type::List(a), Type::List(b)) | (Type::Optional(a), Type::Optional(b)) => a.fits(b),
            (Type::Map(a, b), Type::Map(c, d)) => a.fits(c) && b.fits(d),
            (a, b) => a == b,
        }
    }
}

fn alternatives(names: &[Arc<str>]) -> String {
    match names {
        [before @ .., last] if !before.is_empty() => format!("{} or {last}", before.join(", ")),
        names => names.join(""),
    }
}

impl Type {
    fn plural(&self) -> &'static str {
        match self {
            Type::String | Type::Pattern => "strings",
            Type::Int => "integers",
            Type::Double => "numbers",
            Type::Date => "dates",
            Type::Duration => "durations",
            Type::Period => "periods",
            Type::Amount => "amounts",
            Type::List(_) => "lists",
            Type::Record(_) => "records",
            Type::Item(_) => "items",
            Type::Map(..) => "mappings",
            Type::Fact(_) => "facts",
            _ => "values",
        }
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Type::Any | Type::Nothing => f.write_str("a value"),
            Type::Null => f.write_str("null"),
            Type::Bool => f.write_str("a boolean"),
            Type::Int => f.write_str("an integer"),
            Type::Double => f.write_str("a number"),
            Type::String => f.write_str("a string"),
            Type::Pattern => f.write_str("a regular expression"),
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
                [first, ..] => write!(f, "{} {}", article(first), alternatives(kinds)),
            },
            Type::Item(_) => f.write_str("an item of a list"),
            Type::Map(..) => f.write_str("a mapping"),
            Type::Fact(fact) => f.write_str(fact.name),
            Type::File => f.write_str("a file"),
            Type::Group { .. } => f.write_str("a group of records"),
        }
    }
}

/// The fields of the records or items of a type.
pub fn fields_of<'k>(kinds: &'k Kinds, holder: &'k Type) -> impl Iterator<Item = &'k Field> {
    let (names, shape) = match holder {
        Type::Record(names) => (&**names, None),
        Type::Item(shape) => (&[][..], Some(&*shape.0)),
        _ => (&[][..], None),
    };
    let shapes = names.iter().filter_map(|name| Some(&*kinds.get(name)?.shape)).chain(shape);
    shapes.flat_map(|shape| shape.fields.iter())
}

/// The field that `name` is another name of, in one of the records or items of the type `holder`.
pub fn field_also_called<'k>(kinds: &'k Kinds, holder: &'k Type, name: &str) -> Option<&'k str> {
    let field = match holder {
        Type::Record(names) => names.iter().find_map(|kind| kinds.get(kind)?.shape.by_key(name)),
        Type::Item(shape) => shape.0.by_key(name),
        _ => None,
    };
    field.map(|field| &*field.name)
}

impl Type {
    /// The type of a field, or of one below it (`people.leads`), in values of this type; `None` if all kinds are known and none
    /// has the field.
    pub fn field(&self, kinds: &Kinds, name: &str) -> Option<Type> {
        match self {
            Type::Any => Some(Type::Any),
            Type::Record(names) => {
                let types = names.iter().filter_map(|kind| kinds.get(kind)?.shape.type_at(name));
                let may_have_field = names.is_empty() || names.iter().any(|kind| kinds.get(kind).is_none());
                types.map(Type::of_field).reduce(Type::join).or(may_have_field.then_some(Type::Any))
            }
            Type::Item(shape) => shape.0.field(name).map(|field| Type::of_field(&field.ty)),
            Type::Fact(fact) => fact.member(name),
            _ => None,
        }
    }
}
