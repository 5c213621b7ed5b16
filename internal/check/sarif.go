package check

import (
	"fmt"
	"io"
	"net/url"
	"path/filepath"
	"slices"
	"strings"

	"github.com/harrier-hunting/harrier/internal/diag"
)

// The part of SARIF 2.1.0 (OASIS standard) that is written. Columns count
// Unicode code points, and the end of a region is exclusive.

type sarifLog struct {
	Schema  string     `json:"$schema"`
	Version string     `json:"version"`
	Runs    []sarifRun `json:"runs"`
}

type sarifRun struct {
	Tool struct {
		Driver sarifDriver `json:"driver"`
	} `json:"tool"`
	Invocations []sarifInvocation `json:"invocations"`
	ColumnKind  string            `json:"columnKind"`
	Results     []sarifResult     `json:"results"`
}

type sarifInvocation struct {
	ExecutionSuccessful bool `json:"executionSuccessful"`
}

type sarifDriver struct {
	Name           string      `json:"name"`
	Version        string      `json:"version,omitempty"`
	InformationURI string      `json:"informationUri"`
	Rules          []sarifRule `json:"rules"`
}

type sarifRule struct {
	ID               string       `json:"id"`
	Name             string       `json:"name,omitempty"`
	ShortDescription sarifMessage `json:"shortDescription"`
	FullDescription  *sarifText   `json:"fullDescription,omitempty"`
	Help             *sarifText   `json:"help,omitempty"`
	Configuration    struct {
		Level string `json:"level"`
	} `json:"defaultConfiguration"`
}

type sarifMessage struct {
	Text string `json:"text"`
}

type sarifText struct {
	Text     string `json:"text"`
	Markdown string `json:"markdown,omitempty"`
}

type sarifResult struct {
	RuleID    string          `json:"ruleId"`
	RuleIndex int             `json:"ruleIndex"`
	Level     string          `json:"level"`
	Message   sarifMessage    `json:"message"`
	Locations []sarifLocation `json:"locations"`
	Fixes     []sarifFix      `json:"fixes,omitempty"`
}

type sarifLocation struct {
	Physical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   sarifRegion   `json:"region"`
	} `json:"physicalLocation"`
}

type sarifArtifact struct {
	URI string `json:"uri"`
}

type sarifRegion struct {
	StartLine   int `json:"startLine"`
	StartColumn int `json:"startColumn"`
	EndLine     int `json:"endLine"`
	EndColumn   int `json:"endColumn"`
}

type sarifFix struct {
	Description sarifMessage  `json:"description"`
	Changes     []sarifChange `json:"artifactChanges"`
}

type sarifChange struct {
	Artifact     sarifArtifact      `json:"artifactLocation"`
	Replacements []sarifReplacement `json:"replacements"`
}

type sarifReplacement struct {
	Deleted  sarifRegion  `json:"deletedRegion"`
	Inserted sarifMessage `json:"insertedContent"`
}

const (
	sarifSchema = "https://json.schemastore.org/sarif-2.1.0.json"
	homepage    = "https://github.com/harrier-hunting/harrier"
)

// SARIF writes findings as a SARIF 2.1.0 log, which code hosts show beside
// the lines they are about.
func SARIF(w io.Writer, list []Located, version string) error {
	run := sarifRun{ColumnKind: "unicodeCodePoints", Invocations: []sarifInvocation{{true}}, Results: []sarifResult{}}
	run.Tool.Driver = sarifDriver{Name: "harrier", Version: version, InformationURI: homepage, Rules: sarifRules()}
	for _, l := range list {
		run.Results = append(run.Results, run.result(&l))
	}
	return encode(w, sarifLog{Schema: sarifSchema, Version: "2.1.0", Runs: []sarifRun{run}})
}

func sarifRules() []sarifRule {
	var out []sarifRule
	for _, r := range Rules() {
		s := sarifRule{ID: r.ID, Name: r.Name, ShortDescription: sarifMessage{r.Summary}, FullDescription: &sarifText{Text: r.Why}}
		s.Help = &sarifText{Text: r.Why, Markdown: r.Why + "\n\n```kql\n" + r.Bad[0].Query + "\n```\n"}
		if fixed := r.Bad[0].Fixed; fixed != "" {
			s.Help.Markdown += "\nbecomes\n\n```kql\n" + fixed + "\n```\n"
		}
		s.Configuration.Level = r.Severity.String()
		out = append(out, s)
	}
	return out
}

// rule finds a rule's place in the list; codes of the compiler join it when
// they are met.
func (r *sarifRun) rule(f *Finding) int {
	rules := &r.Tool.Driver.Rules
	i := slices.IndexFunc(*rules, func(s sarifRule) bool { return s.ID == f.Rule })
	if i >= 0 {
		return i
	}
	s := sarifRule{ID: f.Rule, ShortDescription: sarifMessage{"What the parser or the binder says under this code"}}
	s.Configuration.Level = f.Severity.String()
	*rules = append(*rules, s)
	return len(*rules) - 1
}

func (r *sarifRun) result(l *Located) sarifResult {
	out := sarifResult{RuleID: l.Rule, RuleIndex: r.rule(&l.Finding), Level: l.Severity.String(), Message: sarifMessage{l.Message}}
	if l.Hint != "" {
		out.Message.Text += fmt.Sprintf(" (%s)", l.Hint)
	}
	artifact := sarifArtifact{sarifURI(l.Path)}
	var at sarifLocation
	at.Physical.Artifact, at.Physical.Region = artifact, l.sarifRegion(l.Span)
	out.Locations = []sarifLocation{at}
	if l.Fix != nil {
		fix := sarifFix{Description: sarifMessage{l.Fix.Title}, Changes: []sarifChange{{Artifact: artifact}}}
		for _, e := range l.Fix.Edits {
			fix.Changes[0].Replacements = append(fix.Changes[0].Replacements, sarifReplacement{l.sarifRegion(e.Span), sarifMessage{e.Text}})
		}
		if !l.Fix.Safe {
			fix.Description.Text += " (changes the answer)"
		}
		out.Fixes = []sarifFix{fix}
	}
	return out
}

func (l *Located) sarifRegion(s diag.Span) sarifRegion {
	r := l.region(s)
	return sarifRegion{r.start.Line, r.start.Column, r.end.Line, r.end.Column}
}

// sarifURI makes a path a URI reference, relative ones staying relative to
// where the tool was run.
func sarifURI(path string) string {
	if path == "-" {
		return "stdin"
	}
	slashed := strings.TrimPrefix(filepath.ToSlash(path), "./")
	u := url.URL{Path: slashed}
	if filepath.IsAbs(path) {
		u.Scheme = "file"
		if !strings.HasPrefix(u.Path, "/") {
			u.Path = "/" + u.Path
		}
	}
	return u.String()
}
