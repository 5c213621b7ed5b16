package graph_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/testkit/optest"
)

// complete is a graph with an edge between any two of n nodes.
func complete(n int) string {
	var b strings.Builder
	b.WriteString("datatable(s:long, t:long)[")
	for i := range n {
		for k := range n {
			if i != k {
				fmt.Fprintf(&b, "%d,%d,", i, k)
			}
		}
	}
	return b.String() + "] | make-graph s --> t with_node_id=id "
}

// TestBounds: a search without end stops with advice.
func TestBounds(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds: run without -short")
	}
	env := optest.Env(t)
	for _, text := range []string{
		complete(14) + "| graph-match (a)-[e*12..13]->(b) where a.id == 0 and any(e, s == 99) project a.id",
		complete(14) + "| graph-shortest-paths (a)-[e*12..13]->(b) where a.id == 0 and b.id == 1 project a.id",
	} {
		_, err := optest.Rows(t, env, text)
		var said *plan.OpError
		if !errors.As(err, &said) || !said.Limit || !strings.Contains(said.Message, "restrict") {
			t.Errorf("gives %v", err)
		}
	}
}

// TestCancel: a search ends when its context does.
func TestCancel(t *testing.T) {
	n, diags := optest.Bind(optest.Env(t), complete(14)+"| graph-match (a)-[e*12..13]->(b) where a.id == 0 and any(e, s == 99) project a.id")
	if diags.Err() != nil {
		t.Fatal(diags)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := optest.Compute(ctx, n); !errors.Is(err, context.Canceled) {
		t.Errorf("gives %v", err)
	}
}

// TestLongShortestPath: paths through nodes, not through all their number.
func TestLongShortestPath(t *testing.T) {
	got, err := optest.Rows(t, optest.Env(t), complete(40)+"| graph-shortest-paths (a)-[e*1..1000]-(b) where a.id == 0 and b.id == 1 project array_length(e)")
	if err != nil || !slices.Equal(got, []string{"[1]"}) {
		t.Errorf("%v, %v", got, err)
	}
}

// TestComponentsAgainstNaive holds components against reachability.
func TestComponentsAgainstNaive(t *testing.T) {
	env := optest.Env(t)
	r := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		n := 1 + r.IntN(7)
		var reach [7][7]bool
		text := "datatable(s:long, t:long)["
		for i := range n {
			reach[i][i] = true
		}
		strong := r.IntN(2) == 0
		for range r.IntN(10) {
			a, b := r.IntN(n), r.IntN(n)
			text += fmt.Sprintf("%d,%d,", a, b)
			reach[a][b] = true
			if !strong {
				reach[b][a] = true
			}
		}
		for k := range n {
			for i := range n {
				for j := range n {
					reach[i][j] = reach[i][j] || reach[i][k] && reach[k][j]
				}
			}
		}
		text += "] | make-graph s --> t with N on id | graph-mark-components kind=" + map[bool]string{true: "strong", false: "weak"}[strong] + " | graph-to-table nodes"
		nodes := "let N = datatable(id:long)["
		var want []string
		number, next := map[int]int{}, 0
		for i := range n {
			nodes += fmt.Sprintf("%d,", i)
			c := i
			for k := range i {
				if reach[i][k] && reach[k][i] {
					c = k
					break
				}
			}
			if _, ok := number[c]; !ok {
				number[c] = next
				next++
			}
			want = append(want, fmt.Sprintf("[%d,%d]", i, number[c]))
		}
		got, err := optest.Rows(t, env, nodes+"]; "+text)
		if err != nil || !slices.Equal(got, want) {
			t.Fatalf("%s\n%v, %v, want %v", text, got, err, want)
		}
	}
}

// TestEmpty: nothing in, nothing out.
func TestEmpty(t *testing.T) {
	env := optest.Env(t)
	g := "datatable(s:string, t:string)[] | make-graph s --> t with_node_id=id "
	for _, text := range []string{"| graph-match (a)-[e*0..3]->(b) project a.id", "| graph-shortest-paths (a)-[e*0..3]->(b) project a.id", "| graph-to-table nodes",
		"| graph-to-table edges with_source_id=x", "| graph-mark-components kind=strong | graph-to-table nodes", "| graph-where-nodes id == 'x' | graph-match (a) project a.id"} {
		if got, err := optest.Rows(t, env, g+text); err != nil || len(got) != 0 {
			t.Errorf("%s: %v, %v", text, got, err)
		}
	}
}

// TestKeys: keys are equal as values are; null is a key like others.
func TestKeys(t *testing.T) {
	env := optest.Env(t)
	for text, want := range map[string]int{
		"datatable(s:real, t:real)[0.0, -0.0, 1.0, 1.5]":                          3,
		"datatable(s:bool, t:bool)[true, false, bool(null), true]":                3,
		"datatable(s:int, t:long)[1, 1, int(null), long(null)]":                   2,
		"datatable(s:datetime, t:datetime)[datetime(2020-01-01), datetime(null)]": 2,
		"datatable(s:string, t:string)['', 'a', 'A', 'a']":                        3,
		"datatable(s:decimal, t:decimal)[decimal(1.5), decimal(2)]":               2,
	} {
		got, err := optest.Rows(t, env, text+" | make-graph s --> t with_node_id=id | graph-to-table nodes")
		if err != nil || len(got) != want {
			t.Errorf("%s: %v, %v", text, got, err)
		}
	}
}
