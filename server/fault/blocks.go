package fault

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/go-json-experiment/json"
)

// when chooses the requests that a fault touches.
type when func(*http.Request) bool

// object is a JSON object.
type object = map[string]any

// answer is a whole response before it leaves.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// response lets a fault change the answers to the requests it chooses.
func response(chosen when, edit func(*http.Request, *answer)) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if !chosen(r) {
				next.ServeHTTP(w, r)
				return
			}
			a := call(next, r)
			edit(r, a)
			a.send(w)
		})
	}
}

// request lets a fault change what the server gets to see of the requests it chooses.
func request(chosen when, edit func(r *http.Request)) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if chosen(r) {
				r = r.Clone(r.Context())
				edit(r)
			}
			next.ServeHTTP(w, r)
		})
	}
}

// document lets a fault change the JSON object in the answers it chooses.
func document(chosen when, edit func(r *http.Request, a *answer, doc object)) func(http.Handler) http.Handler {
	return response(chosen, func(r *http.Request, a *answer) {
		if doc, ok := decode(a.body); ok {
			edit(r, a, doc)
			a.encode(doc)
		}
	})
}

// resources lets a fault change each resource in the answers it chooses: the one that stands alone, or those of a list.
func resources(chosen when, edit func(res object)) func(http.Handler) http.Handler {
	return document(chosen, func(_ *http.Request, a *answer, doc object) {
		if a.status >= 300 {
			return
		}
		if list, ok := doc["Resources"].([]any); ok {
			for _, el := range list {
				if res, ok := el.(object); ok {
					edit(res)
				}
			}
			return
		}
		edit(doc)
	})
}

// payload lets a fault change the JSON object that a request carries before the server sees it.
func payload(chosen when, edit func(doc object)) func(http.Handler) http.Handler {
	return request(chosen, func(r *http.Request) {
		data, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		if doc, ok := decode(data); ok {
			edit(doc)
			data = encode(doc)
		}
		setBody(r, data)
	})
}

// query lets a fault change the query parameters that the server sees.
func query(chosen when, edit func(q url.Values)) func(http.Handler) http.Handler {
	return request(chosen, func(r *http.Request) {
		q := r.URL.Query()
		edit(q)
		u := *r.URL
		u.RawQuery = q.Encode()
		r.URL = &u
	})
}

// instead answers the requests it chooses itself.
func instead(chosen when, status int, contentType, body string) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if !chosen(r) {
				next.ServeHTTP(w, r)
				return
			}
			a := answer{status: status, header: http.Header{}, body: []byte(body)}
			if contentType != "" {
				a.header.Set("Content-Type", contentType)
			}
			a.send(w)
		})
	}
}

// both puts one deviation in front of another.
func both(outer, inner func(http.Handler) http.Handler) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler { return outer(inner(next)) }
}

// call sends a request through a handler and keeps the answer.
func call(h http.Handler, r *http.Request) *answer {
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, r)
	return &answer{rec.Code, rec.Header(), rec.Body.Bytes()}
}

// again makes a request of the fault's own with the credentials and the base URL of another one: below names a path under the base URL.
func again(r *http.Request, method, below string, doc object) *http.Request {
	u := *r.URL
	at := strings.Index(u.Path, "/scim")
	u.Path, u.RawPath, u.RawQuery = u.Path[:at]+"/scim"+below, "", ""
	out := r.Clone(r.Context())
	out.Method, out.URL = method, &u
	if doc != nil {
		setBody(out, encode(doc))
	} else {
		setBody(out, nil)
	}
	return out
}

func (a *answer) encode(doc any) {
	a.body = encode(doc)
}

func (a *answer) send(w http.ResponseWriter) {
	for k, v := range a.header {
		w.Header()[k] = v
	}
	w.Header().Del("Content-Length")
	if len(a.body) > 0 {
		w.Header().Set("Content-Length", strconv.Itoa(len(a.body)))
	}
	w.WriteHeader(a.status)
	w.Write(a.body)
}

