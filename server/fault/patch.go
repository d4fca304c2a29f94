package fault

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
)

var (
	patchUser  = and(method("PATCH"), single(users))
	patchGroup = and(method("PATCH"), single(groups))
)

// like describes an operation of a PATCH.
type like func(op object) bool

// does describes operations by op, in its spelling, and path; "" is no path.
func does(name, path string) like {
	return func(op object) bool {
		at, _ := op["path"].(string)
		return op["op"] == name && at == path
	}
}

// aims describes operations by op and how the path begins.
func aims(name, start string) like {
	return func(op object) bool {
		at, _ := op["path"].(string)
		return op["op"] == name && strings.HasPrefix(at, start) && at != ""
	}
}

// writtenOps are the operations of a PATCH.
func writtenOps(doc object) []object {
	var out []object
	list, _ := doc["Operations"].([]any)
	for _, el := range list {
		if op, ok := el.(object); ok {
			out = append(out, op)
		}
	}
	return out
}

// holds says whether a PATCH has an operation as described.
func holds(r *http.Request, wanted like) bool {
	doc, _ := decode(drain(r))
	return slices.ContainsFunc(writtenOps(doc), wanted)
}

// with chooses the PATCHes among the chosen requests that have an operation as described.
func with(chosen when, wanted like) when {
	return func(r *http.Request) bool { return chosen(r) && holds(r, wanted) }
}

// operations lets a fault put other operations in the place of each.
func operations(chosen when, edit func(op object) []object) func(http.Handler) http.Handler {
	return payload(chosen, func(doc object) {
		var out []any
		for _, op := range writtenOps(doc) {
			for _, instead := range edit(op) {
				out = append(out, instead)
			}
		}
		doc["Operations"] = out
	})
}

// turns lets a fault change operations as described in place.
func turns(chosen when, wanted like, edit func(op object)) func(http.Handler) http.Handler {
	return operations(with(chosen, wanted), func(op object) []object {
		if wanted(op) {
			edit(op)
		}
		return []object{op}
	})
}

// deaf answers PATCHes that have an operation as described with the resource as it is, and changes nothing.
func deaf(chosen when, wanted like) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if with(chosen, wanted)(r) {
				call(next, again(r, "GET", below(r), nil)).send(w)
				return
			}
			next.ServeHTTP(w, r)
		})
	}
}

// picky refuses PATCHes that have an operation as described.
func picky(chosen when, scimType string, wanted like) func(http.Handler) http.Handler {
	return refuseWhen(chosen, http.StatusBadRequest, scimType, func(doc object) bool { return slices.ContainsFunc(writtenOps(doc), wanted) })
}

// forgiven turns refusals of PATCHes into successes that change nothing.
func forgiven(chosen when, scimTypes ...string) func(http.Handler) http.Handler {
	return response(chosen, func(_ *http.Request, a *answer) {
		doc, _ := decode(a.body)
		t, _ := doc["scimType"].(string)
		if a.status == http.StatusBadRequest && (len(scimTypes) == 0 || slices.Contains(scimTypes, t)) {
			a.status, a.body = http.StatusNoContent, nil
			a.header.Del("Content-Type")
		}
	})
}

