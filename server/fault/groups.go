package fault

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
)

var (
	createGroup = and(method("POST"), collection(groups))
	readGroup   = and(method("GET"), single(groups))
	putGroup    = and(method("PUT"), single(groups))
	deleteGroup = and(method("DELETE"), single(groups))
)

// membersOf are the members of a group, or what else stands in the place of them.
func membersOf(doc object) []object {
	var out []object
	list, _ := doc["members"].([]any)
	for _, el := range list {
		if m, ok := el.(object); ok {
			out = append(out, m)
		}
	}
	return out
}

// fetch reads a resource with the credentials of a request.
func fetch(next http.Handler, r *http.Request, path string) object {
	doc, _ := decode(call(next, again(r, "GET", path, nil)).body)
	return doc
}

// patchWith sends one operation with the credentials of a request.
func patchWith(next http.Handler, r *http.Request, path string, op object) *answer {
	return call(next, again(r, "PATCH", path, object{"schemas": []any{patchURN}, "Operations": []any{op}}))
}

// ghosts are members that a fault shows of groups which do not have them.
type ghosts struct {
	mu sync.Mutex
	of map[string][]any // path of the group -> members
}

func (g *ghosts) add(path string, members ...any) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.of == nil {
		g.of = map[string][]any{}
	}
	g.of[path] = append(g.of[path], members...)
}

// show serves reads of groups with the ghosts among the members.
func (g *ghosts) show(next http.Handler) http.Handler {
	return document(readGroup, func(r *http.Request, a *answer, doc object) {
		g.mu.Lock()
		defer g.mu.Unlock()
		if list := g.of[below(r)]; len(list) > 0 && a.status == http.StatusOK {
			have, _ := doc["members"].([]any)
			doc["members"] = append(have, list...)
		}
	})(next)
}

// groupsCreated are deviations of POST to the endpoint of groups.
var groupsCreated = []Fault{
	{Name: "group-create-200", Breaks: []string{"groups.create.status"}, Seen: "FusionAuth#1775", Wrap: status(createGroup, http.StatusCreated, http.StatusOK)},
	{
		Name:   "group-located-among-users",
		Breaks: []string{"groups.create.location"},
		Seen:   "one template for the locations of all types",
		Wrap: response(createGroup, func(_ *http.Request, a *answer) {
			a.header.Set("Location", strings.Replace(a.header.Get("Location"), groups, users, 1))
		}),
	},
	{
		Name:   "group-name-optional",
		Breaks: []string{"groups.create.name-required", "idaas.group.name-required"},
		Seen:   "required attributes declared and not enforced",
		Wrap: payload(createGroup, func(doc object) {
			if find(doc, "displayName") == "" {
				doc["displayName"] = token()
			}
		}),
	},
	{Name: "groups-created-empty", Breaks: []string{"groups.create.members"}, Seen: "members taken by PATCH alone", Wrap: payload(createGroup, func(doc object) { delete(doc, "members") })},
	{
		Name:   "member-ref-without-id",
		Breaks: []string{"groups.create.member-ref"},
		Seen:   "references built from the endpoint",
		Wrap: resources(readGroup, func(res object) {
			for _, m := range membersOf(res) {
				ref, _ := m["$ref"].(string)
				m["$ref"] = ref[:strings.LastIndex(ref, "/")+1]
			}
		}),
	},
	{
		Name:   "unknown-members-shown",
		Breaks: []string{"groups.create.unknown-member", "groups.patch.add-unknown", "idaas.group.users-only"},
		Seen:   "GluuFederation/oxTrust#1203",
		Wrap: func(next http.Handler) http.Handler {
			var g ghosts
			shown := g.show(next)
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				switch {
				case createGroup(r):
					doc, _ := decode(drain(r))
					a := call(next, r)
					if members, ok := doc["members"].([]any); ok && a.status == http.StatusBadRequest {
						delete(doc, "members")
						a = call(next, again(r, "POST", groups, doc))
						made, _ := decode(a.body)
						id, _ := made["id"].(string)
						g.add(groups+"/"+id, members...)
					}
					a.send(w)
				case with(patchGroup, does("add", "members"))(r):
					doc, _ := decode(drain(r))
					a := call(next, r)
					if a.status == http.StatusBadRequest {
						members, _ := writtenOps(doc)[0]["value"].([]any)
						g.add(below(r), members...)
						a = &answer{status: http.StatusNoContent, header: http.Header{}}
					}
					a.send(w)
				default:
					shown.ServeHTTP(w, r)
				}
			})
		},
	},
	{
		Name:   "foreign-schema-refused",
		Breaks: []string{"groups.create.entra"},
		Seen:   "schemas checked against a list of those that the server knows",
		Wrap: refuseWhen(createGroup, http.StatusBadRequest, "invalidSyntax", func(doc object) bool {
			return strings.Contains(string(encode(doc["schemas"])), "microsoft")
		}),
	},
}

