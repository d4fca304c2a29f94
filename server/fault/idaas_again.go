package fault

import (
	"net/http"
	"strings"
	"sync"
)

// submittedAgain are deviations of repeated submissions of accounts (rules idem-1 to idem-6).
var submittedAgain = []Fault{
	{
		Name:   "post-always-creates",
		Breaks: []string{"idaas.again.same", "idaas.again.at-once"},
		Seen:   "retries of an IdP that leave doubles, told apart by a suffix",
		Wrap: inLine(onRepeat(func(next http.Handler, w http.ResponseWriter, r *http.Request, _ string) {
			payload(always, func(doc object) {
				suffix := "-" + token()
				doc["userName"] = doc["userName"].(string) + suffix
				if external, ok := doc["externalId"].(string); ok {
					doc["externalId"] = external + suffix
				}
			})(next).ServeHTTP(w, r)
		})),
	},
	{
		Name:   "again-204",
		Breaks: []string{"idaas.again.status"},
		Seen:   "an update taken for a PATCH",
		Wrap: response(createUser, func(_ *http.Request, a *answer) {
			if a.status == http.StatusOK {
				a.status, a.body = http.StatusNoContent, nil
				a.header.Del("Content-Type")
			}
		}),
	},
	{
		Name:   "external-id-not-matched",
		Breaks: []string{"idaas.again.by-external-id"},
		Seen:   "people matched by their name alone, so that a renamed one is somebody else",
		Wrap: func(next http.Handler) http.Handler {
			var owners sync.Map // externalId -> userName
			return payload(createUser, func(doc object) {
				external, _ := doc["externalId"].(string)
				if external == "" {
					return
				}
				if owner, had := owners.LoadOrStore(external, doc["userName"]); had && owner != doc["userName"] {
					doc["externalId"] = external + "-" + token()
				}
			})(next)
		},
	},
	{
		Name:   "again-case-sensitive",
		Breaks: []string{"idaas.again.by-user-name"},
		Seen:   "names matched byte by byte, and a unique index that is not",
		Wrap: func(next http.Handler) http.Handler {
			var names sync.Map // without case -> as it was first
			return refuseWhen(createUser, http.StatusConflict, "uniqueness", func(doc object) bool {
				name, _ := doc["userName"].(string)
				first, had := names.LoadOrStore(strings.ToLower(name), name)
				return had && first != name
			})(next)
		},
	},
	{
		Name:   "again-ignored",
		Breaks: []string{"idaas.again.update"},
		Seen:   "a retry answered from what is there",
		Wrap: onRepeat(func(next http.Handler, w http.ResponseWriter, r *http.Request, path string) {
			call(next, again(r, "GET", path, nil)).send(w)
		}),
	},
	{
		Name:   "again-disables",
		Breaks: []string{"idaas.again.same-data"},
		Seen:   "updates over SCIM that wait for somebody's approval",
		Wrap: onRepeat(func(next http.Handler, w http.ResponseWriter, r *http.Request, _ string) {
			payload(always, func(doc object) { doc["active"] = false })(next).ServeHTTP(w, r)
		}),
	},
	{
		Name:   "again-replaces",
		Breaks: []string{"idaas.again.rest", "idaas.again.empty"},
		Seen:   "a repeated POST handled as a PUT",
		Wrap: onRepeat(func(next http.Handler, w http.ResponseWriter, r *http.Request, path string) {
			doc, _ := decode(drain(r))
			call(next, again(r, "PUT", path, doc)).send(w)
		}),
	},
	{
		Name:   "again-touches",
		Breaks: []string{"idaas.again.still"},
		Seen:   "every write stamped, whatever it changes",
		Wrap: func(next http.Handler) http.Handler {
			var g register
			var touched marks
			posts := g.watch(users, next, func(w http.ResponseWriter, r *http.Request, path string) {
				touched.set(path)
				next.ServeHTTP(w, r)
			})
			return document(and(readUser, touched.has), func(_ *http.Request, _ *answer, doc object) {
				if meta, ok := doc["meta"].(object); ok {
					meta["lastModified"] = "2031-01-02T03:04:05.678Z"
				}
			})(posts)
		},
	},
	{
		Name:   "clash-answered-200",
		Breaks: []string{"idaas.again.two-accounts", "idaas.again.other-external-id"},
		Seen:   "whatever matches first is updated",
		Wrap:   status(createUser, http.StatusConflict, http.StatusOK),
	},
}

