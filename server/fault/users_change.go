package fault

import (
	"net/http"
	"strings"
	"time"
)

// read are deviations of GET by id (RFC 7644 section 3.4.1).
var read = []Fault{
	{
		Name:   "read-after-write-missing",
		Breaks: []string{"users.create.read-your-write", "users.read.status", "users.read.same-as-created", "users.read.location"},
		Seen:   "reads from a replica that lags",
		Wrap: instead(readUser, http.StatusNotFound, "application/scim+json",
			`{"schemas":["`+errorURN+`"],"status":"404","detail":"not yet"}`),
	},
	{
		Name:   "unknown-id-200",
		Breaks: []string{"users.read.unknown"},
		Seen:   "an empty resource in place of a 404",
		Wrap: response(readUser, func(_ *http.Request, a *answer) {
			if a.status == http.StatusNotFound {
				a.status = http.StatusOK
				a.encode(object{"schemas": []string{userURN}})
			}
		}),
	},
	{
		Name:   "user-served-as-group",
		Breaks: []string{"users.read.wrong-endpoint"},
		Seen:   "one table for all resources",
		Wrap: func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if and(method("GET"), single(groups))(r) {
					if a := call(next, again(r, "GET", users+strings.TrimPrefix(below(r), groups), nil)); a.status == http.StatusOK {
						a.send(w)
						return
					}
				}
				next.ServeHTTP(w, r)
			})
		},
	},
	{
		Name:   "read-loses-attributes",
		Breaks: []string{"users.read.same-as-created"},
		Seen:   "one mapping for the answer to a creation and another for reads",
		Wrap:   document(readUser, func(_ *http.Request, _ *answer, doc object) { delete(doc, "displayName") }),
	},
	{
		Name:   "location-without-prefix",
		Breaks: []string{"users.read.location"},
		Seen:   "elimity#172 and SCIMMY's default: the path of the tenant left out",
		Wrap: resources(under(users), func(res object) {
			if m, ok := res["meta"].(object); ok {
				m["location"] = "/Users/" + res["id"].(string)
			}
		}),
	},
	{
		Name:   "content-location-of-its-own",
		Breaks: []string{"users.read.content-location"},
		Seen:   "a header built from the request and a body built from a setting",
		Wrap:   response(readUser, func(_ *http.Request, a *answer) { a.header.Set("Content-Location", "https://scim.internal/Users/1") }),
	},
	{
		Name:   "schemas-of-everything",
		Breaks: []string{"users.read.schemas-known"},
		Seen:   "all URNs that the code knows, in every answer",
		Wrap: resources(under(users), func(res object) {
			list, _ := res["schemas"].([]any)
			res["schemas"] = append(list, "urn:scim:schemas:core:1.0")
		}),
	},
	{
		Name:   "modified-now",
		Breaks: []string{"users.read.stable"},
		Seen:   "no column for it: the time of the answer",
		Wrap: resources(readUser, func(res object) {
			if m, ok := res["meta"].(object); ok {
				m["lastModified"], m["version"] = time.Now().UTC().Format("2006-01-02T15:04:05.000Z"), token()
			}
		}),
	},
	{
		Name:   "password-in-lists",
		Breaks: []string{"users.read.password"},
		Seen:   "the digest selected with all other columns",
		Wrap: document(and(method("GET"), collection(users)), func(_ *http.Request, _ *answer, doc object) {
			each(doc["Resources"], func(res object) { res["password"] = "$2b$12$abcdefghijklmnopqrstuv" })
		}),
	},
}

