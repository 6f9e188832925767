//! Which colour class a place falls in, for each measure of the map.
//!
//! The page's script classes places by the same limits: they are written into its data.

use crate::figures::{Figures, PlaceFigures};
use crate::words::Words;
use serde_json::{Value, json};

/// What communes can be coloured by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Measure {
    /// Share of people attached, in thousandths.
    Attached,
    /// Time to the nearest open site, in hundredths of a minute.
    Minutes,
    /// Accessibility (APL), in hundredths.
    Apl,
    /// People, where nothing else is known.
    People,
}

/// Classes of the values of a measure, or of their change.
#[derive(Debug, Clone)]
pub(crate) struct Scale {
    /// Colours.
    pub palette: &'static str,
    /// Least values of classes 1 to 5.
    pub limits: [i64; 5],
    /// Classes 0 to 5 in words.
    pub names: [String; 6],
}

/// Class of places where nobody in scope lives.
pub(crate) const NOBODY: char = 'n';
/// Class of places without a value: they reach no site.
pub(crate) const UNREACHED: char = 'u';

/// One line of a legend.
#[derive(Debug, Clone)]
pub(crate) struct LegendRow {
    /// Class.
    pub class: char,
    /// In words.
    pub label: String,
    /// People of the territory itself who live in places of this class.
    pub people: String,
}

/// The legend of the map as it is first drawn.
#[derive(Debug, Clone)]
pub(crate) struct Legend {
    /// In words.
    pub label: String,
    /// Colours.
    pub palette: &'static str,
    /// Every class.
    pub rows: Vec<LegendRow>,
}

impl Measure {
    /// Those that have a meaning here; the first is shown first.
    pub fn all(figures: &Figures) -> Vec<Measure> {
        let apl = figures.places.iter().any(|f| f.apl[0].is_some());
        let known = [
            (figures.lists, Measure::Attached),
            (figures.before || figures.after, Measure::Minutes),
            (apl, Measure::Apl),
        ];
        let mut all: Vec<Measure> = known.into_iter().filter(|k| k.0).map(|k| k.1).collect();
        if all.is_empty() {
            all.push(Measure::People);
        }
        all
    }

