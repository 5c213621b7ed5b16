package testkit

import "testing"

const caseText = `What the file is about.

-- query one --
T
| take 1
-- rows in order --
[1]
-- plan --

-- query two --
print 1 -- 2
-- schema --
a:long
`

func TestParseCases(t *testing.T) {
	f, err := ParseCases(caseText)
	if err != nil {
		t.Fatal(err)
	}
	if len(f.Cases) != 2 || f.Comment != "What the file is about.\n\n" {
		t.Fatalf("read %d cases, comment %q", len(f.Cases), f.Comment)
	}
	one, two := f.Cases[0], f.Cases[1]
	if one.Query != "T\n| take 1" || two.Query != "print 1 -- 2" {
		t.Errorf("queries %q, %q", one.Query, two.Query)
	}
	if s := one.Section("rows"); s == nil || s.Arg != "in order" || s.Text != "[1]\n" {
		t.Errorf("rows are %+v", s)
	}
	if s := one.Section("plan"); s == nil || s.Text != "" {
		t.Errorf("plan is %+v", s)
	}
	if one.Section("sql") != nil || two.Section("schema").Text != "a:long\n" {
		t.Error("sections are mixed up")
	}
	if got := f.Text(); got != caseText {
		t.Errorf("written again it is\n%s", got)
	}
}

func TestParseCasesRefuses(t *testing.T) {
	for _, text := range []string{
		"-- rows --\n[1]\n",
		"-- query --\nT\n",
		"-- query a --\nT\n-- query a --\nT\n",
		"-- query a --\nT\n-- rows --\n-- rows --\n",
	} {
		if _, err := ParseCases(text); err == nil {
			t.Errorf("read without complaint: %q", text)
		}
	}
}
