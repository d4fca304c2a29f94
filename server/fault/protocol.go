package fault

import (
	"bytes"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
)

const (
	users  = "/Users"
	groups = "/Groups"
)

// failing keeps the edits of error answers: document applies them to answers with a status of 400 and more.
func failing(chosen when, edit func(a *answer, doc object)) func(http.Handler) http.Handler {
	return document(chosen, func(_ *http.Request, a *answer, doc object) {
		if a.status >= 400 {
			edit(a, doc)
		}
	})
}

// status turns one status into another, whatever the body.
func status(chosen when, from, to int) func(http.Handler) http.Handler {
	return response(chosen, func(_ *http.Request, a *answer) {
		if a.status == from {
			a.status = to
		}
	})
}

// rawQuery lets a fault change the query of a request before it is decoded.
func rawQuery(edit func(q string) string) func(http.Handler) http.Handler {
	return request(asks("filter"), func(r *http.Request) {
		u := *r.URL
		u.RawQuery = edit(u.RawQuery)
		r.URL = &u
	})
}

// header chooses requests by a header that holds a text.
func header(name, part string) when {
	return func(r *http.Request) bool { return strings.Contains(strings.ToLower(r.Header.Get(name)), part) }
}

// protocol are deviations of HTTP, authentication and error bodies.
var protocol = []Fault{
	{
		Name:   "media-type-plain-json",
		Breaks: []string{"http.media-type-scim"},
		Seen:   "servers that leave the framework's default in place",
		Wrap: response(always, func(_ *http.Request, a *answer) {
			if a.status < 400 && a.header.Get("Content-Type") != "" {
				a.header.Set("Content-Type", "application/json+scim")
			}
		}),
	},
	{
		Name:   "default-plain-json",
		Breaks: []string{"http.media-type-default"},
		Seen:   "content negotiation that falls back to the framework's own type",
		Wrap: response(func(r *http.Request) bool { return r.Header.Get("Accept") == "" }, func(_ *http.Request, a *answer) {
			a.header.Set("Content-Type", "application/json")
		}),
	},
	{
		Name:   "accept-json-refused",
		Breaks: []string{"http.accept-json"},
		Seen:   "strict comparison of Accept",
		Wrap: func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Header.Get("Accept") == "application/json" {
					refuse(w, http.StatusNotAcceptable, "", "application/scim+json only")
					return
				}
				next.ServeHTTP(w, r)
			})
		},
	},
	{
		Name:   "body-json-refused",
		Breaks: []string{"http.body-json"},
		Seen:   "requests refused unless the type is exactly application/scim+json",
		Wrap: func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Header.Get("Content-Type") == "application/json" {
					refuse(w, http.StatusUnsupportedMediaType, "", "application/scim+json only")
					return
				}
				next.ServeHTTP(w, r)
			})
		},
	},
	{
		Name:   "charset-refused",
		Breaks: []string{"http.body-charset"},
		Seen:   "media types compared as whole strings, parameters included",
		Wrap: func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if strings.Contains(r.Header.Get("Content-Type"), ";") {
					refuse(w, http.StatusUnsupportedMediaType, "", "application/scim+json only")
					return
				}
				next.ServeHTTP(w, r)
			})
		},
	},
	{
		Name:   "non-ascii-mangled",
		Breaks: []string{"http.utf8-round-trip"},
		Seen:   "databases with a character set of one or three bytes",
		Wrap: payload(and(method("POST"), collection(users)), func(doc object) {
			if s, ok := doc["displayName"].(string); ok {
				doc["displayName"] = strings.Map(func(r rune) rune {
					if r > 0xFFFF {
						return '?'
					}
					return r
				}, s)
			}
		}),
	},
	{
		Name:   "unknown-parameter-refused",
		Breaks: []string{"http.unknown-parameter"},
		Seen:   "strict binding of query strings",
		Wrap: func(next http.Handler) http.Handler {
			known := map[string]bool{"filter": true, "startIndex": true, "count": true, "attributes": true, "excludedAttributes": true, "sortBy": true, "sortOrder": true, "cursor": true}
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				for name := range r.URL.Query() {
					if !known[name] {
						refuse(w, http.StatusBadRequest, "invalidValue", "unknown parameter")
						return
					}
				}
				next.ServeHTTP(w, r)
			})
		},
	},
	{
		Name:   "any-media-type-accepted",
		Breaks: []string{"http.media-type-wrong"},
		Seen:   "bodies parsed as JSON whatever they are declared as",
		Wrap:   request(header("Content-Type", "xml"), func(r *http.Request) { r.Header.Set("Content-Type", "application/scim+json") }),
	},
	{
		Name:   "path-becomes-header",
		Breaks: []string{"http.header-injection"},
		Seen:   "scim2-server 0.8.3 under wsgiref: Location made of the decoded path",
		Wrap: response(single(users), func(r *http.Request, a *answer) {
			if _, line, broken := strings.Cut(r.URL.Path, "\r\n"); broken {
				name, value, _ := strings.Cut(line, ": ")
				a.header.Set(name, value)
			}
		}),
	},
	{Name: "head-unknown", Breaks: []string{"http.head"}, Seen: "scim2-server 0.8.3: routes that list GET alone", Wrap: instead(method("HEAD"), http.StatusMethodNotAllowed, "", "")},
	{
		Name:   "wrong-method-404",
		Breaks: []string{"http.method-not-allowed"},
		Seen:   "SCIMMY and elimity: routers that know a path only with its methods",
		Wrap:   status(collection(users, groups), http.StatusMethodNotAllowed, http.StatusNotFound),
	},
	{
		Name:   "no-allow",
		Breaks: []string{"http.allow"},
		Seen:   "405 written by hand",
		Wrap:   response(always, func(_ *http.Request, a *answer) { a.header.Del("Allow") }),
	},
	{
		Name:   "unknown-endpoint-html",
		Breaks: []string{"http.unknown-endpoint"},
		Seen:   "SCIMMY routers before 1.3: 404 without a JSON body",
		Wrap: response(not(or(under(users, groups), discovery)), func(_ *http.Request, a *answer) {
			if a.status == http.StatusNotFound {
				a.header.Set("Content-Type", "text/html")
				a.body = []byte("<h1>Not Found</h1>")
			}
		}),
	},
	{
		Name:   "plus-not-decoded",
		Breaks: []string{"http.plus-for-space"},
		Seen:   "servers that decode %20 but not + in a query",
		Wrap:   rawQuery(func(q string) string { return strings.ReplaceAll(q, "+", "%2B") }),
	},
	{
		Name:   "query-decoded-twice",
		Breaks: []string{"http.percent-encoding"},
		Seen:   "a gateway that decodes in front of a framework that does too",
		Wrap:   rawQuery(func(q string) string { return strings.ReplaceAll(q, "%2B", "+") }),
	},
	{
		Name:   "no-authentication",
		Breaks: []string{"auth.missing", "auth.unknown-token", "idaas.access.no-token", "idaas.access.unknown-token"},
		Seen:   "endpoints left open in a test configuration",
		Wrap: func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				a := call(next, r)
				if a.status == http.StatusUnauthorized {
					a = &answer{status: 200, header: http.Header{"Content-Type": {"application/scim+json"}}}
					a.encode(object{"schemas": []string{listURN}, "totalResults": 0, "Resources": []any{}})
				}
				a.send(w)
			})
		},
	},
	{
		Name:   "delete-without-authentication",
		Breaks: []string{"auth.missing-on-write"},
		Seen:   "middleware that is registered for some methods of a route",
		Wrap: func(next http.Handler) http.Handler {
			var token atomic.Value // the last one that came along
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if h := r.Header.Get("Authorization"); h != "" {
					token.Store(h)
				} else if h, ok := token.Load().(string); ok && r.Method == http.MethodDelete {
					r = r.Clone(r.Context())
					r.Header.Set("Authorization", h)
				}
				next.ServeHTTP(w, r)
			})
		},
	},
	{
		Name:   "no-challenge",
		Breaks: []string{"auth.challenge", "idaas.access.challenge"},
		Seen:   "scimmy-routers; many frameworks",
		Wrap:   response(always, func(_ *http.Request, a *answer) { a.header.Del("WWW-Authenticate") }),
	},
	{
		Name:   "unauthorized-without-error",
		Breaks: []string{"auth.error-body"},
		Seen:   "gateways that answer 401 before the application does",
		Wrap: response(always, func(_ *http.Request, a *answer) {
			if a.status == http.StatusUnauthorized {
				a.header.Set("Content-Type", "text/plain")
				a.body = []byte("Unauthorized")
			}
		}),
	},
	{
		Name:   "empty-bearer-crashes",
		Breaks: []string{"auth.empty-bearer"},
		Seen:   "headers split at a space that is not there",
		Wrap: crash(func(r *http.Request) bool {
			h := r.Header.Get("Authorization")
			return h != "" && !strings.Contains(strings.TrimSpace(h), " ")
		}, "index out of range"),
	},
	{
		Name:   "scheme-case-sensitive",
		Breaks: []string{"auth.scheme-case"},
		Seen:   "prefix comparison with Bearer",
		Wrap:   request(func(r *http.Request) bool { return strings.HasPrefix(r.Header.Get("Authorization"), "bearer ") }, func(r *http.Request) { r.Header.Del("Authorization") }),
	},
	{
		Name:   "error-without-schema",
		Breaks: []string{"errors.schema"},
		Seen:   "errors of the framework passed on",
		Wrap:   failing(always, func(_ *answer, doc object) { delete(doc, "schemas") }),
	},
	{
		Name:   "error-status-number",
		Breaks: []string{"errors.status-string"},
		Seen:   "SCIMple-Identity, scim-kit and others: status as a JSON number",
		Wrap:   failing(always, func(a *answer, doc object) { doc["status"] = a.status }),
	},
	{
		Name:   "error-status-differs",
		Breaks: []string{"errors.status-equals"},
		Seen:   "statuses mapped twice",
		Wrap:   failing(always, func(_ *answer, doc object) { doc["status"] = "500" }),
	},
	{
		Name:   "error-media-type",
		Breaks: []string{"errors.media-type"},
		Seen:   "error handlers that write their own type",
		Wrap: response(always, func(_ *http.Request, a *answer) {
			if a.status >= 400 {
				a.header.Set("Content-Type", "text/html; charset=utf-8")
			}
		}),
	},
	{
		Name:   "error-without-detail",
		Breaks: []string{"errors.detail"},
		Seen:   "bare Error bodies that leave an administrator in the dark",
		Wrap:   failing(always, func(_ *answer, doc object) { delete(doc, "detail") }),
	},
	{
		Name:   "malformed-json-500",
		Breaks: []string{"errors.malformed-json"},
		Seen:   "parser exceptions that nobody catches",
		Wrap:   status(method("POST"), http.StatusBadRequest, http.StatusInternalServerError),
	},
	{
		Name:   "syntax-error-without-type",
		Breaks: []string{"errors.malformed-json-type"},
		Seen:   "SCIMMY routers: the framework's parser answers before SCIM does",
		Wrap: failing(method("POST"), func(_ *answer, doc object) {
			if doc["scimType"] == "invalidSyntax" {
				delete(doc, "scimType")
			}
		}),
	},
	{
		Name:   "empty-body-500",
		Breaks: []string{"errors.empty-body"},
		Seen:   "bodies that are used before anybody looks whether they are there",
		Wrap:   crash(func(r *http.Request) bool { return r.Method == http.MethodPost && r.ContentLength == 0 }, "null reference"),
	},
	{
		Name:   "deep-json-500",
		Breaks: []string{"errors.deep-json"},
		Seen:   "parsers that recurse until the stack ends",
		Wrap: crash(func(r *http.Request) bool {
			return r.Method == http.MethodPost && bytes.Contains(drain(r), []byte(strings.Repeat("[", 1000)))
		}, "stack overflow"),
	},
	{
		Name:   "scim-type-of-its-own",
		Breaks: []string{"errors.scim-type"},
		Seen:   "enumerations printed in the spelling of the language",
		Wrap: failing(always, func(_ *answer, doc object) {
			if s, ok := doc["scimType"].(string); ok {
				doc["scimType"] = strings.ToUpper(s[:1]) + s[1:]
			}
		}),
	},
	{
		Name:   "root-array-accepted",
		Breaks: []string{"errors.root-not-object"},
		Seen:   "bodies cast without a look",
		Wrap: response(and(method("POST"), under(users)), func(_ *http.Request, a *answer) {
			if a.status == http.StatusBadRequest {
				a.status = http.StatusCreated
				a.encode(object{"schemas": []string{userURN}})
			}
		}),
	},
	{
		Name:   "error-shows-internals",
		Breaks: []string{"errors.no-internals"},
		Seen:   "debug pages left on",
		Wrap: failing(always, func(_ *answer, doc object) {
			doc["detail"] = "panic: runtime error: invalid memory address\ngoroutine 7 [running]:\nmain.handler(0xc000)\n\t/srv/app/main.go:42"
		}),
	},
	{
		Name:   "odd-id-crashes",
		Breaks: []string{"errors.hostile-id"},
		Seen:   "ids pasted into a query",
		Wrap:   crash(func(r *http.Request) bool { return strings.ContainsAny(below(r), `'"#`) }, "syntax error at or near"),
	},
}

const (
	listURN  = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
	errorURN = "urn:ietf:params:scim:api:messages:2.0:Error"
	userURN  = "urn:ietf:params:scim:schemas:core:2.0:User"
)

// discovery chooses the discovery endpoints.
func discovery(r *http.Request) bool {
	return under("/ServiceProviderConfig", "/ResourceTypes", "/Schemas")(r)
}

// crash answers the requests it chooses with 500.
func crash(chosen when, detail string) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if chosen(r) {
				refuse(w, http.StatusInternalServerError, "", detail)
				return
			}
			next.ServeHTTP(w, r)
		})
	}
}

// refuse answers with an Error.
func refuse(w http.ResponseWriter, code int, scimType, detail string) {
	a := answer{status: code, header: http.Header{"Content-Type": {"application/scim+json"}}}
	doc := object{"schemas": []string{errorURN}, "status": strconv.Itoa(code), "detail": detail}
	if scimType != "" {
		doc["scimType"] = scimType
	}
	a.encode(doc)
	a.send(w)
}