    pub fn id(self) -> &'static str {
        match self {
            Measure::Attached => "attached",
            Measure::Minutes => "minutes",
            Measure::Apl => "apl",
            Measure::People => "people",
        }
    }

    fn label(self, w: Words) -> String {
        match self {
            Measure::Attached => w.t(
                "Personnes ayant un médecin traitant (% des habitants comptés)",
                "People on the list of a GP (% of people counted)",
            ),
            Measure::Minutes => {
                w.t("Trajet au site le plus proche (minutes)", "Time to the nearest site (minutes)")
            }
            Measure::Apl => w.t(
                "Accessibilité aux médecins, APL (consultations par an et par habitant)",
                "Accessibility of GPs, APL (consultations a year per inhabitant)",
            ),
            Measure::People => w.t("Personnes comptées", "People counted"),
        }
    }

    /// The value of a place before (0) or after (1); `None` where it cannot be told.
    pub fn value(self, f: &PlaceFigures, s: usize) -> Option<i64> {
        match self {
            Measure::Attached if f.attached[s] == 0 => Some(0),
            Measure::Attached if f.attached[s] >= f.people => Some(1000),
            // One of many is not nobody.
            Measure::Attached => i64::try_from((f.attached[s] * 1000 / f.people).max(1)).ok(),
            Measure::Minutes => f.nearest[s].map(|t| i64::from(t.hundredths())),
            Measure::Apl => f.apl[s].map(|apl| apl.0),
            Measure::People => i64::try_from(f.people).ok(),
        }
    }

    /// The class of a place.
    pub fn class(self, f: &PlaceFigures, s: usize) -> char {
        match self.number(f, s) {
            _ if f.people == 0 => NOBODY,
            n @ 0..6 => char::from(b'0' + n as u8),
            _ => UNREACHED,
        }
    }

    /// The number of its class, whoever lives there; 6 without a value.
    pub fn number(self, f: &PlaceFigures, s: usize) -> usize {
        let within = |value: i64| self.limits().iter().filter(|&&limit| value >= limit).count();
        self.value(f, s).map_or(6, within)
    }

    /// Least values of classes 1 to 5.
    fn limits(self) -> [i64; 5] {
        match self {
            Measure::Attached => [1, 500, 750, 900, 1000],
            Measure::Minutes => [501, 1001, 1501, 2001, 3001],
            // DREES and zonings cut at 2.5 and 4, themselves included below.
            Measure::Apl => [151, 251, 326, 401, 501],
            Measure::People => [200, 500, 1000, 3000, 10_000],
        }
    }

    /// Classes of its values.
    pub fn scale(self, w: Words) -> Scale {
        let (palette, names) = match self {
            Measure::Attached => (
                "share",
                [
                    w.t("aucune", "nobody"),
                    w.t("moins de 50 %", "below 50%"),
                    w.t("50 à 75 %", "50 to 75%"),
                    w.t("75 à 90 %", "75 to 90%"),
                    w.t("90 à moins de 100 %", "90 to under 100%"),
                    w.t("toutes (100 %)", "everyone (100%)"),
                ],
            ),
            Measure::Minutes => (
                "time",
                [
                    w.t("5 min ou moins", "5 min or less"),
                    w.t("5 à 10 min", "5 to 10 min"),
                    w.t("10 à 15 min", "10 to 15 min"),
                    w.t("15 à 20 min", "15 to 20 min"),
                    w.t("20 à 30 min", "20 to 30 min"),
                    w.t("plus de 30 min", "over 30 min"),
                ],
            ),
            Measure::Apl => (
                "share",
                [
                    w.t("1,5 ou moins", "1.5 or less"),
                    w.t("1,5 à 2,5", "1.5 to 2.5"),
                    w.t("2,5 à 3,25", "2.5 to 3.25"),
                    w.t("3,25 à 4", "3.25 to 4"),
                    w.t("4 à 5", "4 to 5"),
                    w.t("plus de 5", "over 5"),
                ],
            ),
            Measure::People => (
                "time",
                [
                    w.t("moins de 200", "below 200"),
                    w.t("200 à 500", "200 to 500"),
                    w.t("500 à 1 000", "500 to 1,000"),
                    w.t("1 000 à 3 000", "1,000 to 3,000"),
                    w.t("3 000 à 10 000", "3,000 to 10,000"),
                    w.t("10 000 et plus", "10,000 and more"),
                ],
            ),
        };
        Scale { palette, limits: self.limits(), names }
    }

    /// Classes of a change, worst first; of times a gain is a shorter trip.
    pub fn change(self, w: Words) -> Scale {
        let (limits, names) = match self {
            Measure::Minutes => (
                [-499, -99, 100, 500, 1000],
                [
                    w.t(
                        "plus long de 5 min et plus, ou hors de portée",
                        "longer by 5 min or more, or out of reach",
                    ),
                    w.t("plus long", "longer"),
                    w.t("stable (moins d'1 min)", "stable (under 1 min)"),
                    w.t("plus court", "shorter"),
                    w.t("plus court de 5 min et plus", "shorter by 5 min or more"),
                    w.t(
                        "plus court de 10 min et plus, ou désormais à portée",
                        "shorter by 10 min or more, or now within reach",
                    ),
                ],
            ),
            Measure::Apl => (
                [-49, -4, 5, 50, 100],
                [
                    w.t("baisse de 0,5 et plus", "down by 0.5 or more"),
                    w.t("baisse", "down"),
                    w.t("stable (moins de 0,05)", "stable (under 0.05)"),
                    w.t("hausse", "up"),
                    w.t("hausse de 0,5 et plus", "up by 0.5 or more"),
                    w.t("hausse de 1 et plus", "up by 1 or more"),
                ],
            ),
            Measure::Attached | Measure::People => (
                [-199, -9, 10, 200, 500],
                [
                    w.t("recul de 20 points et plus", "down by 20 points or more"),
                    w.t("recul", "down"),
                    w.t("stable (moins d'1 point)", "stable (under 1 point)"),
                    w.t("hausse", "up"),
                    w.t("hausse de 20 points et plus", "up by 20 points or more"),
                    w.t("hausse de 50 points et plus", "up by 50 points or more"),
                ],
            ),
        };
        Scale { palette: "change", limits, names }
    }

    /// What stands where a place has no value.
    fn absent(self, w: Words) -> String {
        match self {
            Measure::Minutes => w.t("aucun site à portée", "no site within reach"),
            _ => w.t("inconnu", "unknown"),
        }
    }

    /// The legend with the people of each class.
    pub fn legend(self, w: Words, figures: &Figures, s: usize) -> Legend {
        let people = |class: char| -> (u64, usize) {
            let of = figures.places.iter().filter(|f| self.class(f, s) == class);
            of.fold((0, 0), |(sum, n), f| (sum + if f.core { f.people } else { 0 }, n + 1))
        };
        let row = |class: char, label: String| {
            let n = people(class).0;
            let text = w.count(n, ("personne", "personnes"), ("person", "people"));
            LegendRow { class, label, people: if class == NOBODY { String::new() } else { text } }
        };
        let scale = self.scale(w);
        let mut rows: Vec<LegendRow> =
            scale.names.into_iter().zip('0'..='5').map(|(label, class)| row(class, label)).collect();
        if people(UNREACHED).1 > 0 {
            rows.push(row(UNREACHED, self.absent(w)));
        }
        if people(NOBODY).1 > 0 {
            rows.push(row(NOBODY, nobody(w)));
        }
        Legend { label: self.label(w), palette: scale.palette, rows }
    }

    /// What the script needs to colour by it.
    pub fn json(self, w: Words) -> Value {
        let scale = |s: Scale| json!({"palette": s.palette, "limits": s.limits, "names": s.names});
        json!({
            "id": self.id(),
            "label": self.label(w),
            "absent": self.absent(w),
            "value": scale(self.scale(w)),
            "change": scale(self.change(w)),
        })
    }
}

