package fn

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"

	"github.com/harrier-hunting/harrier/internal/dynamic"
)

// xmlRows read XML.
var xmlRows = []Spec{{
	Name: "parse_xml", Ref: "parse-xml-function", Naming: NameFirstArg,
	Doc:  "An XML document as a bag: elements by name, attributes by @name, text beside them as #text; null when it is not well formed.",
	Sigs: []Sig{{Decl: "(xml_text: stringdyn): dynamic"}},
	Eval: textMaybe(parseXML),
	Examples: []Example{
		{`parse_xml("<e/>")`, `dynamic({"e":null})`}, {`parse_xml("<e name='v'>text</e>")`, `dynamic({"e":{"@name":"v","#text":"text"}})`},
		{`parse_xml("<e><a>1</a><a>2</a><b>3</b></e>")`, `dynamic({"e":{"a":["1","2"],"b":"3"}})`}, {`parse_xml("<e>")`, `dynamic(null)`},
	},
}}

const (
	maxXML      = 1 << 20 // documented: longer text is null
	maxXMLDepth = dynamic.MaxDepth - 2
)

// xmlNode is an element: its members in the order they came first.
type xmlNode struct {
	name    string
	members []xmlMember
	index   map[string]int // by name, once there are many
}

// xmlMember is what stands under one name: JSON values.
type xmlMember struct {
	name   string
	values []string
}

func (n *xmlNode) add(name, value string) {
	if n.index == nil && len(n.members) > 8 {
		n.index = map[string]int{}
		for i, m := range n.members {
			n.index[m.name] = i
		}
	}
	if i, ok := n.find(name); ok {
		n.members[i].values = append(n.members[i].values, value)
		return
	}
	if n.index != nil {
		n.index[name] = len(n.members)
	}
	n.members = append(n.members, xmlMember{name, []string{value}})
}

func (n *xmlNode) find(name string) (int, bool) {
	if n.index != nil {
		i, ok := n.index[name]
		return i, ok
	}
	for i, m := range n.members {
		if m.name == name {
			return i, true
		}
	}
	return 0, false
}

// json is null for an empty element, a string for text alone, else a bag.
func (n *xmlNode) json() string {
	switch {
	case len(n.members) == 0:
		return "null"
	case len(n.members) == 1 && n.members[0].name == "#text" && len(n.members[0].values) == 1:
		return n.members[0].values[0]
	}
	dst := []byte{'{'}
	for i, m := range n.members {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(dynamic.AppendString(dst, m.name), ':')
		if len(m.values) == 1 {
			dst = append(dst, m.values[0]...)
			continue
		}
		dst = append(append(append(dst, '['), strings.Join(m.values, ",")...), ']')
	}
	return string(append(dst, '}'))
}

func parseXML(s string) (string, bool) {
	if len(s) > maxXML {
		return "", false
	}
	d := xml.NewDecoder(strings.NewReader(s))
	// The text is UTF-8 whatever its declaration says.
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
	open := []*xmlNode{{}} // innermost last; the first holds the document
	for {
		token, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return "", false
		}
		top := open[len(open)-1]
		switch t := token.(type) {
		case xml.StartElement:
			if len(open) > maxXMLDepth || len(open) == 1 && len(top.members) > 0 {
				return "", false // too deep, or a second root
			}
			open = append(open, newXMLNode(t))
		case xml.EndElement:
			if len(open) == 1 || top.name != xmlName(t.Name) {
				return "", false
			}
			open = open[:len(open)-1]
			open[len(open)-1].add(top.name, top.json())
		case xml.CharData:
			if text := strings.TrimSpace(string(t)); text == "" {
				continue
			} else if len(open) == 1 {
				return "", false
			} else {
				top.add("#text", dynamic.Quote(text))
			}
		}
	}
	if len(open) != 1 || len(open[0].members) == 0 {
		return "", false
	}
	return open[0].json(), true
}

func newXMLNode(t xml.StartElement) *xmlNode {
	n := &xmlNode{name: xmlName(t.Name)}
	for _, a := range t.Attr {
		n.add("@"+xmlName(a.Name), dynamic.Quote(a.Value))
	}
	return n
}

// xmlName keeps the prefix of a name.
func xmlName(n xml.Name) string {
	if n.Space == "" {
		return n.Local
	}
	return n.Space + ":" + n.Local
}
