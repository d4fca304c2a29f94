package scim_test

import (
	"slices"
	"testing"

	"scimproof/server/scim"
)

func TestBindSort(t *testing.T) {
	rt := thing(t)
	for name, want := range map[string]string{
		"TEXT": "text", "one.A": "one.a", "many": "many.value", "many.type": "many.type", thingURN + ":text": "text",
		extraURN + ":boss": extraURN + ":boss.value", "meta.created": "meta.created", "id": "id", "words": "words",
	} {
		if ref, err := rt.BindSort(name); err != nil || ref.Key() != want {
			t.Errorf("%s sorts by %s, %v, want %s", name, ref.Key(), err, want)
		}
	}
	for name, want := range map[string]string{
		"colour":   "Thing has no attribute colour",
		extraURN:   "has no attribute",
		"secret":   "never shown",
		"one":      "one has sub-attributes; choose one, such as one.a",
		"strict":   "strict.key",
		"a b":      "cannot be read",
		"":         "cannot be read",
		"text.sub": "no attribute text.sub",
	} {
		_, err := rt.BindSort(name)
		refusal(t, err, "invalidValue: sortBy..."+want)
	}
}

func TestSortCompare(t *testing.T) {
	rt := thing(t)
	for _, test := range []struct{ by, sorted string }{
		{"text", `[{"text": ""}, {"text": "Ann"}, {"text": "bob"}, {"text": "Straße"}, {"text": "STRASSEN"}, {}]`},
		{"exact", `[{"exact": "B"}, {"exact": "a"}, {}]`},
		{"whole", `[{"whole": -1}, {"whole": 9}, {"whole": 10}, {}]`},
		{"real", `[{"real": 1e-3}, {"real": 0.5}, {"real": 10}, {}]`},
		{"flag", `[{"flag": false}, {"flag": true}, {}]`},
		{"when", `[{"when": "2020-01-01T10:00:00+02:00"}, {"when": "2020-01-01T09:00:00Z"}, {"when": "2020-01-01T09:00:00.5Z"}, {}]`},
		{"many", `[{"many": [{"value": "z"}, {"value": "a", "primary": true}]}, {"many": [{"value": "b"}, {"value": "a"}]}, {"many": [{"type": "x"}]}]`},
		{"words", `[{"words": ["a", "z"]}, {"words": ["B"]}, {}]`},
		{"many.tags", `[{"many": [{"tags": ["a", "z"]}]}, {"many": [{"tags": ["b"]}]}, {}]`},
		{extraURN + ":code", `[{"` + extraURN + `": {"code": "1"}}, {"` + extraURN + `": {"code": "2"}}, {}]`},
	} {
		ref, err := rt.BindSort(test.by)
		if err != nil {
			t.Fatal(err)
		}
		list := parse(t, test.sorted).([]any)
		for i, a := range list {
			for j, b := range list {
				up, down := scim.SortCompare(ref, a.(scim.Object), b.(scim.Object), false), scim.SortCompare(ref, a.(scim.Object), b.(scim.Object), true)
				if sign(up) != sign(i-j) || sign(down) != sign(j-i) {
					t.Errorf("%s: %s against %s is %d, in descending order %d", test.by, text(t, a), text(t, b), up, down)
				}
			}
		}
	}
	// Equal ones keep their order.
	ref, _ := rt.BindSort("text")
	list := []scim.Object{{"text": "B", "id": "1"}, {"text": "a", "id": "2"}, {"text": "b", "id": "3"}}
	slices.SortStableFunc(list, func(a, b scim.Object) int { return scim.SortCompare(ref, a, b, true) })
	if list[0]["id"] != "1" || list[1]["id"] != "3" {
		t.Errorf("sorted %v", list)
	}
}

func sign(n int) int { return min(1, max(-1, n)) }
