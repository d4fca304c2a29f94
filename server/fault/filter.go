package fault

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
)

var (
	listUsers  = and(method("GET"), collection(users))
	listGroups = and(method("GET"), collection(groups))
	filtering  = and(method("GET"), asks("filter"))
)

// nobody is a filter that no resource satisfies.
const nobody = `id eq "nobody"`

// filters lets a fault rewrite the filters that the server sees.
func filters(edit func(filter string) string) func(http.Handler) http.Handler {
	return query(filtering, func(q url.Values) { q.Set("filter", edit(q.Get("filter"))) })
}

// reads lets a fault read one text in a filter for another.
func reads(text, as string) func(http.Handler) http.Handler {
	return filters(func(f string) string { return strings.ReplaceAll(f, text, as) })
}

// rewrites lets a fault rewrite what in a filter looks like a pattern.
func rewrites(pattern, as string) func(http.Handler) http.Handler {
	re := regexp.MustCompile(pattern)
	return filters(func(f string) string { return re.ReplaceAllString(f, as) })
}

// lost lets filters that look like a pattern find nothing.
func lost(pattern string) func(http.Handler) http.Handler {
	re := regexp.MustCompile(pattern)
	return filters(func(f string) string {
		if re.MatchString(f) {
			return nobody
		}
		return f
	})
}

// unfiltered lets filters that look like a pattern find everything.
func unfiltered(pattern string) func(http.Handler) http.Handler {
	re := regexp.MustCompile(pattern)
	return query(func(r *http.Request) bool { return filtering(r) && re.MatchString(r.URL.Query().Get("filter")) }, func(q url.Values) { q.Del("filter") })
}

// hides leaves resources out of the lists that a fault chooses.
func hides(chosen when, hidden func(r *http.Request, res object) bool) func(http.Handler) http.Handler {
	return document(chosen, func(r *http.Request, _ *answer, doc object) {
		list, ok := doc["Resources"].([]any)
		if !ok {
			return
		}
		kept := []any{}
		for _, el := range list {
			if res, ok := el.(object); !ok || !hidden(r, res) {
				kept = append(kept, el)
			}
		}
		if total, ok := doc["totalResults"].(float64); ok {
			doc["totalResults"] = int(total) - len(list) + len(kept)
		}
		doc["Resources"] = kept
	})
}

// sought is the text with which a filter compares the attribute and nothing else, or "".
func sought(r *http.Request, attribute string) string {
	filter := r.URL.Query().Get("filter")
	head := attribute + ` eq "`
	if len(filter) <= len(head) || !strings.EqualFold(filter[:len(head)], head) {
		return ""
	}
	value, rest, _ := strings.Cut(filter[len(head):], `"`)
	if rest != "" {
		return ""
	}
	return value
}