// patchGeneral are deviations of the answer to a PATCH, and of operations in a row (RFC 7644 section 3.5.2).
var patchGeneral = []Fault{
	{
		Name:   "patch-200-empty",
		Breaks: []string{"patch.status"},
		Seen:   "200 written where 204 was meant",
		Wrap: response(patchUser, func(_ *http.Request, a *answer) {
			if a.status == http.StatusOK {
				a.body = nil
				a.header.Del("Content-Type")
			}
		}),
	},
	{
		Name:   "patch-204-always",
		Breaks: []string{"patch.attributes"},
		Seen:   "servers that never look at attributes on a PATCH",
		Wrap: response(patchUser, func(_ *http.Request, a *answer) {
			if a.status == http.StatusOK {
				a.status, a.body = http.StatusNoContent, nil
				a.header.Del("Content-Type")
			}
		}),
	},
	{
		Name:   "first-operation-only",
		Breaks: []string{"patch.several"},
		Seen:   "servers written for the one operation that their first client sent",
		Wrap: payload(patchUser, func(doc object) {
			if list, ok := doc["Operations"].([]any); ok && len(list) > 1 {
				doc["Operations"] = list[:1]
			}
		}),
	},
	{
		Name:   "operations-grouped-by-kind",
		Breaks: []string{"patch.order"},
		Seen:   "all adds first, then replaces, then removes",
		Wrap: payload(patchUser, func(doc object) {
			if list, ok := doc["Operations"].([]any); ok {
				kinds := []string{"add", "replace", "remove"}
				slices.SortStableFunc(list, func(a, b any) int { return slices.Index(kinds, opOf(a)) - slices.Index(kinds, opOf(b)) })
			}
		}),
	},
	{
		Name:   "operations-one-by-one",
		Breaks: []string{"patch.atomic", "patch.errors.unknown-attribute"},
		Seen:   "each operation saved as it comes, without a transaction",
		Wrap: func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if !patchUser(r) {
					next.ServeHTTP(w, r)
					return
				}
				doc, _ := decode(drain(r))
				ops := writtenOps(doc)
				if len(ops) < 2 {
					next.ServeHTTP(w, r)
					return
				}
				var a *answer
				for _, op := range ops {
					a = call(next, again(r, "PATCH", below(r), object{"schemas": doc["schemas"], "Operations": []any{op}}))
					if a.status >= 400 {
						break
					}
				}
				a.send(w)
			})
		},
	},
	{
		Name:   "last-modified-frozen",
		Breaks: []string{"patch.last-modified"},
		Seen:   "wso2/product-is#22244",
		Wrap: resources(under(users), func(res object) {
			if m, ok := res["meta"].(object); ok {
				m["lastModified"] = m["created"]
			}
		}),
	},
	{
		Name:   "patch-of-nobody-succeeds",
		Breaks: []string{"patch.unknown-id"},
		Seen:   "an update of no rows taken for a success",
		Wrap:   status(patchUser, http.StatusNotFound, http.StatusOK),
	},
}

func opOf(el any) string {
	op, _ := el.(object)
	name, _ := op["op"].(string)
	return name
}

// patchAdd are deviations of add (RFC 7644 section 3.5.2.1).
var patchAdd = []Fault{
	{Name: "add-ignored", Breaks: []string{"patch.add.new", "patch.add.replaces"}, Seen: "open-webui#30074: a stale 200", Wrap: deaf(patchUser, does("add", "displayName"))},
	{
		Name:   "add-never-replaces",
		Breaks: []string{"patch.add.replaces"},
		Seen:   "add taken to mean: only where there is nothing",
		Wrap: func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if with(patchUser, does("add", "displayName"))(r) {
					if a := call(next, again(r, "GET", below(r), nil)); strings.Contains(string(a.body), `"displayName"`) {
						a.send(w)
						return
					}
				}
				next.ServeHTTP(w, r)
			})
		},
	},
	{Name: "add-needs-path", Breaks: []string{"patch.add.no-path", "patch.paths.extension-object"}, Seen: "path taken for required", Wrap: picky(patchUser, "invalidPath", does("add", ""))},
	{Name: "dotted-path-ignored", Breaks: []string{"patch.add.sub-attribute", "patch.remove.sub-attribute"}, Seen: "paths looked up as the name of a column", Wrap: both(deaf(patchUser, aims("add", "name.")), deaf(patchUser, aims("remove", "name.")))},
	{Name: "complex-add-replaces", Breaks: []string{"patch.add.complex"}, Seen: "objects assigned and not merged", Wrap: cleared("add", "name")},
	{
		Name:   "add-replaces-list",
		Breaks: []string{"patch.add.multi-valued"},
		Seen:   "SCIM-SDK#201; add and replace handled by one function",
		Wrap:   turns(patchUser, does("add", "emails"), func(op object) { op["op"] = "replace" }),
	},
	{
		Name:   "add-doubles",
		Breaks: []string{"patch.add.existing"},
		Seen:   "SCIMReferenceCode#10, SCIMMY, elimity",
		Wrap: afterPatch(does("add", "emails"), func(res object, _ int) {
			if list, ok := res["emails"].([]any); ok && len(list) == 1 {
				res["emails"] = append(list, clone(list[0]))
			}
		}),
	},
	{
		Name:   "every-patch-is-a-change",
		Breaks: []string{"patch.add.existing-time"},
		Seen:   "timestamps set by a trigger",
		Wrap: afterPatch(does("add", "displayName"), func(res object, n int) {
			if m, ok := res["meta"].(object); ok {
				m["lastModified"] = fmt.Sprintf("2031-01-01T00:00:00.%03dZ", n)
			}
		}),
	},
	{
		Name:   "primary-not-demoted",
		Breaks: []string{"patch.add.primary", "patch.replace.primary"},
		Seen:   "sourcegraph#49210, scim2-models#116, SCIMMY, elimity",
		Wrap: func(next http.Handler) http.Handler {
			isPrimary := func(op object) bool { return strings.Contains(string(encode(op)), "primary") }
			all := func(res object, _ int) {
				list, _ := res["emails"].([]any)
				for _, el := range list {
					if e, ok := el.(object); ok && len(list) > 1 {
						e["primary"] = true
					}
				}
			}
			return afterPatch(isPrimary, all)(next)
		},
	},
}

