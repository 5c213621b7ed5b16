package check

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/harrier-hunting/harrier/internal/queryfile"
)

// document has findings in a list item of a page, with characters of several
// bytes before them.
const document = "# Jagd für €\n\n- Schritt\n\n  ```kql\n  let ü = 1; DeviceEvents\n" +
	"  ```\n\n  ```kql\n  DeviceInfo // é\n  | join (DeviceEvents | where FileName == \"é.exe\") on DeviceId | sort by DeviceId\n  // c\n  | summarize s = makeset(DeviceName)\n  ```\n"

func located(t *testing.T, path, text string) []Located {
	t.Helper()
	var out []Located
	for _, f := range File(queryfile.Read(path, text), testEnv(t)) {
		out = append(out, Located{path, text, f})
	}
	return out
}

func TestText(t *testing.T) {
	var b bytes.Buffer
	if err := Text(&b, located(t, "a b.md", document)); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"a b.md:6:7: error KS002: A recognition error occurred.\n    let ü = 1; DeviceEvents\n        ^\n",
		"a b.md:11:5: warning HK111 join-without-kind: join without a kind is innerunique: of left rows with the same key only one is kept\n" +
			"    | join (DeviceEvents | where FileName == \"é.exe\") on DeviceId | sort by DeviceId\n      ^^^^\n" +
			"  hint: write kind=inner, or kind=innerunique if that is meant\n  fix: write the default\n",
		"a b.md:11:41: note HK122 case-sensitive-name: '==' tells \"é.exe\" from other spellings of it\n",
		"fix: use =~ (changes the answer)\n",
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in\n%s", want, b.String())
		}
	}
}

func TestFixFile(t *testing.T) {
	fixed, n := FixFile(queryfile.Read("a.md", document), testEnv(t), false, nil)
	want := strings.NewReplacer("join (", "join kind=innerunique (", "makeset", "make_set").Replace(document)
	if n != 2 || fixed.Text != want {
		t.Errorf("%d fixes\n%s", n, fixed.Text)
	}
	if again, n := FixFile(fixed, testEnv(t), false, nil); n != 0 || again.Text != fixed.Text {
		t.Errorf("%d more fixes", n)
	}
	ignored, _ := FixFile(queryfile.Read("a.md", document), testEnv(t), false, []string{"HK111", "obsolete-name", "HK110"})
	if ignored.Text != document {
		t.Errorf("rules that are ignored fixed\n%s", ignored.Text)
	}
}

func TestJSON(t *testing.T) {
	var b bytes.Buffer
	if err := JSON(&b, located(t, "a.md", document)); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Findings []jsonFinding
		Summary  map[string]int
	}
	if err := json.Unmarshal(b.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(got.Findings, func(f jsonFinding) bool { return f.Rule == "HK104" })
	if i < 0 || got.Summary["errors"] == 0 || got.Summary["warnings"] < 2 {
		t.Fatalf("got %s", b.String())
	}
	f := got.Findings[i]
	if f.Line != 13 || f.Column != 19 || f.EndColumn != 26 || f.Name != "obsolete-name" || f.Fix == nil || document[f.Fix.Edits[0].Start:f.Fix.Edits[0].End] != "makeset" {
		t.Errorf("got %+v", f)
	}
}

// shape is what the SARIF 2.1.0 standard says of an object: its properties,
// "!" those it must have, with their type: another shape, "[]" before a list.
type shape map[string]string

func shapes() map[string]shape {
	return map[string]shape{
		"log":              {"$schema": "uri", "version!": "2.1.0", "runs!": "[]run"},
		"run":              {"tool!": "tool", "invocations": "[]invocation", "columnKind": "utf16CodeUnits|unicodeCodePoints", "results": "[]result"},
		"tool":             {"driver!": "component"},
		"component":        {"name!": "text", "version": "text", "informationUri": "uri", "rules": "[]rule"},
		"invocation":       {"executionSuccessful!": "bool"},
		"rule":             {"id!": "text", "name": "text", "shortDescription": "multiformat", "fullDescription": "multiformat", "help": "multiformat", "defaultConfiguration": "configuration"},
		"multiformat":      {"text!": "text", "markdown": "text"},
		"configuration":    {"level": "none|note|warning|error"},
		"result":           {"ruleId": "text", "ruleIndex": "number", "level": "none|note|warning|error", "message!": "message", "locations": "[]location", "fixes": "[]fix"},
		"message":          {"text!": "text"},
		"location":         {"physicalLocation": "physicalLocation"},
		"physicalLocation": {"artifactLocation": "artifactLocation", "region": "region"},
		"artifactLocation": {"uri": "uri"},
		"region":           {"startLine": "positive", "startColumn": "positive", "endLine": "positive", "endColumn": "positive"},
		"fix":              {"description": "message", "artifactChanges!": "[]change"},
		"change":           {"artifactLocation!": "artifactLocation", "replacements!": "[]replacement"},
		"replacement":      {"deletedRegion!": "region", "insertedContent": "content"},
		"content":          {"text": "any"},
	}
}

