package fault

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// listResponses lets a fault change the ListResponse to the queries it chooses.
func listResponses(chosen when, edit func(r *http.Request, doc object, list []any)) func(http.Handler) http.Handler {
	return document(and(method("GET"), chosen), func(r *http.Request, _ *answer, doc object) {
		if list, ok := doc["Resources"].([]any); ok {
			edit(r, doc, list)
		}
	})
}

// asksFor chooses requests by the value of a query parameter.
func asksFor(parameter, value string) when {
	return func(r *http.Request) bool { return r.URL.Query().Get(parameter) == value }
}

// refusesQuery refuses the queries it chooses.
func refusesQuery(chosen when, code int) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if chosen(r) {
				refuse(w, code, "", "this query is not taken")
				return
			}
			next.ServeHTTP(w, r)
		})
	}
}

// listMessages are deviations of the ListResponse (RFC 7644 section 3.4.2).
var listMessages = []Fault{
	{
		Name:   "list-as-array",
		Breaks: []string{"list.response"},
		Seen:   "pond/scimitar#117, imulab/go-scim#14",
		Wrap: response(listUsers, func(_ *http.Request, a *answer) {
			if doc, ok := decode(a.body); ok && doc["Resources"] != nil {
				a.encode(doc["Resources"])
			}
		}),
	},
	{
		Name:   "resources-in-lower-case",
		Breaks: []string{"list.resources-spelling"},
		Seen:   "serialisers that begin every name in lower case",
		Wrap: listResponses(always, func(_ *http.Request, doc object, list []any) {
			delete(doc, "Resources")
			doc["resources"] = list
		}),
	},
	{
		Name:   "resources-null",
		Breaks: []string{"list.no-null"},
		Seen:   "elimity PR #78",
		Wrap: listResponses(always, func(_ *http.Request, doc object, list []any) {
			if len(list) == 0 {
				doc["Resources"] = nil
			}
		}),
	},
	{
		Name:   "ids-missing-from-lists",
		Breaks: []string{"list.resource-id"},
		Seen:   "SimpleIdServer#45, osiam#151",
		Wrap:   resources(listUsers, func(res object) { delete(res, "id") }),
	},
	{
		Name:   "lists-are-brief",
		Breaks: []string{"list.resource-complete"},
		Seen:   "graphql-hive/console#8352: lists leave out what a read shows",
		Wrap:   resources(listUsers, func(res object) { delete(res, "externalId") }),
	},
	{
		Name:   "filter-drops-projection",
		Breaks: []string{"list.combined"},
		Seen:   "a search endpoint of its own that knows the filter alone",
		Wrap:   query(filtering, func(q url.Values) { q.Del("attributes") }),
	},
}

// listPaging are deviations of startIndex and count (RFC 7644 section 3.4.2.4).
var listPaging = []Fault{
	{Name: "count-ignored", Breaks: []string{"paging.count"}, Seen: "pages of a fixed size", Wrap: query(listUsers, func(q url.Values) { q.Del("count") })},
	{Name: "count-zero-ignored", Breaks: []string{"paging.count-zero"}, Seen: "0 taken for not given", Wrap: query(asksFor("count", "0"), func(q url.Values) { q.Del("count") })},
	{
		Name:   "count-zero-counts-nothing",
		Breaks: []string{"paging.count-zero"},
		Seen:   "PennState/SCIMple-Identity#74",
		Wrap:   document(asksFor("count", "0"), func(_ *http.Request, _ *answer, doc object) { doc["totalResults"] = 0 }),
	},
	{Name: "negative-count-refused", Breaks: []string{"paging.count-negative"}, Seen: "validation of parameters by the framework", Wrap: refusesQuery(asksFor("count", "-1"), http.StatusBadRequest)},
	{Name: "start-zero-refused", Breaks: []string{"paging.start-zero"}, Seen: "scimmy#42", Wrap: refusesQuery(asksFor("startIndex", "0"), http.StatusBadRequest)},
	{
		Name:   "start-negative-from-the-end",
		Breaks: []string{"paging.start-negative"},
		Seen:   "scimmy#42; a slice with a negative bound",
		Wrap:   query(asksFor("startIndex", "-5"), func(q url.Values) { q.Set("startIndex", "5") }),
	},
	{Name: "past-end-first-page", Breaks: []string{"paging.start-beyond"}, Seen: "SCIMMY 1.3.5", Wrap: query(asksFor("startIndex", "1000"), func(q url.Values) { q.Del("startIndex") })},
	{Name: "pages-begin-again", Breaks: []string{"paging.ends"}, Seen: "SCIMMY 1.3.5", Wrap: query(asksFor("startIndex", "4"), func(q url.Values) { q.Del("startIndex") })},
	{
		Name:   "total-is-page",
		Breaks: []string{"paging.total"},
		Seen:   "totalResults taken from the length of the page",
		Wrap:   listResponses(always, func(_ *http.Request, doc object, list []any) { doc["totalResults"] = len(list) }),
	},
	{
		Name:   "pages-overlap",
		Breaks: []string{"paging.pages"},
		Seen:   "startIndex taken for an offset from 0, or for the number of a page",
		Wrap: query(listUsers, func(q url.Values) {
			if n, err := strconv.Atoi(q.Get("startIndex")); err == nil && n > 1 {
				q.Set("startIndex", strconv.Itoa(n-1))
			}
		}),
	},
	{
		Name:   "page-sliced-twice",
		Breaks: []string{"paging.pages"},
		Seen:   "SCIMMY ListResponse: what the store has cut is cut again",
		Wrap: listResponses(listUsers, func(r *http.Request, doc object, list []any) {
			if n, err := strconv.Atoi(r.URL.Query().Get("startIndex")); err == nil && n > 1 {
				doc["Resources"] = list[min(n-1, len(list)):]
			}
		}),
	},
	{Name: "start-index-left-out", Breaks: []string{"paging.start-index-told"}, Seen: "lists with totalResults and nothing else", Wrap: listResponses(always, func(_ *http.Request, doc object, _ []any) { delete(doc, "startIndex") })},
	{Name: "items-per-page-left-out", Breaks: []string{"paging.items-per-page-told"}, Seen: "lists with totalResults and nothing else", Wrap: listResponses(always, func(_ *http.Request, doc object, _ []any) { delete(doc, "itemsPerPage") })},
	{
		Name:   "counts-as-text",
		Breaks: []string{"paging.numbers"},
		Seen:   "parameters of the query echoed as they came",
		Wrap: listResponses(always, func(r *http.Request, doc object, _ []any) {
			doc["startIndex"], doc["itemsPerPage"] = r.URL.Query().Get("startIndex"), r.URL.Query().Get("count")
		}),
	},
	{Name: "odd-count-crashes", Breaks: []string{"paging.not-numbers"}, Seen: "conversions whose errors nobody catches", Wrap: refusesQuery(asksFor("count", "abc"), http.StatusInternalServerError)},
}

