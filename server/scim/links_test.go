package scim_test

import (
	"testing"

	"scimproof/server/scim"
)

func TestSplitLinked(t *testing.T) {
	group := typeOf(t, "Group")
	for ops, want := range map[string]string{
		op("add", "members", `[{"value": "u1"}, {"value": "u2", "type": "user", "$ref": null, "display": "x"}]`): `[{"Op":"add","Values":[{"Value":"u1","Type":""},{"Value":"u2","Type":"User"}]}]`,
		op("Add", "MEMBERS", `{"value": "u1"}`):                                       `[{"Op":"add","Values":[{"Value":"u1","Type":""}]}]`,
		op("add", "members", `["u1", "u2"]`):                                          `[{"Op":"add","Values":[{"Value":"u1","Type":""},{"Value":"u2","Type":""}]}]`,
		op("add", "members", `"u1"`):                                                  `[{"Op":"add","Values":[{"Value":"u1","Type":""}]}]`,
		op("add", "members", `[]`):                                                    `[{"Op":"add","Values":[]}]`,
		op("replace", "members", `[{"value": "u1"}]`):                                 `[{"Op":"replace","Values":[{"Value":"u1","Type":""}]}]`,
		op("replace", "members", `[]`):                                                `[{"Op":"replace","Values":[]}]`,
		op("replace", "members", `null`):                                              `[{"Op":"replace","Values":[]}]`,
		op("replace", "", `{"members": []}`):                                          `[{"Op":"replace","Values":[]}]`,
		op("add", "", `{"members": [{"value": "u1"}]}`):                               `[{"Op":"add","Values":[{"Value":"u1","Type":""}]}]`,
		op("remove", "members", ``):                                                   `[{"Op":"remove","Values":[]}]`,
		op("remove", "members", `null`):                                               `[{"Op":"remove","Values":[]}]`,
		op("remove", "members", `[{"value": "u1"}]`):                                  `[{"Op":"remove","Values":[{"Value":"u1","Type":""}]}]`,
		op("remove", "members", `[]`):                                                 `null`, // nobody, not everybody
		op("remove", "members", `""`):                                                 `null`,
		op("remove", `members[value eq "u1"]`, ``):                                    `[{"Op":"remove","Values":[],"IDs":["u1"]}]`,
		op("remove", `members[VALUE eq "U1"]`, ``):                                    `[{"Op":"remove","Values":[],"IDs":["U1"]}]`,
		op("remove", `members[value eq "u1" or value eq "u2" or value eq "u3"]`, ``):  `[{"Op":"remove","Values":[],"IDs":["u1","u2","u3"]}]`,
		op("remove", `members[value eq "u1" or type eq "Group"]`, ``):                 `[{"Op":"remove","Values":[],"Filter":true}]`,
		op("remove", `members[value ne "u1"]`, ``):                                    `[{"Op":"remove","Values":[],"Filter":true}]`,
		op("remove", `members[value eq "u1" and type eq "User"]`, ``):                 `[{"Op":"remove","Values":[],"Filter":true}]`,
		op("replace", `members[value eq "u1"]`, `{"value": "u2"}`):                    `[{"Op":"replace","Values":[{"Value":"u2","Type":""}],"IDs":["u1"]}]`,
		op("remove", "members", ``) + "," + op("add", "members", `[{"value": "u2"}]`): `[{"Op":"remove","Values":[]},{"Op":"add","Values":[{"Value":"u2","Type":""}]}]`,
		op("replace", "displayName", `"x"`):                                           `null`,
	} {
		all, err := group.DecodePatch([]byte(`{"schemas": ["`+scim.PatchSchema+`"], "Operations": [`+ops+`]}`), scim.PatchOptions{})
		if err != nil {
			t.Errorf("%s: %v", ops, err)
			continue
		}
		plain, links, err := group.SplitLinked(all)
		if err != nil {
			t.Errorf("%s: %v", ops, err)
			continue
		}
		if group.Touched(plain)["members"] {
			t.Errorf("%s: an operation on members stays among the others", ops)
		}
		if got := text(t, shown(links)); got != want {
			t.Errorf("%s comes to\n%s\nwant\n%s", ops, got, want)
		}
	}
}

// shown is a list of operations that can be compared: of a filter, whether there is one.
func shown(links []scim.LinkOperation) any {
	type operation struct {
		Op     string
		Values []scim.LinkValue
		Filter bool     `json:",omitzero"`
		IDs    []string `json:",omitempty"`
	}
	if links == nil {
		return nil
	}
	out := []operation{}
	for _, l := range links {
		out = append(out, operation{l.Op, l.Values, l.Filter != nil, l.IDs})
	}
	return out
}

func TestSplitLinkedRefuses(t *testing.T) {
	group := typeOf(t, "Group")
	for ops, want := range map[string]string{
		op("replace", `members[value eq "u1"].display`, `"x"`): "mutability: members.display cannot be changed",
		op("remove", `members.type`, ``):                       "mutability: members.type cannot be changed",
		op("add", "members", `[{"type": "User"}]`):             "invalidValue: Every entry of members has a value",
		op("add", "members", `[""]`):                           "",
	} {
		all, err := group.DecodePatch([]byte(`{"schemas": ["`+scim.PatchSchema+`"], "Operations": [`+ops+`]}`), scim.PatchOptions{})
		if err == nil {
			_, _, err = group.SplitLinked(all)
		}
		if want == "" && err != nil {
			t.Errorf("%s: %v", ops, err)
		} else if want != "" {
			refusal(t, err, want)
		}
	}
	ops := []scim.Operation{{Op: scim.OpAdd}}
	if plain, links, err := typeOf(t, "User").SplitLinked(ops); len(plain) != 1 || links != nil || err != nil {
		t.Errorf("a type without links has %v, %v, %v", plain, links, err)
	}
}
