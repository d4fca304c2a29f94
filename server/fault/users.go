package fault

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
)

var (
	createUser = and(method("POST"), collection(users))
	readUser   = and(method("GET"), single(users))
	putUser    = and(method("PUT"), single(users))
	deleteUser = and(method("DELETE"), single(users))
)

// created are deviations of POST (RFC 7644 section 3.3) that show on users.
var created = []Fault{
	{
		Name:   "create-200",
		Breaks: []string{"users.create.status"},
		Seen:   "FusionAuth#1775",
		Wrap:   status(method("POST"), http.StatusCreated, http.StatusOK),
	},
	{
		Name:   "create-without-location",
		Breaks: []string{"users.create.location"},
		Seen:   "elimity PR #198, laravel-scim-server#148, SCIMMY routers",
		Wrap:   response(method("POST"), func(_ *http.Request, a *answer) { a.header.Del("Location") }),
	},
	{
		Name:   "location-of-another-id",
		Breaks: []string{"users.create.location-resolves"},
		Seen:   "wso2/charon#127: an id that was never stored",
		Wrap: document(createUser, func(_ *http.Request, a *answer, doc object) {
			if meta, ok := doc["meta"].(object); ok && a.status == http.StatusCreated {
				wrong, _ := meta["location"].(string)
				wrong += "0"
				meta["location"] = wrong
				a.header.Set("Location", wrong)
			}
		}),
	},
	{
		Name:   "location-differs-from-meta",
		Breaks: []string{"users.create.meta-location"},
		Seen:   "a header built from the request and a body built from a setting",
		Wrap: response(createUser, func(_ *http.Request, a *answer) {
			if l := a.header.Get("Location"); l != "" {
				a.header.Set("Location", l+"?")
			}
		}),
	},
	{
		Name:   "create-empty-body",
		Breaks: []string{"users.create.body"},
		Seen:   "servers that answer 201 and leave the client to look",
		Wrap: response(createUser, func(_ *http.Request, a *answer) {
			if a.status == http.StatusCreated {
				a.body = nil
				a.header.Del("Content-Type")
			}
		}),
	},
	{
		Name:   "no-id",
		Breaks: []string{"users.create.id"},
		Seen:   "SimpleIdServer#45",
		Wrap:   resources(under(users), func(res object) { delete(res, "id") }),
	},
	{
		Name:   "client-chooses-id",
		Breaks: []string{"users.create.id-not-clients"},
		Seen:   "ids taken from the body",
		Wrap: func(next http.Handler) http.Handler {
			return document(createUser, func(_ *http.Request, a *answer, doc object) {
				if a.status == http.StatusCreated {
					doc["id"] = "chosen-by-the-client"
				}
			})(next)
		},
	},
	{
		Name:   "meta-missing",
		Breaks: []string{"users.create.meta"},
		Seen:   "resources mapped from a table without timestamps",
		Wrap:   resources(under(users), func(res object) { delete(res, "meta") }),
	},
	{
		Name:   "meta-type-lower-case",
		Breaks: []string{"users.create.meta-type"},
		Seen:   "resource types named after their endpoint",
		Wrap: resources(under(users), func(res object) {
			if m, ok := res["meta"].(object); ok {
				m["resourceType"] = "user"
			}
		}),
	},
	{
		Name:   "created-without-zone",
		Breaks: []string{"users.create.meta-datetime"},
		Seen:   "timestamps printed by a database",
		Wrap: resources(under(users), func(res object) {
			if m, ok := res["meta"].(object); ok {
				m["created"] = "2026-01-02 03:04:05"
				m["lastModified"] = "2026-01-02 03:04:05"
			}
		}),
	},
	{
		Name:   "no-schemas",
		Breaks: []string{"users.create.schemas"},
		Seen:   "responses that leave the envelope out",
		Wrap:   resources(under(users), func(res object) { delete(res, "schemas") }),
	},
	{
		Name:   "username-optional",
		Breaks: []string{"users.create.username-required"},
		Seen:   "required attributes declared and not enforced",
		Wrap: payload(createUser, func(doc object) {
			if find(doc, "userName") == "" {
				doc["userName"] = "made-up-" + token()
			}
		}),
	},
	{
		Name:   "username-blank-accepted",
		Breaks: []string{"users.create.username-blank"},
		Seen:   "presence checked, content not",
		Wrap: payload(createUser, func(doc object) {
			if k := find(doc, "userName"); k != "" {
				if s, ok := doc[k].(string); ok && strings.TrimSpace(s) == "" {
					doc[k] = "blank-" + token()
				}
			}
		}),
	},
	{
		Name:   "duplicate-500",
		Breaks: []string{"users.create.duplicate", "users.create.duplicate-case"},
		Seen:   "sourcegraph#48353, keycloak-scim-server#109",
		Wrap:   status(createUser, http.StatusConflict, http.StatusInternalServerError),
	},
	{
		Name:   "conflict-without-type",
		Breaks: []string{"users.create.duplicate-type"},
		Seen:   "getsentry/sentry#117860",
		Wrap: failing(method("POST", "PUT", "PATCH"), func(a *answer, doc object) {
			if a.status == http.StatusConflict {
				delete(doc, "scimType")
			}
		}),
	},
	{
		Name:   "readonly-refused",
		Breaks: []string{"users.create.readonly-ignored"},
		Seen:   "pingidentity/scim2#93, SAP scimono#176",
		Wrap: refuseWhen(createUser, http.StatusBadRequest, "mutability", func(doc object) bool {
			return doc["meta"] != nil || doc["groups"] != nil
		}),
	},
	{
		Name:   "names-case-sensitive",
		Breaks: []string{"users.create.name-case"},
		Seen:   "bodies bound to structs by exact name",
		Wrap: payload(createUser, func(doc object) {
			for k := range doc {
				if strings.EqualFold(k, "userName") && k != "userName" || strings.EqualFold(k, "displayName") && k != "displayName" {
					delete(doc, k)
				}
			}
		}),
	},
	{
		Name:   "null-refused",
		Breaks: []string{"users.create.null"},
		Seen:   "type checks that do not know null",
		Wrap: refuseWhen(createUser, http.StatusBadRequest, "invalidValue", func(doc object) bool {
			for _, v := range doc {
				if v == nil {
					return true
				}
			}
			return false
		}),
	},
	{
		Name:   "null-stored",
		Breaks: []string{"users.create.null-not-returned"},
		Seen:   "unassigned attributes written out as null",
		Wrap: document(or(createUser, readUser), func(_ *http.Request, a *answer, doc object) {
			if a.status < 300 {
				doc["displayName"] = nil
			}
		}),
	},
	{
		Name:   "duplicate-names-merged",
		Breaks: []string{"users.create.duplicate-attribute"},
		Seen:   "maps that keep the last of two names differing by case",
		Wrap: payload(createUser, func(doc object) {
			seen := map[string]bool{}
			for k := range doc {
				if seen[strings.ToLower(k)] {
					delete(doc, k)
				}
				seen[strings.ToLower(k)] = true
			}
		}),
	},
	{
		Name:   "wrong-type-stored",
		Breaks: []string{"users.create.wrong-type"},
		Seen:   "untyped stores",
		Wrap: payload(createUser, func(doc object) {
			if _, ok := doc["displayName"].(string); !ok {
				delete(doc, "displayName")
			}
		}),
	},
	{
		Name:   "unknown-attribute-echoed",
		Breaks: []string{"users.create.unknown-attribute"},
		Seen:   "stores that keep whatever they are sent",
		Wrap:   echoUnknown(),
	},
	{
		Name:   "read-after-write-missing",
		Breaks: []string{"users.create.read-your-write", "users.read.status", "users.read.same-as-created", "users.read.location"},
		Seen:   "reads from a replica that lags",
		Wrap: instead(readUser, http.StatusNotFound, "application/scim+json",
			`{"schemas":["`+errorURN+`"],"status":"404","detail":"not yet"}`),
	},
	{
		Name:   "external-id-lost",
		Breaks: []string{"users.create.external-id"},
		Seen:   "servers without a column for it",
		Wrap:   resources(under(users, groups), func(res object) { delete(res, "externalId") }),
	},
	{
		Name:   "external-id-invented",
		Breaks: []string{"users.create.external-id-not-invented"},
		Seen:   "externalId set to the server's own id",
		Wrap: resources(under(users), func(res object) {
			if res["externalId"] == nil {
				res["externalId"] = res["id"]
			}
		}),
	},
	{
		Name:   "password-returned",
		Breaks: []string{"users.create.password", "projection.never"},
		Seen:   "elimity-based servers echo it",
		Wrap: document(or(under(users)), func(_ *http.Request, a *answer, doc object) {
			if a.status < 300 && doc["Resources"] == nil {
				doc["password"] = "$argon2id$v=19$m=1,t=1,p=1$c2FsdA$aGFzaA"
			}
		}),
	},
	{
		Name:   "active-as-number",
		Breaks: []string{"users.create.active"},
		Seen:   "grokability/snipe-it#13948",
		Wrap: resources(under(users), func(res object) {
			if b, ok := res["active"].(bool); ok {
				if b {
					res["active"] = 1
				} else {
					res["active"] = 0
				}
			}
		}),
	},
	{
		Name:   "extension-flattened",
		Breaks: []string{"users.create.extension"},
		Seen:   "extension attributes merged into the core",
		Wrap: resources(under(users), func(res object) {
			if ext, ok := res[enterpriseURN].(object); ok {
				for k, v := range ext {
					res[k] = v
				}
				delete(res, enterpriseURN)
			}
		}),
	},
	{
		Name:   "schemas-order-matters",
		Breaks: []string{"users.create.schemas-order"},
		Seen:   "the first URN taken as the type",
		Wrap: refuseWhen(createUser, http.StatusBadRequest, "invalidSyntax", func(doc object) bool {
			list, ok := doc["schemas"].([]any)
			return ok && len(list) > 1 && list[0] != userURN
		}),
	},
	{
		Name:   "two-primaries-kept",
		Breaks: []string{"users.create.one-primary"},
		Seen:   "wso2/product-is#10033",
		Wrap: func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if !createUser(r) {
					next.ServeHTTP(w, r)
					return
				}
				var kept any
				demote := payload(createUser, func(doc object) {
					if list, ok := doc["emails"].([]any); ok && len(list) > 1 {
						kept = clone(list)
						for _, el := range list[1:] {
							if e, ok := el.(object); ok {
								delete(e, "primary")
							}
						}
					}
				})
				document(createUser, func(_ *http.Request, a *answer, doc object) {
					if kept != nil && a.status == http.StatusCreated {
						doc["emails"] = kept
					}
				})(demote(next)).ServeHTTP(w, r)
			})
		},
	},
}

