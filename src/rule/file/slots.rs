//! The slots of the variables that a check binds. Those of `let` and of loops come after these.

pub const SUBJECT: usize = 0;
pub const ITEM: usize = 1;
pub const GROUP: usize = 2;
pub const OTHER: usize = 3;
