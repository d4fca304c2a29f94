package fault

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"

	"scimproof/server/store"
)

// fieldID is the form of the id of an extended field.
var fieldID = regexp.MustCompile(`^ufd_[a-z0-9]+$`)

const oktaFields = "urn:ietf:params:scim:schemas:extension:customfield:2.0:User"

// customURN says whether an attribute stands under an extension that is not one of RFC 7643.
func customURN(name string) bool {
	return strings.HasPrefix(name, "urn:") && !strings.HasPrefix(name, enterpriseURN) && !strings.HasPrefix(name, userURN)
}

// aboutCustom says whether an operation is about an extended field by its path.
func aboutCustom(op object) bool {
	path, _ := op["path"].(string)
	return customURN(path)
}

// withoutCustom takes the extended fields out of an object.
func withoutCustom(o object) {
	for name := range o {
		if customURN(name) {
			delete(o, name)
		}
	}
}

// ownURN is the URN of the extended fields at the base URL of a request, or "".
func ownURN(next http.Handler, r *http.Request) string {
	doc, _ := decode(call(next, again(r, http.MethodGet, "/ResourceTypes/User", nil)).body)
	own := ""
	each(doc["schemaExtensions"], func(extension object) {
		if urn, _ := extension["schema"].(string); customURN(urn) {
			own = urn
		}
	})
	return own
}

// declaredAt are the extended fields that the application at the base URL of a request synchronizes, by name.
func declaredAt(next http.Handler, r *http.Request, urn string) map[string]bool {
	out := map[string]bool{}
	doc, _ := decode(call(next, again(r, http.MethodGet, "/Schemas/"+urn, nil)).body)
	each(doc["attributes"], func(attr object) {
		name, _ := attr["name"].(string)
		out[name] = true
	})
	return out
}

// renamed puts what stands under other URNs under the application's own.
func renamed(o object, urn string) {
	for name, value := range o {
		if customURN(name) && name != urn {
			delete(o, name)
			o[urn] = value
		}
	}
}

// onFields lets a fault change what is said of extended fields where SCIM is spoken.
func onFields(edit func(f *store.Field)) func(store.Store) store.Store {
	return admitting(func(a *store.Admission) {
		a.Fields = slices.Clone(a.Fields) // the store hands out one list to all
		for i := range a.Fields {
			edit(&a.Fields[i])
		}
	})
}

// selecting lets a fault add fields to those that an application synchronizes.
func selecting(wanted func(f store.Field) bool) func(store.Store) store.Store {
	return admitting(func(a *store.Admission) {
		selected := slices.Clone(a.Application.Fields)
		for _, f := range a.Fields {
			if a.Application.Namespace != "" && wanted(f) && !slices.Contains(selected, f.ID) {
				selected = append(selected, f.ID)
			}
		}
		a.Application.Fields = selected
	})
}

// fieldsNamed are deviations of the namespace, and of what can be selected (rules ext-1, ext-2).
var fieldsNamed = []Fault{
	{
		Name:   "namespace-built-in",
		Breaks: []string{"idaas.field.namespace"},
		Seen:   "the URN of the first client that was integrated, in the code",
		Store: admitting(func(a *store.Admission) {
			if a.Application.Namespace != "" {
				a.Application.Namespace = oktaFields
			}
		}),
	},
	{
		Name:   "namespace-of-the-instance",
		Breaks: []string{"idaas.field.namespace-each"},
		Seen:   "a setting that is shown with the application and kept with the tenant",
		Store: func(s store.Store) store.Store {
			var first sync.Map
			return gate{s, func(a *store.Admission) {
				if a.Application.Namespace != "" {
					urn, _ := first.LoadOrStore(a.Instance.ID, a.Application.Namespace)
					a.Application.Namespace = urn.(string)
				}
			}}
		},
	},
	{
		Name:   "namespace-completed",
		Breaks: []string{"idaas.field.namespace-refused"},
		Seen:   "a bare name made into a URN for the administrator's convenience",
		Control: payload(method("PATCH"), func(doc object) {
			if name, ok := doc["userCustomFieldNamespace"].(string); ok && !strings.Contains(name, ":") {
				doc["userCustomFieldNamespace"] = "urn:ietf:params:scim:schemas:extension:" + name + ":2.0:User"
			}
		}),
	},
	{
		Name:   "unknown-fields-dropped",
		Breaks: []string{"idaas.field.targets"},
		Seen:   "a selection joined with the table of fields: what is not in it goes without a word",
		Control: payload(method("PATCH"), func(doc object) {
			if list, ok := doc["supportedUserCustomFieldIds"].([]any); ok {
				doc["supportedUserCustomFieldIds"] = slices.DeleteFunc(list, func(el any) bool {
					id, _ := el.(string)
					return !fieldID.MatchString(id)
				})
			}
		}),
	},
	{
		Name:   "fields-cleared-first",
		Breaks: []string{"idaas.field.namespace-refused", "idaas.field.targets"},
		Seen:   "the old selection deleted in a step of its own, before the new one is looked at",
		Control: func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				doc, _ := decode(drain(r))
				if r.Method == http.MethodPatch && doc["userCustomFieldNamespace"] != nil {
					clearing := r.Clone(r.Context())
					setBody(clearing, encode(object{"userCustomFieldNamespace": "", "supportedUserCustomFieldIds": []string{}}))
					call(next, clearing)
				}
				next.ServeHTTP(w, r)
			})
		},
	},
	{
		Name:   "one-field-alone",
		Breaks: []string{"idaas.field.several"},
		Seen:   "a column for one value where a list was meant",
		Store: admitting(func(a *store.Admission) {
			if len(a.Application.Fields) > 1 {
				a.Application.Fields = a.Application.Fields[:1]
			}
		}),
	},
}