// listSorting are deviations of sortBy and sortOrder (RFC 7644 section 3.4.2.3).
var listSorting = []Fault{
	{
		Name:   "sort-advertised-only",
		Breaks: []string{"sort.ascending", "sort.descending", "sort.default-order", "sort.case", "sort.sub-attribute", "sort.pages"},
		Seen:   "sort.supported true in a document that nobody compared with the code",
		Wrap:   query(asks("sortBy"), func(q url.Values) { q.Del("sortBy"); q.Del("sortOrder") }),
	},
	{
		Name:   "descending-in-upper-case",
		Breaks: []string{"sort.descending"},
		Seen:   "apache/directory-scimple#485: an enum with other names",
		Wrap:   refusesQuery(asksFor("sortOrder", "descending"), http.StatusNotFound),
	},
	{
		Name:   "descending-by-default",
		Breaks: []string{"sort.default-order"},
		Seen:   "the default of the database's client",
		Wrap:   query(and(asks("sortBy"), not(asks("sortOrder"))), func(q url.Values) { q.Set("sortOrder", "descending") }),
	},
	{
		Name:   "sorted-by-bytes",
		Breaks: []string{"sort.case"},
		Seen:   "wso2/product-is#10897: a binary collation",
		Wrap: listResponses(asksFor("sortBy", "userName"), func(r *http.Request, _ object, list []any) {
			if r.URL.Query().Get("sortOrder") != "descending" {
				slices.SortFunc(list, func(a, b any) int { return strings.Compare(nameOf(a), nameOf(b)) })
			}
		}),
	},
	{Name: "sort-names-case-sensitive", Breaks: []string{"sort.name-case"}, Seen: "columns looked up byte by byte", Wrap: query(asksFor("sortBy", "USERNAME"), func(q url.Values) { q.Del("sortBy") })},
	{Name: "sort-urn-unknown", Breaks: []string{"sort.urn"}, Seen: "SCIMMY: URNs cut at the dot of 2.0", Wrap: query(asksFor("sortBy", userURN+":userName"), func(q url.Values) { q.Del("sortBy") })},
	{
		Name:   "dates-sorted-one-way",
		Breaks: []string{"sort.date-time"},
		Seen:   "meta kept outside the columns that the order is made of",
		Wrap:   query(asksFor("sortBy", "meta.created"), func(q url.Values) { q.Set("sortOrder", "ascending") }),
	},
	{
		Name:   "missing-first",
		Breaks: []string{"sort.missing"},
		Seen:   "databases that put NULL first",
		Wrap: listResponses(asksFor("sortBy", "externalId"), func(_ *http.Request, _ object, list []any) {
			slices.SortStableFunc(list, func(a, b any) int { return rank(a) - rank(b) })
		}),
	},
	{
		Name:   "pages-sorted-one-by-one",
		Breaks: []string{"sort.pages"},
		Seen:   "wso2/product-is#10897: the page sorted, not the results",
		Wrap: func(next http.Handler) http.Handler {
			cut := query(asks("startIndex"), func(q url.Values) { q.Del("sortBy") })(next)
			return listResponses(asksFor("sortBy", "userName"), func(_ *http.Request, _ object, list []any) {
				slices.SortFunc(list, func(a, b any) int { return strings.Compare(nameOf(a), nameOf(b)) })
			})(cut)
		},
	},
}

func nameOf(res any) string {
	o, _ := res.(object)
	name, _ := o["userName"].(string)
	return name
}

// rank is 0 for a resource without externalId.
func rank(res any) int {
	if o, _ := res.(object); o["externalId"] == nil {
		return 0
	}
	return 1
}
