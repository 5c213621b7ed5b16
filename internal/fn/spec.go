// Package fn is the one table of KQL's functions, infix operators, aggregates,
// window functions and plugins: one row each, in one file.
//
// A row says everything the rest of the program needs: names, signatures,
// how an unnamed column is called, what the function means (Eval, in Go),
// and, where it pays, how an engine says the same in SQL. From the rows come
// binding, errors, SQL, the reference pages, the tests and the support matrix.
// Adding a function is adding a row to one file of this package; nothing else
// changes.
//
// Eval is the meaning. It folds constants, runs inside DuckDB as a native
// function over whole vectors where a row has no SQL, and is the oracle of the
// property test where it has. SQL is an optimisation proven equal to Eval.
package fn

import (
	"github.com/harrier-hunting/harrier/internal/sqlx"
	"github.com/harrier-hunting/harrier/internal/types"
)

// Kind tells where a row's name may stand.
type Kind uint8

// The kinds of rows.
const (
	Scalar Kind = iota
	Infix
	Aggregate
	Window
	Plugin
)

// NullRule tells the binder when a result can be null. It never claims more
// than is certain: the zero value is "may be null".
type NullRule uint8

// The null rules.
const (
	MayBeNull     NullRule = iota // null possible even when no argument is null
	NullIfArg                     // null exactly when an argument is null
	NeverNull                     // never null
	NullIfArg0                    // null exactly when the first argument is null
	NullFromArg                   // null only when some argument is null, but not always then
	NullIfAllArgs                 // null only when every argument is null
)

// Naming tells what an unnamed column computed by a call is called
// (symbols.json: resultName).
type Naming uint8

// The naming rules.
const (
	NameDefault       Naming = iota // Column1, print_0; an aggregate: name_
	NameFirstArg                    // the name of the first argument
	NamePrefixArg                   // prefix_firstArgument
	NameFuncArg                     // function_firstArgument
	NamePrefixOnly                  // prefix
	NameOnlyArg                     // the argument's name when there is just one
	NameFirstArgVal                 // the first argument's constant value, if it names a column
	NamePrefixTwoArgs               // prefix_firstArgument_secondArgument (recorded: covariance_x_y)
	NamePercentile                  // prefix_firstArgument_p, p the constant percentile with "_" for "."
)

// Volatility tells how long a call keeps its value.
type Volatility uint8

// The volatilities.
const (
	Stable   Volatility = iota // same arguments, same value: folded
	PerQuery                   // fixed for one query (now, ago): folded with the query's clock
	PerRow                     // new for every row (rand, new_guid): never folded
)

// Spec is one row of the table.
type Spec struct {
	Name    string
	Aliases []string // other spellings that mean exactly the same
	Kind    Kind
	Doc     string // one line
	Ref     string // page of the public reference, without folder and ".md"

	Sigs []Sig
	// Columns are the result columns of a function that has several, such as
	// series_fit_line. Its Eval gives an array with an item for each of them.
	// An unnamed column is called function_firstArgument_column.
	Columns []ResultColumn
	Naming  Naming
	Prefix  string // for NamePrefixArg and NamePrefixOnly
	Nulls   NullRule
	Joins   bool // puts the texts of its arguments together, in SQL without a limit
	Vol     Volatility
	// Obsolete names the row to use instead; a query that uses it gets a
	// warning with that advice.
	Obsolete string
	Hidden   bool // not listed in the reference
	// Caution words a warning for a call whose answer may differ from the
	// engine's, "" for none.
	Caution func(args []ArgInfo) string

	Eval Eval // meaning of every signature without an own Eval
	// Fold is the meaning over constants, where the engine's front end folds
	// them by another rule than its columns follow; nil is Eval.
	Fold   Eval
	DuckDB SQL // SQL of every signature without an own DuckDB
	// Window says a window function in SQL; see WindowSQL.
	Window WindowBuild

	Examples []Example
}

// Sig is one overload. Decl is written in the notation of sig.go.
type Sig struct {
	Decl   string
	Eval   Eval
	DuckDB SQL
	// Result computes the type for signatures declared ": custom".
	Result func(args []ArgInfo) types.Type

	parsed *Signature
}

// ResultColumn is one of several result columns.
type ResultColumn struct {
	Name string
	Type types.Type
}

// Signature is the parsed form of Decl.
func (s *Sig) Signature() *Signature { return s.parsed }

// ArgInfo is what the binder knows of an argument.
type ArgInfo struct {
	Type  types.Type
	Const *types.Value // nil: not constant
}

// Eval computes Out, a vector of N values of the call's result type, from the
// arguments' vectors, each of N values of the types the binder chose (it has
// inserted conversions where the signature asks). Out is already sized, all
// valid and zero. Aggregates get list vectors: one list per group. Eval must
// not keep any vector, and must not panic on any input.
type Eval func(c *Call)

// Call is one evaluation of a function over N rows.
type Call struct {
	N    int
	Args []*types.Vector
	Out  *types.Vector
	Now  int64 // the query's clock, ticks
	// Err, when set, fails the query with a message for the user, e.g. an
	// invalid regular expression found only at run time.
	Err  error
	made int // bytes: see tooMuch
}

// SQL is an optional lowering of a row. Template and Prec are as for
// sqlx.Format; Build is for what a template cannot say and may decline by
// returning false, which leaves the call to Eval.
type SQL struct {
	Template string
	Prec     sqlx.Prec // 0 = Atom
	Build    func(b *Builder) (sqlx.Expr, bool)
	// Native allows Eval to run where SQL declines; WhyNot says why a row
	// has no SQL and cannot run natively either.
	WhyNot string
}

// Empty reports a missing lowering.
func (s SQL) Empty() bool { return s.Template == "" && s.Build == nil }

// Builder is what a Build function sees of a call.
type Builder struct {
	Dialect *sqlx.Dialect
	Args    []Arg
	Result  types.Type
	// Filter is set where null and false are the same: at the top of a where
	// condition and under its ands and ors. There plain SQL operators do.
	Filter bool
	// Order is " ORDER BY …" to put inside an order-sensitive aggregate, such
	// as list(x ORDER BY …), or "" where rows have no order.
	Order string
	// Native renders a call of a row's Eval as a native function of the
	// engine, for lowerings that combine SQL with it.
	Native func(name string, result types.Type, args ...Arg) (sqlx.Expr, bool)
}

// Arg is one rendered argument.
type Arg struct {
	SQL      sqlx.Expr
	Type     types.Type
	Nullable bool
	Const    *types.Value // nil: not constant
}

// Example is documentation and test in one: a KQL scalar expression (or, for
// aggregates and plugins, a query) and its value as KQL literal text.
type Example struct{ KQL, Value string }
