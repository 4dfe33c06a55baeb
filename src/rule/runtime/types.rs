//! The types of expressions. They exist only while a rule is loaded: the load-time check rejects expressions that
//! would fail for every record.

use std::fmt;
use std::sync::Arc;

use crate::kind::{Field, FieldType, Kind, Kinds, Shape, WHO};
use crate::text::article;

#[derive(Clone, PartialEq)]
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
#[derive(Clone)]
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
    members: &'static [(Ty, &'static [&'static str])],
}

impl PartialEq for FactType {
    fn eq(&self, other: &FactType) -> bool {
        self.name == other.name
    }
}

impl FactType {
    /// Declares a type with the names of its members, by their types.
    pub const fn new(name: &'static str, members: &'static [(Ty, &'static [&'static str])]) -> FactType {
        FactType { is_searchable: false, name, members }
    }

    pub const fn searchable(self) -> FactType {
        FactType { is_searchable: true, ..self }
    }

    pub fn members(&self) -> impl Iterator<Item = (&'static str, Ty)> {
        self.members.iter().flat_map(|(ty, names)| names.iter().map(|name| (*name, *ty)))
    }

    pub fn member(&self, name: &str) -> Option<Type> {
        self.members().find(|member| member.0 == name).map(|member| member.1.of(&[]))
    }
}

/// A type as a declaration names it: of a parameter, of a result, or of a member of an object.
#[derive(Clone, Copy, PartialEq)]
pub enum Ty {
    Any,
    Bool,
    Int,
    Double,
    String,
    Date,
    Age,
    Duration,
    Period,
    Amount,
    File,
    Record,
    /// A record of one of these kinds.
    OneOf(&'static [&'static str]),
    Group,
    Fact(&'static FactType),
    List(&'static Ty),

    // Of parameters only.
    /// A list, a mapping or a string.
    Sized,
    /// A file, or an object with a text of a file.
    Place,
    RecordOrItem,
    /// A string that states a date. A literal is checked when the rule is loaded, as one of a duration.
    DateString,
    DurationString,
    Kind,
    /// A literal name of a field: of the kind named before it, else of the receiver's kinds.
    Field,
    /// Like `Field`, or a path to a field below it: `people.leads`.
    FieldPath,
    Pattern,
    /// A glob over paths. A literal is checked when the rule is loaded.
    Glob,
    /// A literal name of a part of a page.
    Part,
    /// A key as a file writes it, or the path of names to it.
    Key,

    // Of results only.
    /// The type of the first argument.
    First,
    /// The lists in the first argument.
    Inner,
    /// A record of the kind that this argument names.
    Named(usize),
    GroupKey,
    GroupRecords,
}

/// A person, role or team.
pub const SOMEBODY: Ty = Ty::OneOf(&WHO);
pub const PEOPLE: Ty = Ty::List(&Ty::OneOf(&["person"]));

pub struct Argument<'s> {
    pub ty: Type,
    pub literal: Option<&'s str>,
}

impl Ty {
    /// The type that is declared, for a result of these arguments; any, if that is not one type.
    pub fn of(self, args: &[Argument]) -> Type {
        let first = args.first().map(|first| &first.ty);
        match self {
            Ty::Any | Ty::Sized | Ty::Place | Ty::RecordOrItem => Type::Any,
            Ty::Bool => Type::Bool,
            Ty::Int => Type::Int,
            Ty::Double => Type::Double,
            Ty::Date => Type::Date,
            Ty::Age => Type::Age,
            Ty::Duration => Type::Duration,
            Ty::Period => Type::Period,
            Ty::Amount => Type::Amount,
            Ty::File => Type::File,
            Ty::Record => Type::Record(Box::default()),
            Ty::OneOf(kinds) => Type::Record(kinds.iter().map(|&kind| kind.into()).collect()),
            Ty::Group => Type::Group { kinds: Box::default(), key: Box::new(Type::Any) },
            Ty::Fact(fact) => Type::Fact(fact),
            Ty::List(of) => Type::list(of.of(args)),
            Ty::String
            | Ty::DateString
            | Ty::DurationString
            | Ty::Kind
            | Ty::Field
            | Ty::FieldPath
            | Ty::Pattern
            | Ty::Glob
            | Ty::Part
            | Ty::Key => Type::String,
            Ty::First => first.cloned().unwrap_or(Type::Any),
            Ty::Inner => {
                let inner = first.and_then(Type::element).filter(|inner| inner.element().is_some());
                inner.unwrap_or(Type::list(Type::Any))
            }
            Ty::Named(at) => {
                let kind = args.get(at).and_then(|arg| arg.literal);
                Type::Record(kind.map(Into::into).into_iter().collect())
            }
            Ty::GroupKey => match first {
                Some(Type::Group { key, .. }) => (**key).clone(),
                _ => Type::Any,
            },
            Ty::GroupRecords => match first {
                Some(Type::Group { kinds, .. }) => Type::list(Type::Record(kinds.clone())),
                _ => Type::list(Type::Any),
            },
        }
    }

    /// True if values of a type have the members of this one.
    pub fn is_receiver(self, ty: &Type) -> bool {
        std::mem::discriminant(&self.of(&[])) == std::mem::discriminant(ty)
    }
}

impl Type {
    pub fn list(of: Type) -> Type {
        Type::List(Box::new(of))
    }

    pub fn of_field(ty: &FieldType) -> Type {
        match ty {
            FieldType::Text => Type::String,
            FieldType::Bool => Type::Bool,
            FieldType::Integer => Type::Int,
            FieldType::Number => Type::Double,
            FieldType::Date => Type::Date,
            FieldType::Duration => Type::Duration,
            FieldType::Period => Type::Period,
            FieldType::Amount => Type::Amount,
            FieldType::Reference(kinds) => Type::Record(kinds.iter().cloned().collect()),
            FieldType::List(of) => Type::list(Type::of_field(of)),
            FieldType::Struct(shape) => Type::Item(ShapeRef(shape.clone())),
            FieldType::Map(map) => {
                let key = map.keys.as_ref().map(|kinds| Type::Record(kinds.iter().cloned().collect()));
                let (key, value) = (key.unwrap_or(Type::String), Type::of_field(&map.values));
                Type::Map(Box::new(key), Box::new(value))
            }
            FieldType::Any => Type::Any,
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
            (Type::Record(a), Type::Record(b)) if a.is_empty() || b.is_empty() => Type::Record([].into()),
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

    /// The type of a field, or of one below it (`people.leads`); `None` if all kinds are known and none has it.
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

fn alternatives(names: &[Arc<str>]) -> String {
    match names {
        [before @ .., last] if !before.is_empty() => format!("{} or {last}", before.join(", ")),
        names => names.join(""),
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
            Type::List(of) => write!(f, "a list, each {of}"),
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

pub fn fields_of<'k>(kinds: &'k Kinds, holder: &'k Type) -> impl Iterator<Item = &'k Field> {
    let shapes: Vec<&Shape> = match holder {
        Type::Record(names) => {
            let is_one = |kind: &&Arc<Kind>| names.is_empty() || names.contains(&kind.name);
            kinds.iter().filter(is_one).map(|kind| &**kind.shape).collect()
        }
        Type::Item(shape) => vec![&shape.0],
        _ => Vec::new(),
    };
    shapes.into_iter().flat_map(|shape| shape.fields.iter())
}