// fieldsKept are deviations of what is stored of extended fields and how it is found (rules ext-3, ext-4).
var fieldsKept = []Fault{
	{
		Name:   "fields-not-created",
		Breaks: []string{"idaas.field.kept.post"},
		Seen:   "fields that are filled in by a second call, which SCIM clients do not make",
		Wrap:   payload(createUser, withoutCustom),
	},
	{
		Name:   "fields-not-submitted-again",
		Breaks: []string{"idaas.field.kept.again"},
		Seen:   "an upsert that updates the columns of the core schema",
		Wrap: onRepeat(func(next http.Handler, w http.ResponseWriter, r *http.Request, _ string) {
			payload(always, withoutCustom)(next).ServeHTTP(w, r)
		}),
	},
	{
		Name:   "wrong-fields-passed-over-again",
		Breaks: []string{"idaas.field.again"},
		Seen:   "an upsert that leaves out what it cannot take, so that the client hears of no mistake",
		Wrap: onRepeat(func(next http.Handler, w http.ResponseWriter, r *http.Request, path string) {
			a := call(next, r)
			if a.status >= 400 {
				a = call(next, again(r, http.MethodGet, path, nil))
			}
			a.send(w)
		}),
	},
	{
		Name:   "fields-not-replaced",
		Breaks: []string{"idaas.field.kept.put"},
		Seen:   "fields that are set on create and forgotten by the mapping of PUT",
		Wrap:   payload(putUser, withoutCustom),
	},
	{
		Name:   "fields-not-patched",
		Breaks: []string{"idaas.field.kept.patch", "idaas.field.kept.patch-remove", "idaas.field.schemas"},
		Seen:   "paths split at the first dot, which stands in the 2.0 of the URN",
		Wrap:   deaf(patchUser, aboutCustom),
	},
	{
		Name:   "fields-in-an-object-not-patched",
		Breaks: []string{"idaas.field.kept.patch-object"},
		Seen:   "PATCH without a path taken for attributes of the core schema alone",
		Wrap: payload(patchUser, func(doc object) {
			for _, op := range writtenOps(doc) {
				if value, ok := op["value"].(object); ok {
					withoutCustom(value)
				}
			}
		}),
	},
	{
		Name:   "fields-without-their-schema",
		Breaks: []string{"idaas.field.schemas"},
		Seen:   "a list of schemas that is a constant",
		Wrap: resources(under(users), func(res object) {
			list, _ := res["schemas"].([]any)
			res["schemas"] = slices.DeleteFunc(list, func(el any) bool {
				urn, _ := el.(string)
				return customURN(urn)
			})
		}),
	},
	{
		Name:   "filter-without-the-urn",
		Breaks: []string{"idaas.field.filter"},
		Seen:   "the last part of a path taken for the attribute, whatever stands before it",
		Wrap: query(asks("filter"), func(q url.Values) {
			if filter := q.Get("filter"); customURN(filter) {
				path, rest, _ := strings.Cut(filter, " ")
				q.Set("filter", path[strings.LastIndex(path, ":")+1:]+" "+rest)
			}
		}),
	},
	{
		Name:   "any-urn-will-do",
		Breaks: []string{"idaas.field.other-urn"},
		Seen:   "fields looked up by their name, the URN around them ignored",
		Wrap: func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if or(createUser, putUser)(r) {
					if doc, ok := decode(drain(r)); ok {
						if urn := ownURN(next, r); urn != "" {
							renamed(doc, urn)
							setBody(r, encode(doc))
						}
					}
				}
				next.ServeHTTP(w, r)
			})
		},
	},
	{
		Name:   "every-field-syncs",
		Breaks: []string{"idaas.field.unselected"},
		Seen:   "a selection that only decides what the pages show",
		Store:  selecting(func(store.Field) bool { return true }),
	},
	{
		Name:   "document-kept-whole",
		Breaks: []string{"idaas.field.other-urn", "idaas.field.unselected"},
		Seen:   "the resource kept as it came, and what is configured applied when it is read",
		Wrap: func(next http.Handler) http.Handler {
			var kept sync.Map
			keeping := echo(or(createUser, putUser), func(sent, res object) { kept.Store(res["id"], sent) })(next)
			return document(readUser, func(r *http.Request, _ *answer, doc object) {
				sent, ok := kept.Load(doc["id"])
				urn := ownURN(next, r)
				if !ok || urn == "" {
					return
				}
				values, _ := sent.(object)[urn].(object)
				for name := range declaredAt(next, r, urn) {
					if value, ok := values[name]; ok {
						doc[urn] = object{name: value}
					}
				}
			})(keeping)
		},
	},
	{
		Name:   "unknown-schema-404",
		Breaks: []string{"idaas.field.ignored"},
		Seen:   "each URN looked up, and the 404 of that passed on",
		Wrap: func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if or(createUser, putUser)(r) {
					doc, _ := decode(drain(r))
					for name := range doc {
						if customURN(name) && name != ownURN(next, r) {
							refuse(w, http.StatusNotFound, "", "there is no schema "+name)
							return
						}
					}
				}
				next.ServeHTTP(w, r)
			})
		},
	},
}

