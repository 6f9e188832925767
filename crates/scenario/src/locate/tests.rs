//! Lies with a fresh seal: what is claimed must follow from the instance, not from the seal.

use super::*;
use std::path::PathBuf;

struct Case {
    dir: tempfile::TempDir,
    honest: Located,
}

impl Case {
    /// Solves an instance and writes the result beside it.
    fn new(text: &str, options: &LocateOptions) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("instance");
        std::fs::write(&file, text).unwrap();
        let honest = locate(&file, options, &mut |_| {}).unwrap().unwrap();
        let honest = write_located(&dir.path().join("r.json"), &honest).unwrap();
        let case = Case { dir, honest };
        assert_eq!(case.rules(&case.honest), [""; 0]);
        case
    }

    fn out(&self) -> PathBuf {
        self.dir.path().join("r.json")
    }

    /// The rules that a result breaks.
    fn rules(&self, located: &Located) -> Vec<&'static str> {
        let verdict = check_located(&self.out(), &located.json(), None).unwrap();
        verdict.report.violations.iter().map(|v| v.rule.as_str()).collect()
    }

    /// Whether what a lie says breaks the rule.
    fn finds(&self, rule: &str, lie: impl Fn(&mut Located)) {
        let mut located = self.honest.clone();
        lie(&mut located);
        assert_ne!(located, self.honest);
        let rules = self.rules(&located);
        assert!(rules.contains(&rule), "{rule} is not among {rules:?}");
    }

    fn multipliers(&self) -> usize {
        self.honest.certificate.as_ref().unwrap().multipliers.len()
    }

    /// Lies about multipliers, whatever the problem.
    fn finds_bad_multipliers(&self) {
        let with = |change: fn(&mut LocateCertificate)| {
            move |l: &mut Located| change(l.certificate.as_mut().unwrap())
        };
        self.finds("C211", with(|c| c.bound += 1));
        self.finds("C211", with(|c| c.multipliers.truncate(1)));
        self.finds("C211", with(|c| c.multipliers.push(0)));
        self.finds("C211", with(|c| c.multipliers.fill(0)));
        self.finds("C211", with(|c| c.scale = 0));
        let other = |kind| if kind == ProofKind::SetCover { ProofKind::PMedian } else { ProofKind::SetCover };
        self.finds("C211", move |l: &mut Located| {
            let c = l.certificate.as_mut().unwrap();
            c.kind = other(c.kind);
        });
        // The largest numbers overflow nothing.
        let mut huge = self.honest.clone();
        huge.certificate.as_mut().unwrap().multipliers.fill(u64::MAX);
        huge.certificate.as_mut().unwrap().bound = u64::MAX;
        assert!(self.rules(&huge).contains(&"C211"));
    }
}

const COSTS: &str = "from_id,to_id,cost\na,x,3\na,y,1\nb,x,1\nb,y,4\nc,y,2\nc,x,9\n";

#[test]
fn resealed_lies_are_found() {
    let options =
        LocateOptions { p: Some(1), ..LocateOptions::new(LocateFormat::Csv, LocateProblem::PMedian) };
    let case = Case::new(COSTS, &options);
    // y: 1 + 4 + 2.
    assert_eq!((case.honest.objective, case.honest.status), (Some(7), Claim::Optimal));
    assert_eq!(case.honest.instance, "instance");
    case.finds("C202", |l| (l.objective, l.bound) = (Some(6), Some(6)));
    case.finds("C202", |l| l.open = vec!["x".into()]);
    case.finds("C318", |l| l.open = vec!["x".into(), "y".into()]);
    case.finds("C301", |l| l.open = vec!["z".into()]);
    case.finds("C301", |l| l.open = vec!["y".into(), "y".into()]);
    case.finds("C205", |l| (l.bound, l.gap) = (None, None));
    case.finds("C203", |l| (l.bound, l.gap) = (Some(8), Some(1.0 / 7.0)));
    case.finds("C204", |l| (l.status, l.bound) = (Claim::WithinGap, Some(2)));
    case.finds("C104", |l| l.inputs.clear());
    case.finds("C104", |l| l.inputs[0].sha256 = "0".repeat(64));
    case.finds("C207", |l| (l.status, l.objective, l.bound, l.gap) = (Claim::Infeasible, None, None, None));
    case.finds("C105", |l| l.p = None);
    case.finds("C105", |l| l.scale = 10);
    case.finds("C105", |l| l.rounding = Some(Rounding::Floor));
    case.finds("C107", |l| l.format = LocateFormat::Grid);
    case.finds("C102", |l| l.schema_version = 2);
    case.finds("C205", |l| l.limit = Some("time".into()));
}

#[test]
fn a_plan_refutes_infeasibility() {
    let options = LocateOptions {
        radius: Some("4".parse().unwrap()),
        ..LocateOptions::new(LocateFormat::Csv, LocateProblem::SetCover)
    };
    let case = Case::new(COSTS, &options);
    case.finds("C210", |l| {
        (l.status, l.objective, l.bound, l.gap) = (Claim::Infeasible, None, None, None);
        l.open.clear();
        l.reason = Some(Text::new("", ""));
    });
}