const enterpriseURN = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"

// changed are deviations of GET by id, PUT and DELETE.
var changed = []Fault{
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
		Wrap: func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if !putUser(r) {
					next.ServeHTTP(w, r)
					return
				}
				var sent any
				inner := payload(putUser, func(doc object) { sent = doc["id"] })
				document(putUser, func(_ *http.Request, a *answer, doc object) {
					if sent != nil && a.status == http.StatusOK {
						doc["id"] = sent
					}
				})(inner(next)).ServeHTTP(w, r)
			})
		},
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
		Breaks: []string{"users.replace.omitted"},
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
	{
		Name:   "delete-200",
		Breaks: []string{"users.delete.status"},
		Seen:   "a body that says it is done",
		Wrap: response(deleteUser, func(_ *http.Request, a *answer) {
			if a.status == http.StatusNoContent {
				a.status = http.StatusOK
				a.encode(object{"deleted": true})
			}
		}),
	},
	{
		Name: "delete-does-nothing",
		Breaks: []string{"users.delete.gone", "users.delete.not-listed", "users.delete.put-after", "users.delete.patch-after",
			"users.delete.twice"},
		Seen: "a flag set that no other endpoint looks at",
		Wrap: func(next http.Handler) http.Handler {
			var flagged sync.Map
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if deleteUser(r) && header("User-Agent", "scimproof")(r) {
					// The second one is real, so that a run can clean up behind itself.
					if _, again := flagged.LoadOrStore(below(r), true); !again {
						w.WriteHeader(http.StatusNoContent)
						return
					}
				}
				next.ServeHTTP(w, r)
			})
		},
	},
	{
		Name:   "delete-unknown-500",
		Breaks: []string{"users.delete.unknown"},
		Seen:   "wso2/product-is#11976",
		Wrap:   status(deleteUser, http.StatusNotFound, http.StatusInternalServerError),
	},
	{
		Name:   "deleted-name-reserved",
		Breaks: []string{"users.delete.recreate"},
		Seen:   "soft deletion that keeps the unique index",
		Wrap: func(next http.Handler) http.Handler {
			var gone sync.Map
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				switch {
				case deleteUser(r):
					if doc, ok := decode(call(next, again(r, "GET", below(r), nil)).body); ok {
						gone.Store(doc["userName"], true)
					}
				case createUser(r):
					if doc, ok := decode(drain(r)); ok {
						if _, taken := gone.Load(doc["userName"]); taken {
							refuse(w, http.StatusConflict, "uniqueness", "userName is taken")
							return
						}
					}
				}
				next.ServeHTTP(w, r)
			})
		},
	},
	{
		Name:   "id-from-username",
		Breaks: []string{"users.delete.id-not-reused"},
		Seen:   "ids derived from the name, so that a new account inherits the old one's",
		Wrap: func(next http.Handler) http.Handler {
			var ids sync.Map // userName -> the id it had first
			return document(createUser, func(_ *http.Request, a *answer, doc object) {
				if a.status == http.StatusCreated {
					if id, had := ids.LoadOrStore(doc["userName"], doc["id"]); had {
						doc["id"] = id
					}
				}
			})(next)
		},
	},
}

