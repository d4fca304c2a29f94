package sqlquery

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"scimproof/server/scim"
	"scimproof/server/scim/filter"
	"scimproof/server/store"
)

var update = flag.Bool("update", false, "write the golden file anew; read its diff")

func attr(name string, change ...func(*scim.Attribute)) *scim.Attribute {
	a := &scim.Attribute{Name: name, Type: scim.String, Mutability: scim.ReadWrite, Returned: scim.Default, Uniqueness: scim.UniqueNone}
	for _, f := range change {
		f(a)
	}
	return a
}

func exact(a *scim.Attribute)              { a.CaseExact = true }
func single(a *scim.Attribute)             { a.Uniqueness = scim.UniqueServer }
func of(t scim.Type) func(*scim.Attribute) { return func(a *scim.Attribute) { a.Type = t } }
func many(s ...*scim.Attribute) func(*scim.Attribute) {
	return func(a *scim.Attribute) { a.Type, a.MultiValued, a.SubAttributes = scim.Complex, true, s }
}

var (
	user = &scim.ResourceType{Name: "User", Endpoint: "/Users", Derived: "groups",
		Schema: &scim.Schema{ID: "urn:user", Attributes: []*scim.Attribute{
			attr("userName", single), attr("code", exact), attr("active", of(scim.Boolean)), attr("title"), attr("level", of(scim.Integer)),
			attr("emails", many(attr("value"), attr("type"))), attr("groups", many(attr("value"), attr("display"), attr("type"))),
		}},
		Indexed: []string{"code", "active", "emails.value"},
		Hidden:  []*scim.Attribute{attr("shadow")},
	}
	group = &scim.ResourceType{Name: "Group", Endpoint: "/Groups", Linked: "members",
		Schema:  &scim.Schema{ID: "urn:group", Attributes: []*scim.Attribute{attr("displayName"), attr("members", many(attr("value"), attr("type"), attr("display")))}},
		Indexed: []string{"displayName"},
	}
)

