package api

import (
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"scimproof/server/calllog"
	"scimproof/server/scim"
)

// reply remembers of an answer what the call log tells.
type reply struct {
	http.ResponseWriter
	status int
	bytes  int64
}

func (a *reply) WriteHeader(status int) {
	if a.status == 0 {
		a.status = status
	}
	a.ResponseWriter.WriteHeader(status)
}

func (a *reply) Write(p []byte) (int, error) {
	n, err := a.ResponseWriter.Write(p)
	a.bytes += int64(n)
	return n, err
}

// Unwrap leads http.ResponseController to the connection.
func (a *reply) Unwrap() http.ResponseWriter { return a.ResponseWriter }

// counted counts what is read.
type counted struct {
	io.Reader
	sum *int64
}

func (c counted) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	*c.sum += int64(n)
	return n, err
}

// limited is the body of the request, up to a limit. Beyond it the connection is closed, which takes the writer that the listener gave.
func (c *call) limited(limit int64) io.Reader {
	return counted{http.MaxBytesReader(c.reply.ResponseWriter, c.r.Body, limit), &c.received}
}

// record hands what became of a call to the call log and to the metrics. What went to no base URL is no call of SCIM.
func (c *call) record(began time.Time) {
	if c.rest == nil {
		return
	}
	r := calllog.Call{
		Time: began, Method: c.r.Method, Path: c.hide(c.path()), Status: c.reply.status,
		LatencyMicros: c.Clock().Sub(began).Microseconds(), BytesIn: c.received, BytesOut: c.reply.bytes, Correlation: c.correlation,
	}
	if c.failure != nil {
		r.ScimType, r.Reason = string(c.failure.Type), c.hide(c.failure.Detail)
	}
	if c.authenticated {
		r.Token = c.token.ID
	}
	if c.app != nil {
		r.Instance, r.Application = c.app.Instance.ID, c.app.Application.ID
		c.describeDeed(&r)
	}
	if c.Calls != nil {
		c.Calls.Record(r)
	}
	if c.Metrics != nil {
		c.Metrics.Observe(r)
	}
}

// hide takes the request's own token out of a text, where a client has put it into an address too.
func (c *call) hide(text string) string {
	if value, given := bearer(c.r); given && len(value) >= 8 {
		return strings.ReplaceAll(text, value, "***")
	}
	return text
}

// loggedParameters are the query parameters whose names are recorded: a name that is not known may be anything.
var loggedParameters = []string{"attributes", "excludedAttributes", "filter", "sortBy", "sortOrder", "startIndex", "count", "cursor"}

// path is the address below the base URL, with the names of the query's parameters. Their values tell of persons.
func (c *call) path() string {
	out := "/" + strings.Join(c.rest, "/")
	separator := "?"
	for rest := c.r.URL.RawQuery; rest != ""; {
		var parameter string
		parameter, rest, _ = strings.Cut(rest, "&")
		if name, _, _ := strings.Cut(parameter, "="); slices.Contains(loggedParameters, name) {
			out += separator + name
			separator = "&"
		}
	}
	return out
}

// describeDeed says what a call was for, as its method and its address tell, whether it came to that or not.
func (c *call) describeDeed(r *calllog.Call) {
	switch head := c.rest; {
	case len(head) == 0 || head[0] == ".search":
		r.Operation = "search"
	case head[0] == "ServiceProviderConfig" || head[0] == "ResourceTypes" || head[0] == "Schemas":
		r.Operation = "discover"
	case head[0] == "Bulk":
		r.Operation = "bulk"
	case head[0] == "Me":
		if c.authenticated {
			r.Target = c.token.Account
		}
		c.describeResource(r, c.app.Profile.Registry.Type("User"))
	case len(head) == 1:
		c.describeCollection(r, c.app.Profile.Registry.Endpoint("/"+head[0]))
	case len(head) == 2 && head[1] == ".search":
		deed(r, c.app.Profile.Registry.Endpoint("/"+head[0]), "search", "list")
	case len(head) == 2:
		r.Target = c.hide(head[1])
		c.describeResource(r, c.app.Profile.Registry.Endpoint("/"+head[0]))
	}
}

func (c *call) describeCollection(r *calllog.Call, rt *scim.ResourceType) {
	switch c.r.Method {
	case http.MethodGet, http.MethodHead:
		deed(r, rt, "list", "list")
	case http.MethodPost:
		location := c.w.Header().Get("Location")
		r.Target = location[strings.LastIndexByte(location, '/')+1:]
		deed(r, rt, "create", "create")
	}
}

func (c *call) describeResource(r *calllog.Call, rt *scim.ResourceType) {
	switch c.r.Method {
	case http.MethodGet, http.MethodHead:
		deed(r, rt, "read", "get")
	case http.MethodPut:
		deed(r, rt, "replace", "update")
	case http.MethodPatch:
		deed(r, rt, "patch", "update")
	case http.MethodDelete:
		deed(r, rt, "delete", "delete")
	}
}

// deed names what is done to a resource type, and the event type that the product would have for it.
func deed(r *calllog.Call, rt *scim.ResourceType, operation, event string) {
	if rt != nil {
		r.Operation, r.ResourceType = operation, rt.Name
		r.Event = "urn:alibaba:idaas:event:" + strings.ToLower(rt.Name) + ":" + event
	}
}