// cleared lets an operation on a complex attribute first take away what was there.
func cleared(name, path string) func(http.Handler) http.Handler {
	return operations(with(patchUser, does(name, path)), func(op object) []object {
		if !does(name, path)(op) {
			return []object{op}
		}
		return []object{{"op": "remove", "path": path}, op}
	})
}

// afterPatch lets a fault change how a user looks once a PATCH had an operation as described; n counts those PATCHes.
func afterPatch(wanted like, edit func(res object, n int)) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		var mu sync.Mutex
		seen := map[string]int{}
		counted := func(r *http.Request) int {
			mu.Lock()
			defer mu.Unlock()
			if patchUser(r) {
				seen[below(r)]++
			}
			return seen[below(r)]
		}
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			n := 0
			if with(patchUser, wanted)(r) || readUser(r) {
				n = counted(r)
			}
			if n == 0 {
				next.ServeHTTP(w, r)
				return
			}
			resources(always, func(res object) { edit(res, n) })(next).ServeHTTP(w, r)
		})
	}
}

// patchReplace are deviations of replace (RFC 7644 section 3.5.2.3).
var patchReplace = []Fault{
	{
		Name:   "value-cut-at-space",
		Breaks: []string{"patch.replace.single"},
		Seen:   "SCIM-SDK#972",
		Wrap: turns(patchUser, does("replace", "displayName"), func(op object) {
			if s, ok := op["value"].(string); ok {
				op["value"], _, _ = strings.Cut(s, " ")
			}
		}),
	},
	{
		Name:   "replace-needs-value",
		Breaks: []string{"patch.replace.absent"},
		Seen:   "scim-patch#381",
		Wrap: func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if with(patchUser, does("replace", "displayName"))(r) {
					if doc, ok := decode(call(next, again(r, "GET", below(r), nil)).body); ok && doc["displayName"] == nil {
						refuse(w, http.StatusBadRequest, "noTarget", "displayName is not there")
						return
					}
				}
				next.ServeHTTP(w, r)
			})
		},
	},
	{
		Name:   "replace-takes-whole-resource",
		Breaks: []string{"patch.replace.no-path"},
		Seen:   "ssoready/ssoready#206",
		Wrap: operations(with(patchUser, does("replace", "")), func(op object) []object {
			value, _ := op["value"].(object)
			out := []object{op}
			for _, name := range []string{"active", "externalId", "displayName", "emails"} {
				if value[name] == nil {
					out = append(out, object{"op": "remove", "path": name})
				}
			}
			return out
		}),
	},
	{Name: "null-ignored", Breaks: []string{"patch.replace.null"}, Seen: "null dropped by the JSON library", Wrap: deaf(patchUser, func(op object) bool { return op["op"] == "replace" && op["value"] == nil })},
	{
		Name:   "replace-appends",
		Breaks: []string{"patch.replace.multi-valued"},
		Seen:   "add and replace handled by one function",
		Wrap:   turns(patchUser, does("replace", "emails"), func(op object) { op["op"] = "add" }),
	},
	{
		Name:   "replace-without-path-appends",
		Breaks: []string{"patch.replace.no-path-multi-valued"},
		Seen:   "SCIMMY: without a path, replace is add",
		Wrap:   turns(patchUser, does("replace", ""), func(op object) { op["op"] = "add" }),
	},
	{Name: "absent-parent-refused", Breaks: []string{"patch.replace.absent-parent"}, Seen: "SCIMMY: noTarget", Wrap: picky(patchUser, "noTarget", aims("replace", enterpriseURN+":manager"))},
	{Name: "complex-replace-wipes", Breaks: []string{"patch.replace.complex"}, Seen: "objects assigned and not merged", Wrap: cleared("replace", "name")},
	{
		Name:   "value-path-wipes-others",
		Breaks: []string{"patch.replace.value-path"},
		Seen:   "SCIM-SDK#201",
		Wrap: turns(patchUser, does("replace", `emails[type eq "work"]`), func(op object) {
			op["path"], op["value"] = "emails", []any{op["value"]}
		}),
	},
	{
		Name:   "value-path-sub-ignored",
		Breaks: []string{"patch.replace.value-path-sub", "patch.replace.value-path-itself"},
		Seen:   "brackets not understood, and no error for it",
		Wrap:   deaf(patchUser, aims("replace", "emails[")),
	},
	{
		Name:   "first-match-only",
		Breaks: []string{"patch.replace.all-matches"},
		Seen:   "find where filter was meant",
		Wrap: turns(patchUser, aims("replace", `emails[type eq "work" or`), func(op object) {
			op["path"] = `emails[type eq "work"].display`
		}),
	},
	{
		Name:   "replaced-before-found",
		Breaks: []string{"patch.replace.value-path-itself"},
		Seen:   "SCIMMY: remove and then add, whose filter finds nothing any more",
		Wrap:   picky(patchUser, "noTarget", aims("replace", "emails[value")),
	},
	{
		Name:   "no-target-appended",
		Breaks: []string{"patch.replace.no-target"},
		Seen:   "SCIMMY: a whole value is added where there is none to replace",
		Wrap: turns(patchUser, does("replace", `emails[type eq "home"]`), func(op object) {
			op["op"], op["path"], op["value"] = "add", "emails", []any{op["value"]}
		}),
	},
	{Name: "no-target-ignored", Breaks: []string{"patch.replace.no-target"}, Seen: "a loop over no matches", Wrap: forgiven(patchUser, "noTarget")},
}

