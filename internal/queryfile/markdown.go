package queryfile

import "strings"

// readMarkdown takes fenced code blocks whose language is KQL, and those
// without a language that look like a query.
func (f *File) readMarkdown() {
	open, indent := "", "" // the fence that is open
	known := false
	body := 0
	for at := 0; at < len(f.Text); {
		next := len(f.Text)
		if n := strings.IndexByte(f.Text[at:], '\n'); n >= 0 {
			next = at + n + 1
		}
		l := strings.TrimRight(f.Text[at:next], "\r\n")
		space, fence, info := fenceOf(l)
		switch {
		case open == "" && fence != "":
			open, indent, body = fence, space, next
			known = isKQL(info)
			if info != "" && !known {
				body = -1 // another language
			}
		case open != "" && fence != "" && fence[0] == open[0] && len(fence) >= len(open) && info == "":
			if body >= 0 && (known || LooksLikeQuery(f.Text[body:at])) && strings.TrimSpace(f.Text[body:at]) != "" {
				f.add(body, at, indent)
			}
			open = ""
		}
		at = next
	}
}

// fenceOf splits a line that opens or closes a code block.
func fenceOf(l string) (space, fence, info string) {
	rest := strings.TrimLeft(l, " \t>")
	space = l[:len(l)-len(rest)]
	if strings.Contains(space, ">") || !strings.HasPrefix(rest, "```") && !strings.HasPrefix(rest, "~~~") {
		return "", "", ""
	}
	n := len(rest) - len(strings.TrimLeft(rest, rest[:1]))
	info = strings.TrimSpace(rest[n:])
	if rest[0] == '`' && strings.Contains(info, "`") {
		return "", "", "" // code inside a line
	}
	return space, rest[:n], info
}

func isKQL(info string) bool {
	word, _, _ := strings.Cut(strings.ToLower(strings.Trim(info, "{}. ")), " ")
	switch word {
	case "kql", "kusto", "csl", "kusto-query", "kustoquery":
		return true
	}
	return false
}
