//! A model to solve, written with good_lp.

use good_lp::solvers::{ObjectiveDirection, Solver, SolverModel};
use good_lp::{
    Constraint, Expression, IntoAffineExpression, ProblemVariables, Variable, VariableDefinition, variable,
};
use std::collections::HashMap;
use std::fmt;
use std::hash::{BuildHasherDefault, Hasher};

/// Whether the objective is to be made small or large.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sense {
    /// Smallest objective.
    Minimise,
    /// Largest objective.
    Maximise,
}

/// A row of a [`Model`], in the order in which rows were added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RowIx(pub u32);

/// Variables, rows and an objective, all in good_lp's terms.
#[derive(Clone)]
pub struct Model {
    pub(crate) variables: ProblemVariables,
    pub(crate) constraints: Vec<Constraint>,
    pub(crate) sense: Sense,
    pub(crate) objective: Expression,
}

impl Model {
    /// An empty model with objective 0.
    pub fn new(sense: Sense) -> Self {
        Model::from_parts(ProblemVariables::new(), sense, 0.0)
    }

    /// A model over variables that good_lp already holds.
    pub fn from_parts(
        variables: ProblemVariables,
        sense: Sense,
        objective: impl IntoAffineExpression,
    ) -> Self {
        Model {
            variables,
            constraints: Vec::new(),
            sense,
            objective: Expression::from_other_affine(objective),
        }
    }

    /// Adds a variable. Use it only in this model: good_lp variables are bare positions, and one of
    /// another model that is small enough passes for one of this model.
    pub fn add(&mut self, definition: VariableDefinition) -> Variable {
        self.variables.add(definition)
    }

    /// Adds a row.
    ///
    /// # Panics
    /// Beyond `u32::MAX` rows.
    pub fn subject_to(&mut self, row: Constraint) -> RowIx {
        let ix = u32::try_from(self.constraints.len()).expect("fewer rows than u32::MAX");
        self.constraints.push(row);
        RowIx(ix)
    }

    /// Replaces the objective.
    pub fn set_objective(&mut self, objective: impl IntoAffineExpression) {
        self.objective = Expression::from_other_affine(objective);
    }

    /// Adds `coefficient * term` to the objective, in place.
    pub fn add_to_objective(&mut self, coefficient: f64, term: impl IntoAffineExpression) {
        self.objective.add_mul(coefficient, term);
    }

    /// The same model with every integer variable free to take any value between its bounds: its optimum bounds the
    /// model's. Variables keep their places.
    ///
    /// ```
    /// use good_lp::Solution as _;
    /// use maillage_milp::{Limits, Model, Sense, constraint, solve, variable};
    /// let mut model = Model::new(Sense::Minimise);
    /// let x = model.add(variable().integer().clamp(0, 10));
    /// model.add_to_objective(1.0, x);
    /// model.subject_to(constraint!(2 * x >= 5));
    /// let outcome = solve(model.relaxed(), &Limits::default(), None, &mut |_| {}).unwrap();
    /// assert_eq!(outcome.values.unwrap().value(x), 2.5);
    /// ```
    pub fn relaxed(&self) -> Model {
        let mut variables = ProblemVariables::new();
        for (_, definition) in self.variables.iter_variables_with_def() {
            variables.add(variable().min(definition.get_min()).max(definition.get_max()));
        }
        Model {
            variables,
            constraints: self.constraints.clone(),
            sense: self.sense,
            objective: self.objective.clone(),
        }
    }

    /// Whether the objective is to be made small or large.
    pub fn sense(&self) -> Sense {
        self.sense
    }

    /// Number of variables.
    pub fn num_variables(&self) -> usize {
        self.variables.len()
    }

    /// Number of rows.
    pub fn num_rows(&self) -> usize {
        self.constraints.len()
    }

