use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;
use std::sync::LazyLock;

use crate::text::LazyRegex;
use crate::value::words;

/// A quantity with a unit, such as `2.4x`, `18%` or `$50k`. Amounts with different units are not comparable.
#[derive(Clone, Debug)]
pub struct Amount {
    /// With the scale applied: 50,000 for `$50k`.
    pub value: f64,
    /// Empty for a bare number; words in lower case and singular (`day`), currencies as a leading sign (`$`, `€/month`).
    pub unit: Box<str>,
    /// The other end of a range such as `78–86 %`, of which `value` is the lower one.
    pub to: Option<f64>,
    /// On which side of the value it lies, as in `>= 95%`; `None` for the value itself.
    pub bound: Option<Bound>,
    /// As written.
    pub text: Box<str>,
}

/// An amount in the base unit of its scale.
#[derive(Clone, Copy, PartialEq)]
pub struct InBaseUnit<'a> {
    pub value: f64,
    pub to: Option<f64>,
    pub unit: &'a str,
}

impl InBaseUnit<'_> {
    fn end(&self) -> f64 {
        self.to.unwrap_or(self.value)
    }
}

/// On which side of a value an amount lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    AtLeast,
    MoreThan,
    AtMost,
    LessThan,
}

impl Bound {
    const ALL: [Bound; 4] = [Bound::AtLeast, Bound::MoreThan, Bound::AtMost, Bound::LessThan];

    pub fn sign(self) -> &'static str {
        match self {
            Bound::AtLeast => ">=",
            Bound::MoreThan => ">",
            Bound::AtMost => "<=",
            Bound::LessThan => "<",
        }
    }

    pub fn is_upper(self) -> bool {
        matches!(self, Bound::AtMost | Bound::LessThan)
    }

    fn admits(self, order: Ordering) -> bool {
        match self {
            Bound::AtLeast => order.is_ge(),
            Bound::MoreThan => order.is_gt(),
            Bound::AtMost => order.is_le(),
            Bound::LessThan => order.is_lt(),
        }
    }
}

impl Amount {
    /// Compares the amount with a number, whatever its unit is; `None` for a number within a range.
    pub fn order_to_number(&self, number: f64) -> Option<Ordering> {
        match self.to {
            None => self.value.partial_cmp(&number),
            Some(to) if to < number => Some(Ordering::Less),
            Some(_) if self.value > number => Some(Ordering::Greater),
            Some(_) => None,
        }
    }

    /// Orders amounts with the same unit by their lower ends.
    pub fn start_order(&self, other: &Amount) -> Option<Ordering> {
        let (own, other) = (self.in_base_unit(), other.in_base_unit());
        let ends = || own.end().total_cmp(&other.end());
        (own.unit == other.unit).then(|| own.value.total_cmp(&other.value).then_with(ends))
    }

