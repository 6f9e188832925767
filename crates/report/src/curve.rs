//! A plan and its bound over an axis of numbers, as SVG: between the two lies what is not known.

use crate::map::escape;
use crate::words::Words;
use std::fmt::Write as _;

/// Size of the drawing and where its axes stand, in pixels.
const WIDTH: f64 = 560.0;
const HEIGHT: f64 = 270.0;
const LEFT: f64 = 92.0;
const RIGHT: f64 = 530.0;
const TOP: f64 = 40.0;
const BOTTOM: f64 = 232.0;
/// Colours of the plan and of the bound.
const PLAN: &str = "#123a6b";
const BOUND: &str = "#b35c00";

/// How far a value holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// From its point to the next: what is known stays known.
    From,
    /// Plans hold from their point to the next, bounds from the last point to theirs: limits that only allow more.
    Between,
    /// At its point alone.
    Point,
}

/// One point: its place, the plan and its bound.
#[derive(Debug, Clone, Copy)]
pub(crate) struct At {
    pub x: f64,
    pub plan: Option<f64>,
    pub bound: Option<f64>,
}

/// A drawing.
pub(crate) struct Curve<'a> {
    pub w: Words,
    pub title: &'a str,
    /// In the order of their places.
    pub points: Vec<At>,
    pub reach: Reach,
    /// Places that are named on the axis below.
    pub below: Vec<(f64, String)>,
    /// A value as it is written on the axis beside.
    pub say: &'a dyn Fn(f64) -> String,
}

impl Curve<'_> {
    /// An `<svg>`; `None` where there are no two places, or nothing but one value.
    pub(crate) fn draw(&self) -> Option<String> {
        let known: Vec<At> = self.points.iter().copied().filter(|p| p.plan.is_some()).collect();
        let (low, high) = (self.points.first()?.x, self.points.last()?.x);
        let values = || known.iter().flat_map(|p| [p.plan, p.bound]).flatten();
        let (least, most) = (values().reduce(f64::min)?, values().reduce(f64::max)?);
        let drawable = high > low && most > least && [low, high, least, most].iter().all(|v| v.is_finite());
        if !drawable {
            return None;
        }
        let x = |v: f64| LEFT + (RIGHT - LEFT) * ((v - low) / (high - low));
        let y = |v: f64| BOTTOM - (BOTTOM - TOP) * ((v - least) / (most - least));
        let at = |of: &dyn Fn(&At) -> Option<f64>| -> Vec<(f64, f64)> {
            known.iter().filter_map(|p| Some((x(p.x), y(of(p)?)))).collect()
        };
        let (plan, bound) = (at(&|p| p.plan), at(&|p| p.bound));
        let mut out = format!(
            "<svg class=\"chart small-chart\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"{}\">",
            escape(self.title)
        );
        match self.reach {
            Reach::Point => self.strokes(&plan, &known, &y, &mut out),
            Reach::From => self.lines(&steps(&plan, true), &steps(&bound, true), &mut out),
            Reach::Between => self.lines(&steps(&plan, true), &steps(&bound, false), &mut out),
        }
        if self.reach != Reach::From {
            for (x, y) in &plan {
                // Writing to a string does not fail.
                let _ = write!(out, "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3.5\" fill=\"{PLAN}\"/>");
            }
        }
        self.axes(&x, [(least, y(least)), (most, y(most))], &mut out);
        self.legend(!bound.is_empty(), &mut out);
        out.push_str("</svg>");
        Some(out)
    }

    fn lines(&self, plan: &[(f64, f64)], bound: &[(f64, f64)], out: &mut String) {
        // What is not known begins where both are.
        if let (Some(first), false) = (bound.first(), plan.is_empty()) {
            let begun = |line: &[(f64, f64)]| -> Vec<(f64, f64)> {
                let start = first.0.max(plan[0].0);
                let before = line.iter().rev().find(|p| p.0 <= start).map(|p| (start, p.1));
                before.into_iter().chain(line.iter().copied().filter(|p| p.0 > start)).collect()
            };
            let (near, mut far) = (begun(plan), begun(bound));
            far.reverse();
            let corners: Vec<(f64, f64)> = near.into_iter().chain(far).collect();
            let _ = write!(out, "<path d=\"{}z\" fill=\"#e3e6eb\"/>", path(&corners));
        }
        for (line, colour, dash) in [(bound, BOUND, " stroke-dasharray=\"6 4\""), (plan, PLAN, "")] {
            if !line.is_empty() {
                let d = path(line);
                let _ = write!(
                    out,
                    "<path d=\"{d}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"{dash}/>"
                );
            }
        }
    }

    /// From each plan to its bound.
    fn strokes(&self, plan: &[(f64, f64)], known: &[At], y: &dyn Fn(f64) -> f64, out: &mut String) {
        for ((px, py), bound) in plan.iter().zip(known.iter().map(|p| p.bound)) {
            if let Some(bound) = bound {
                let by = y(bound);
                let _ = write!(
                    out,
                    "<path d=\"M{px:.1} {py:.1}V{by:.1}m-4 0h8\" fill=\"none\" stroke=\"{BOUND}\" stroke-width=\"1.5\"/>"
                );
            }
        }
    }

    fn axes(&self, x: &dyn Fn(f64) -> f64, beside: [(f64, f64); 2], out: &mut String) {
        let _ = write!(out, "<path d=\"M{LEFT} {TOP}V{BOTTOM}H{RIGHT}\" class=\"axis\"/>");
        for (value, y) in beside {
            let text = escape(&(self.say)(value));
            let _ = write!(
                out,
                "<text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{text}</text>",
                LEFT - 6.0,
                y + 4.0
            );
        }
        let last = self.below.len().saturating_sub(1);
        for (i, (value, text)) in self.below.iter().enumerate() {
            // The last one ends with the axis, so that it is not cut off.
            let anchor = if i == last { "end" } else { "middle" };
            let x = if i == last { RIGHT + 14.0 } else { x(*value) };
            let _ = write!(
                out,
                "<text x=\"{x:.1}\" y=\"{}\" text-anchor=\"{anchor}\">{}</text>",
                BOTTOM + 18.0,
                escape(text)
            );
        }
    }

    fn legend(&self, bounded: bool, out: &mut String) {
        let plan = self.w.t("le plan", "the plan");
        let bound = self.w.t("ce qu'aucun plan ne peut battre", "what no plan can beat");
        let mut line = |x: f64, colour: &str, dash: &str, text: &str| {
            let _ = write!(
                out,
                "<path d=\"M{x} 14h24\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"3\"{dash}/><text x=\"{}\" y=\"18.5\">{}</text>",
                x + 30.0,
                escape(text)
            );
        };
        line(4.0, PLAN, "", &plan);
        if bounded {
            line(150.0, BOUND, " stroke-dasharray=\"6 4\"", &bound);
        }
    }
}