    /// The same model inside any good_lp solver: the door for a second opinion. good_lp drops the
    /// constant of the objective; evaluate [`Model::objective`] on the solution instead.
    ///
    /// ```
    /// use good_lp::{Solution as _, SolverModel as _};
    /// use maillage_milp::{Model, Sense, constraint, variable};
    /// let mut model = Model::new(Sense::Minimise);
    /// let x = model.add(variable().clamp(0, 10));
    /// model.add_to_objective(1.0, x);
    /// model.subject_to(constraint!(2 * x >= 5));
    /// let solution = model.into_good_lp(good_lp::solvers::highs::highs).unwrap().solve().unwrap();
    /// assert_eq!(solution.value(x), 2.5);
    /// ```
    ///
    /// # Errors
    /// What [`ModelError`] lists.
    pub fn into_good_lp<S: Solver>(self, solver: S) -> Result<S::Model, ModelError> {
        Compact::new(&self)?;
        Ok(self.hand_over(solver))
    }

    /// The objective.
    pub fn objective(&self) -> &Expression {
        &self.objective
    }

    /// Rows are freed one by one as the solver takes them.
    pub(crate) fn hand_over<S: Solver>(self, solver: S) -> S::Model {
        let direction = match self.sense {
            Sense::Minimise => ObjectiveDirection::Minimisation,
            Sense::Maximise => ObjectiveDirection::Maximisation,
        };
        let mut inner = self.variables.optimise(direction, self.objective).using(solver);
        for row in self.constraints {
            inner.add_constraint(row);
        }
        inner
    }
}

/// What makes a model unfit for any solver.
#[derive(Debug, Clone, PartialEq)]
pub enum ModelError {
    /// A coefficient of a row is not finite, or 1e15 or more in size.
    Coefficient {
        /// The row.
        row: RowIx,
        /// The coefficient.
        value: f64,
    },
    /// The constant of a row is not finite, or 1e20 or more in size.
    RightHandSide {
        /// The row.
        row: RowIx,
        /// The constant.
        value: f64,
    },
    /// A coefficient or the constant of the objective is not finite, or 1e20 or more in size.
    Objective(f64),
    /// A bound of a variable is not a number, a lower bound is +∞ or an upper bound −∞.
    Bound {
        /// Position of the variable in the model.
        variable: u32,
        /// Its lower bound.
        lower: f64,
        /// Its upper bound.
        upper: f64,
    },
    /// A row, the objective or the start uses a variable that the model does not have.
    ForeignVariable,
    /// More than `i32::MAX` variables, rows or coefficients, which is what HiGHS can hold.
    TooLarge,
}

impl fmt::Display for ModelError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ModelError::Coefficient { row, value } => {
                write!(f, "row {} has the coefficient {value}, which no solver can use", row.0)
            }
            ModelError::RightHandSide { row, value } => {
                write!(f, "row {} has the constant {value}, which no solver can use", row.0)
            }
            ModelError::Objective(value) => {
                write!(f, "the objective has the coefficient {value}, which no solver can use")
            }
            ModelError::Bound { variable, lower, upper } => {
                write!(f, "variable {variable} has the bounds {lower} and {upper}, which no solver can use")
            }
            ModelError::ForeignVariable => f.write_str("a variable of another model is used"),
            ModelError::TooLarge => {
                f.write_str("the model has more than 2^31 variables, rows or coefficients")
            }
        }
    }
}

impl std::error::Error for ModelError {}

/// good_lp keeps the position of a variable to itself; it does hash it, as one `usize`.
#[derive(Default)]
pub(crate) struct PositionHasher(u64);

impl Hasher for PositionHasher {
    fn finish(&self) -> u64 {
        self.0.wrapping_mul(0x9e37_79b9_7f4a_7c15)
    }
    fn write(&mut self, bytes: &[u8]) {
        for &b in bytes {
            self.0 = (self.0.rotate_left(8)) ^ u64::from(b);
        }
    }
    fn write_usize(&mut self, i: usize) {
        self.0 = i as u64;
    }
}

/// Position of each variable of a model.
pub(crate) type Positions = HashMap<Variable, u32, BuildHasherDefault<PositionHasher>>;

