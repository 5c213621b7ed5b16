package syntax

import (
	"strings"
	"unicode/utf8"

	"github.com/harrier-hunting/harrier/internal/diag"
)

// TokenClass tells sorts of tokens apart.
type TokenClass uint8

// The classes of tokens.
const (
	EndToken TokenClass = iota
	NameToken
	KeywordToken // also those that are a name where they stand
	LiteralToken
	PunctToken
	DirectiveToken
)

// Token is one lexical element as tools that work on the text see it.
type Token struct {
	Class TokenClass
	Span  diag.Span
	// Glued: nothing stands between this token and the one before it.
	Glued bool
	// NewLine: a line ends somewhere between this token and the one before it.
	NewLine bool
	// Blank: an empty line stands right before this token.
	Blank bool
	// Match is, for an opening bracket, the index of its closing bracket, or -1.
	Match int
	// Comments stand between this token and the one before it.
	Comments []Comment
}

// Comment is one "// …" up to the end of its line.
type Comment struct {
	Span diag.Span
	// OwnLine: nothing but space stands before it in its line.
	OwnLine bool
	// Blank: an empty line stands right before this one.
	Blank bool
}

// Tokens cuts text into tokens, the last one being EndToken. What is no token
// is reported and missing from the result.
func Tokens(text string) ([]Token, diag.List) {
	var diags diag.List
	if len(text) > maxText {
		diags.Addf(diag.Limit, "HR001", diag.Span{Start: 0, End: len(text)},
			"The query text has %d bytes; at most %d are accepted.", len(text), maxText)
		text = ""
	}
	toks := lex(text, &diags)
	out := make([]Token, len(toks))
	end := 0
	for i, t := range toks {
		out[i] = Token{Class: classOf(t.kind), Glued: t.glued, Match: int(t.match),
			Span: diag.Span{Start: int(t.start), End: int(t.end)}}
		out[i].gap(text, end, int(t.start))
		end = int(t.end)
	}
	return out, diags
}

func classOf(k kind) TokenClass {
	switch {
	case k == tEOF:
		return EndToken
	case k == tDirective:
		return DirectiveToken
	case k == tIdent:
		return NameToken
	case k.isLiteral():
		return LiteralToken
	case k.isKeyword():
		return KeywordToken
	}
	return PunctToken
}

// gap reads what stands between two tokens: space and comments.
func (t *Token) gap(text string, from, to int) {
	lines := 0 // line ends since the last token or comment
	if from == 0 {
		lines = 1
	}
	for i := from; i < to; {
		if strings.HasPrefix(text[i:], "//") {
			end := to
			if n := strings.IndexFunc(text[i:to], isLineBreak); n >= 0 {
				end = i + n
			}
			t.Comments = append(t.Comments, Comment{Span: diag.Span{Start: i, End: end}, OwnLine: lines > 0, Blank: lines > 1})
			i, lines = end, 0
			continue
		}
		r, n := utf8.DecodeRuneInString(text[i:])
		if isLineBreak(r) {
			t.NewLine = true
			lines++
			if r == '\r' && strings.HasPrefix(text[i:to], "\r\n") {
				n = 2
			}
		}
		i += n
	}
	t.Blank = lines > 1 && (from > 0 || len(t.Comments) > 0)
}

// IsKeyword reports a word of the grammar. A token of this text can still be a
// name: in project-aways, "project" is one because a letter too many follows.
func IsKeyword(word string) bool {
	k, n := lexicon.find(word, nameLen(word))
	return k != tEOF && n == len(word)
}