// filterOperators are deviations of the operators of filters (RFC 7644 section 3.4.2.2, table 3).
var filterOperators = []Fault{
	{
		Name:   "only-eq-is-known",
		Breaks: []string{"filter.operators"},
		Seen:   "wso2/product-is#11182; many servers know the one operator that their first client sent",
		Wrap: func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if f := r.URL.Query().Get("filter"); f != "" && !strings.Contains(f, " eq ") {
					refuse(w, http.StatusBadRequest, "invalidFilter", "only eq is supported")
					return
				}
				next.ServeHTTP(w, r)
			})
		},
	},
	{
		Name:   "eq-as-like",
		Breaks: []string{"filter.eq", "filter.value-underscore"},
		Seen:   "databases asked with LIKE: wildcards behind the value, and _ for any character",
		Wrap: both(
			rewrites(`^userName eq "(.*)-[a-z]@example.com"$`, `userName sw "$1"`),
			rewrites(`^displayName eq "(.*)_(.*)"$`, `displayName sw "$1" and displayName ew "$2"`),
		),
	},
	{Name: "id-not-filterable", Breaks: []string{"filter.eq-id"}, Seen: "id kept in another column than the attributes", Wrap: lost(`^id eq`)},
	{Name: "external-id-not-filterable", Breaks: []string{"filter.eq-external-id"}, Seen: "a filter parser with a list of two attributes", Wrap: lost(`^externalId eq`)},
	{Name: "false-is-missing", Breaks: []string{"filter.eq-boolean"}, Seen: "false taken for an absent value", Wrap: lost(`active eq false`)},
	{Name: "ne-as-eq", Breaks: []string{"filter.ne"}, Seen: "a table of operators with a slip", Wrap: reads(" ne ", " eq ")},
	{Name: "co-as-sw", Breaks: []string{"filter.co"}, Seen: "an index that can only look for prefixes", Wrap: reads(" co ", " sw ")},
	{Name: "sw-as-co", Breaks: []string{"filter.sw"}, Seen: "LIKE with a wildcard at both ends", Wrap: reads(" sw ", " co ")},
	{Name: "ew-as-co", Breaks: []string{"filter.ew"}, Seen: "LIKE with a wildcard at both ends", Wrap: reads(" ew ", " co ")},
	{Name: "pr-always-true", Breaks: []string{"filter.pr"}, Seen: "pr answered by the schema and not by the resource", Wrap: rewrites(`externalId pr`, `id pr`)},
	{Name: "gt-as-ge", Breaks: []string{"filter.gt"}, Seen: "boundaries never tested", Wrap: reads(" gt ", " ge ")},
	{Name: "ge-as-gt", Breaks: []string{"filter.ge"}, Seen: "boundaries never tested", Wrap: reads(" ge ", " gt ")},
	{Name: "lt-as-le", Breaks: []string{"filter.lt"}, Seen: "boundaries never tested", Wrap: reads(" lt ", " le ")},
	{Name: "le-as-lt", Breaks: []string{"filter.le"}, Seen: "boundaries never tested", Wrap: reads(" le ", " lt ")},
	{Name: "dates-not-compared", Breaks: []string{"filter.date-time"}, Seen: "meta not part of what can be filtered", Wrap: lost(`meta\.lastModified gt`)},
	{Name: "zone-ignored", Breaks: []string{"filter.date-time-zone"}, Seen: "scim2-parse-filter#170, cloudfoundry/uaa#3699", Wrap: rewrites(`[+-]0\d:00"`, `Z"`)},
	{
		Name:   "no-result-404",
		Breaks: []string{"filter.no-result", "groups.read.no-result"},
		Seen:   "servers that take an empty list for a missing resource; Entra puts the job into quarantine",
		Wrap: document(filtering, func(_ *http.Request, a *answer, doc object) {
			if total, ok := doc["totalResults"].(float64); ok && total == 0 {
				a.status = http.StatusNotFound
				for k := range doc {
					delete(doc, k)
				}
				doc["schemas"], doc["status"], doc["detail"] = []string{errorURN}, "404", "nothing found"
			}
		}),
	},
	{
		Name:   "inactive-hidden",
		Breaks: []string{"filter.inactive"},
		Seen:   "soft deletion by active: false, with a scope over every query",
		Wrap:   hides(listUsers, func(_ *http.Request, res object) bool { return res["active"] == false }),
	},
}

// filterLogic are deviations of connectives and groups.
var filterLogic = []Fault{
	{Name: "and-as-or", Breaks: []string{"filter.and"}, Seen: "conditions collected in a list and joined by the wrong word", Wrap: reads(" and ", " or ")},
	{Name: "or-as-and", Breaks: []string{"filter.or"}, Seen: "conditions collected in a list and joined by the wrong word", Wrap: reads(" or ", " and ")},
	{Name: "not-dropped", Breaks: []string{"filter.not"}, Seen: "a parser that skips words it does not know", Wrap: reads("not (", "(")},
	{Name: "not-reaches-the-first", Breaks: []string{"filter.not-group"}, Seen: "SCIMMY: not (a or b) read as not a or not b", Wrap: rewrites(`not \((.*) or (.*)\)$`, `(not ($1) or not ($2))`)},
	{
		Name:   "not-needs-space",
		Breaks: []string{"filter.not-without-space"},
		Seen:   "pingidentity/scim2#56",
		Wrap: func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if strings.Contains(r.URL.Query().Get("filter"), "not(") {
					refuse(w, http.StatusBadRequest, "invalidFilter", "unexpected (")
					return
				}
				next.ServeHTTP(w, r)
			})
		},
	},
	{Name: "left-to-right", Breaks: []string{"filter.precedence"}, Seen: "connectives folded as they come", Wrap: rewrites(`^([^()]* or [^()]*) and `, `($1) and `)},
	{Name: "not-takes-all", Breaks: []string{"filter.precedence-not"}, Seen: "not applied to the rest of the filter", Wrap: rewrites(`^not (\(.*)$`, `not ($1)`)},
	{Name: "parentheses-dropped", Breaks: []string{"filter.parentheses"}, Seen: "grouping accepted and forgotten", Wrap: rewrites(`^\(([^()]*)\) and`, `$1 and`)},
	{
		Name:   "groups-one-deep",
		Breaks: []string{"filter.parentheses-nested"},
		Seen:   "parsers made of regular expressions",
		Wrap: response(filtering, func(r *http.Request, a *answer) {
			if strings.Contains(r.URL.Query().Get("filter"), "((") {
				a.status = http.StatusInternalServerError
			}
		}),
	},
}

