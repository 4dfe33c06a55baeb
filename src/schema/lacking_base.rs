use super::Violation;

/// Of the violations of a kind or profile without `base` that lacks most of what it needs: says in one that it may extend a
/// built-in one. `name` is the name of its file.
pub fn lacking_base<'n>(
    violations: Vec<Violation>,
    what: &str,
    name: &str,
    built_in: impl IntoIterator<Item = &'n str>,
) -> Vec<Violation> {
    const MOST: usize = 3;
    let is_missing = |violation: &Violation| violation.missing && violation.pointer.matches('/').count() == 1;
    let (missing, others): (Vec<_>, Vec<_>) = violations.into_iter().partition(is_missing);
    let is_built_in = built_in.into_iter().any(|other| other == name);
    let Some(first) = missing.first().filter(|_| is_built_in || missing.len() >= MOST) else {
        return [missing, others].concat();
    };
    let keys: Vec<String> = missing.iter().map(|violation| format!("`{}`", violation.field)).collect();
    let keys = keys.join(", ");
    let (message, help) = match is_built_in {
        true => (
            format!(
                "without `base`, this file takes the place of the built-in {what} `{name}`, and lacks {keys}"
            ),
            format!("add `base: {name}`, to change only what is written here"),
        ),
        false => (
            format!("missing keys {keys}"),
            format!("add them; or, to change a built-in {what}, write its name: `base: NAME`"),
        ),
    };
    let whole = Violation { message, help: Some(help), ..first.clone() };
    [vec![whole], others].concat()
}
