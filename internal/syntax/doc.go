// Package syntax turns KQL text into a tree and a tree into KQL text.
//
//	q, diags := syntax.Parse(text)   // always a tree, and every mistake
//	text := syntax.Print(node)       // canonical text
//
// It knows the grammar and nothing else: no tables, no functions, no types
// of expressions. It accepts what Microsoft's own parser accepts, so a query
// that the portal takes is refused here only by a later stage with a reason.
//
// # Lexer
//
// lex reads the whole text once into a slice of tokens. KQL's keywords are
// data (keywords.go); a word with hyphens, dots or blanks in it
// (project-away, hint.strategy, matches regex) is one token when its parts
// touch. Most keywords are also names somewhere; each row's traits say where,
// and the rules ask the traits instead of listing words. Literals with a type
// such as datetime(…) are one token whose content literal.go reads. What is
// no token is reported and dropped. Every opening bracket knows the bracket
// that closes it.
//
// # Windows
//
// A rule never sees past its window, the range of tokens that is its to use.
// A statement's window ends at the ";" that no bracket encloses, a stage's at
// the "|", a group's at its closing bracket. At the end of a window every
// rule sees the end of the text. So a mistake stays inside: what a rule left
// over is reported once, skipped, and the next stage starts clean. It also
// keeps the parser linear: there is no backtracking, and finding the end of a
// window jumps over inner brackets.
//
// Rules return nil when nothing of theirs starts here and report nothing
// then; must turns that into "Missing expression" and a Bad node. A rule that
// has begun always returns a node. Of several mistakes at one place the first
// is reported.
//
// # Expressions
//
// infix.go holds the operators with their levels. From loose to tight: or;
// and; == != in has_any between …; < <= > >=; + -; * / %; =~ has contains
// startswith …; a sign; then members, elements and calls. Equality,
// comparison and string operators do not chain. Chains of the others are read
// in a loop and lean to the left; only brackets nest, at most maxDepth deep.
//
// # Operators
//
// One file op_<name>.go each: the node, its parse function and its print
// method. To add one: a row in keywords.go and a constant in kinds.go, the
// file, a case in operatorRule (pipeline.go), and blocks in
// testdata/queries.kql.
//
// # Printer
//
// Print writes constants from their values and operators in today's spelling,
// so filter prints as where and notcontains as !contains. Parsing the printed
// text gives the same tree, and printing that the same text.
package syntax