/// A line of steps through points: each value holds until the next point, or since the last one.
fn steps(points: &[(f64, f64)], forwards: bool) -> Vec<(f64, f64)> {
    let mut out: Vec<(f64, f64)> = points.first().copied().into_iter().collect();
    for pair in points.windows(2) {
        let corner = if forwards { (pair[1].0, pair[0].1) } else { (pair[0].0, pair[1].1) };
        out.extend([corner, pair[1]]);
    }
    out
}

fn path(points: &[(f64, f64)]) -> String {
    let mut d = String::new();
    for (i, (x, y)) in points.iter().enumerate() {
        let _ = write!(d, "{}{x:.1} {y:.1}", if i == 0 { "M" } else { "L" });
    }
    d
}

#[cfg(test)]
mod tests {
    use super::*;
    use maillage_input::Lang;

    fn curve(points: &[(f64, Option<f64>, Option<f64>)], reach: Reach) -> Option<String> {
        let points = points.iter().map(|&(x, plan, bound)| At { x, plan, bound }).collect();
        let below = vec![(0.0, "a<b".to_owned())];
        Curve { w: Words(Lang::En), title: "t", points, reach, below, say: &|v| v.to_string() }.draw()
    }

    #[test]
    fn a_plan_holds_forwards_and_a_bound_backwards() {
        let points = [(0.0, Some(0.0), Some(5.0)), (10.0, Some(10.0), Some(10.0))];
        let svg = curve(&points, Reach::Between).unwrap();
        // The axes run from 92 to 530 and from 232 up to 40; half of the height is 136.
        assert!(svg.contains("d=\"M92.0 232.0L530.0 232.0L530.0 40.0\""), "{svg}");
        assert!(svg.contains("d=\"M92.0 136.0L92.0 40.0L530.0 40.0\""), "{svg}");
        assert!(svg.contains("a&lt;b") && !svg.contains("a<b"));
        let svg = curve(&points, Reach::From).unwrap();
        assert!(svg.contains("d=\"M92.0 136.0L530.0 136.0L530.0 40.0\""), "{svg}");
        // The area goes along the plan and back along the bound.
        let area = "M92.0 232.0L530.0 232.0L530.0 40.0L530.0 40.0L530.0 136.0L92.0 136.0z";
        assert!(svg.contains(area), "{svg}");
        let svg = curve(&points, Reach::Point).unwrap();
        assert!(svg.contains("M92.0 232.0V136.0m-4 0h8") && !svg.contains("fill=\"#e3e6eb\""), "{svg}");
    }

    #[test]
    fn nothing_is_drawn_of_nothing() {
        assert_eq!(curve(&[], Reach::From), None);
        assert_eq!(curve(&[(1.0, Some(1.0), None)], Reach::From), None);
        assert_eq!(curve(&[(1.0, Some(1.0), None), (2.0, Some(1.0), None)], Reach::From), None);
        assert_eq!(curve(&[(1.0, None, Some(2.0)), (2.0, None, Some(1.0))], Reach::From), None);
        assert_eq!(curve(&[(1.0, Some(1.0), None), (2.0, Some(f64::NAN), None)], Reach::From), None);
        // What has no bound, or no plan at first, is drawn as far as it is known.
        let svg = curve(
            &[(0.0, None, Some(9.0)), (5.0, Some(1.0), None), (9.0, Some(2.0), Some(3.0))],
            Reach::From,
        );
        let svg = svg.unwrap();
        assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
    }
}
