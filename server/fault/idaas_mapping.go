package fault

import (
	"net/http"
	"slices"
	"strings"
	"sync"
)

// ofBoth are the ids of a check of emails and of the same check of phoneNumbers.
func ofBoth(names ...string) (ids []string) {
	for _, name := range names {
		ids = append(ids, "idaas.mapping.emails."+name, "idaas.mapping.phones."+name)
	}
	return ids
}

// entriesMapped are deviations of which entries of emails and phoneNumbers are taken (rules map-*).
var entriesMapped = []Fault{
	{
		Name:   "entry-types-ignored",
		Breaks: ofBoth("other-types", "other-types-put", "others-alone"),
		Seen:   "the first entry taken for the one that counts",
		Wrap:   entries(or(createUser, putUser), func(entry object) { entry["type"] = "work" }),
	},
	{
		Name:   "entry-type-case-sensitive",
		Breaks: ofBoth("any-case"),
		Seen:   "types compared byte by byte",
		Wrap: contacts(writesUser, func(list []any) []any {
			return slices.DeleteFunc(list, func(el any) bool {
				entry, _ := el.(object)
				kind, _ := entry["type"].(string)
				return kind != "work" && strings.EqualFold(kind, "work")
			})
		}),
	},
	{
		Name:   "left-out-entries-searched",
		Breaks: ofBoth("not-matched"),
		Seen:   "filters that look into the request as it came, which is kept for audit",
		Wrap: func(next http.Handler) http.Handler {
			var owners sync.Map // value of an entry that is left out -> userName
			remembering := payload(createUser, func(doc object) {
				for _, attr := range contactAttributes {
					each(doc[attr], func(entry object) {
						if value, ok := entry["value"].(string); ok && entry["type"] != "work" {
							owners.Store(value, doc["userName"])
						}
					})
				}
			})
			return remembering(filters(func(f string) string {
				parts := strings.Split(f, `"`)
				if len(parts) < 2 {
					return f
				}
				if owner, ok := owners.Load(parts[1]); ok {
					return `userName eq "` + owner.(string) + `"`
				}
				return f
			})(next))
		},
	},
	{
		Name:   "work-entries-kept-all",
		Breaks: ofBoth("one-value"),
		Seen:   "a table of contacts behind the account, as the RFC has it",
		Wrap: keepingEntries(func(list []any) bool {
			work := 0
			each(list, func(entry object) {
				if entry["type"] == "work" {
					work++
				}
			})
			return work > 1
		}),
	},
	{
		Name:   "last-entry-wins",
		Breaks: ofBoth("choice"),
		Seen:   "a loop that overwrites",
		Wrap: contacts(or(createUser, putUser), func(list []any) []any {
			slices.Reverse(list)
			each(list, func(entry object) { delete(entry, "primary") })
			return list
		}),
	},
	{
		Name:   "patched-types-ignored",
		Breaks: ofBoth("patch-other-type", "replace-by-others"),
		Seen:   "value paths read as far as the attribute",
		Wrap: both(entries(patchUser, func(entry object) { entry["type"] = "work" }), payload(patchUser, func(doc object) {
			for _, op := range writtenOps(doc) {
				if path, ok := op["path"].(string); ok {
					op["path"] = strings.Replace(path, `[type eq "home"]`, `[type eq "work"]`, 1)
				}
			}
		})),
	},
	{
		Name:   "patch-add-keeps-first",
		Breaks: ofBoth("patch-add"),
		Seen:   "an insert that a unique index turns into nothing",
		Wrap:   deaf(patchUser, func(op object) bool { return op["op"] == "add" && contactPath(op) }),
	},
	{
		Name:   "work-entry-not-removed",
		Breaks: ofBoth("patch-remove"),
		Seen:   "remove that knows plain paths alone",
		Wrap: deaf(patchUser, func(op object) bool {
			path, _ := op["path"].(string)
			return op["op"] == "remove" && strings.HasSuffix(path, `[type eq "work"]`)
		}),
	},
	{
		Name:   "work-entry-not-made",
		Breaks: ofBoth("patch-make"),
		Seen:   "the letter of RFC 7644 section 3.5.2.3: noTarget where the value path matches nothing",
		Wrap: picky(patchUser, "noTarget", func(op object) bool {
			path, _ := op["path"].(string)
			return strings.HasSuffix(path, `[type eq "work"].value`)
		}),
	},
	{
		Name:   "untyped-entries-kept",
		Breaks: ofBoth("untyped"),
		Seen:   "a filter that takes out what is known to be of another type",
		Wrap: keepingEntries(func(list []any) bool {
			entry, ok := list[0].(object)
			return ok && entry["type"] == nil
		}),
	},
}

// keepingEntries shows the entries of a POST as they came, where the list is as described.
func keepingEntries(like func(list []any) bool) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		var kept sync.Map // attribute and userName -> list
		remembering := payload(createUser, func(doc object) {
			for _, attr := range contactAttributes {
				if list, ok := doc[attr].([]any); ok && len(list) > 0 && like(list) {
					name, _ := doc["userName"].(string)
					kept.Store(attr+" "+name, clone(list))
				}
			}
		})
		return remembering(resources(under(users), func(res object) {
			for _, attr := range contactAttributes {
				name, _ := res["userName"].(string)
				if list, ok := kept.Load(attr + " " + name); ok {
					res[attr] = clone(list)
				}
			}
		})(next))
	}
}