// TestPlans writes down what each filter is compiled to. Whether it means the same is shown by the stores' tests; here one sees what is
// left to the index, to SQL and to Match.
func TestPlans(t *testing.T) {
	var out strings.Builder
	write := func(rt *scim.ResourceType, text string, scoped bool) {
		target := Target{Type: rt, Collection: 1, Groups: 2, View: store.View{Directory: "dir", Application: "app", Scoped: scoped},
			Locate: func(typ, id string) string { return "https://example.com/" + typ + "/" + id }}
		expr, err := filter.Parse(text, filter.Budget{})
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		cond, err := rt.Bind(expr)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		p := Compile(SQLite{}, target, cond)
		scope := ""
		if scoped {
			scope = ", in a scope"
		}
		fmt.Fprintf(&out, "%s%s: %s\n  where %s\n", rt.Name, scope, text, spell(p.Where))
		if p.Set.SQL != "" {
			fmt.Fprintf(&out, "  set   %s\n        decides: %v, each once: %v\n", spell(p.Set), p.SetOnly, p.SetOnce)
			if p.SetInOrder {
				out.WriteString("        in order\n")
			}
		}
		if p.Others.SQL != "" {
			fmt.Fprintf(&out, "  others %s\n", spell(p.Others))
		}
		if p.Rest != nil {
			fmt.Fprintf(&out, "  match %s\n", sketch(p.Rest))
		}
		out.WriteByte('\n')
	}
	for _, text := range []string{
		`userName eq "Ann"`, `userName ne "Ann"`, `userName sw "A"`, `userName co "n"`, `userName ew "n"`, `userName gt "a"`, `userName pr`,
		`code eq "Ab"`, `active eq true`, `active ne true`, `title eq "x"`, `level gt 3`, `title pr`, `unknown eq "x"`,
		`emails.value eq "A"`, `emails.value sw "a"`, `emails.value ne "a"`, `emails.type eq "work"`, `emails[value eq "a"]`, `emails[type eq "work"]`,
		`emails[type eq "work" and value eq "a"]`, `emails[value eq "a" or value eq "b"]`, `emails[value ne "a"]`, `not (emails[value eq "a" and type pr])`,
		`id eq "u"`, `id ne "u"`, `externalId eq "E"`, `externalId ne "E"`, `meta.created gt "2024-01-01T00:00:00.0001Z"`, `meta.lastModified eq "2024-01-01T00:00:00Z"`,
		`meta.resourceType eq "User"`, `meta.resourceType eq "Group"`, `meta.location eq "https://example.com/User/u"`, `meta.location eq "https://example.com/Group/u"`,
		`meta.location ne "elsewhere"`, `meta.version eq "1"`,
		`groups.value eq "g"`, `groups pr`, `groups.value ne "g"`, `groups.display eq "g"`, `groups[value eq "g"]`,
		`not (userName eq "a")`, `not (not (userName eq "a"))`, `not (groups pr)`, `not (title pr)`, `not (userName eq "a") and code eq "b"`, `userName eq "a" and code eq "b"`, `code eq "b" and userName eq "a"`, `userName sw "a" and active eq true`,
		`userName eq "a" or externalId eq "b"`, `userName eq "a" or title eq "b"`, `userName eq "a" and title eq "b"`,
		`title eq "b" and userName sw "a" and level gt 1`, `not (title eq "b" and userName eq "a")`, `(userName eq "a" or code eq "b") and title pr`,
	} {
		write(user, text, false)
	}
	for _, text := range []string{
		`members.value eq "u"`, `members.value ne "u"`, `members.type eq "User"`, `members pr`, `members.display eq "x"`, `members[value eq "u" and type eq "User"]`,
		`members[value eq "u" or type eq "User"]`, `members[not (value eq "u")]`, `members[display eq "x"]`, `displayName eq "x" and members.value eq "u"`,
	} {
		write(group, text, false)
	}
	write(user, `groups.value eq "g"`, true)
	write(group, `members.value eq "u"`, true)
	golden(t, "plans.txt", out.String())
}

// spell writes a fragment with its arguments in place.
func spell(f Fragment) string {
	text := f.SQL
	for _, arg := range f.Args {
		text = strings.Replace(text, "?", fmt.Sprintf("%#v", arg), 1)
	}
	return text
}

// sketch writes a condition in short.
func sketch(c scim.Cond) string {
	switch c := c.(type) {
	case scim.AndCond:
		return "(" + sketch(c.Left) + " and " + sketch(c.Right) + ")"
	case scim.OrCond:
		return "(" + sketch(c.Left) + " or " + sketch(c.Right) + ")"
	case scim.NotCond:
		return "not " + sketch(c.X)
	case scim.EachCond:
		return c.Ref.Key() + "[" + sketch(c.X) + "]"
	case scim.CompareCond:
		if c.Op == filter.Pr {
			return c.Ref.Key() + " pr"
		}
		return fmt.Sprintf("%s %s %v", c.Ref.Key(), c.Op, c.Value)
	}
	return fmt.Sprintf("%T", c)
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); d != "" {
		t.Errorf("%s is no longer right; if the change is meant, run with -update (-want +got):\n%s", path, d)
	}
}

func TestNoFilter(t *testing.T) {
	got := Compile(SQLite{}, Target{Type: user}, nil)
	if d := cmp.Diff(Plan{Where: True}, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestIndexed(t *testing.T) {
	extended := *user
	extended.Extensions = []scim.Extension{{Schema: &scim.Schema{ID: "urn:ext", Attributes: []*scim.Attribute{
		attr("badge", single), attr("desk"), attr("keys", many(attr("value", single), attr("type"))), attr("whole", single, of(scim.Complex)),
	}}}}
	want := map[string]bool{
		"code": true, "active": true, "emails.value": true, "userName": true, "shadow": true, "urn:ext:badge": true, "urn:ext:keys.value": true,
	}
	if d := cmp.Diff(want, Indexed(&extended)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}