// groupsRead are deviations of reads and lists of groups.
var groupsRead = []Fault{
	{Name: "group-without-name", Breaks: []string{"groups.read.status"}, Seen: "groups mapped from a directory that knows cn", Wrap: resources(readGroup, func(res object) { delete(res, "displayName") })},
	{Name: "unknown-group-200", Breaks: []string{"groups.read.unknown"}, Seen: "an empty resource in place of a 404", Wrap: response(readGroup, func(_ *http.Request, a *answer) {
		if a.status == http.StatusNotFound {
			a.status = http.StatusOK
			a.encode(object{"schemas": []string{groupURN}})
		}
	})},
	{
		Name:   "group-filter-ignored",
		Breaks: []string{"groups.read.filter-name", "groups.read.filter-member"},
		Seen:   "Metatavu/keycloak-scim-server#46",
		Wrap:   query(listGroups, func(q url.Values) { q.Del("filter") }),
	},
	{Name: "members-never-excluded", Breaks: []string{"groups.read.excluded-members"}, Seen: "SimpleIdServer#490", Wrap: query(under(groups), func(q url.Values) { q.Del("excludedAttributes") })},
	{Name: "members-not-listed", Breaks: []string{"groups.read.list-members", "idaas.group.found"}, Seen: "graphql-hive/console#8352", Wrap: resources(listGroups, func(res object) { delete(res, "members") })},
}

const groupURN = "urn:ietf:params:scim:schemas:core:2.0:Group"

// groupsReplaced are deviations of PUT of a group.
var groupsReplaced = []Fault{
	{
		Name:   "group-put-ignored",
		Breaks: []string{"groups.replace.name", "groups.replace.members", "groups.replace.empty"},
		Seen:   "a 200 that echoes and stores nothing",
		Wrap: func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if putGroup(r) {
					call(next, again(r, "GET", below(r), nil)).send(w)
					return
				}
				next.ServeHTTP(w, r)
			})
		},
	},
	{
		Name:   "group-put-adds",
		Breaks: []string{"groups.replace.members", "groups.replace.empty"},
		Seen:   "attevon-llc/OpenTranscribe#582: PUT that merges",
		Wrap: func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if putGroup(r) {
					have, _ := fetch(next, r, below(r))["members"].([]any)
					payload(always, func(doc object) {
						list, _ := doc["members"].([]any)
						doc["members"] = append(list, have...)
					})(next).ServeHTTP(w, r)
					return
				}
				next.ServeHTTP(w, r)
			})
		},
	},
	{
		Name:   "immutable-members-block-put",
		Breaks: []string{"groups.replace.round-trip"},
		Seen:   "SimpleIdServer#844",
		Wrap: refuseWhen(putGroup, http.StatusBadRequest, "mutability", func(doc object) bool {
			return slices.ContainsFunc(membersOf(doc), func(m object) bool { return m["$ref"] != nil })
		}),
	},
}

