package syntax

// kind tells tokens apart: punctuation, literals, names and every keyword.
type kind uint16

// The tokens that are not keywords.
const (
	tEOF kind = iota
	tDirective
	tIdent

	// Literals.
	tString
	tBool
	tLong
	tInt
	tReal
	tDecimal
	tDatetime
	tTimespan
	tGuid
	tRawGuid

	// Punctuation.
	tOpenParen
	tCloseParen
	tOpenBracket
	tCloseBracket
	tOpenBrace
	tCloseBrace
	tBar
	tLessBar
	tDot
	tDotDot
	tPlus
	tMinus
	tStar
	tSlash
	tPercent
	tLess
	tLessEqual
	tGreater
	tGreaterEqual
	tLessGreater
	tEqual
	tEqualEqual
	tEqualTilde
	tFatArrow
	tBangEqual
	tBangTilde
	tColon
	tSemicolon
	tComma
	tAt
	tQuestion

	firstKeyword // the keywords follow, see keywords.go
)

// token is one lexical element. White space and comments are not tokens;
// glued tells that none stood before the token.
type token struct {
	kind       kind
	glued      bool
	start, end int32
	// match is, for an opening bracket, the index of the token that closes
	// it, or -1.
	match int32
}

// isLiteral reports the tokens that are a constant by themselves.
func (k kind) isLiteral() bool { return k >= tString && k <= tRawGuid }

// isKeyword reports words with a meaning in the grammar.
func (k kind) isKeyword() bool { return k > firstKeyword }

// A keyword can be a name in some places; the traits say in which.
type traits uint8

const (
	// asName: a name wherever a name can stand (count, range, step …).
	asName traits = 1 << iota
	// asDeclared: a name only where the grammar expects a new name or the
	// left side of "=" (as, by, where, to …).
	asDeclared
	// asColumn: a name inside expressions (kind, withsource, with_source).
	asColumn
	// asType: the name of a column type.
	asType
	// asOldType: a type name accepted only by typeof() and find.
	asOldType
)

func (k kind) has(t traits) bool { return k.isKeyword() && lexicon.traits[k]&t != 0 }

// isName: an identifier, or a keyword that is a name everywhere.
func (k kind) isName() bool { return k == tIdent || k.has(asName) }

// isDeclarable: what can stand for a new name, for instance before "=".
func (k kind) isDeclarable() bool { return k == tIdent || k.has(asName|asDeclared) }
