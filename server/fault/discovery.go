package fault

import (
	"net/http"
	"net/url"
	"strings"
)

// The endpoints of discovery.
const (
	configEndpoint  = "/ServiceProviderConfig"
	typesEndpoint   = "/ResourceTypes"
	schemasEndpoint = "/Schemas"
)

var (
	readConfig  = and(method("GET"), under(configEndpoint))
	readTypes   = and(method("GET"), under(typesEndpoint))
	readSchemas = and(method("GET"), under(schemasEndpoint))
	described   = or(readTypes, readSchemas)
)

// extensionsOf lets a fault change each extension that resource types name.
func extensionsOf(edit func(ext object)) func(http.Handler) http.Handler {
	return resources(readTypes, func(res object) { each(res["schemaExtensions"], edit) })
}

// attributes lets a fault change each attribute and sub-attribute that schemas declare. Path is "emails.value", parent nil at the top.
func attributes(edit func(path string, a, parent object)) func(http.Handler) http.Handler {
	var walk func(prefix string, list any, parent object)
	walk = func(prefix string, list any, parent object) {
		each(list, func(a object) {
			name, _ := a["name"].(string)
			walk(prefix+name+".", a["subAttributes"], a)
			edit(prefix+name, a, parent)
		})
	}
	return resources(readSchemas, func(res object) { walk("", res["attributes"], nil) })
}

// declared lets a fault change how schemas declare one attribute.
func declared(path string, edit func(a object)) func(http.Handler) http.Handler {
	return attributes(func(at string, a, _ object) {
		if at == path {
			edit(a)
		}
	})
}

func each(list any, edit func(el object)) {
	elements, _ := list.([]any)
	for _, el := range elements {
		if o, ok := el.(object); ok {
			edit(o)
		}
	}
}

// relisted lets a fault change the list in an answer.
func relisted(chosen when, edit func(r *http.Request, doc object, list []any) []any) func(http.Handler) http.Handler {
	return document(chosen, func(r *http.Request, _ *answer, doc object) {
		if list, ok := doc["Resources"].([]any); ok {
			list = edit(r, doc, list)
			doc["Resources"], doc["totalResults"] = list, len(list)
		}
	})
}

