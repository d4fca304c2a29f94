package api

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"

	"scimproof/server/calllog"
	"scimproof/server/engine"
	"scimproof/server/redact"
	"scimproof/server/scim"
)

// What an exchange has of a body and of the value of a header at most, in bytes.
const (
	keptBody   = 8 << 10
	keptHeader = 256
)

// The headers that are kept. Any other may hold anything.
var (
	requestHeaders = []string{"Content-Type", "Content-Length", "Accept", "User-Agent", "If-Match", "If-None-Match"}
	answerHeaders  = []string{"Content-Type", "Content-Length", "Location", "ETag", "Allow", "WWW-Authenticate", correlationHeader}
)

// keepFailure gives a call that failed to the call log, with what it sent and got, without its secrets. Only a failure pays for it: nothing
// is held that was not there anyhow.
func (c *call) keepFailure(r calllog.Call) {
	secrets := c.redactor(c.r.URL.RawQuery)
	if !c.Calls.TakesExchange(r) {
		c.spareExchange(secrets, r, c.body)
		return
	}
	var x calllog.Exchange
	x.Request, secrets = keptRequest(secrets, c.body, c.received)
	x.Request.Headers = keptHeaders(secrets, c.r.Header, requestHeaders)
	x.Answer = keptAnswer(secrets, c.errorBody, c.reply.bytes)
	x.Answer.Headers = keptHeaders(secrets, c.w.Header(), answerHeaders)
	c.recordFailure(secrets, r, x)
}

// keepFailedOperation does so for an operation of a /Bulk request. It has no headers of its own, and says nothing of the request's query.
func (c *call) keepFailedOperation(r calllog.Call, o engine.BulkResult) {
	secrets := c.redactor("")
	if _, query, found := strings.Cut(o.Operation.Path, "?"); found {
		secrets = secrets.With(redact.Literals(query)...)
	}
	if !c.Calls.TakesExchange(r) {
		c.spareExchange(secrets, r, o.Operation.Data)
		return
	}
	body, err := json.Marshal(c.errorBodyOf(o.Err))
	if err != nil {
		panic(err) // as in writeError
	}
	var x calllog.Exchange
	x.Request, secrets = keptRequest(secrets, o.Operation.Data, int64(len(o.Operation.Data)))
	x.Answer = keptAnswer(secrets, body, int64(len(body)))
	c.recordFailure(secrets, r, x)
}

func (c *call) recordFailure(secrets redact.Redactor, r calllog.Call, x calllog.Exchange) {
	c.Calls.RecordFailure(masked(secrets, r), x)
}

// sparedReason stands for what an error said of a body that may have a secret: to find out which takes what is to be spared.
const sparedReason = "Not kept, since many calls with this token failed at once and this one may have sent a secret; see those that failed just before."

// spareExchange records a failure whose exchange would be one too many.
func (c *call) spareExchange(secrets redact.Redactor, r calllog.Call, body []byte) {
	if r.Reason != "" && secrets.Speaks(body) {
		r.Reason = sparedReason
	}
	c.Calls.Record(masked(secrets, r))
}

// masked is the record of a failure without secrets.
func masked(secrets redact.Redactor, r calllog.Call) calllog.Call {
	r.Reason = secrets.Text(r.Reason, len(r.Reason))
	// Of what a client chooses, these can hold a token that did not come where it belongs. No call with one in them succeeds.
	for _, text := range []*string{&r.Method, &r.Path, &r.Target} {
		*text = redact.Redactor{}.Text(*text, 3*len(*text)) // a byte that is no UTF-8 becomes three
	}
	return r
}

// redactor knows the request's own token, the attributes that are never returned, and what a query has besides names.
func (c *call) redactor(query string) redact.Redactor {
	r := redact.Redactor{}.With(c.value)
	var attributes []*scim.Attribute
	if c.app != nil {
		for _, s := range c.app.Profile.Registry.Schemas() {
			attributes = append(attributes, s.Attributes...)
		}
	}
	r.Names = secretNames(attributes)
	if query == "" {
		return r
	}
	plain := map[string]bool{}
	for _, word := range slices.Concat(loggedParameters, queryWords) {
		plain[strings.ToLower(word)] = true
	}
	nameAll(plain, attributes)
	return r.With(queryValues(query, plain)...)
}

// queryWords are words of queries that tell nothing. An error may say them again, and names of attributes; the call log has no other values.
var queryWords = []string{
	"eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le", "pr", "and", "or", "not", "true", "false", "null", "ascending", "descending",
	"urn", "ietf", "params", "scim", "schemas", "core", "extension", "enterprise", "user", "group",
}

func nameAll(into map[string]bool, list []*scim.Attribute) {
	for _, a := range list {
		into[strings.ToLower(a.Name)] = true
		nameAll(into, a.SubAttributes)
	}
}

func queryValues(query string, plain map[string]bool) (out []string) {
	for parameter := range strings.SplitSeq(query, "&") {
		name, value, _ := strings.Cut(parameter, "=")
		for _, text := range []string{name, value} {
			if decoded, err := url.QueryUnescape(text); err == nil {
				text = decoded
			}
			for _, word := range redact.Literals(text) {
				if !plain[strings.ToLower(word)] {
					out = append(out, word)
				}
			}
		}
	}
	return out
}

func secretNames(list []*scim.Attribute) (out []string) {
	for _, a := range list {
		if a.Returned == scim.Never || a.Mutability == scim.WriteOnly {
			out = append(out, a.Name)
		}
		out = append(out, secretNames(a.SubAttributes)...)
	}
	return out
}

func keptHeaders(r redact.Redactor, h http.Header, names []string) (out []calllog.Header) {
	for _, name := range names {
		for _, value := range h.Values(name) {
			out = append(out, calllog.Header{Name: name, Value: r.Text(value, keptHeader)})
		}
	}
	return out
}

// keptRequest keeps what can be told from secrets of a body, of which so many bytes came, and learns its secrets.
func keptRequest(r redact.Redactor, body []byte, received int64) (calllog.Message, redact.Redactor) {
	m := calllog.Message{Bytes: received, Kept: calllog.Withheld}
	if received == 0 {
		m.Kept = calllog.Nothing
		return m, r
	}
	d, err := r.Read(body)
	if err != nil || int64(len(body)) < received {
		return m, r
	}
	var shorter bool
	m.Body, shorter = d.Shown(keptBody)
	m.Kept = calllog.Whole
	if shorter {
		m.Kept = calllog.Begins
	}
	return m, d.Redactor
}

// keptAnswer keeps an Error.
func keptAnswer(r redact.Redactor, body []byte, sent int64) calllog.Message {
	m := calllog.Message{Bytes: sent, Kept: calllog.Withheld}
	switch {
	case sent == 0:
		m.Kept = calllog.Nothing
	case body != nil:
		m.Body = r.Text(string(body), keptBody) // its words are ours, but for what it says again
		m.Kept = calllog.Whole
		if len(body) > keptBody {
			m.Kept = calllog.Begins
		}
	}
	return m
}
