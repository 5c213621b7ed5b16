package graph

import (
	"github.com/harrier-hunting/harrier/internal/eval"
	"github.com/harrier-hunting/harrier/internal/types"
)

// Match is graph-match or graph-shortest-paths. Conditions and the projection
// are over the row of Slots.
type Match struct {
	Nodes    int // variables of nodes, with and without names
	Edges    []Edge
	Cycles   Cycles
	Shortest Shortest
	Slots    []Ref
	Conds    []*eval.Prog
	Project  []*eval.Prog
	// ID computes a node's id as text from its key.
	ID    *eval.Prog
	Names Names
}

// Edge is an edge of a pattern between two variables. One of variable length
// stands for Min to Max edges one after the other.
type Edge struct {
	Left, Right int
	Dir         Dir
	Variable    bool
	Min, Max    int
}

// Dir is the direction of an edge as the pattern is read.
type Dir uint8

// The directions.
const (
	LeftToRight Dir = iota
	RightToLeft
	AnyDir
)

// Cycles says what a match may pass twice.
type Cycles uint8

// UniqueEdges: no edge of the graph twice in one match. NoCycles: no node
// either, except where the pattern itself comes back to a variable over no edge.
const (
	UniqueEdges Cycles = iota
	AllCycles
	NoCycles
)

// Shortest asks for shortest paths only, between every pair of first and last
// node.
type Shortest uint8

// Which of the shortest paths.
const (
	NotShortest Shortest = iota
	AnyShortest
	AllShortest
)

// Ref says what a column of a row holds.
type Ref struct {
	Of   Of
	Var  int // variable, slot or parameter, as Of says
	Get  Get // of a node or an edge
	Col  int // the property
	Type types.Type
	Fold *Fold
}

// Of says what a Ref looks at.
type Of uint8

// Node and Edge are variables of the pattern; Path is a variable length edge,
// through a Fold. Element is, inside of a Fold, the edge or inner node at hand,
// and Outer a slot of the row around it.
const (
	Node Of = iota
	EdgeVar
	Path
	Element
	Outer
	Parameter
)

// Get says what of a node or an edge is wanted.
type Get uint8

// The things a node or an edge has. Bag is all properties in one bag; edges
// have no degrees and no id.
const (
	Property Get = iota
	InDegree
	OutDegree
	ID
	Bag
)

// Fold is all(), any() or map() over the edges of a path or its inner nodes. X
// is over a row of Cols.
type Fold struct {
	Kind  FoldKind
	Edge  int
	Inner bool // over inner nodes
	X     *eval.Prog
	Cols  []Ref
}

// FoldKind is the kind of a Fold.
type FoldKind uint8

// The kinds of folds.
const (
	All FoldKind = iota
	Any
	Map
)

// Names are the names of the properties, for bags.
type Names struct{ Node, Edge []string }

// MaxLength bounds the length of a path of one variable length edge.
const MaxLength = 1000