// misdescribed are deviations of /ServiceProviderConfig, /ResourceTypes and /Schemas (RFC 7644 section 4).
var misdescribed = []Fault{
	{
		Name:   "config-missing",
		Breaks: []string{"discovery.config.status"},
		Seen:   "servers that are configured by hand on both sides",
		Wrap:   instead(readConfig, http.StatusNotFound, "application/scim+json", `{"schemas":["`+errorURN+`"],"status":"404","detail":"none"}`),
	},
	{
		Name:   "config-without-schemas",
		Breaks: []string{"discovery.config.schema"},
		Seen:   "a settings object passed through",
		Wrap:   resources(readConfig, func(res object) { delete(res, "schemas") }),
	},
	{
		Name:   "feature-as-text",
		Breaks: []string{"discovery.config.features"},
		Seen:   "settings that are all strings",
		Wrap:   resources(readConfig, func(res object) { res["etag"] = object{"supported": "false"} }),
	},
	{
		Name:   "bulk-limits-missing",
		Breaks: []string{"discovery.config.bulk-limits"},
		Seen:   "servers without bulk that leave the limits out",
		Wrap:   resources(readConfig, func(res object) { res["bulk"] = object{"supported": false} }),
	},
	{
		Name:   "filter-limit-missing",
		Breaks: []string{"discovery.config.filter-limit"},
		Seen:   "servers that page and do not say how",
		Wrap:   resources(readConfig, func(res object) { res["filter"] = object{"supported": true} }),
	},
	{
		Name:   "authentication-undescribed",
		Breaks: []string{"discovery.config.authentication"},
		Seen:   "scheme entries with a type alone",
		Wrap: resources(readConfig, func(res object) {
			each(res["authenticationSchemes"], func(scheme object) { delete(scheme, "description") })
		}),
	},
	{
		Name:   "discovery-behind-login",
		Breaks: []string{"discovery.config.public", "idaas.access.discovery"},
		Seen:   "one middleware for all routes; RFC 7643 section 5 leaves it to the server",
		Wrap: func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if discovery(r) && r.Header.Get("Authorization") == "" {
					w.Header().Set("WWW-Authenticate", "Bearer")
					refuse(w, http.StatusUnauthorized, "", "a token is needed")
					return
				}
				next.ServeHTTP(w, r)
			})
		},
	},
	{
		Name:   "discovery-writable",
		Breaks: []string{"discovery.config.read-only", "discovery.schemas.read-only"},
		Seen:   "generic handlers that take any method",
		Wrap:   instead(and(method("PUT"), discovery), http.StatusOK, "application/scim+json", "{}"),
	},
	{
		Name:   "discovery-as-array",
		Breaks: []string{"discovery.types.list", "discovery.schemas.list"},
		Seen:   "pond/scimitar#117, imulab/go-scim#14",
		Wrap: response(described, func(_ *http.Request, a *answer) {
			if doc, ok := decode(a.body); ok && doc["Resources"] != nil {
				a.encode(doc["Resources"])
			}
		}),
	},
	{
		Name:   "discovery-without-schemas",
		Breaks: []string{"discovery.types.schemas", "discovery.schemas.schemas"},
		Seen:   "apache/directory-scimple#1012, and the example of RFC 7643 section 8.7.1 itself",
		Wrap:   resources(described, func(res object) { delete(res, "schemas") }),
	},
	{
		Name:   "discovery-location-404",
		Breaks: []string{"discovery.types.location", "discovery.schemas.location"},
		Seen:   "FusionAuth/fusionauth-issues#2793",
		Wrap: resources(described, func(res object) {
			if m, ok := res["meta"].(object); ok {
				location, _ := m["location"].(string)
				m["location"] = strings.NewReplacer("/ResourceTypes/", "/ResourceType/", "/Schemas/", "/Schema/").Replace(location)
			}
		}),
	},
	{
		Name:   "discovery-single-as-list",
		Breaks: []string{"discovery.types.single", "discovery.schemas.single"},
		Seen:   "a route that ignores what comes behind the endpoint",
		Wrap: func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				for _, e := range []string{typesEndpoint, schemasEndpoint} {
					if and(method("GET"), single(e))(r) {
						r = again(r, "GET", e, nil)
					}
				}
				next.ServeHTTP(w, r)
			})
		},
	},
	{
		Name:   "discovery-unknown-200",
		Breaks: []string{"discovery.types.unknown", "discovery.schemas.unknown"},
		Seen:   "lookups that answer with an empty object",
		Wrap: response(described, func(_ *http.Request, a *answer) {
			if a.status == http.StatusNotFound {
				a.status, a.body = http.StatusOK, []byte("{}")
			}
		}),
	},
	{
		Name:   "discovery-paged",
		Breaks: []string{"discovery.types.whole", "discovery.schemas.whole"},
		Seen:   "one list handler for everything",
		Wrap: relisted(and(described, asks("count")), func(_ *http.Request, _ object, list []any) []any {
			return list[:1]
		}),
	},
	{
		Name:   "discovery-filtered",
		Breaks: []string{"discovery.types.filter", "discovery.schemas.filter"},
		Seen:   "elimity's schemas handler",
		Wrap: both(query(and(described, asks("filter")), func(q url.Values) {
			q.Del("filter")
			q.Set("nothing", "1")
		}), relisted(and(described, asks("nothing")), func(*http.Request, object, []any) []any { return []any{} })),
	},
	{
		Name:   "type-without-endpoint",
		Breaks: []string{"discovery.types.required"},
		Seen:   "endpoints taken for granted",
		Wrap:   resources(readTypes, func(res object) { delete(res, "endpoint") }),
	},
	{
		Name:   "type-of-unknown-schema",
		Breaks: []string{"discovery.types.schema-exists"},
		Seen:   "URNs of SCIM 1.1 left in place",
		Wrap:   resources(readTypes, func(res object) { res["schema"] = "urn:scim:schemas:core:1.0" }),
	},
	{
		Name:   "extension-not-served",
		Breaks: []string{"discovery.types.extension-exists"},
		Seen:   "schemas written by hand, once, before there were extensions",
		Wrap:   extensionsOf(func(ext object) { ext["schema"] = "urn:ietf:params:scim:schemas:extension:example:2.0:User" }),
	},
	{
		Name:   "extension-required-as-text",
		Breaks: []string{"discovery.types.extension-required"},
		Seen:   "settings that are all strings",
		Wrap:   extensionsOf(func(ext object) { ext["required"] = "false" }),
	},
	{
		Name:   "type-endpoint-404",
		Breaks: []string{"discovery.types.endpoint"},
		Seen:   "the name of the type in place of its endpoint",
		Wrap:   resources(readTypes, func(res object) { res["endpoint"] = "/" + res["name"].(string) }),
	},
	{
		Name:   "schema-without-attributes",
		Breaks: []string{"discovery.schemas.required"},
		Seen:   "lists of names and descriptions",
		Wrap:   resources(readSchemas, func(res object) { delete(res, "attributes") }),
	},
	{
		Name:   "messages-listed",
		Breaks: []string{"discovery.schemas.no-messages"},
		Seen:   "every URN that the code knows, listed",
		Wrap: relisted(readSchemas, func(_ *http.Request, _ object, list []any) []any {
			return append(list, object{"schemas": []string{schemaURN}, "id": errorURN, "name": "Error", "attributes": []any{}})
		}),
	},
	{
		Name:   "types-of-the-language",
		Breaks: []string{"discovery.schemas.types"},
		Seen:   "schemas generated from classes",
		Wrap:   declared("active", func(a object) { a["type"] = "bool" }),
	},
	{
		Name:   "attributes-flat",
		Breaks: []string{"discovery.schemas.names"},
		Seen:   "mappings of columns shown as schemas",
		Wrap:   declared("title", func(a object) { a["name"] = "name.title" }),
	},
	{
		Name:   "sub-attributes-twice",
		Breaks: []string{"discovery.schemas.duplicates"},
		Seen:   "apache/directory-scimple#480",
		Wrap: declared("emails", func(a object) {
			subs, _ := a["subAttributes"].([]any)
			a["subAttributes"] = append(subs, subs[0])
		}),
	},
	{
		Name:   "characteristics-missing",
		Breaks: []string{"discovery.schemas.characteristics"},
		Seen:   "defaults left out",
		Wrap: attributes(func(_ string, a, _ object) {
			if a["mutability"] == "readWrite" {
				delete(a, "mutability")
			}
		}),
	},
	{
		Name:   "mutability-lower-case",
		Breaks: []string{"discovery.schemas.keywords"},
		Seen:   "simpleidserver/SimpleIdServer#242",
		Wrap: attributes(func(_ string, a, _ object) {
			m, _ := a["mutability"].(string)
			a["mutability"] = strings.ToLower(m)
		}),
	},
	{
		Name:   "complex-in-complex",
		Breaks: []string{"discovery.schemas.nesting"},
		Seen:   "a manager with the name of a user inside",
		Wrap: declared("manager.displayName", func(a object) {
			a["type"], a["subAttributes"] = "complex", []any{object{"name": "formatted", "type": "string"}}
		}),
	},
	{
		Name:   "sub-attributes-missing",
		Breaks: []string{"discovery.schemas.sub-attributes"},
		Seen:   "complex attributes listed and not described",
		Wrap:   declared("addresses", func(a object) { delete(a, "subAttributes") }),
	},
	{
		Name:   "reference-types-missing",
		Breaks: []string{"discovery.schemas.reference-types"},
		Seen:   "references declared as if they were texts",
		Wrap:   attributes(func(_ string, a, _ object) { delete(a, "referenceTypes") }),
	},
	{
		Name:   "emails-as-text",
		Breaks: []string{"discovery.schemas.user-shapes"},
		Seen:   "one column for one address",
		Wrap: declared("emails", func(a object) {
			a["type"], a["multiValued"] = "string", false
			delete(a, "subAttributes")
		}),
	},
	{
		Name:   "members-as-one",
		Breaks: []string{"discovery.schemas.group-shapes"},
		Seen:   "multiValued left at its default",
		Wrap:   declared("members", func(a object) { a["multiValued"] = false }),
	},
	{
		Name:   "manager-as-text",
		Breaks: []string{"discovery.schemas.enterprise-shapes"},
		Seen:   "servers made for Entra ID, which sends the manager's id as a text",
		Wrap: declared("manager", func(a object) {
			a["type"] = "string"
			delete(a, "subAttributes")
		}),
	},
	{
		Name:   "username-declared-optional",
		Breaks: []string{"discovery.schemas.username"},
		Seen:   "requirements kept in code and left out of the schema",
		Wrap:   declared("userName", func(a object) { a["required"] = false }),
	},
	{
		Name:   "username-declared-common",
		Breaks: []string{"discovery.schemas.username-unique"},
		Seen:   "uniqueness left at its default",
		Wrap:   declared("userName", func(a object) { a["uniqueness"] = "none" }),
	},
	{
		Name:   "password-declared-readable",
		Breaks: []string{"discovery.schemas.password"},
		Seen:   "one characteristic for all attributes",
		Wrap:   declared("password", func(a object) { a["mutability"], a["returned"] = "readWrite", "default" }),
	},
}

const schemaURN = "urn:ietf:params:scim:schemas:core:2.0:Schema"
