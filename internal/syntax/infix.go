package syntax

// How tightly infix operators bind, loosest first. The levels from logic to
// comparison hold one operator only ("a == b == c" is a mistake), as do the
// string operators, which bind tighter than arithmetic.
const (
	levelOr uint8 = 1 + iota
	levelAnd
	levelEquality
	levelRelation
	levelSum
	levelProduct
	levelString
	levelUnary // above all infix operators
)

// operatorInfo is the level and the canonical spelling of an infix operator.
type operatorInfo struct {
	level uint8
	text  string
}

// infix is indexed by the operator's token; level 0 is no infix operator.
var infix = [numKinds]operatorInfo{
	kwOr:  {levelOr, "or"},
	kwAnd: {levelAnd, "and"},

	tEqualEqual:  {levelEquality, "=="},
	tBangEqual:   {levelEquality, "!="},
	tLessGreater: {levelEquality, "!="},

	tLess:         {levelRelation, "<"},
	tLessEqual:    {levelRelation, "<="},
	tGreater:      {levelRelation, ">"},
	tGreaterEqual: {levelRelation, ">="},

	tPlus:  {levelSum, "+"},
	tMinus: {levelSum, "-"},

	tStar:    {levelProduct, "*"},
	tSlash:   {levelProduct, "/"},
	tPercent: {levelProduct, "%"},

	tEqualTilde:        {levelString, "=~"},
	tBangTilde:         {levelString, "!~"},
	tColon:             {levelString, ":"}, // only search and find give it a meaning
	kwHas:              {levelString, "has"},
	kwNotHas:           {levelString, "!has"},
	kwHasCs:            {levelString, "has_cs"},
	kwNotHasCs:         {levelString, "!has_cs"},
	kwHasPrefix:        {levelString, "hasprefix"},
	kwNotHasPrefix:     {levelString, "!hasprefix"},
	kwHasPrefixCs:      {levelString, "hasprefix_cs"},
	kwNotHasPrefixCs:   {levelString, "!hasprefix_cs"},
	kwHasSuffix:        {levelString, "hassuffix"},
	kwNotHasSuffix:     {levelString, "!hassuffix"},
	kwHasSuffixCs:      {levelString, "hassuffix_cs"},
	kwNotHasSuffixCs:   {levelString, "!hassuffix_cs"},
	kwContains:         {levelString, "contains"},
	kwNotContains:      {levelString, "!contains"},
	kwNotContainsOld:   {levelString, "!contains"},
	kwContainsCs:       {levelString, "contains_cs"},
	kwContainsCsOld:    {levelString, "contains_cs"},
	kwNotContainsCs:    {levelString, "!contains_cs"},
	kwNotContainsCsOld: {levelString, "!contains_cs"},
	kwStartsWith:       {levelString, "startswith"},
	kwNotStartsWith:    {levelString, "!startswith"},
	kwStartsWithCs:     {levelString, "startswith_cs"},
	kwNotStartsWithCs:  {levelString, "!startswith_cs"},
	kwEndsWith:         {levelString, "endswith"},
	kwNotEndsWith:      {levelString, "!endswith"},
	kwEndsWithCs:       {levelString, "endswith_cs"},
	kwNotEndsWithCs:    {levelString, "!endswith_cs"},
	kwLike:             {levelString, "like"},
	kwNotLike:          {levelString, "!like"},
	kwLikeCs:           {levelString, "like_cs"},
	kwNotLikeCs:        {levelString, "!like_cs"},
	kwMatchesRegex:     {levelString, "matches regex"},
}

// listOperator is the canonical spelling of the operators with a list on
// their right side, or "".
func listOperator(k kind) string {
	switch k {
	case kwIn:
		return "in"
	case kwInFold:
		return "in~"
	case kwNotIn:
		return "!in"
	case kwNotInFold:
		return "!in~"
	case kwHasAny:
		return "has_any"
	case kwHasAll:
		return "has_all"
	}
	return ""
}

func isListOperator(k kind) bool { return listOperator(k) != "" }

// infixText spells the canonical operator as the lexer reads it: like_cs and
// its negations have only an old spelling.
func infixText(op string) string {
	switch op {
	case "!like":
		return "notlike"
	case "like_cs":
		return "likecs"
	case "!like_cs":
		return "notlikecs"
	}
	return op
}