// patchRemove are deviations of remove (RFC 7644 section 3.5.2.2).
var patchRemove = []Fault{
	{Name: "remove-ignored", Breaks: []string{"patch.remove.single", "patch.remove.multi-valued"}, Seen: "open-webui#30074: a stale 200", Wrap: deaf(patchUser, aims("remove", ""))},
	{
		Name:   "remove-takes-parent",
		Breaks: []string{"patch.remove.sub-attribute"},
		Seen:   "paths cut at the dot",
		Wrap:   turns(patchUser, aims("remove", "name."), func(op object) { op["path"] = "name" }),
	},
	{
		Name:   "remove-takes-list",
		Breaks: []string{"patch.remove.value-path"},
		Seen:   "the filter of a path dropped: all values go",
		Wrap:   turns(patchUser, aims("remove", "emails["), func(op object) { op["path"] = "emails" }),
	},
	{Name: "remove-required-silent", Breaks: []string{"patch.remove.required"}, Seen: "a 204 for what was not done", Wrap: deaf(patchUser, does("remove", "userName"))},
}

// patchErrors are deviations in what is refused.
var patchErrors = []Fault{
	{
		Name:   "patch-without-schema",
		Breaks: []string{"patch.errors.no-schema"},
		Seen:   "SCIMMY and many others do not look",
		Wrap:   payload(patchUser, func(doc object) { doc["schemas"] = []any{patchURN} }),
	},
	{
		Name:   "patch-as-merge",
		Breaks: []string{"patch.errors.no-operations"},
		Seen:   "bodies merged into the resource as other APIs do",
		Wrap: payload(patchUser, func(doc object) {
			if doc["Operations"] == nil {
				doc["Operations"] = []any{object{"op": "replace", "value": object{"displayName": doc["displayName"]}}}
			}
		}),
	},
	{
		Name:   "nothing-to-do-is-fine",
		Breaks: []string{"patch.errors.empty-operations"},
		Seen:   "a loop over no operations",
		Wrap: response(func(r *http.Request) bool {
			if !patchUser(r) {
				return false
			}
			doc, ok := decode(drain(r))
			list, isList := doc["Operations"].([]any)
			return ok && isList && len(list) == 0
		}, func(_ *http.Request, a *answer) { a.status, a.body = http.StatusNoContent, nil }),
	},
	{Name: "unknown-op-ignored", Breaks: []string{"patch.errors.unknown-op"}, Seen: "a switch without a default", Wrap: deaf(patchUser, does("test", "displayName"))},
	{
		Name:   "add-of-nothing",
		Breaks: []string{"patch.errors.add-without-value"},
		Seen:   "a missing value read as null",
		Wrap: deaf(patchUser, func(op object) bool {
			_, has := op["value"]
			return op["op"] == "add" && !has
		}),
	},
	{Name: "remove-of-nothing", Breaks: []string{"patch.errors.remove-without-path", "patch.errors.no-target"}, Seen: "a missing path read as an empty one", Wrap: deaf(patchUser, does("remove", ""))},
	{Name: "bad-path-ignored", Breaks: []string{"patch.errors.malformed-path"}, Seen: "Cogtrix#432: paths that lead nowhere are skipped", Wrap: deaf(patchUser, does("replace", "displayName["))},
	{Name: "unknown-path-ignored", Breaks: []string{"patch.errors.unknown-attribute"}, Seen: "Cogtrix#432", Wrap: deaf(patchUser, does("add", "noSuchAttribute"))},
	{
		Name:   "any-value-as-text",
		Breaks: []string{"patch.errors.wrong-type"},
		Seen:   "untyped stores",
		Wrap: turns(patchUser, does("replace", "displayName"), func(op object) {
			if v, ok := op["value"].(object); ok {
				op["value"] = string(encode(v))
			}
		}),
	},
	{Name: "read-only-silent", Breaks: []string{"patch.errors.read-only", "patch.errors.mutability"}, Seen: "SCIMMY: 204 to what was not done", Wrap: deaf(patchUser, does("replace", "id"))},
	{Name: "read-only-meta-silent", Breaks: []string{"patch.errors.read-only"}, Seen: "SCIMMY: 204 to what was not done", Wrap: deaf(patchUser, does("replace", "meta.created"))},
	{
		Name:   "patch-refusals-untyped",
		Breaks: []string{"patch.errors.mutability", "patch.errors.no-target"},
		Seen:   "one handler for all errors",
		Wrap:   failing(patchUser, func(_ *answer, doc object) { delete(doc, "scimType") }),
	},
	{Name: "patch-duplicate-silent", Breaks: []string{"patch.errors.duplicate"}, Seen: "the clash found by a job that runs later", Wrap: status(patchUser, http.StatusConflict, http.StatusOK)},
}