    /// Returns the amount in a unit that all amounts of its scale share: 400 ms for `0.4 s`, 12 months for `1 year`.
    pub fn in_base_unit(&self) -> InBaseUnit<'_> {
        let scale = words::meaning("scales", &self.unit).and_then(|scale| scale.split_once(' '));
        let scale = scale.and_then(|(factor, base)| Some((factor.parse::<f64>().ok()?, base)));
        let Some((factor, base)) = scale else {
            return InBaseUnit { value: self.value, to: self.to, unit: &self.unit };
        };
        // `1.1 × 1000` is not exact.
        let scaled = |value: f64| (value * factor * 1e6).round() / 1e6;
        InBaseUnit { value: scaled(self.value), to: self.to.map(scaled), unit: base }
    }

    /// Parses a number with an optional sign, thousands separators (`1,200`), scale (`k`, `M`, `bn`)
    /// and unit, which may be a bound (`>= 95%`, `at most 4`), or a range (`4–9 minutes`).
    pub fn parse(text: &str) -> Option<Amount> {
        let text = text.trim();
        Amount::parse_single(text).or_else(|| Amount::parse_range(text))
    }

    fn parse_single(text: &str) -> Option<Amount> {
        let (bound, rest) = bound(text);
        let rest = in_digits(rest);
        let parts = NUMBER.captures(&rest)?;
        let part = |at: usize| parts.get(at).map_or("", |part| part.as_str());
        let is_negative = [1, 3].iter().any(|sign| part(*sign).starts_with(['-', '−']));
        // As a sign, which a code names.
        let currency = words::meaning("currencies", part(2)).unwrap_or(part(2));
        let (exponent, rest) = scale(part(6), !currency.is_empty());
        let unit = unit(rest.trim())?;
        let is_money =
            !currency.is_empty() || words::entries("currencies").any(|(_, sign)| unit.starts_with(sign));
        if !currency.is_empty() && unit.starts_with(CURRENCY_SIGNS) {
            return None;
        }
        let (whole, fraction) = (part(4).replace(',', ""), part(5));
        // `450.000 €` is 450,000 where a dot separates thousands.
        if is_money && exponent == 0 && fraction.len() == ".000".len() && !whole.starts_with('0') {
            return None;
        }
        let value = format!("{whole}{fraction}e{exponent}").parse::<f64>().ok()?;
        value.is_finite().then(|| Amount {
            value: if is_negative { -value } else { value },
            unit: format!("{currency}{unit}").into(),
            to: None,
            bound,
            text: text.into(),
        })
    }

    /// Returns an amount with a decimal comma, such as `99,9%`, with a decimal point.
    pub fn with_decimal_point(text: &str) -> Option<String> {
        let pointed = text.replacen(',', ".", 1);
        (Amount::parse(text).is_none() && Amount::parse(&pointed).is_some()).then_some(pointed)
    }

    fn parse_range(text: &str) -> Option<Amount> {
        const RANGE_SIGNS: [&str; 4] = ["–", "-", "..", " to "];
        let mut ends = RANGE_SIGNS.iter().flat_map(|sign| text.match_indices(sign));
        ends.find_map(|(at, sign)| {
            let from = Amount::parse_single(text[..at].trim())?;
            let to = Amount::parse_single(text[at + sign.len()..].trim())?;
            let unit = if to.unit.is_empty() { &from.unit } else { &to.unit };
            from.is_start_of(&to).then(|| Amount {
                value: from.value,
                to: Some(to.value),
                unit: unit.clone(),
                bound: None,
                text: text.into(),
            })
        })
    }

    fn is_start_of(&self, to: &Amount) -> bool {
        let has_one_unit = self.unit == to.unit
            || self.unit.is_empty()
            || to.unit.is_empty()
            || to.unit.starts_with(&*self.unit);
        has_one_unit && self.bound.is_none() && to.bound.is_none() && self.value <= to.value
    }

    /// Returns true if another amount is within this bound, or is this amount; `None` if their units differ.
    pub fn admits(&self, other: &Amount) -> Option<bool> {
        if self.to.is_some() {
            let (own, other) = (self.in_base_unit(), other.in_base_unit());
            let is_within = own.value <= other.value && other.end() <= own.end();
            return (own.unit == other.unit).then_some(is_within);
        }
        let order = other.partial_cmp(self)?;
        Some(self.bound.map_or(order.is_eq(), |bound| bound.admits(order)))
    }

    /// Returns the difference of two amounts with the same unit; `None` for ranges.
    pub fn minus(&self, other: &Amount) -> Option<f64> {
        (self.unit == other.unit && self.to.is_none() && other.to.is_none())
            .then_some(self.value - other.value)
    }
}

const CURRENCY_SIGNS: [char; 4] = ['$', '€', '£', '¥'];

/// A sign before or behind a currency, the number with commas between thousands, its fraction, and the rest: a scale and a unit.
static NUMBER: LazyLock<LazyRegex> = LazyLock::new(|| {
    let currency = r"US\$|USD|EUR|GBP|JPY|CHF|CAD|AUD|[$€£¥]";
    let number = r"([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(\.[0-9]+)?";
    LazyRegex::known(&format!(r"(?s)^([-−]\s*|\+)?(?:({currency})\s*)?([-−]\s*|\+)?{number}(.*)$"))
});