// filterSpelling are deviations in how names and values are read.
var filterSpelling = []Fault{
	{Name: "filter-names-case-sensitive", Breaks: []string{"filter.case-attribute"}, Seen: "attribute names looked up byte by byte", Wrap: lost(`USERNAME`)},
	{Name: "operators-case-sensitive", Breaks: []string{"filter.case-operator"}, Seen: "operators looked up byte by byte", Wrap: lost(` EQ `)},
	{Name: "upper-case-and-dropped", Breaks: []string{"filter.case-connective"}, Seen: "wso2/product-is#11807: upper-case AND drops what follows", Wrap: rewrites(`" AND .*`, `"`)},
	{Name: "core-urn-unknown", Breaks: []string{"filter.urn", "filter.urn-case"}, Seen: "URNs cut at the dot of 2.0", Wrap: lost(`(?i)^urn:ietf:params:scim:schemas:core`)},
	{Name: "urn-case-sensitive", Breaks: []string{"filter.urn-case"}, Seen: "URNs compared byte by byte", Wrap: lost(`^URN:`)},
	{Name: "schemas-not-filterable", Breaks: []string{"filter.schemas"}, Seen: "SCIMMY: schemas written into answers and known nowhere else", Wrap: lost(`schemas eq "`)},
	{Name: "extension-not-filterable", Breaks: []string{"filter.extension"}, Seen: "SCIM-SDK#114, elimity", Wrap: lost(`schemas:extension:`)},
	{
		Name:   "username-case-sensitive",
		Breaks: []string{"filter.case-insensitive"},
		Seen:   "SimpleIdServer#489, zulip#21758, SCIMMY",
		Wrap: hides(filtering, func(r *http.Request, res object) bool {
			name := sought(r, "userName")
			return name != "" && res["userName"] != name
		}),
	},
	{
		Name:   "external-id-any-case",
		Breaks: []string{"filter.case-exact"},
		Seen:   "RIPAGlobal/scimitar#36: a collation over all columns",
		Wrap: func(next http.Handler) http.Handler {
			var known sync.Map // in lower case -> as it is
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if createUser(r) {
					if doc, ok := decode(drain(r)); ok {
						if id, ok := doc["externalId"].(string); ok {
							known.Store(strings.ToLower(id), id)
						}
					}
				}
				if id, ok := known.Load(strings.ToLower(sought(r, "externalId"))); ok {
					reads(sought(r, "externalId"), id.(string))(next).ServeHTTP(w, r)
					return
				}
				next.ServeHTTP(w, r)
			})
		},
	},
	{
		Name:   "punctuation-ends-value",
		Breaks: []string{"filter.value-punctuation"},
		Seen:   "scim2/filter-parser#29 and parsers whose words are letters",
		Wrap:   lost(`^userName eq "[^"]*'`),
	},
	{Name: "escapes-not-decoded", Breaks: []string{"filter.value-escapes"}, Seen: "SCIM-SDK#913, SCIMMY", Wrap: lost(`\\"`)},
	{Name: "unicode-escapes-not-decoded", Breaks: []string{"filter.value-unicode-escape"}, Seen: "quotes cut off instead of decoded", Wrap: lost(`\\u`)},
	{Name: "operator-in-value", Breaks: []string{"filter.value-operators"}, Seen: "wso2/product-is#12759", Wrap: rewrites(`^([^"]*"[^"]*) AND .*$`, `$1"`)},
	{
		Name:   "like-not-escaped",
		Breaks: []string{"filter.value-percent"},
		Seen:   "powerhome/power-tools#436",
		Wrap:   rewrites(`^displayName (sw|co) "([^"%]*)%([^"]*)"$`, `displayName sw "$2" and displayName co "$3"`),
	},
}

