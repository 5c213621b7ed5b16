package audit

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// Record is one request. The caller fills everything but QueryHash and QueryTruncated.
type Record struct {
	Time      time.Time `json:"time"` // of the request's arrival; written in UTC
	RequestID string    `json:"requestId"`
	Source    string    `json:"source"` // address of the peer
	Tenant    string    `json:"tenant,omitempty"`
	Actor     Actor     `json:"actor,omitzero"` // absent when nobody was authenticated
	Contract  string    `json:"contract"`       // which API, such as mde or graph
	Profile   string    `json:"profile,omitempty"`

	QueryHash      string `json:"queryHash,omitempty"` // SHA-256 of the text, hexadecimal
	Query          string `json:"query,omitempty"`
	QueryTruncated bool   `json:"queryTruncated,omitempty"`

	Scope   Scope    `json:"scope,omitzero"`
	Tables  []string `json:"tables,omitempty"`
	Rows    int64    `json:"rows"`
	Stages  []Stage  `json:"stages,omitempty"`
	Millis  float64  `json:"ms"`               // from arrival to the end of the answer
	Outcome string   `json:"outcome"`          // one word or two: ok, syntax, quota, cancelled …
	Detail  string   `json:"detail,omitempty"` // why it was refused, for the operator
	Status  int      `json:"status"`           // of the HTTP answer
}

// Actor is the authenticated caller.
type Actor struct {
	App      bool   `json:"app"`
	AppID    string `json:"appId,omitempty"`
	ObjectID string `json:"objectId,omitempty"`
	Subject  string `json:"subject,omitempty"`
	Name     string `json:"name,omitempty"`
}

// Scope is the data the query was confined to.
type Scope struct {
	AllDevices   bool      `json:"allDevices"`
	DeviceGroups []string  `json:"deviceGroups,omitempty"`
	From         time.Time `json:"from,omitzero"`
	To           time.Time `json:"to,omitzero"`
	MaxRows      int       `json:"maxRows,omitempty"`
}

// Stage is the time one stage of the request took.
type Stage struct {
	Name   string  `json:"name"`
	Millis float64 `json:"ms"`
}

// maxQuery bounds the text in one line. The contracts' own limit on query texts is far below it.
const maxQuery = 64 << 10

// line encodes a record with its line break. JSON escapes every control character, so no field can forge a line.
func (r Record) line(text bool) ([]byte, error) {
	r.Time = r.Time.UTC()
	if r.Query != "" {
		sum := sha256.Sum256([]byte(r.Query))
		r.QueryHash = hex.EncodeToString(sum[:])
	}
	switch {
	case !text:
		r.Query = ""
	case len(r.Query) > maxQuery:
		r.Query, r.QueryTruncated = strings.ToValidUTF8(r.Query[:maxQuery], ""), true
	}
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false) // queries are full of < and >; the trail is for people too
	if err := enc.Encode(r); err != nil {
		return nil, fmt.Errorf("audit: record of request %s: %w", r.RequestID, err)
	}
	return buf.Bytes(), nil
}