/// Splits `at least 4` after the longest words for a bound.
fn bound(text: &str) -> (Option<Bound>, &str) {
    let found = words::entries("bounds").filter_map(|(word, sign)| {
        text.get(..word.len()).filter(|start| start.eq_ignore_ascii_case(word))?;
        let rest = &text[word.len()..];
        let is_apart = !word.ends_with(char::is_alphabetic) || rest.starts_with(' ');
        Bound::ALL
            .into_iter()
            .find(|bound| is_apart && bound.sign() == sign)
            .map(|it| (it, rest.trim_start()))
    });
    let longest = found.min_by_key(|(_, rest)| rest.len());
    longest.map_or((None, text), |(bound, rest)| (Some(bound), rest))
}

fn scale(text: &str, currency: bool) -> (u8, &str) {
    let trimmed = text.trim_start();
    let end = trimmed.find(|c: char| !c.is_alphabetic()).unwrap_or(trimmed.len());
    let exponent = match &trimmed[..end] {
        "k" | "K" => 3,
        "M" => 6,
        "m" if currency => 6,
        "bn" => 9,
        "b" | "B" if currency => 9,
        _ => return (0, text),
    };
    (exponent, &trimmed[end..])
}

fn unit(text: &str) -> Option<String> {
    // The most words of a unit.
    const MAX_WORDS: usize = 4;
    let Some(first) = text.chars().next() else { return Some(String::new()) };
    let is_sign = matches!(first, '%' | '/' | '°' | '×' | '‰') || CURRENCY_SIGNS.contains(&first);
    let is_out_of = first == '/';
    if !(first.is_alphabetic() || is_sign) || !is_out_of && text.contains(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    let words = match &words[..] {
        [per, cent, rest @ ..] if per.eq_ignore_ascii_case("per") && cent.eq_ignore_ascii_case("cent") => {
            &[&["%"], rest].concat()
        }
        _ => &words,
    };
    let written = |word: &&str| match *word {
        "×" => "x".to_owned(),
        "percent" | "pct" => "%".to_owned(),
        word => match words::meaning("currencies", word) {
            Some(sign) => sign.to_owned(),
            None => singular(&word.to_lowercase()),
        },
    };
    let unit: Vec<String> = words.iter().map(written).collect();
    (words.len() <= MAX_WORDS).then(|| unit.join(" "))
}

/// Returns a word in the form that it has for one and for several: `person`, `company`.
fn singular(word: &str) -> String {
    let stem = word.strip_suffix('s').filter(|stem| stem.len() >= 3 && !stem.ends_with(['s', 'u', 'i', '/']));
    match stem.unwrap_or(word) {
        "people" => "person".to_owned(),
        // `calorie` as `company`, so that both are alike for several.
        stem => stem.strip_suffix("ie").map_or_else(|| stem.to_owned(), |stem| format!("{stem}y")),
    }
}

/// Writes the number of `two approvals` in digits, but not that of `two thirds` and `one of them`.
fn in_digits(text: &str) -> Cow<'_, str> {
    const FRACTIONS: [&str; 4] = ["half", "halve", "quarter", "of"];
    let counted = text.split_once(' ').and_then(|(count, unit)| {
        let is_number = count.len() > "an".len() && !count.ends_with("ce");
        let unit = unit.trim();
        let one = singular(&unit.to_lowercase());
        let is_part = FRACTIONS.contains(&&*one) || words::is_in("ordinals", &one);
        let is_word = unit.chars().all(char::is_alphabetic) && !is_part;
        let count = words::meaning("counts", &count.to_lowercase()).filter(|_| is_number && is_word)?;
        Some(format!("{count} {unit}"))
    });
    counted.map_or(Cow::Borrowed(text), Cow::Owned)
}

impl PartialEq for Amount {
    fn eq(&self, other: &Amount) -> bool {
        self.in_base_unit() == other.in_base_unit()
    }
}

impl PartialOrd for Amount {
    /// A range comes before what is above its end and after what is below its start; the order of others is not known.
    fn partial_cmp(&self, other: &Amount) -> Option<Ordering> {
        let (own, other) = (self.in_base_unit(), other.in_base_unit());
        match () {
            () if own.unit != other.unit => None,
            () if own == other => Some(Ordering::Equal),
            () if own.end() < other.value => Some(Ordering::Less),
            () if own.value > other.end() => Some(Ordering::Greater),
            () => None,
        }
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
