package fault

import (
	"net/http"
	"strconv"
	"strings"
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
		Name:   "wrong-method-404",
		Breaks: []string{"http.method-not-allowed"},
		Seen:   "routers that know a path only with its methods",
		Wrap: response(collection(users, groups), func(_ *http.Request, a *answer) {
			if a.status == http.StatusMethodNotAllowed {
				a.status = http.StatusOK
				a.header.Del("Allow")
				a.body = []byte("{}")
			}
		}),
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
		Breaks: []string{"http.percent-encoding"},
		Seen:   "servers that decode %20 but not + in a query",
		Wrap: request(asks("filter"), func(r *http.Request) {
			u := *r.URL
			u.RawQuery = strings.ReplaceAll(u.RawQuery, "+", "%2B")
			r.URL = &u
		}),
	},
	{
		Name:   "no-authentication",
		Breaks: []string{"auth.missing", "auth.unknown-token"},
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
		Name:   "no-challenge",
		Breaks: []string{"auth.challenge"},
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
		Wrap: func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if h := r.Header.Get("Authorization"); h != "" && !strings.Contains(strings.TrimSpace(h), " ") {
					refuse(w, http.StatusInternalServerError, "", "index out of range")
					return
				}
				next.ServeHTTP(w, r)
			})
		},
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
		Wrap: func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if strings.ContainsAny(below(r), `'"#`) {
					refuse(w, http.StatusInternalServerError, "", "syntax error at or near")
					return
				}
				next.ServeHTTP(w, r)
			})
		},
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