/// Three villages 5 apart on a road.
const ROAD: &str = "DIMENSION : 3\nNODE_COORD_SECTION\n1 0 0\n2 5.5 0\n3 11 0\nEOF\n";

#[test]
fn multipliers_prove_what_they_are_said_to_prove() {
    use LocateProblem::*;
    let radius = Some("4".parse().unwrap());
    let csv = |problem| LocateOptions::new(LocateFormat::Csv, problem);
    let plane = |problem| LocateOptions::new(LocateFormat::Tsplib, problem);
    for (text, options) in [
        (COSTS, LocateOptions { p: Some(1), ..csv(PMedian) }),
        (COSTS, LocateOptions { p: Some(1), radius: Some("1".parse().unwrap()), ..csv(MaxCover) }),
        (COSTS, LocateOptions { radius, ..csv(SetCover) }),
        (ROAD, LocateOptions { p: Some(1), ..plane(PMedian) }),
        (COSTS, LocateOptions { p: Some(1), ..csv(PCenter) }),
        (ROAD, LocateOptions { p: Some(1), ..plane(PCenter) }),
        (COSTS, LocateOptions { times: Some(1), radius, ..csv(BackupCover) }),
        (COSTS, LocateOptions { demand: Some(3), radius, ..csv(PartialCover) }),
    ] {
        let case = Case::new(text, &options);
        assert!(case.multipliers() > 1);
        if options.problem == MaxCover {
            // Shares of 0 and beyond 1 prove bounds too: the weight of all, and of what covers most.
            case.finds("C211", |l| l.certificate.as_mut().unwrap().bound -= 1);
            case.finds("C211", |l| l.certificate.as_mut().unwrap().multipliers.truncate(1));
        } else {
            case.finds_bad_multipliers();
        }
    }
}

/// Costs between five villages on a road, 10 apart.
fn road_costs() -> String {
    let pairs = (0..5i32).flat_map(|i| (0..5i32).map(move |j| (i, j)));
    let rows: String = pairs.map(|(i, j)| format!("v{i},v{j},{}\n", 10 * i.abs_diff(j))).collect();
    format!("from_id,to_id,cost\n{rows}")
}

#[test]
fn lies_about_further_plans_are_found() {
    let options = LocateOptions {
        p: Some(1),
        plans: Some(4),
        within: Some(20.0),
        ..LocateOptions::new(LocateFormat::Csv, LocateProblem::PMedian)
    };
    let case = Case::new(&road_costs(), &options);
    // v2: 20 + 10 + 10 + 20; its neighbours 10 + 0 + 10 + 20 + 30; 72 is allowed, the ends cost 100.
    assert_eq!(case.honest.objective, Some(60));
    assert_eq!(case.honest.alternatives.iter().map(|a| a.objective).collect::<Vec<_>>(), [70, 70]);
    assert_eq!(case.honest.alternatives_stop.as_deref(), Some("none-left"));
    let all = |l: &mut Located, within| l.asked.as_mut().unwrap().within = within;
    let set = |l: &mut Located, i: usize, objective, site: &str| {
        let plan = &mut l.alternatives[i];
        (plan.objective, plan.bound, plan.open) = (objective, objective, vec![site.to_owned()]);
    };
    // Its worth, its bound, its sites.
    case.finds("C202", |l| (l.alternatives[0].objective, l.alternatives[0].bound) = (69, 69));
    case.finds("C203", |l| l.alternatives[0].bound = 71);
    case.finds("C301", |l| l.alternatives[0].open = vec!["z".into()]);
    case.finds("C318", |l| l.alternatives[0].open.push("v4".into()));
    case.finds("C105", |l| l.alternatives[0].closed_of_best.clear());
    // Too much like the best, or like the second.
    case.finds("C604", |l| {
        set(l, 0, 60, "v2");
        l.alternatives[0].closed_of_best.clear();
    });
    case.finds("C604", |l| l.alternatives[1] = l.alternatives[0].clone());
    case.finds("C604", |l| l.asked.as_mut().unwrap().apart = 2);
    // Dearer than allowed, by the plan or by what was asked.
    case.finds("C315", |l| set(l, 1, 100, "v0"));
    case.finds("C315", |l| all(l, 16.0));
    // In another order: 100, which is allowed, comes before 70.
    case.finds("C209", |l| {
        all(l, 100.0);
        set(l, 0, 100, "v0");
    });
    // What is claimed of them.
    case.finds("C205", |l| l.alternatives[0].status = Claim::Feasible);
    case.finds("C205", |l| l.alternatives[1].bound = 60);
    case.finds("C205", |l| l.alternatives_stop = None);
    case.finds("C205", |l| l.asked.as_mut().unwrap().plans = 3);
    case.finds("C105", |l| l.asked.as_mut().unwrap().plans = 2);
    case.finds("C207", |l| l.asked = None);
    // What cannot have been asked.
    case.finds("C107", |l| l.asked.as_mut().unwrap().apart = 0);
    case.finds("C107", |l| all(l, -1.0));
    case.finds("C107", |l| l.solver.gap = 0.1);
    case.finds("C107", |l| l.problem = LocateProblem::BackupCover);
    // A limit explains fewer plans, and a last one that is not proven.
    let mut cut = case.honest.clone();
    cut.alternatives_stop = Some("time".to_owned());
    assert_eq!(case.rules(&cut), [""; 0]);
    (cut.alternatives[1].status, cut.alternatives[1].bound) = (Claim::Feasible, 65);
    assert_eq!(case.rules(&cut), [""; 0]);
    cut.alternatives[0].status = Claim::Feasible;
    assert_eq!(case.rules(&cut), ["C205"]);
}

