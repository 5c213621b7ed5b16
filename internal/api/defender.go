package api

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/harrier-hunting/harrier/internal/auth"
	"github.com/harrier-hunting/harrier/internal/hunt"
	"github.com/harrier-hunting/harrier/internal/quota"
	"github.com/harrier-hunting/harrier/internal/types"
	"github.com/harrier-hunting/harrier/internal/wire"
)

// defenderRoutes are Defender ATP, later Defender for Endpoint (contract §1), and Defender XDR (§2).
func defenderRoutes() []route {
	mde := auth.Permission{Role: "AdvancedQuery.Read.All", Scope: "AdvancedQuery.Read"}
	xdr := auth.Permission{Role: "AdvancedHunting.Read.All", Scope: "AdvancedHunting.Read"}
	return []route{
		{
			Method: http.MethodPost, Path: "/api/advancedqueries/run", Contract: "mde", Permission: mde, Profile: "atp-2018",
			Decode: decodeQuery, Encode: encodeSchemaResults, Fail: failEnvelope, Times: timeStyle,
			Doc: operation{Summary: "Defender for Endpoint: run a query", Request: "Query", Answer: "QueryResponse", Error: "DefenderError"},
		},
		{
			// The beta of 2018. Who calls it was written for that generation, whatever profile is set.
			Method: http.MethodPost, Path: "/advancedqueries/query", Contract: "mde", Permission: mde, Profile: "atp-2018",
			Decode: decodeQuery, Encode: encodeSchemaResults, Fail: failEnvelope,
			Times: func(quota.Profile) wire.TimeStyle { return wire.TimeSeed },
			Doc:   operation{Summary: "Defender ATP, beta of 2018: run a query", Request: "Query", Answer: "QueryResponse", Error: "DefenderError"},
		},
		{
			Method: http.MethodGet, Path: "/api/advancedqueries", Contract: "mde", Permission: mde, Profile: "atp-2018",
			Decode: decodeKey, Encode: encodeSchemaResults, Fail: failEnvelope, Times: timeStyle,
			Doc: operation{Summary: "Defender for Endpoint: run a query, as Power BI does", Answer: "QueryResponse", Error: "DefenderError",
				Params: []parameter{{Name: "key", In: "query", Required: true, Doc: "The query."}}},
		},
		{
			Method: http.MethodPost, Path: "/api/advancedhunting/run", Contract: "xdr", Permission: xdr, Profile: "xdr-2025",
			Decode: decodeQuery, Encode: encodeStats, Fail: failEnvelope,
			Doc: operation{Summary: "Defender XDR: run a query", Request: "Query", Answer: "HuntingResponse", Error: "DefenderError"},
		},
	}
}

// decodeKey is for the query in the address that Microsoft's Power BI sample sends.
func decodeKey(r *http.Request, _ []byte) (hunt.Request, *failure) {
	values, f := queryParameters(r)
	if f == nil {
		values, f = anyCase(values, "key")
	}
	if f != nil {
		return hunt.Request{}, f
	}
	if strings.TrimSpace(values["key"]) == "" {
		f := missingParameter()
		f.message = "The address must contain the parameter 'key', a query that is not empty."
		return hunt.Request{}, f
	}
	return hunt.Request{Query: values["key"]}, nil
}

// encodeStats writes {"Stats":{…},"Schema":[…],"Results":[…]}. The figures are known after the last row, but come
// first, so they become the buffer's head.
func encodeStats(out *buffer, a *answer) error {
	before := out.len()
	if err := encodeObjects(out, a, ',', `"Schema":[`, `{"Name":`, `,"Type":"`, `],"Results":[`); err != nil {
		return err
	}
	out.head = appendStats(append(out.head, '{'), a.Result, out.len()-before)
	return nil
}

// appendStats writes the documented figures (contract §2). hunt.Usage says what the processor time and the memory are.
// The memory and disk caches of the public service have no counterpart whose hits belong to a query: they are zero.
// The size is that of the answer's schema and rows as they are sent, before compression.
func appendStats(dst []byte, res *hunt.Result, size int64) []byte {
	used := res.Usage()
	dst = types.AppendReal(append(dst, `"Stats":{"ExecutionTime":`...), res.Elapsed().Seconds())
	dst = append(dst, `,"resource_usage":{"cache":{"memory":{"hits":0,"misses":0,"total":0},"disk":{"hits":0,"misses":0,"total":0}}`...)
	dst = appendNet(append(dst, `,"cpu":{"user":"`...), used.User)
	dst = appendNet(append(dst, `","kernel":"`...), used.Kernel)
	dst = appendNet(append(dst, `","total cpu":"`...), used.User+used.Kernel)
	dst = strconv.AppendInt(append(dst, `"},"memory":{"peak_per_node":`...), used.Peak, 10)
	dst = strconv.AppendInt(append(dst, `}},"dataset_statistics":[{"table_row_count":`...), int64(res.Rows.Count()), 10)
	dst = strconv.AppendInt(append(dst, `,"table_size":`...), size, 10)
	return append(dst, `}]}`...)
}

// appendNet writes a duration as .NET's constant format does: 00:00:19.0468750.
func appendNet(dst []byte, d time.Duration) []byte {
	return types.AppendTimespan(dst, int64(d/(time.Second/time.Duration(types.TicksPerSecond))))
}