// replaced are deviations of PUT (RFC 7644 section 3.5.1).
var replaced = []Fault{
	{
		Name:   "put-204",
		Breaks: []string{"users.replace.status"},
		Seen:   "PUT answered without the resource",
		Wrap: response(putUser, func(_ *http.Request, a *answer) {
			if a.status == http.StatusOK {
				a.status, a.body = http.StatusNoContent, nil
				a.header.Del("Content-Type")
			}
		}),
	},
	{
		Name:   "put-ignored",
		Breaks: []string{"users.replace.values", "users.replace.null-clears", "users.replace.last-modified"},
		Seen:   "a 200 that echoes and stores nothing",
		Wrap: func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if putUser(r) {
					call(next, again(r, "GET", below(r), nil)).send(w)
					return
				}
				next.ServeHTTP(w, r)
			})
		},
	},
	{
		Name:   "put-readonly-refused",
		Breaks: []string{"users.replace.readonly-ignored", "users.replace.round-trip"},
		Seen:   "meta and id compared with what is stored",
		Wrap:   refuseWhen(putUser, http.StatusInternalServerError, "", func(doc object) bool { return doc["meta"] != nil }),
	},
	{
		Name:   "put-takes-body-id",
		Breaks: []string{"users.replace.id"},
		Seen:   "the body's id written over the resource's",
		Wrap: echo(putUser, func(sent, res object) {
			if sent["id"] != nil {
				res["id"] = sent["id"]
			}
		}),
	},
	{
		Name:   "put-takes-meta",
		Breaks: []string{"users.replace.readonly-kept"},
		Seen:   "bodies stored whole",
		Wrap:   echo(putUser, takeMeta),
	},
	{
		Name:   "put-creates",
		Breaks: []string{"users.replace.unknown"},
		Seen:   "upserts",
		Wrap: func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if !putUser(r) {
					next.ServeHTTP(w, r)
					return
				}
				body := drain(r)
				a := call(next, r)
				if a.status == http.StatusNotFound {
					doc, _ := decode(body)
					a = call(next, again(r, "POST", users, doc))
				}
				a.send(w)
			})
		},
	},
	{
		Name:   "put-merges-required",
		Breaks: []string{"users.replace.required"},
		Seen:   "attevon-llc/OpenTranscribe#582: PUT that merges",
		Wrap: func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if putUser(r) {
					stored, _ := decode(call(next, again(r, "GET", below(r), nil)).body)
					payload(always, func(doc object) {
						if find(doc, "userName") == "" {
							doc["userName"] = stored["userName"]
						}
					})(next).ServeHTTP(w, r)
					return
				}
				next.ServeHTTP(w, r)
			})
		},
	},
	{
		Name:   "put-keeps-omitted",
		Breaks: []string{"users.replace.omitted", "idaas.attributes.put-empties"},
		Seen:   "attevon-llc/OpenTranscribe#582; RFC 7644 section 3.5.1 leaves it open",
		Wrap: func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if putUser(r) {
					stored, _ := decode(call(next, again(r, "GET", below(r), nil)).body)
					payload(always, func(doc object) {
						for k, v := range stored {
							if _, given := doc[k]; !given {
								doc[k] = v
							}
						}
					})(next).ServeHTTP(w, r)
					return
				}
				next.ServeHTTP(w, r)
			})
		},
	},
	{
		Name:   "put-duplicate-500",
		Breaks: []string{"users.replace.duplicate"},
		Seen:   "unique indexes that nobody translates",
		Wrap:   status(putUser, http.StatusConflict, http.StatusInternalServerError),
	},
	{
		Name:   "put-moves-created",
		Breaks: []string{"users.replace.created"},
		Seen:   "sourcegraph PR #48617, SCIMReferenceCode#82",
		Wrap: resources(putUser, func(res object) {
			if m, ok := res["meta"].(object); ok {
				m["created"] = "2001-01-01T00:00:00.000Z"
			}
		}),
	},
	{
		Name:   "put-of-same-changes",
		Breaks: []string{"users.replace.round-trip"},
		Seen:   "read-modify-write that loses an attribute each time",
		Wrap: payload(putUser, func(doc object) {
			if doc["meta"] != nil {
				delete(doc, "displayName")
			}
		}),
	},
}