// filterPaths are deviations of sub-attributes, multi-valued attributes and value paths.
var filterPaths = []Fault{
	{Name: "sub-attribute-dropped", Breaks: []string{"filter.sub-attribute"}, Seen: "paths cut at the dot", Wrap: reads("name.familyName", "name.givenName")},
	{
		Name: "missing-attribute-trips",
		Breaks: []string{
			"filter.sub-attribute", "filter.multi-valued", "filter.multi-valued-pr", "filter.multi-valued-any", "filter.multi-valued-across",
			"filter.value-path", "filter.value-path-same", "filter.value-path-logic",
		},
		Seen: "SCIMMY: a sub-attribute read of undefined as soon as one user lacks the attribute",
		Wrap: func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				name := regexp.MustCompile(`\b(emails|name)[. \[]`).FindStringSubmatch(r.URL.Query().Get("filter"))
				if listUsers(r) && name != nil {
					doc, _ := decode(call(next, again(r, "GET", "/Users", nil)).body)
					list, _ := doc["Resources"].([]any)
					if slices.ContainsFunc(list, func(el any) bool { res, _ := el.(object); return res[name[1]] == nil }) {
						refuse(w, http.StatusBadRequest, "invalidValue", "cannot read properties of undefined")
						return
					}
				}
				next.ServeHTTP(w, r)
			})
		},
	},
	{Name: "emails-not-filterable", Breaks: []string{"filter.multi-valued", "filter.multi-valued-any"}, Seen: "elimity", Wrap: lost(`^emails\.value eq`)},
	{
		Name:   "first-value-only",
		Breaks: []string{"filter.multi-valued-any", "filter.multi-valued-across"},
		Seen:   "lists stored as their first element beside a blob",
		Wrap: both(lost(`^emails\.type eq "home" and`), hides(filtering, func(r *http.Request, res object) bool {
			value := sought(r, "emails.value")
			list, _ := res["emails"].([]any)
			if value == "" || len(list) == 0 {
				return false
			}
			first, _ := list[0].(object)
			return first["value"] != value
		})),
	},
	{Name: "bare-multi-valued-refused", Breaks: []string{"filter.multi-valued-bare"}, Seen: "strict reading of section 3.4.2.2", Wrap: lost(`^emails eq`)},
	{Name: "value-path-finds-nothing", Breaks: []string{"filter.value-path"}, Seen: "keycloak#50366", Wrap: lost(`^emails\[type`)},
	{
		Name:   "value-path-across",
		Breaks: []string{"filter.value-path-same"},
		Seen:   "brackets rewritten to conditions with dots",
		Wrap:   rewrites(`^emails\[type eq ("[^"]*") and value eq ("[^"]*")\]$`, `emails.type eq $1 and emails.value eq $2`),
	},
	{Name: "value-path-not-dropped", Breaks: []string{"filter.value-path-logic"}, Seen: "brackets read by a smaller parser", Wrap: reads("[not (type", "[(type")},
}

// filterRefusals are deviations in what is refused.
var filterRefusals = []Fault{
	{Name: "unknown-operator-answered", Breaks: []string{"filter.unknown-operator"}, Seen: "wso2/product-is#3947: an invalid filter answers 200", Wrap: unfiltered(` regex `)},
	{
		Name:   "malformed-filter-untyped",
		Breaks: []string{"filter.malformed", "filter.unknown-operator"},
		Seen:   "a bare 400 of the framework",
		Wrap: failing(filtering, func(_ *answer, doc object) {
			if doc["scimType"] == "invalidFilter" {
				delete(doc, "scimType")
			}
		}),
	},
	{Name: "open-parenthesis-accepted", Breaks: []string{"filter.malformed"}, Seen: "parsers that stop when they have what they need", Wrap: rewrites(`^\(([^()]*)$`, `$1`)},
	{Name: "booleans-have-order", Breaks: []string{"filter.order-of-booleans"}, Seen: "SCIMMY: comparison left to the language", Wrap: rewrites(`^active (gt|ge|lt|le) true$`, `active eq true`)},
	{Name: "unknown-attribute-ignored", Breaks: []string{"filter.unknown-attribute"}, Seen: "conditions that cannot be mapped are left out of the query", Wrap: unfiltered(`^noSuchAttribute`)},
	{Name: "filter-injection", Breaks: []string{"filter.hostile"}, Seen: "values pasted into a query", Wrap: unfiltered(`' or '1'='1`)},
	{
		Name:   "password-oracle",
		Breaks: []string{"filter.password", "idaas.password.filter"},
		Seen:   "elimity; keycloak#50987",
		Wrap: func(next http.Handler) http.Handler {
			var known sync.Map // userName -> password
			guess := regexp.MustCompile(`^(userName eq "([^"]*)") and password (?:eq|sw) "([^"]*)"$`)
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if createUser(r) {
					if doc, ok := decode(drain(r)); ok {
						known.Store(doc["userName"], doc["password"])
					}
				}
				m := guess.FindStringSubmatch(r.URL.Query().Get("filter"))
				if m == nil {
					next.ServeHTTP(w, r)
					return
				}
				instead := nobody
				if password, ok := known.Load(m[2]); ok && password == m[3] {
					instead = m[1]
				}
				filters(func(string) string { return instead })(next).ServeHTTP(w, r)
			})
		},
	},
	{
		Name:   "filter-denied-and-ignored",
		Breaks: []string{"filter.not-supported"},
		Seen:   "servers that advertise no filter and drop the parameter",
		Wrap: both(unfiltered(``), document(collection("/ServiceProviderConfig"), func(_ *http.Request, _ *answer, doc object) {
			doc["filter"] = object{"supported": false, "maxResults": 0}
		})),
	},
}
