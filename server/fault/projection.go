package fault

import (
	"net/http"
	"net/url"
	"strings"
)

// projected are deviations of attributes and excludedAttributes (RFC 7644 section 3.9).
var projected = []Fault{
	{
		Name:   "attributes-ignored",
		Breaks: []string{"projection.attributes", "projection.minimum", "projection.sub-attribute", "projection.urn", "projection.list", "projection.case"},
		Seen:   "elimity: all projection ignored on GET",
		Wrap:   query(asks("attributes"), func(q url.Values) { q.Del("attributes") }),
	},
	{
		Name:   "attributes-split-at-spaces",
		Breaks: []string{"projection.attributes"},
		Seen:   "imulab/go-scim#62",
		Wrap: query(asks("attributes"), func(q url.Values) {
			if strings.Contains(q.Get("attributes"), ",") {
				q.Set("attributes", "id")
			}
		}),
	},
	{
		Name:   "meta-always",
		Breaks: []string{"projection.minimum"},
		Seen:   "an envelope of id, schemas and meta around every answer",
		Wrap:   resources(and(asks("attributes"), under(users)), func(res object) { res["meta"] = object{"resourceType": "User"} }),
	},
	{
		Name:   "schemas-missing-from-projection",
		Breaks: []string{"projection.schemas"},
		Seen:   "the example of RFC 7644 section 3.4.2 leaves them out",
		Wrap:   resources(asks("attributes"), func(res object) { delete(res, "schemas") }),
	},
	{
		Name:   "complex-projection-empty",
		Breaks: []string{"projection.complex"},
		Seen:   "python-scim/scim2-models#114, scimmyjs/scimmy#61",
		Wrap:   resources(asks("attributes"), func(res object) { res["emails"] = []any{object{}} }),
	},
	{
		Name:   "excluded-sub-attribute-takes-all",
		Breaks: []string{"projection.excluded-sub-attribute"},
		Seen:   "pingidentity/scim2: names cut at the dot",
		Wrap: query(asks("excludedAttributes"), func(q url.Values) {
			name, _, _ := strings.Cut(q.Get("excludedAttributes"), ".")
			q.Set("excludedAttributes", name)
		}),
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
		Name:   "urn-exclusion-unknown",
		Breaks: []string{"projection.excluded-urn"},
		Seen:   "SCIMMY: names to leave out compared byte by byte",
		Wrap: query(asks("excludedAttributes"), func(q url.Values) {
			if strings.Contains(q.Get("excludedAttributes"), "urn:") {
				q.Del("excludedAttributes")
			}
		}),
	},
	{
		Name:   "blank-name-breaks",
		Breaks: []string{"projection.blank"},
		Seen:   "SCIMMY: an empty name looked up like any other",
		Wrap: instead(func(r *http.Request) bool { return strings.HasSuffix(r.URL.Query().Get("attributes"), ",") },
			http.StatusInternalServerError, "text/plain", "cannot read properties of undefined"),
	},
	{
		Name:   "patch-of-a-projection",
		Breaks: []string{"projection.patch-keeps"},
		Seen:   "SCIMMY: a resource that is read through the projection, patched, and written back as it was read",
		Wrap: func(next http.Handler) http.Handler {
			leaves := and(patchUser, asksFor("excludedAttributes", "displayName"))
			return operations(leaves, func(op object) []object { return []object{op, {"op": "remove", "path": "displayName"}} })(next)
		},
	},
	{
		Name:   "projection-only-on-get",
		Breaks: []string{"projection.post", "projection.put", "projection.patch"},
		Seen:   "answers to writes that are always whole",
		Wrap:   query(and(not(method("GET")), asks("attributes")), func(q url.Values) { q.Del("attributes") }),
	},
}