/// The model in flat arrays: what solutions are checked against, whatever the solver did to its copy.
/// Every row reads `sum value * x <= rhs`, or `=`.
pub(crate) struct Compact {
    pub positions: Positions,
    pub lower: Vec<f64>,
    pub upper: Vec<f64>,
    pub integer: Vec<bool>,
    pub cost: Vec<f64>,
    pub offset: f64,
    pub sense: Sense,
    pub start: Vec<usize>,
    pub index: Vec<u32>,
    pub value: Vec<f64>,
    pub rhs: Vec<f64>,
    pub equality: Vec<bool>,
}

const LARGEST_COEFFICIENT: f64 = 1e15;
const INFINITE: f64 = 1e20;

impl Compact {
    pub fn new(model: &Model) -> Result<Self, ModelError> {
        let (n, m) = (model.variables.len(), model.constraints.len());
        if n > i32::MAX as usize || m > i32::MAX as usize {
            return Err(ModelError::TooLarge);
        }
        let mut c = Compact {
            positions: Positions::with_capacity_and_hasher(n, BuildHasherDefault::default()),
            lower: Vec::with_capacity(n),
            upper: Vec::with_capacity(n),
            integer: Vec::with_capacity(n),
            cost: vec![0.0; n],
            offset: model.objective.constant(),
            sense: model.sense,
            start: Vec::with_capacity(m + 1),
            index: Vec::new(),
            value: Vec::new(),
            rhs: Vec::with_capacity(m),
            equality: Vec::with_capacity(m),
        };
        for ((variable, definition), position) in model.variables.iter_variables_with_def().zip(0u32..) {
            let (lower, upper) = (definition.get_min(), definition.get_max());
            if lower.is_nan() || upper.is_nan() || lower >= INFINITE || upper <= -INFINITE {
                return Err(ModelError::Bound { variable: position, lower, upper });
            }
            c.positions.insert(variable, position);
            c.lower.push(if lower <= -INFINITE { f64::NEG_INFINITY } else { lower });
            c.upper.push(if upper >= INFINITE { f64::INFINITY } else { upper });
            c.integer.push(definition.is_integer());
        }
        let sound = |v: f64| v.abs() < INFINITE;
        if !sound(c.offset) {
            return Err(ModelError::Objective(c.offset));
        }
        for (variable, value) in (&model.objective).linear_coefficients() {
            let position = *c.positions.get(&variable).ok_or(ModelError::ForeignVariable)?;
            if !sound(value) {
                return Err(ModelError::Objective(value));
            }
            c.cost[position as usize] += value;
        }
        c.start.push(0);
        for (row, ix) in model.constraints.iter().zip(0u32..) {
            let rhs = -row.expression().constant();
            if !sound(rhs) {
                return Err(ModelError::RightHandSide { row: RowIx(ix), value: rhs });
            }
            for (variable, value) in row.expression().linear_coefficients() {
                let position = *c.positions.get(&variable).ok_or(ModelError::ForeignVariable)?;
                if value.is_nan() || value.abs() >= LARGEST_COEFFICIENT {
                    return Err(ModelError::Coefficient { row: RowIx(ix), value });
                }
                c.index.push(position);
                c.value.push(value);
            }
            if c.index.len() > i32::MAX as usize {
                return Err(ModelError::TooLarge);
            }
            c.start.push(c.index.len());
            c.rhs.push(rhs);
            c.equality.push(row.is_equality());
        }
        Ok(c)
    }

    pub fn is_mip(&self) -> bool {
        self.integer.contains(&true)
    }

    pub fn objective(&self, x: &[f64]) -> f64 {
        self.offset + self.cost.iter().zip(x).map(|(c, x)| c * x).sum::<f64>()
    }

    /// Terms of row `r`.
    pub fn row(&self, r: usize) -> impl Iterator<Item = (usize, f64)> + '_ {
        let range = self.start[r]..self.start[r + 1];
        self.index[range.clone()].iter().map(|&i| i as usize).zip(self.value[range].iter().copied())
    }
}