/// What stands where nobody is counted.
pub(crate) fn nobody(w: Words) -> String {
    w.t("hors du calcul ou inhabité", "not in the scope or uninhabited")
}

#[cfg(test)]
mod tests {
    use super::*;
    use maillage_input::Lang;
    use maillage_programme::Hundredths;
    use maillage_territory::Minutes;

    const W: Words = Words(Lang::En);

    fn place(people: u64, attached: [u64; 2], minutes: Option<u32>) -> PlaceFigures {
        PlaceFigures {
            people,
            attached,
            nearest: [minutes.map(Minutes::from_hundredths); 2],
            core: true,
            apl: [None; 2],
        }
    }

    #[test]
    fn classes_have_the_limits_their_names_say() {
        let after = |n| Measure::Attached.class(&place(100, [0, n], None), 1);
        assert_eq!([0, 1, 49, 50, 75, 90, 99, 100].map(after).iter().collect::<String>(), "01123445");
        // One of 10,000 people is not nobody, all but one are not all.
        let many = |n| Measure::Attached.class(&place(10_000, [0, n], None), 1);
        assert_eq!((many(1), many(9_999)), ('1', '4'));
        let minutes = |h| Measure::Minutes.class(&place(1, [0, 0], h), 0);
        assert_eq!(minutes(Some(500)), '0');
        assert_eq!(minutes(Some(501)), '1');
        assert_eq!(minutes(Some(3001)), '5');
        assert_eq!(minutes(None), UNREACHED);
        assert_eq!(Measure::Minutes.class(&place(0, [0, 0], None), 0), NOBODY);
        let apl = |h| {
            let f = PlaceFigures { apl: [Some(Hundredths(h)); 2], ..place(1, [0, 0], None) };
            Measure::Apl.class(&f, 0)
        };
        assert_eq!([150, 151, 250, 251, 400, 401, 501].map(apl).iter().collect::<String>(), "0112345");
    }

    #[test]
    fn limits_rise() {
        for measure in [Measure::Attached, Measure::Minutes, Measure::Apl, Measure::People] {
            for scale in [measure.scale(W), measure.change(W)] {
                assert!(scale.limits.is_sorted_by(|a, b| a < b), "{measure:?}");
            }
        }
    }
}