// conforms lists what is wrong with a value.
func conforms(all map[string]shape, kind, at string, v any) []string {
	wrong := []string{fmt.Sprintf("%s: %v is not %s", at, v, kind)}
	if item, list := strings.CutPrefix(kind, "[]"); list {
		items, ok := v.([]any)
		if !ok {
			return wrong
		}
		var out []string
		for i, x := range items {
			out = append(out, conforms(all, item, fmt.Sprintf("%s[%d]", at, i), x)...)
		}
		return out
	}
	s, isObject := all[kind]
	if !isObject {
		if scalar(kind, v) {
			return nil
		}
		return wrong
	}
	object, ok := v.(map[string]any)
	if !ok {
		return wrong
	}
	var out []string
	for name, kind := range s {
		plain, must := strings.CutSuffix(name, "!")
		x, there := object[plain]
		if there {
			out = append(out, conforms(all, kind, at+"."+plain, x)...)
		} else if must {
			out = append(out, at+": no "+plain)
		}
	}
	for name := range object {
		if _, ok := s[name]; !ok && s[name+"!"] == "" {
			out = append(out, at+": "+name+" is no property of it")
		}
	}
	return out
}

func scalar(kind string, v any) bool {
	text, isText := v.(string)
	number, isNumber := v.(float64)
	switch kind {
	case "text":
		return isText && text != ""
	case "any":
		return isText
	case "uri":
		_, err := url.Parse(text)
		return isText && err == nil && regexp.MustCompile(`^[!-~]+$`).MatchString(text)
	case "bool":
		_, ok := v.(bool)
		return ok
	case "number":
		return isNumber && number >= 0
	case "positive":
		return isNumber && number >= 1
	}
	return isText && slices.Contains(strings.Split(kind, "|"), text)
}

// TestSARIF holds the log against the standard's properties, its indexes
// against the list of rules, and applies its fixes.
func TestSARIF(t *testing.T) {
	var b bytes.Buffer
	list := append(located(t, "dir/a b.md", document), located(t, "-", "T |")...)
	if err := SARIF(&b, list, "1.2.3"); err != nil {
		t.Fatal(err)
	}
	var log map[string]any
	if err := json.Unmarshal(b.Bytes(), &log); err != nil {
		t.Fatal(err)
	}
	for _, wrong := range conforms(shapes(), "log", "$", log) {
		t.Error(wrong)
	}
	var typed sarifLog
	if err := json.Unmarshal(b.Bytes(), &typed); err != nil {
		t.Fatal(err)
	}
	run := typed.Runs[0]
	if len(run.Results) != len(list) || len(list) < 5 {
		t.Fatalf("%d results of %d", len(run.Results), len(list))
	}
	for i, r := range run.Results {
		if run.Tool.Driver.Rules[r.RuleIndex].ID != r.RuleID || r.RuleID != list[i].Rule {
			t.Errorf("result %d: rule %d is not %s", i, r.RuleIndex, r.RuleID)
		}
		for _, f := range r.Fixes {
			for j, c := range f.Changes[0].Replacements {
				e := list[i].Fix.Edits[j]
				if got := cutRegion(list[i].Text, c.Deleted); got != list[i].Text[e.Span.Start:e.Span.End] {
					t.Errorf("%s deletes %q", r.RuleID, got)
				}
			}
		}
	}
	if uri := run.Results[0].Locations[0].Physical.Artifact.URI; uri != "dir/a%20b.md" {
		t.Errorf("uri %s", uri)
	}
	if uri := sarifURI("/a/b c.kql"); uri != "file:///a/b%20c.kql" {
		t.Errorf("uri %s", uri)
	}
}

// cutRegion reads a region as a viewer does.
func cutRegion(text string, r sarifRegion) string {
	offset := func(line, column int) int {
		at := 0
		for range line - 1 {
			at += strings.IndexByte(text[at:], '\n') + 1
		}
		return at + len(string([]rune(text[at:])[:column-1]))
	}
	return text[offset(r.StartLine, r.StartColumn):offset(r.EndLine, r.EndColumn)]
}
