package api

import (
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"scimproof/server/calllog"
	"scimproof/server/redact"
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
	c.describeCaller(&r)
	if c.app != nil {
		location := ""
		if r.Method == http.MethodPost {
			location = c.w.Header().Get("Location")
		}
		c.describeDeed(&r, c.rest, location)
	}
	if c.Calls != nil {
		c.keep(r)
		c.recordOperations(r)
	}
	if c.Metrics != nil {
		c.Metrics.Observe(r)
	}
}

// describeCaller says who called, as far as that is known.
func (c *call) describeCaller(r *calllog.Call) {
	if c.authenticated {
		r.Token = c.token.ID
	}
	if c.app != nil {
		r.Instance, r.Application = c.app.Instance.ID, c.app.Application.ID
	}
}

// keep gives a record to the call log, with the exchange where the call has failed.
func (c *call) keep(r calllog.Call) {
	if r.Failed() {
		c.keepFailure(r)
		return
	}
	c.Calls.Record(r)
}

// recordOperations keeps a record of each operation of a /Bulk request beside that of the request. Its time is that of the request.
func (c *call) recordOperations(of calllog.Call) {
	for i, o := range c.operations {
		path, _, _ := strings.Cut(o.Operation.Path, "?")
		r := calllog.Call{
			Time: of.Time, Correlation: of.Correlation, Part: i + 1,
			Method: o.Operation.Method, Path: c.hide(path), Status: o.Result.Status, BytesIn: int64(len(o.Operation.Data)),
		}
		c.describeCaller(&r)
		c.describeDeed(&r, strings.Split(strings.Trim(path, "/"), "/"), o.Result.Location)
		if o.Err == nil {
			c.Calls.Record(r)
			continue
		}
		r.Status, r.ScimType, r.Reason = o.Err.Status, string(o.Err.Type), c.hide(o.Err.Detail)
		c.keepFailedOperation(r, o)
	}
}

// hide takes the request's own token out of a text, where a client has put it into an address too.
func (c *call) hide(text string) string {
	if len(c.value) >= 8 {
		return strings.ReplaceAll(text, c.value, redact.Mask)
	}
	return text
}

// loggedParameters are the query parameters whose names are recorded: a name that is not known may be anything.
var loggedParameters = []string{"attributes", "excludedAttributes", "filter", "sortBy", "sortOrder", "startIndex", "count", "cursor"}

// path is the address below the base URL, with the names of the query's parameters, each once. Their values tell of persons.
func (c *call) path() string {
	out := "/" + strings.Join(c.rest, "/")
	separator := "?"
	said := 0 // a bit for each name
	for rest := c.r.URL.RawQuery; rest != ""; {
		var parameter string
		parameter, rest, _ = strings.Cut(rest, "&")
		name, _, _ := strings.Cut(parameter, "=")
		if at := slices.Index(loggedParameters, name); at >= 0 && said&(1<<at) == 0 {
			out += separator + name
			separator = "&"
			said |= 1 << at
		}
	}
	return out
}

// describeDeed says what a call was for, as its method and its segments tell, whether it came to that or not. The location is that of
// what it made.
func (c *call) describeDeed(r *calllog.Call, segments []string, location string) {
	switch {
	case len(segments) == 0 || segments[0] == ".search":
		r.Operation = "search"
	case segments[0] == "ServiceProviderConfig" || segments[0] == "ResourceTypes" || segments[0] == "Schemas":
		r.Operation = "discover"
	case segments[0] == "Bulk":
		r.Operation = "bulk"
	case segments[0] == "Me":
		if c.authenticated {
			r.Target = c.token.Account
		}
		describeResource(r, c.app.Profile.Registry.Type("User"))
	case len(segments) == 1:
		describeCollection(r, c.app.Profile.Registry.Endpoint("/"+segments[0]), location)
	case len(segments) == 2 && segments[1] == ".search":
		deed(r, c.app.Profile.Registry.Endpoint("/"+segments[0]), "search", "list")
	case len(segments) == 2:
		r.Target = c.hide(segments[1])
		describeResource(r, c.app.Profile.Registry.Endpoint("/"+segments[0]))
	}
}

func describeCollection(r *calllog.Call, rt *scim.ResourceType, location string) {
	switch r.Method {
	case http.MethodGet, http.MethodHead:
		deed(r, rt, "list", "list")
	case http.MethodPost:
		r.Target = location[strings.LastIndexByte(location, '/')+1:]
		deed(r, rt, "create", "create")
	}
}

func describeResource(r *calllog.Call, rt *scim.ResourceType) {
	switch r.Method {
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
		r.Operation, r.ResourceType, r.Event = operation, rt.Name, eventType(rt.Name, event)
	}
}

func eventType(resource, event string) string {
	const begin = "urn:alibaba:idaas:event:"
	if resource == "User" && event == "get" { // by far the most frequent
		return begin + "user:get"
	}
	return begin + strings.ToLower(resource) + ":" + event
}
