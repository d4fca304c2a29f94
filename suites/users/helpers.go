package users

import (
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"scimproof/simulator/tree"
	"scimproof/suites/check"
	"scimproof/suites/match"
)

// null is the JSON null, which a Doc cannot hold as nil: that leaves an attribute out.
var null = jsontext.Value("null")

// path is that of the user whom an answer is about.
func path(t *check.T, a *check.Answer) string { return check.Under(t.Users(), a.ID()) }

// reread reads a user again.
func reread(t *check.T, a *check.Answer) *check.Answer { return t.MustGet(path(t, t.Made(a))) }

// nobody is the path of a user that there is not.
func nobody(t *check.T) string { return check.Under(t.Users(), t.Unique()) }

// post creates a user and returns the answer to that; it has to be a success.
func post(t *check.T, changes ...check.Doc) *check.Answer {
	a := t.Post(t.Users(), t.User(changes...))
	if !a.OK() {
		t.Block("POST %s answered %d", t.Users(), a.Status)
	}
	return a
}

// represent creates a user and returns what the target says of it.
func represent(t *check.T, changes ...check.Doc) *check.Answer { return t.Made(post(t, changes...)) }

// try creates a user with something in it that a target may refuse.
func try(t *check.T, changes ...check.Doc) *check.Answer {
	return t.Post(t.Users(), t.User(changes...))
}

// has says whether the target does not deny a feature.
func has(t *check.T, n check.Need) bool {
	offer, _ := t.Offers(n)
	return offer != check.Denied
}

// declares says whether the target says that users have an attribute.
func declares(t *check.T, n check.Need) bool {
	offer, _ := t.Offers(n)
	return offer == check.Offered
}

// requires says whether the target declares an attribute of users as required.
func requires(t *check.T, name string) bool {
	a := t.Attribute(check.UserSchema, name)
	return a != nil && a.Text("required") == "true"
}

// optional ends the check where an attribute cannot be left out.
func optional(t *check.T, name string) {
	if requires(t, name) {
		t.NA("the target requires %s, so that it cannot be left out", name)
	}
}

// rich is a new user with a bit of everything that the target declares.
func rich(t *check.T) check.Doc {
	d := t.User(check.Doc{"externalId": "Ext-" + t.Unique()})
	for need, value := range map[check.Need]any{
		check.DisplayName: "Ada " + t.Unique(),
		check.Name:        check.Doc{"givenName": "Ada", "familyName": "Lovelace"},
		check.Title:       "Countess",
		check.Active:      true,
		check.Emails:      check.List{check.Doc{"value": t.Unique() + "@example.com", "type": "work", "primary": true}},
	} {
		if declares(t, need) {
			d[string(need)] = value
		}
	}
	if declares(t, check.Enterprise) {
		d["schemas"] = check.List{check.UserSchema, check.EnterpriseSchema}
		d[check.EnterpriseSchema] = check.Doc{"department": "Engines"}
	}
	return d
}

// again is a body that replaces a user and keeps its userName.
func again(t *check.T, a *check.Answer, changes ...check.Doc) check.Doc {
	return t.User(append([]check.Doc{{"userName": a.Text("userName")}}, changes...)...)
}

// secret is a password that no policy should mind.
func secret(t *check.T) string { return "Xy7!" + t.Unique() }

// hides expects an answer to hold a password neither under its name nor anywhere else.
func hides(t *check.T, a *check.Answer, password string) {
	t.Expect(a).To(match.Lacks("password"))
	t.Expect(a).To(match.Lacks("Resources.password"))
	t.Hold(!strings.Contains(string(a.Body), password), "an answer without the password in it", "the password stands somewhere in the body")
}

// instant reads a date and time of an answer, or ends the check: others ask whether it can be read.
func instant(t *check.T, a *check.Answer, path string) time.Time {
	at, ok := match.Instant(a.Text(path))
	if !ok {
		t.NA("%s is %q, which tells no time", path, a.Text(path))
	}
	return at
}

// same expects a date and time to be what it was, however it is written.
func same(t *check.T, what string, is, was time.Time) {
	t.Hold(is.Equal(was), what+" "+was.Format(time.RFC3339Nano), what+" "+is.Format(time.RFC3339Nano))
}

// tick waits until the clock that made an instant has moved: clocks that show no fraction of a second count in seconds.
func tick(t *check.T, at time.Time) {
	if at.Nanosecond() == 0 {
		t.Pause(1100 * time.Millisecond)
		return
	}
	t.Pause(20 * time.Millisecond)
}

// differs names the first member, but meta, that two representations of a user do not share, or "".
func differs(a, b *tree.Node) string {
	for _, name := range slices.Concat(names(a), names(b)) {
		x, y := a.At(name), b.At(name)
		if x == nil || y == nil || !alike(x, y) {
			return name
		}
	}
	return ""
}

// names are the paths of the members of a representation that hold something, without meta.
func names(n *tree.Node) []string {
	var out []string
	for _, m := range n.Members {
		if !strings.EqualFold(m.Name, "meta") && !m.Value.Empty() && !strings.Contains(m.Name, `"`) {
			out = append(out, `"`+m.Name+`"`)
		}
	}
	return out
}

// alike compares values, lists without regard to their order.
func alike(x, y *tree.Node) bool {
	if x.Kind != tree.Array || y.Kind != tree.Array {
		return tree.Equal(x, y)
	}
	for _, item := range x.Items {
		if !slices.ContainsFunc(y.Items, func(other *tree.Node) bool { return tree.Equal(item, other) }) {
			return false
		}
	}
	return len(x.Items) == len(y.Items)
}

// trues counts the elements of a list whose primary is true.
func trues(a *check.Answer, list string) int {
	n := 0
	for _, p := range a.All(list + ".primary") {
		if p.String() == "true" {
			n++
		}
	}
	return n
}
