package match

import (
	"fmt"
	"slices"
	"strings"

	"github.com/onsi/gomega/types"

	"scimproof/simulator/tree"
	"scimproof/suites/check"
)

// ListResponse wants a list message: its schema, totalResults as a whole number, and Resources as a list where there are any
// (RFC 7644 section 3.4.2).
func ListResponse() types.GomegaMatcher {
	return matcher{"status 200 and a ListResponse", "body", func(a *check.Answer) (string, bool) {
		if a.Status != 200 {
			return brief(a), false
		}
		if problem := listProblem(a); problem != "" {
			return problem, false
		}
		return "a ListResponse", true
	}}
}

func listProblem(a *check.Answer) string {
	switch {
	case a.Doc == nil || a.Doc.Kind != tree.Object:
		return "the body is no JSON object"
	case !slices.ContainsFunc(elements(a.At("schemas")), func(n *tree.Node) bool { return n.String() == check.ListSchema }):
		return "schemas is " + describe(a.At("schemas"))
	case a.Total() < 0:
		return "totalResults is " + describe(a.At("totalResults"))
	}
	list := a.At("Resources")
	switch {
	case list != nil && list.Kind != tree.Array && list.Kind != tree.Null:
		return "Resources is " + describe(list)
	case len(a.Resources()) > a.Total():
		return fmt.Sprintf("%d resources, and totalResults is %d", len(a.Resources()), a.Total())
	}
	return ""
}

// Found wants a list whose resources are exactly those with the ids, in any order.
func Found(ids ...string) types.GomegaMatcher {
	wanted := "an empty list"
	if len(ids) > 0 {
		wanted = fmt.Sprintf("a list of exactly %d: %s", len(ids), strings.Join(ids, ", "))
	}
	return matcher{wanted, "Resources", func(a *check.Answer) (string, bool) {
		if a.Status != 200 {
			return brief(a), false
		}
		if problem := listProblem(a); problem != "" {
			return problem, false
		}
		got := resourceIDs(a)
		want := slices.Clone(ids)
		slices.Sort(got)
		slices.Sort(want)
		what := fmt.Sprintf("totalResults %d, ids %s", a.Total(), short(fmt.Sprint(got)))
		return what, slices.Equal(got, want) && a.Total() == len(ids)
	}}
}

// FoundAmong wants a list that has all the ids, whatever else.
func FoundAmong(ids ...string) types.GomegaMatcher {
	return matcher{"a list with " + strings.Join(ids, ", "), "Resources", func(a *check.Answer) (string, bool) {
		if a.Status != 200 {
			return brief(a), false
		}
		got := resourceIDs(a)
		for _, id := range ids {
			if !slices.Contains(got, id) {
				return fmt.Sprintf("totalResults %d, without %s", a.Total(), id), false
			}
		}
		return fmt.Sprintf("totalResults %d, all of them there", a.Total()), true
	}}
}

func resourceIDs(a *check.Answer) []string {
	var ids []string
	for _, r := range a.Resources() {
		ids = append(ids, r.Text("id"))
	}
	return ids
}