// projected are deviations of attributes and excludedAttributes (RFC 7644 section 3.9).
var projected = []Fault{
	{
		Name:   "attributes-ignored",
		Breaks: []string{"projection.attributes", "projection.sub-attribute", "projection.urn", "projection.list", "projection.case"},
		Seen:   "elimity: all projection ignored on GET",
		Wrap:   query(asks("attributes"), func(q url.Values) { q.Del("attributes") }),
	},
	{
		Name:   "excluded-ignored",
		Breaks: []string{"projection.excluded"},
		Seen:   "SimpleIdServer#490",
		Wrap:   query(asks("excludedAttributes"), func(q url.Values) { q.Del("excludedAttributes") }),
	},
	{
		Name:   "excluded-id-dropped",
		Breaks: []string{"projection.excluded-always"},
		Seen:   "projection that knows no returned:always",
		Wrap: func(next http.Handler) http.Handler {
			return document(asks("excludedAttributes"), func(r *http.Request, a *answer, doc object) {
				if a.status == http.StatusOK {
					for _, n := range strings.Split(r.URL.Query().Get("excludedAttributes"), ",") {
						delete(doc, n)
					}
				}
			})(next)
		},
	},
	{
		Name:   "id-missing-from-projection",
		Breaks: []string{"projection.always"},
		Seen:   "SimpleIdServer#45, osiam#151",
		Wrap:   resources(asks("attributes"), func(res object) { delete(res, "id") }),
	},
	{
		Name:   "unknown-projection-refused",
		Breaks: []string{"projection.unknown"},
		Seen:   "strict parsing of attribute lists",
		Wrap: func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if strings.Contains(strings.ToLower(r.URL.Query().Get("attributes")), "nosuch") {
					refuse(w, http.StatusInternalServerError, "", "no such column")
					return
				}
				next.ServeHTTP(w, r)
			})
		},
	},
	{
		Name:   "projection-case-sensitive",
		Breaks: []string{"projection.case"},
		Seen:   "attribute lists matched byte by byte",
		Wrap: query(asks("attributes"), func(q url.Values) {
			if a := q.Get("attributes"); a == strings.ToUpper(a) {
				q.Set("attributes", "id")
			}
		}),
	},
	{
		Name:   "urn-projection-unknown",
		Breaks: []string{"projection.urn", "projection.extension"},
		Seen:   "URNs split at the dot of 2.0",
		Wrap: query(asks("attributes"), func(q url.Values) {
			if strings.Contains(q.Get("attributes"), "urn:") {
				q.Set("attributes", "id")
			}
		}),
	},
	{
		Name:   "projection-only-on-get",
		Breaks: []string{"projection.post", "projection.patch"},
		Seen:   "answers to writes that are always whole",
		Wrap:   query(and(not(method("GET")), asks("attributes")), func(q url.Values) { q.Del("attributes") }),
	},
}