#[test]
fn lies_about_further_plans_are_found_where_more_is_better() {
    let options = LocateOptions {
        p: Some(1),
        plans: Some(4),
        within: Some(20.0),
        radius: Some("10".parse().unwrap()),
        ..LocateOptions::new(LocateFormat::Csv, LocateProblem::MaxCover)
    };
    let case = Case::new(&road_costs(), &options);
    // The three villages between the ends hold 3, the ends 2; a fifth of 3 is 0.
    assert_eq!(case.honest.objective, Some(3));
    assert_eq!(case.honest.alternatives.iter().map(|a| a.objective).collect::<Vec<_>>(), [3, 3]);
    assert_eq!(case.honest.alternatives_stop.as_deref(), Some("none-left"));
    let end = |l: &mut Located, i: usize| {
        let plan = &mut l.alternatives[i];
        (plan.objective, plan.bound, plan.open) = (2, 2, vec!["v0".to_owned()]);
    };
    case.finds("C202", |l| (l.alternatives[1].objective, l.alternatives[1].bound) = (4, 4));
    case.finds("C203", |l| l.alternatives[0].bound = 2);
    case.finds("C205", |l| l.alternatives[1].bound = 4);
    case.finds("C315", |l| end(l, 1));
    case.finds("C209", |l| {
        l.asked.as_mut().unwrap().within = 100.0;
        end(l, 0);
    });
    // A third and more of 3 is 1.
    let mut wider = case.honest.clone();
    wider.asked.as_mut().unwrap().within = 34.0;
    end(&mut wider, 1);
    assert_eq!(case.rules(&wider), [""; 0]);
    case.finds("C318", |l| l.alternatives[0].open.push("v4".into()));
    case.finds("C604", |l| l.alternatives[1] = l.alternatives[0].clone());
}

#[test]
fn an_end_without_proof_or_limit_is_said_in_both_languages() {
    let options =
        LocateOptions { p: Some(1), ..LocateOptions::new(LocateFormat::Csv, LocateProblem::PMedian) };
    let mut located = Case::new(COSTS, &options).honest;
    (located.status, located.limit) = (Claim::Feasible, Some("unproven".to_owned()));
    assert!(located.summary(Lang::Fr).contains("état feasible (arrêt : sans preuve)"));
    assert!(located.summary(Lang::En).contains("status feasible (stopped: without proof)"));
}

/// Two sites of 10 and 8, three clients, in the layout of Holmberg: capacities and openings, demands, costs by site.
const CHARGES: &str = "2 3\n6 10\n9 8\n2 3 4\n1 5 7\n6 2 3\n";

#[test]
fn lies_about_service_are_found() {
    use LocateProblem::*;
    for problem in [FixedCharge, Capacitated, SingleSource] {
        let case = Case::new(CHARGES, &LocateOptions::new(LocateFormat::Holmberg, problem));
        // The second site alone holds all 9: 8 + 6 + 2 + 3.
        assert_eq!((case.honest.objective, case.honest.status), (Some(19), Claim::Optimal), "{problem:?}");
        case.finds_bad_multipliers();
        case.finds("C412", |l| l.assignment.truncate(2));
        case.finds("C407", |l| l.assignment[0].site = "1".into());
        case.finds("C202", |l| {
            l.open = vec!["1".into(), "2".into()];
            l.assignment[0].site = "1".into();
        });
        case.finds("C406", |l| l.assignment[0].client = "4".into());
        case.finds("C405", |l| {
            let row = l.assignment[0].clone();
            l.assignment.push(row);
        });
        case.finds("C301", |l| l.open = vec!["3".into()]);
        if problem == FixedCharge {
            case.finds("C402", |l| l.assignment[0].amount = Some(1));
        } else {
            case.finds("C412", |l| l.assignment[0].amount = Some(u64::MAX));
            case.finds("C402", |l| l.assignment[0].amount = None);
            case.finds("C312", |l| {
                l.open = vec!["1".into()];
                l.assignment.iter_mut().for_each(|row| row.site = "1".into());
            });
        }
    }
}