func decode(data []byte) (object, bool) {
	var doc object
	err := json.Unmarshal(data, &doc)
	return doc, err == nil && doc != nil
}

func encode(doc any) []byte {
	data, err := json.Marshal(doc, json.Deterministic(true))
	if err != nil {
		panic(err) // what was decoded from JSON encodes again
	}
	return data
}

func setBody(r *http.Request, data []byte) {
	r.Body = io.NopCloser(bytes.NewReader(data))
	r.ContentLength = int64(len(data))
	if r.Header.Get("Content-Length") != "" {
		r.Header.Set("Content-Length", strconv.Itoa(len(data)))
	}
}

// below is the path of a request under the base URL: "/Users/user_a".
func below(r *http.Request) string {
	_, rest, _ := strings.Cut(r.URL.Path, "/scim")
	return rest
}

// always chooses every request.
func always(*http.Request) bool { return true }

// method chooses requests by their method.
func method(names ...string) when {
	return func(r *http.Request) bool { return slices.Contains(names, r.Method) }
}

// collection chooses requests to an endpoint itself: collection("/Users").
func collection(endpoints ...string) when {
	return func(r *http.Request) bool { return slices.Contains(endpoints, strings.TrimSuffix(below(r), "/")) }
}

// single chooses requests to one resource of an endpoint: single("/Users").
func single(endpoints ...string) when {
	return func(r *http.Request) bool {
		for _, e := range endpoints {
			if rest, ok := strings.CutPrefix(below(r), e+"/"); ok && rest != "" {
				return true
			}
		}
		return false
	}
}

// under chooses requests to an endpoint or to anything below it.
func under(endpoints ...string) when { return or(collection(endpoints...), single(endpoints...)) }

// asks chooses requests that carry a query parameter.
func asks(parameter string) when {
	return func(r *http.Request) bool { return r.URL.Query().Has(parameter) }
}

func and(list ...when) when {
	return func(r *http.Request) bool {
		for _, w := range list {
			if !w(r) {
				return false
			}
		}
		return true
	}
}

func or(list ...when) when {
	return func(r *http.Request) bool {
		for _, w := range list {
			if w(r) {
				return true
			}
		}
		return false
	}
}

func not(w when) when { return func(r *http.Request) bool { return !w(r) } }

// refuseWhen refuses requests whose JSON object is as described.
func refuseWhen(chosen when, code int, scimType string, like func(doc object) bool) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if chosen(r) {
				if doc, ok := decode(drain(r)); ok && like(doc) {
					refuse(w, code, scimType, "not taken")
					return
				}
			}
			next.ServeHTTP(w, r)
		})
	}
}

// echo lets a fault change the resource in the answer to a write, knowing what the client sent.
func echo(chosen when, edit func(sent, res object)) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if !chosen(r) {
				next.ServeHTTP(w, r)
				return
			}
			sent, _ := decode(drain(r))
			a := call(next, r)
			if res, ok := decode(a.body); ok && a.status < 300 {
				edit(sent, res)
				a.encode(res)
			}
			a.send(w)
		})
	}
}

// drain reads the body of a request and puts it back.
func drain(r *http.Request) []byte {
	data, err := io.ReadAll(r.Body)
	if err != nil {
		return nil
	}
	setBody(r, data)
	return data
}

// find is the name under which an object holds an attribute, whatever its case, or "".
func find(doc object, name string) string {
	for k := range doc {
		if strings.EqualFold(k, name) {
			return k
		}
	}
	return ""
}

// clone copies a JSON value.
func clone(v any) any {
	var out any
	if err := json.Unmarshal(encode(v), &out); err != nil {
		panic(err) // what was just encoded decodes
	}
	return out
}

var counter atomic.Int64

// token is a text that no other call gives.
func token() string { return strconv.FormatInt(counter.Add(1), 36) + "-made-up" }