// groupsAgain are deviations of repeated submissions of groups (rule idem-7).
var groupsAgain = []Fault{
	{
		Name:   "groups-always-created",
		Breaks: []string{"idaas.again.group"},
		Seen:   "idempotence for users alone",
		Wrap: func(next http.Handler) http.Handler {
			var seen sync.Map
			return payload(createGroup, func(doc object) {
				external, _ := doc["externalId"].(string)
				if _, had := seen.LoadOrStore(external, true); had && external != "" {
					doc["externalId"] = external + "-" + token()
				}
			})(next)
		},
	},
	{
		Name:   "group-name-clash-answered-200",
		Breaks: []string{"idaas.again.group-name"},
		Seen:   "whatever matches first is updated",
		Wrap:   status(createGroup, http.StatusConflict, http.StatusOK),
	},
	{
		Name:   "group-uniqueness-on-create-alone",
		Breaks: []string{"idaas.group.external-id-unique"},
		Seen:   "a look-up before the insert, and none before the update",
		Wrap:   status(or(putGroup, patchGroup), http.StatusConflict, http.StatusOK),
	},
	{
		Name:   "strangers-passed-over",
		Breaks: []string{"idaas.group.refusal"},
		Seen:   "members that cannot be found left out without a word",
		Wrap:   forgiven(or(patchGroup, putGroup, createGroup)),
	},
	{
		Name:   "member-type-required",
		Breaks: []string{"idaas.group.untyped"},
		Seen:   "type checked where clients send the id alone",
		Wrap: refuseWhen(patchGroup, http.StatusBadRequest, "invalidValue", func(doc object) bool {
			for _, op := range writtenOps(doc) {
				list, _ := op["value"].([]any)
				for _, el := range list {
					if m, ok := el.(object); ok && m["type"] == nil {
						return true
					}
				}
			}
			return false
		}),
	},
	{
		Name:   "member-type-missing",
		Breaks: []string{"idaas.group.member"},
		Seen:   "members as ids alone",
		Wrap:   resources(under(groups), func(res object) { each(res["members"], func(m object) { delete(m, "type") }) }),
	},
	{
		Name:   "absent-member-not-removed",
		Breaks: []string{"idaas.group.absent"},
		Seen:   "noTarget, as table 9 of RFC 7644 lets one think",
		Wrap: func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if with(patchGroup, aims("remove", "members["))(r) {
					doc, _ := decode(drain(r))
					path, _ := writtenOps(doc)[0]["path"].(string)
					for _, m := range membersOf(fetch(next, r, below(r))) {
						if strings.Contains(path, m["value"].(string)) {
							next.ServeHTTP(w, r)
							return
						}
					}
					refuse(w, http.StatusBadRequest, "noTarget", "no such member")
					return
				}
				next.ServeHTTP(w, r)
			})
		},
	},
	{
		Name:   "groups-listed-with-members",
		Breaks: []string{"idaas.group.listed"},
		Seen:   "one representation for every answer",
		Wrap: func(next http.Handler) http.Handler {
			return document(and(listGroups, not(asks("filter"))), func(r *http.Request, _ *answer, doc object) {
				each(doc["Resources"], func(group object) {
					id, _ := group["id"].(string)
					if members, ok := fetch(next, r, groups+"/"+id)["members"]; ok {
						group["members"] = members
					}
				})
			})(next)
		},
	},
	{
		Name:   "groups-read-only",
		Breaks: []string{"idaas.calls.alone", "idaas.access.groups"},
		Seen:   "groups kept in the console alone",
		Wrap:   instead(createGroup, http.StatusForbidden, "application/scim+json", `{"schemas":["`+errorURN+`"],"status":"403","detail":"read only"}`),
	},
}