// groupsPatched are deviations of PATCH of a group.
var groupsPatched = []Fault{
	{
		Name:   "members-add-replaces",
		Breaks: []string{"groups.patch.add", "groups.patch.add-no-path"},
		Seen:   "add and replace handled by one function",
		Wrap: turns(patchGroup, func(op object) bool { return op["op"] == "add" }, func(op object) {
			op["op"] = "replace"
		}),
	},
	{
		Name:   "members-add-conflict",
		Breaks: []string{"groups.patch.add-existing", "idaas.group.twice"},
		Seen:   "a unique index on the pair of group and user that nobody translates",
		Wrap: func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if with(patchGroup, does("add", "members"))(r) {
					sent := string(drain(r))
					for _, m := range membersOf(fetch(next, r, below(r))) {
						if id, _ := m["value"].(string); strings.Contains(sent, id) {
							refuse(w, http.StatusConflict, "uniqueness", "a member already")
							return
						}
					}
				}
				next.ServeHTTP(w, r)
			})
		},
	},
	{
		Name:   "members-filter-dropped",
		Breaks: []string{"groups.patch.remove", "groups.patch.remove-stranger"},
		Seen:   "the filter of a path dropped: all members go",
		Wrap:   turns(patchGroup, aims("remove", "members["), func(op object) { op["path"] = "members" }),
	},
	{Name: "members-stay", Breaks: []string{"groups.patch.remove-all"}, Seen: "remove that knows paths with a filter alone", Wrap: deaf(patchGroup, does("remove", "members"))},
	{
		Name:   "members-replace-adds",
		Breaks: []string{"groups.patch.replace"},
		Seen:   "add and replace handled by one function",
		Wrap:   turns(patchGroup, does("replace", "members"), func(op object) { op["op"] = "add" }),
	},
	{
		Name:   "group-first-operation-only",
		Breaks: []string{"groups.patch.swap"},
		Seen:   "servers written for the one operation that their first client sent",
		Wrap: payload(patchGroup, func(doc object) {
			if list, ok := doc["Operations"].([]any); ok && len(list) > 1 {
				doc["Operations"] = list[:1]
			}
		}),
	},
	{
		Name:   "rename-empties",
		Breaks: []string{"groups.patch.rename"},
		Seen:   "a change of the name saved as a new group",
		Wrap: operations(with(patchGroup, does("replace", "displayName")), func(op object) []object {
			return []object{op, {"op": "remove", "path": "members"}}
		}),
	},
	{Name: "id-in-value-refused", Breaks: []string{"groups.patch.okta-rename"}, Seen: "every readOnly attribute in a value taken for an attempt", Wrap: picky(patchGroup, "mutability", does("replace", ""))},
	{
		Name:   "null-ref-refused",
		Breaks: []string{"groups.patch.entra-add"},
		Seen:   "type checks that do not know null",
		Wrap:   picky(patchGroup, "invalidValue", func(op object) bool { return strings.Contains(string(encode(op)), `"$ref":null`) }),
	},
	{
		Name:   "remove-ignores-value",
		Breaks: []string{"groups.patch.entra-remove"},
		Seen:   "azure-docs#30826, simpleidserver#164: the whole group is emptied",
		Wrap:   turns(patchGroup, does("Remove", "members"), func(op object) { delete(op, "value") }),
	},
}

