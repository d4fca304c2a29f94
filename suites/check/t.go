package check

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/go-json-experiment/json"

	"scimproof/reports/result"
	"scimproof/reports/verdict"
	"scimproof/simulator/cleanup"
	"scimproof/simulator/client"
	"scimproof/simulator/tree"
)

// Env is what the checks of a run share.
type Env struct {
	Client *client.Client
	Target *Target
	Prefix string        // of all names that the run makes, so that leftovers can be recognised
	Wait   time.Duration // patience with a target that limits the rate; zero: 30 seconds
	Ledger cleanup.Ledger
	names  atomic.Int64
}

// T is what a body works with: the target, requests to it, and expectations of the answers.
type T struct {
	*Target
	env    *Env
	client *client.Client
	check  *Check
	ctx    context.Context
	made   *cleanup.Tracker
	trace  *trace
	given  verdict.Finding // what it makes of the check where what is sent now does not work, since that comes before the question; or ""
	aside  bool            // it speaks with something else than what the run judges: being refused is an answer like others
}

// trace is what a check leaves, whomever it speaks with.
type trace struct {
	exchanges []result.Exchange
	later     []func(context.Context) []result.Residue // what is done after the body, the last first
}

// Context ends when the run does.
func (t *T) Context() context.Context { return t.ctx }

// Users is the path of the endpoint of users.
func (t *T) Users() string { return t.Endpoint("User", "/Users") }

// Groups is the path of the endpoint of groups.
func (t *T) Groups() string { return t.Endpoint("Group", "/Groups") }

// Under is the path of a resource below an endpoint; the id is escaped.
func Under(endpoint, id string) string { return endpoint + "/" + url.PathEscape(id) }

// Query writes pairs of names and values as a query.
func Query(pairs ...string) string {
	var b strings.Builder
	for i := 0; i+1 < len(pairs); i += 2 {
		if i > 0 {
			b.WriteByte('&')
		}
		b.WriteString(escape(pairs[i]) + "=" + escape(pairs[i+1]))
	}
	return b.String()
}

func escape(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }

// Doc is a JSON object to send.
type Doc = map[string]any

// List is a JSON array to send.
type List = []any

// Encode writes a body as Post and the like send it: nil is none, text goes as it is, anything else as JSON with sorted names.
func Encode(body any) []byte {
	switch b := body.(type) {
	case nil:
		return nil
	case string:
		return []byte(b)
	case []byte:
		return b
	case *tree.Node:
		return b.JSON()
	}
	data, err := json.Marshal(body, json.Deterministic(true))
	if err != nil {
		panic(fmt.Sprintf("the body of a request cannot be written as JSON: %v", err))
	}
	return data
}

// Get sends a GET; pairs are names and values of its query.
func (t *T) Get(path string, pairs ...string) *Answer {
	return t.Do(client.Request{Method: http.MethodGet, Path: path, Query: Query(pairs...)})
}

// Post sends a POST. A body is a Doc, or text that goes out as it is.
func (t *T) Post(path string, body any, pairs ...string) *Answer {
	return t.Do(client.Request{Method: http.MethodPost, Path: path, Query: Query(pairs...), Body: Encode(body)})
}

// Put sends a PUT.
func (t *T) Put(path string, body any, pairs ...string) *Answer {
	return t.Do(client.Request{Method: http.MethodPut, Path: path, Query: Query(pairs...), Body: Encode(body)})
}

// Patch sends a PATCH. A body is that of PatchOps, or anything that Post takes.
func (t *T) Patch(path string, body any, pairs ...string) *Answer {
	return t.Do(client.Request{Method: http.MethodPatch, Path: path, Query: Query(pairs...), Body: Encode(body)})
}

// Delete sends a DELETE.
func (t *T) Delete(path string) *Answer {
	return t.Do(client.Request{Method: http.MethodDelete, Path: path})
}

// Op is one operation of a PATCH; an empty path and a nil value are left out.
func Op(op, path string, value any) Doc {
	d := Doc{"op": op}
	if path != "" {
		d["path"] = path
	}
	if value != nil {
		d["value"] = value
	}
	return d
}

// PatchOps is the body of a PATCH (RFC 7644 section 3.5.2).
func PatchOps(ops ...Doc) Doc {
	list := List{}
	for _, op := range ops {
		list = append(list, op)
	}
	return Doc{"schemas": List{PatchSchema}, "Operations": list}
}

