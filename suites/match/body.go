package match

import (
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/onsi/gomega/types"

	"scimproof/simulator/tree"
	"scimproof/suites/check"
)

// describe is a value as people read it in a sentence.
func describe(n *tree.Node) string {
	if n == nil {
		return "missing"
	}
	return short(string(n.JSON()))
}

// node turns a Go value into JSON.
func node(v any) *tree.Node {
	if n, ok := v.(*tree.Node); ok {
		return n
	}
	data, err := json.Marshal(v, json.Deterministic(true))
	if err != nil {
		panic(fmt.Sprintf("%T cannot be expected: %v", v, err))
	}
	n, err := tree.Parse(data)
	if err != nil {
		panic(err) // what was just written is JSON
	}
	return n
}

// unassigned takes null and the empty list for nothing (RFC 7643 section 2.5).
func unassigned(found []*tree.Node) bool {
	return !slices.ContainsFunc(found, func(n *tree.Node) bool { return !n.Empty() })
}

// Has wants the part of the body that a path leads to, neither null nor an empty list.
func Has(path string) types.GomegaMatcher {
	return matcher{path + " in the body", path, func(a *check.Answer) (string, bool) {
		if a.Doc == nil {
			return brief(a) + ", no JSON body", false
		}
		found := a.All(path)
		if unassigned(found) {
			if len(found) > 0 {
				return path + " is " + describe(found[0]), false
			}
			return path + " is missing", false
		}
		return path + " is " + describe(found[0]), true
	}}
}

// Lacks wants no such part of the body; null and the empty list are as good as nothing.
func Lacks(path string) types.GomegaMatcher {
	return matcher{"no " + path + " in the body", path, func(a *check.Answer) (string, bool) {
		found := a.All(path)
		if unassigned(found) {
			return "no " + path, true
		}
		if strings.Contains(strings.ToLower(path), "password") {
			return path + " is there", false // whatever it holds stays out of the report
		}
		return path + " is " + describe(found[0]), false
	}}
}

// Value wants exactly one part at the path, equal to the value as JSON.
func Value(path string, want any) types.GomegaMatcher {
	w := node(want)
	return matcher{path + " " + describe(w), path, func(a *check.Answer) (string, bool) { return value(a, path, w, tree.Equal) }}
}

// ValueFold is Value without regard to case.
func ValueFold(path, want string) types.GomegaMatcher {
	w := node(want)
	same := func(x, y *tree.Node) bool { return x.Kind == tree.String && strings.EqualFold(x.String(), y.String()) }
	return matcher{path + " " + describe(w) + ", in any case", path, func(a *check.Answer) (string, bool) { return value(a, path, w, same) }}
}

func value(a *check.Answer, path string, want *tree.Node, same func(x, y *tree.Node) bool) (string, bool) {
	if a.Doc == nil {
		return brief(a) + ", no JSON body", false
	}
	found := a.All(path)
	switch len(found) {
	case 0:
		return path + " is missing", false
	case 1:
		return path + " is " + describe(found[0]), same(found[0], want)
	}
	return fmt.Sprintf("%s stands %d times", path, len(found)), false
}

// Contains wants a list at the path that has an element equal to the value.
func Contains(path string, want any) types.GomegaMatcher {
	w := node(want)
	return matcher{path + " with " + describe(w), path, func(a *check.Answer) (string, bool) {
		list := a.At(path)
		return path + " is " + describe(list), slices.ContainsFunc(elements(list), func(n *tree.Node) bool { return tree.Equal(n, w) })
	}}
}

// Count wants so many parts at the path: elements of a list, or none.
func Count(path string, want int) types.GomegaMatcher {
	return matcher{fmt.Sprintf("%d in %s", want, path), path, func(a *check.Answer) (string, bool) {
		found := a.All(path)
		n := len(found)
		if n == 1 && found[0].Kind == tree.Array {
			n = len(found[0].Items)
		} else if unassigned(found) {
			n = 0
		}
		return fmt.Sprintf("%d in %s", n, path), n == want
	}}
}

// Kind wants the part at the path to be of one of the JSON types.
func Kind(path string, kinds ...tree.Kind) types.GomegaMatcher {
	return matcher{path + " as " + words(kinds), path, func(a *check.Answer) (string, bool) {
		n := a.At(path)
		if n == nil {
			return path + " is missing", false
		}
		return fmt.Sprintf("%s is %s, a JSON %s", path, describe(n), n.Kind), slices.Contains(kinds, n.Kind)
	}}
}

// Schema wants schemas to name the URN, without regard to case.
func Schema(urn string) types.GomegaMatcher {
	return matcher{"schemas with " + urn, "schemas", func(a *check.Answer) (string, bool) {
		list := a.At("schemas")
		return "schemas is " + describe(list), slices.ContainsFunc(elements(list), func(n *tree.Node) bool { return strings.EqualFold(n.String(), urn) })
	}}
}
