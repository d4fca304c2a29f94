package fault

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"unicode"
)

// halfStored refuses writes as the right server does, and then stores what is left of them.
func halfStored(rest func(says object)) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		partly := tell(always, rest)(next)
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if !writesUser(r) {
				next.ServeHTTP(w, r)
				return
			}
			body := drain(r)
			a := call(next, r)
			if a.status == http.StatusBadRequest {
				setBody(r, body)
				call(partly, r)
			}
			a.send(w)
		})
	}
}

// failedInPart are deviations of what is left of a request with something wrong in it (rule bad-1).
var failedInPart = []Fault{
	{
		Name:   "half-stored",
		Breaks: inEachWay("idaas.errors.whole"),
		Seen:   "fields written one by one until one of them fails",
		Wrap:   halfStored(func(says object) { delete(says, "phoneNumbers") }),
	},
	{
		Name:   "conflict-refused-and-stored",
		Breaks: inEachWay("idaas.phone.conflict"),
		Seen:   "the number saved, and the area code held against it afterwards",
		Wrap:   halfStored(func(says object) { delete(says, "phoneRegion") }),
	},
	{
		Name:   "password-refused-account-stored",
		Breaks: inEachWay("idaas.password.refused"),
		Seen:   "the account in one call to the directory, its password in the next",
		Wrap:   halfStored(func(says object) { delete(says, "password") }),
	},
	{
		Name:   "failure-empties",
		Breaks: []string{"idaas.errors.neighbours"},
		Seen:   "the old record deleted first, and the new one never written",
		Wrap: func(next http.Handler) http.Handler {
			return response(patchUser, func(r *http.Request, a *answer) {
				if a.status == http.StatusBadRequest {
					patchWith(next, r, below(r), object{"op": "remove", "path": "displayName"})
				}
			})(next)
		},
	},
	{
		Name:   "left-out-entries-checked",
		Breaks: []string{"idaas.errors.left-out"},
		Seen:   "validation before the mapping",
		Wrap: refuseWhen(createUser, http.StatusBadRequest, "invalidValue", func(doc object) (wrong bool) {
			each(doc["emails"], func(entry object) {
				address, _ := entry["value"].(string)
				wrong = wrong || !strings.Contains(address, "@")
			})
			return wrong
		}),
	},
}

// toldIn is what a body says about a user's attributes.
func toldIn(body []byte) object {
	doc, _ := decode(body)
	return told(doc)
}

// passwordsTaken are deviations of passwords (rules pass-*).
var passwordsTaken = []Fault{
	{
		Name:   "bad-password-skipped",
		Breaks: inEachWay("idaas.password.refused"),
		Seen:   "the account first, the password later and without a word",
		Wrap: tell(writesUser, func(says object) {
			if text, ok := says["password"].(string); ok && len(text) < 4 {
				delete(says, "password")
			}
		}),
	},
	{
		Name:   "password-in-error",
		Breaks: []string{"idaas.password.error"},
		Seen:   "the invalid value shown, as for every other attribute",
		Wrap: func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if !createUser(r) {
					next.ServeHTTP(w, r)
					return
				}
				password, _ := toldIn(drain(r))["password"].(string)
				failing(always, func(_ *answer, doc object) { doc["detail"] = "Invalid value: " + password })(next).ServeHTTP(w, r)
			})
		},
	},
	{
		Name:   "password-sorted-by",
		Breaks: []string{"idaas.password.sort"},
		Seen:   "ORDER BY with whatever column is asked for, and passwords that can be read",
		Wrap: func(next http.Handler) http.Handler {
			var known sync.Map // id -> password
			sorting := and(method("GET"), collection(users), asksFor("sortBy", "password"))
			sorted := both(
				document(sorting, func(r *http.Request, _ *answer, doc object) {
					list, _ := doc["Resources"].([]any)
					slices.SortFunc(list, func(x, y any) int { return cmp.Compare(secretOf(&known, x), secretOf(&known, y)) })
					if r.URL.Query().Get("sortOrder") == "descending" {
						slices.Reverse(list)
					}
				}),
				query(sorting, func(q url.Values) { q.Del("sortBy") }),
			)(next)
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if !createUser(r) {
					sorted.ServeHTTP(w, r)
					return
				}
				password := toldIn(drain(r))["password"]
				document(always, func(_ *http.Request, _ *answer, doc object) { known.Store(doc["id"], password) })(next).ServeHTTP(w, r)
			})
		},
	},
	{
		Name:   "policy-of-people",
		Breaks: []string{"idaas.password.default-policy"},
		Seen:   "a policy for people, which the random placeholders of IdPs do not meet",
		Wrap: refuseTold(writesUser, "invalidValue", func(says object) bool {
			password, ok := says["password"].(string)
			return ok && !strings.ContainsFunc(password, unicode.IsUpper)
		}),
	},
	{
		Name:   "passwords-tidied",
		Breaks: []string{"idaas.password.bounds"},
		Seen:   "bcrypt's 72 bytes: what does not fit is cut",
		Wrap: tell(writesUser, func(says object) {
			if text, ok := says["password"].(string); ok {
				says["password"] = strings.Map(func(r rune) rune {
					if unicode.IsControl(r) {
						return -1
					}
					return r
				}, text)
			}
		}),
	},
}

// secretOf is the password of a resource.
func secretOf(known *sync.Map, res any) string {
	o, _ := res.(object)
	password, _ := known.Load(o["id"])
	text, _ := password.(string)
	return text
}

// accessGiven are deviations of permissions and addresses (rules perm-3, url-2).
var accessGiven = []Fault{
	{
		Name:   "put-not-permitted",
		Breaks: []string{"idaas.access.users"},
		Seen:   "a scenario that knows PATCH and forgets PUT",
		Wrap:   instead(putUser, http.StatusForbidden, "application/scim+json", `{"schemas":["`+errorURN+`"],"status":"403","detail":"permission_denied"}`),
	},
	{
		Name:   "refs-relative",
		Breaks: []string{"idaas.access.ref"},
		Seen:   "RFC 7643 section 2.3.7 allows them",
		Wrap: resources(under(groups), func(res object) {
			each(res["members"], func(m object) { m["$ref"] = "Users/" + m["value"].(string) })
		}),
	},
	{
		Name:   "locations-relative",
		Breaks: []string{"idaas.access.location"},
		Seen:   "elimity#172; SCIMMY's default",
		Wrap: both(
			response(createUser, func(_ *http.Request, a *answer) {
				if _, rest, ok := strings.Cut(a.header.Get("Location"), users); ok {
					a.header.Set("Location", strings.TrimPrefix(users, "/")+rest)
				}
			}),
			resources(under(users), func(res object) {
				if meta, ok := res["meta"].(object); ok {
					meta["location"] = "Users/" + res["id"].(string)
				}
			}),
		),
	},
}
