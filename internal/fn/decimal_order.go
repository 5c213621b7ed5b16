package fn

import (
	"fmt"
	"strings"
)

// orderRows make text that engines can sort by.
var orderRows = []Spec{{
	Name: "__decimal_order", Hidden: true, Ref: "scalar-data-types/decimal",
	Doc:  "Text whose byte order is the order of the decimals; engines keep decimals as text, where 9 comes after 10.",
	Sigs: []Sig{{Decl: "(value: decimal): decimal"}}, Nulls: NullIfArg, Eval: Map1(Always(decimalOrder)),
}}

// decimalOrder: a sign, the number of whole digits, the digits. For negative
// numbers the digits are turned over, and a mark above all digits lets the
// shorter of two fractions come last.
func decimalOrder(s string) string {
	size, negative := strings.CutPrefix(s, "-")
	whole, frac, _ := strings.Cut(size, ".")
	key := fmt.Sprintf("%03d%s%s", len(whole), whole, frac)
	if !negative {
		return "1" + key
	}
	turned := []byte("0" + key + "~")
	for i := 1; i < len(turned)-1; i++ {
		turned[i] = '0' + '9' - turned[i]
	}
	return string(turned)
}
