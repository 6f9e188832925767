//! Numbers and rules as a reader says them.

use super::knob::AnyRule;
use super::record::{Figure, Unit};
use crate::{Loaded, health, siting};
use maillage_input::{Lang, plural};
use maillage_programme::{Clash, Task};

/// A rule in words, with its place in the file.
pub(super) fn clash_of(loaded: &Loaded, rule: AnyRule) -> Clash {
    match (&loaded.task, rule) {
        (Task::Siting(programme), AnyRule::Siting(rule)) => siting::clash(loaded, programme, rule),
        (Task::Health(programme), AnyRule::Health(rule)) => health::clash(loaded, programme, &rule),
        _ => Clash { rule: String::new(), pointer: String::new(), text: Default::default() },
    }
}

/// A figure with its unit.
pub(super) fn amount(lang: Lang, figure: Figure) -> String {
    let x = figure.value.said(lang);
    // A plural is told by whole numbers; what is not whole is several.
    let n = if figure.value.0 % 100 == 0 { figure.value.0.unsigned_abs() / 100 } else { 2 };
    let word = |fr: (&'static str, &'static str), en: (&'static str, &'static str)| {
        let (one, many) = if lang == Lang::Fr { fr } else { en };
        format!("{x} {}", plural(lang, n, one, many))
    };
    match figure.unit {
        Unit::Eur => format!("{x} EUR"),
        Unit::Gps => word(("médecin", "médecins"), ("GP", "GPs")),
        Unit::Fte => word(("poste", "postes"), ("post", "posts")),
        Unit::Sites => word(("site", "sites"), ("site", "sites")),
        Unit::Rooms => word(("bureau", "bureaux"), ("room", "rooms")),
        Unit::Minutes => format!("{x} min"),
        Unit::Percent => match lang {
            Lang::Fr => format!("{x} %"),
            Lang::En => format!("{x}%"),
        },
        Unit::PerPost => word(("par poste", "par poste"), ("per post", "per post")),
    }
}

/// The same with its sign.
pub(super) fn difference(lang: Lang, figure: Figure) -> String {
    let plus = if figure.value.0 > 0 { "+" } else { "" };
    format!("{plus}{}", amount(lang, figure))
}

#[cfg(test)]
mod tests {
    use super::*;
    use maillage_programme::Hundredths;

    #[test]
    fn figures_in_both_languages() {
        let figure = |value, unit| Figure { value: Hundredths(value), unit };
        assert_eq!(amount(Lang::En, figure(41_200_000, Unit::Eur)), "412,000 EUR");
        assert_eq!(amount(Lang::Fr, figure(150, Unit::Fte)), "1,5 postes");
        assert_eq!(amount(Lang::Fr, figure(100, Unit::Gps)), "1 médecin");
        assert_eq!(difference(Lang::En, figure(-1200, Unit::Percent)), "\u{2212}12%");
        assert_eq!(difference(Lang::En, figure(200, Unit::Rooms)), "+2 rooms");
    }
}