const patchURN = "urn:ietf:params:scim:api:messages:2.0:PatchOp"

// patchPaths are deviations in how paths are read.
var patchPaths = []Fault{
	{Name: "path-case-sensitive", Breaks: []string{"patch.paths.case"}, Seen: "names looked up byte by byte", Wrap: picky(patchUser, "invalidPath", does("replace", "DISPLAYNAME"))},
	{Name: "path-with-urn-refused", Breaks: []string{"patch.paths.urn"}, Seen: "imulab/go-scim#72", Wrap: picky(patchUser, "invalidPath", aims("replace", userURN))},
	{
		Name:   "extension-path-refused",
		Breaks: []string{"patch.paths.extension", "patch.paths.extension-schemas"},
		Seen:   "SAP scimono#44, wso2/product-is#6015, directory-scimple#704",
		Wrap:   picky(patchUser, "invalidPath", aims("add", enterpriseURN)),
	},
	{
		Name:   "schemas-not-extended",
		Breaks: []string{"patch.paths.extension-schemas"},
		Seen:   "schemas stored as the client sent it once",
		Wrap:   resources(or(readUser, patchUser), func(res object) { res["schemas"] = []any{userURN} }),
	},
	{Name: "dot-in-value-ends-path", Breaks: []string{"patch.paths.dot-in-value"}, Seen: "scim-patch#161", Wrap: picky(patchUser, "invalidPath", aims("remove", "emails[value"))},
}