// groupsJoined are deviations of membership as users and deletions show it.
var groupsJoined = []Fault{
	{Name: "user-groups-missing", Breaks: []string{"groups.membership.shown"}, Seen: "groups declared and never filled", Wrap: resources(under(users), func(res object) { delete(res, "groups") })},
	{
		Name:   "user-groups-cached",
		Breaks: []string{"groups.membership.hidden", "groups.delete.user-side"},
		Seen:   "memberships copied to the user and not taken back",
		Wrap: func(next http.Handler) http.Handler {
			var seen sync.Map // path of the user -> groups
			return document(readUser, func(r *http.Request, a *answer, doc object) {
				if doc["groups"] != nil {
					seen.Store(below(r), doc["groups"])
				} else if had, ok := seen.Load(below(r)); ok && a.status == http.StatusOK {
					doc["groups"] = had
				}
			})(next)
		},
	},
	{
		Name:   "user-groups-writable",
		Breaks: []string{"groups.membership.read-only"},
		Seen:   "keycloak#47536: a write of the user that makes it a member, past all authorization",
		Wrap: func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if !with(patchUser, does("add", "groups"))(r) {
					next.ServeHTTP(w, r)
					return
				}
				doc, _ := decode(drain(r))
				list, _ := writtenOps(doc)[0]["value"].([]any)
				for _, el := range list {
					group, _ := el.(object)
					id, _ := group["value"].(string)
					member := object{"value": strings.TrimPrefix(below(r), users+"/")}
					patchWith(next, r, groups+"/"+id, object{"op": "add", "path": "members", "value": []any{member}})
				}
				call(next, again(r, "GET", below(r), nil)).send(w)
			})
		},
	},
	{
		Name:   "deleted-members-stay",
		Breaks: []string{"groups.membership.deleted-user", "groups.nested.deleted", "idaas.account.delete-member"},
		Seen:   "memberships without a foreign key",
		Wrap: func(next http.Handler) http.Handler {
			var g ghosts
			shown := g.show(next)
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if deleteUser(r) || deleteGroup(r) {
					id := below(r)[strings.LastIndex(below(r), "/")+1:]
					search := again(r, "GET", groups, nil)
					search.URL.RawQuery = url.Values{"filter": {`members.value eq "` + id + `"`}}.Encode()
					found, _ := decode(call(next, search).body)
					list, _ := found["Resources"].([]any)
					for _, el := range list {
						group, _ := el.(object)
						path, _ := group["id"].(string)
						g.add(groups+"/"+path, object{"value": id})
					}
				}
				shown.ServeHTTP(w, r)
			})
		},
	},
	{
		Name:   "deactivation-leaves-groups",
		Breaks: []string{"groups.membership.inactive"},
		Seen:   "servers that free licences by taking an inactive user out of all groups",
		Wrap: func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if with(patchUser, func(op object) bool { return op["path"] == "active" && op["value"] == false })(r) {
					list, _ := fetch(next, r, below(r))["groups"].([]any)
					for _, el := range list {
						group, _ := el.(object)
						id, _ := group["value"].(string)
						path := `members[value eq "` + strings.TrimPrefix(below(r), users+"/") + `"]`
						patchWith(next, r, groups+"/"+id, object{"op": "remove", "path": path})
					}
				}
				next.ServeHTTP(w, r)
			})
		},
	},
	{Name: "group-delete-200", Breaks: []string{"groups.delete.status"}, Seen: "a body that says it is done", Wrap: response(deleteGroup, func(_ *http.Request, a *answer) {
		if a.status == http.StatusNoContent {
			a.status = http.StatusOK
			a.encode(object{"deleted": true})
		}
	})},
	{
		Name:   "deleted-group-cached",
		Breaks: []string{"groups.delete.gone"},
		Seen:   "reads from a cache that a deletion does not reach",
		Wrap: func(next http.Handler) http.Handler {
			var seen sync.Map // path of the group -> body
			return response(readGroup, func(r *http.Request, a *answer) {
				if a.status == http.StatusOK {
					seen.Store(below(r), a.body)
				} else if body, ok := seen.Load(below(r)); ok {
					a.status, a.body = http.StatusOK, body.([]byte)
				}
			})(next)
		},
	},
	{
		Name:   "group-delete-cascades",
		Breaks: []string{"groups.delete.users-stay"},
		Seen:   "a foreign key that cascades the wrong way",
		Wrap: func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if deleteGroup(r) {
					for _, m := range membersOf(fetch(next, r, below(r))) {
						id, _ := m["value"].(string)
						call(next, again(r, "DELETE", users+"/"+id, nil))
					}
				}
				next.ServeHTTP(w, r)
			})
		},
	},
	{
		Name:   "nested-groups-refused",
		Breaks: []string{"groups.nested.member"},
		Seen:   "Group listed among the types of members, and a foreign key to users",
		Wrap: refuseWhen(createGroup, http.StatusBadRequest, "invalidValue", func(doc object) bool {
			return slices.ContainsFunc(membersOf(doc), func(m object) bool { return m["type"] == "Group" })
		}),
	},
}