// Do sends any request and keeps the exchange as evidence. The check ends here when the run cannot judge the answer: no answer at all,
// credentials refused, a rate limit beyond patience, a target that fails at plain requests too. A status of 500 and more is a departure
// of its own, whatever the question was, where a plain request right after it is answered well.
func (t *T) Do(r client.Request) *Answer {
	a := t.send(r)
	own := t.aside || r.Auth != client.AuthBearer || r.Authorization != ""
	switch {
	case a.Status == http.StatusUnauthorized && !own && t.Authenticated:
		t.end(verdict.Errored, Failure{Reason: "the target refused the credentials in the middle of the run"})
	case a.Status == http.StatusNotImplemented && t.unsaid():
		t.end(verdict.NotApplicable, Failure{Reason: "the target answers 501: it does not have this, and does not claim to"})
	case a.Status >= 500 && a.Status != http.StatusNotImplemented:
		t.failing(r, a)
	}
	return newAnswer(r, a)
}

// unsaid says whether the check needs a feature about which the target says nothing.
func (t *T) unsaid() bool {
	for _, n := range t.check.Needs {
		if offer, _ := t.Offers(n); offer == Unsaid {
			return true
		}
	}
	return false
}

func (t *T) failing(r client.Request, a *client.Answer) {
	what := fmt.Sprintf("%s %s answered %d", r.Method, r.Path, a.Status)
	plain, err := t.client.Do(t.ctx, client.Request{Method: http.MethodGet, Path: t.Users(), Query: "startIndex=1&count=1"})
	switch {
	case err != nil || plain.Status >= 500:
		t.end(verdict.Errored, Failure{Reason: what + ", and a plain request right after it fails too"})
	case t.given != "":
		t.end(t.given, Failure{Reason: what})
	}
	t.end(verdict.Broken, Failure{Expected: "an answer below 500: a server does not break on a request", Actual: what, Location: "status"})
}

// send sends a request, again where the target asks to wait.
func (t *T) send(r client.Request) *client.Answer {
	patience := t.env.Wait
	if patience == 0 {
		patience = 30 * time.Second
	}
	for {
		a, err := t.client.Do(t.ctx, r)
		t.made.Saw(r, a, err)
		if a != nil {
			t.keep(a.Exchange)
		}
		if err != nil {
			t.unanswered(err)
		}
		if a.Status != http.StatusTooManyRequests {
			return a
		}
		wait := retryAfter(a.Header.Get("Retry-After"))
		if patience -= wait; patience < 0 {
			t.end(verdict.Errored, Failure{Reason: "the target limits the rate (429) for longer than the run waits"})
		}
		select {
		case <-time.After(wait):
		case <-t.ctx.Done():
			t.unanswered(t.ctx.Err())
		}
	}
}

// unanswered ends a check that got no answer.
func (t *T) unanswered(err error) {
	if errors.Is(context.Cause(t.ctx), ErrInterrupted) {
		t.end(verdict.Blocked, Failure{Reason: ErrInterrupted.Error()})
	}
	if errors.Is(t.ctx.Err(), context.DeadlineExceeded) {
		t.end(verdict.Errored, Failure{Reason: "the check took longer than its time; raise --timeout if the target is slow"})
	}
	t.end(verdict.Errored, Failure{Reason: "no answer: " + err.Error()})
}

// retryAfter is how long to wait: the seconds that the header names, else one.
func retryAfter(header string) time.Duration {
	if n, err := strconv.Atoi(strings.TrimSpace(header)); err == nil && n >= 0 {
		return time.Duration(n)*time.Second + 10*time.Millisecond
	}
	return time.Second
}

// maxExchanges bounds the evidence of a check; the first ones and the last are kept.
const maxExchanges = 60

func (t *T) keep(e result.Exchange) {
	kept := &t.trace.exchanges
	if len(*kept) == maxExchanges {
		*kept = append((*kept)[:maxExchanges-1], e)
		return
	}
	*kept = append(*kept, e)
}

// Unique is a text that no other check of the run has: it starts with the run's prefix.
func (t *T) Unique() string {
	return t.env.Prefix + "-" + strconv.FormatInt(t.env.names.Add(1), 10)
}

// NA ends the check: what the target has, or lacks, leaves nothing to ask.
func (t *T) NA(format string, args ...any) {
	t.end(verdict.NotApplicable, Failure{Reason: fmt.Sprintf(format, args...)})
}

// GiveUp ends the check: what the run was given beside the target does not work, so that nothing can be judged.
func (t *T) GiveUp(format string, args ...any) {
	t.end(verdict.Errored, Failure{Reason: fmt.Sprintf(format, args...)})
}

// Block ends the check: what comes before the question did not work.
func (t *T) Block(format string, args ...any) {
	t.end(verdict.Blocked, Failure{Reason: fmt.Sprintf(format, args...)})
}