// patchClients are deviations in what Okta and Entra send.
var patchClients = []Fault{
	{Name: "op-case-sensitive", Breaks: []string{"patch.entra.op-case"}, Seen: "imulab/go-scim#46 and #54", Wrap: picky(patchUser, "invalidSyntax", func(op object) bool { return op["op"] == "Replace" || op["op"] == "Add" })},
	{
		Name:   "text-is-true",
		Breaks: []string{"patch.entra.boolean-text"},
		Seen:   "ssoready#155, go-scim#67: a text that is not empty is true",
		Wrap: turns(patchUser, does("Replace", "active"), func(op object) {
			if s, ok := op["value"].(string); ok {
				op["value"] = s != ""
			}
		}),
	},
	{Name: "value-path-add-refused", Breaks: []string{"patch.entra.value-path-add"}, Seen: "scim-patch#42, #176, #187; SCIMMY", Wrap: picky(patchUser, "noTarget", aims("Add", "emails["))},
	{Name: "value-path-replace-silent", Breaks: []string{"patch.entra.value-path-replace"}, Seen: "a loop over no matches", Wrap: forgiven(patchUser, "noTarget")},
	{Name: "dotted-keys-ignored", Breaks: []string{"patch.entra.dotted-keys"}, Seen: "scimitar#69, laravel-scim-server#169", Wrap: keysDropped(func(k string) bool { return strings.HasPrefix(k, "name.") })},
	{Name: "urn-keys-ignored", Breaks: []string{"patch.entra.urn-keys"}, Seen: "scimitar#69, laravel-scim-server#169", Wrap: keysDropped(func(k string) bool { return strings.HasPrefix(k, enterpriseURN+":") })},
	{Name: "manager-needs-object", Breaks: []string{"patch.entra.manager"}, Seen: "directory-scimple#1244", Wrap: picky(patchUser, "invalidValue", aims("Add", enterpriseURN+":manager"))},
	{Name: "path-needed-to-deactivate", Breaks: []string{"patch.okta.deactivate"}, Seen: "go-scim#53; path taken for required", Wrap: deaf(patchUser, does("replace", ""))},
	{
		Name:   "reactivation-ignored",
		Breaks: []string{"patch.okta.reactivate"},
		Seen:   "deactivation as a one-way street",
		Wrap: deaf(patchUser, func(op object) bool {
			value, _ := op["value"].(object)
			return does("replace", "")(op) && value["active"] == true
		}),
	},
}

// keysDropped lets a value without a path lose keys.
func keysDropped(lost func(key string) bool) func(http.Handler) http.Handler {
	return turns(patchUser, does("replace", ""), func(op object) {
		value, _ := op["value"].(object)
		for k := range value {
			if lost(k) {
				delete(value, k)
			}
		}
	})
}