// fieldsDeclared are deviations of what discovery says of extended fields (rule ext-5).
var fieldsDeclared = []Fault{
	{
		Name:   "fields-undeclared",
		Breaks: []string{"idaas.field.declared"},
		Seen:   "a file of schemas that ships with the product",
		Wrap: document(readSchemas, func(_ *http.Request, _ *answer, doc object) {
			list, ok := doc["Resources"].([]any)
			if !ok {
				return
			}
			doc["Resources"] = slices.DeleteFunc(list, func(el any) bool {
				schema, _ := el.(object)
				urn, _ := schema["id"].(string)
				return strings.Contains(urn, ":extension:") && customURN(urn)
			})
		}),
	},
	{
		Name:   "extension-of-the-product-alone",
		Breaks: []string{"idaas.field.extension"},
		Seen:   "resource types that are a constant",
		Wrap: resources(readTypes, func(res object) {
			list, _ := res["schemaExtensions"].([]any)
			if list == nil {
				return
			}
			res["schemaExtensions"] = slices.DeleteFunc(list, func(el any) bool {
				extension, _ := el.(object)
				urn, _ := extension["schema"].(string)
				return customURN(urn)
			})
		}),
	},
}

// fieldRules are deviations of what is said of a field (rule ext-6).
var fieldRules = []Fault{
	{
		Name:   "field-of-any-type",
		Breaks: []string{"idaas.field.type"},
		Seen:   "values kept as texts, the type left to the pages",
		Store: onFields(func(f *store.Field) {
			f.Type, f.Options = "string", nil
		}),
	},
	{
		Name:   "field-with-any-option",
		Breaks: []string{"idaas.field.options"},
		Seen:   "options that only fill a list in a form",
		Store:  onFields(func(f *store.Field) { f.Options = nil }),
	},
	{
		Name:   "field-with-disabled-options",
		Breaks: []string{"idaas.field.options"},
		Seen:   "options looked up by their value, the status forgotten",
		Store: onFields(func(f *store.Field) {
			f.Options = slices.Clone(f.Options)
			for i := range f.Options {
				f.Options[i].Enabled = true
			}
		}),
	},
	{
		Name:   "field-never-required",
		Breaks: []string{"idaas.field.required"},
		Seen:   "a mark on the form",
		Store:  onFields(func(f *store.Field) { f.Required = false }),
	},
	{
		Name:   "field-always-required",
		Breaks: []string{"idaas.field.required-unselected"},
		Seen:   "the product's own validation behind the mapping, which asks for every required field of the tenant",
		Store:  selecting(func(f store.Field) bool { return f.Required }),
	},
	{
		Name:   "field-never-unique",
		Breaks: []string{"idaas.field.unique"},
		Seen:   "uniqueness looked up in the pages and not in the store",
		Store:  onFields(func(f *store.Field) { f.Unique = false }),
	},
	{
		Name:   "field-rules-on-create-alone",
		Breaks: []string{"idaas.field.type", "idaas.field.options", "idaas.field.required", "idaas.field.unique"},
		Seen:   "validation in the constructor",
		Wrap: request(or(putUser, patchUser), func(r *http.Request) {
			*r = *r.WithContext(context.WithValue(r.Context(), changing{}, true))
		}),
		Store: func(s store.Store) store.Store { return lax{s, onFields(ruleless)(s)} },
	},
}

// ruleless is a field of which nothing is said.
func ruleless(f *store.Field) { f.Type, f.Options, f.Required, f.Unique = "string", nil, false, false }

// changing marks the context of requests that change what is there.
type changing struct{}

// lax is a store that admits such requests in another way than all others.
type lax struct {
	store.Store
	then store.Store
}

func (l lax) Admit(ctx context.Context, application string, digest []byte) (store.Admission, error) {
	if ctx.Value(changing{}) != nil {
		return l.then.Admit(ctx, application, digest)
	}
	return l.Store.Admit(ctx, application, digest)
}
