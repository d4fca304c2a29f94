package idaas

import (
	"fmt"
	"hash/fnv"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"scimproof/simulator/tree"
	"scimproof/suites/check"
	"scimproof/suites/match"
)

// null is the JSON null, which a Doc cannot hold as nil: that leaves an attribute out.
var null = jsontext.Value("null")

// account is one that a check has made, or is about to make: then its id is "".
type account struct {
	userName string
	id       string
}

// newAccount is one that is yet to be made.
func newAccount(t *check.T) *account { return &account{userName: t.Unique() + "@example.com"} }

// made makes an account.
func made(t *check.T, changes ...check.Doc) *account {
	a := newAccount(t)
	a.id = t.MustCreate(t.Users(), a.doc(t, changes...)).ID()
	return a
}

// doc is the account as a client sends it. Changes replace what they name.
func (a *account) doc(t *check.T, changes ...check.Doc) check.Doc {
	return t.User(append([]check.Doc{{"userName": a.userName}}, changes...)...)
}

func (a *account) path(t *check.T) string { return check.Under(t.Users(), a.id) }

// read reads the account again.
func (a *account) read(t *check.T) *check.Answer { return t.MustGet(a.path(t)) }

// patch sends operations.
func (a *account) patch(t *check.T, ops ...check.Doc) *check.Answer {
	return t.Patch(a.path(t), check.PatchOps(ops...))
}

// patched sends operations, expects them to succeed, and reads the account again.
func (a *account) patched(t *check.T, ops ...check.Doc) *check.Answer {
	t.Expect(a.patch(t, ops...)).To(match.Success())
	return a.read(t)
}

// post sends an account for the first time or again, and expects that to succeed.
func (a *account) post(t *check.T, doc check.Doc) *check.Answer {
	answer := t.Post(t.Users(), doc)
	t.Expect(answer).To(match.Success())
	if a.id == "" {
		a.id = idOf(t, answer)
	}
	return answer
}

// idOf is the id of a resource that a POST has just made. A 201 need not carry the resource (RFC 7644 section 3.3).
func idOf(t *check.T, made *check.Answer) string {
	if location := made.Header.Get("Location"); made.Doc == nil && location != "" {
		made = t.Follow("Location", location)
	}
	if made.ID() == "" {
		t.Block("the answer to a POST shows no id, so that there is nothing to look at")
	}
	return made.ID()
}

// find asks for users with a filter.
func find(t *check.T, filter string) *check.Answer { return t.Get(t.Users(), "filter", filter) }

// unmade expects that nobody has the userName of the account.
func (a *account) unmade(t *check.T) {
	t.Expect(find(t, check.Eq("userName", a.userName)), "whether the account was made all the same").To(match.Found())
}

// state is all that can be seen of an account, or of a group, without meta.
type state struct {
	doc    *tree.Node
	region string
}

// look sees how an account is.
func (a *account) look(t *check.T) state {
	return state{bare(a.read(t)), a.region(t)}
}

// bare is a resource without meta.
func bare(a *check.Answer) *tree.Node {
	doc := a.Doc.Clone()
	path, err := tree.ParsePath("meta")
	if err != nil {
		panic(err)
	}
	path.Remove(doc)
	return doc
}

// still expects the account to be as it was.
func (a *account) still(t *check.T, was state) {
	is := a.look(t)
	t.Hold(is.region == was.region, fmt.Sprintf("the area code %q as before", was.region), fmt.Sprintf("the area code %q", is.region))
	same(t, was.doc, is.doc)
}

// same expects two readings of a resource to be the same.
func same(t *check.T, was, is *tree.Node) {
	if tree.Equal(was, is) {
		return
	}
	for _, name := range names(was, is) {
		before, after := was.At(name), is.At(name)
		if before == nil || after == nil || !tree.Equal(before, after) {
			t.Break(fmt.Sprintf("%s as before, %s", name, words(before)), fmt.Sprintf("%s is %s", name, words(after)))
		}
	}
}

// names are the attributes of two objects, as paths.
func names(list ...*tree.Node) (out []string) {
	for _, n := range list {
		for _, m := range n.Members {
			out = append(out, `"`+m.Name+`"`)
		}
	}
	return out
}

func words(n *tree.Node) string {
	if n == nil {
		return "nothing"
	}
	return string(n.JSON())
}

// touched is what tells that a resource was written to.
func touched(a *check.Answer) string {
	return a.Text("meta.version") + " " + a.Text("meta.lastModified")
}

// tick waits until the clock of the target has moved on, so that a later write would show in lastModified. A time without a fraction comes
// from a clock of whole seconds.
func tick(t *check.T, a *check.Answer) {
	if strings.Contains(a.Text("meta.lastModified"), ".") {
		t.Pause(20 * time.Millisecond)
		return
	}
	t.Pause(1100 * time.Millisecond)
}

// address is an e-mail address that nobody else has.
func address(t *check.T) string { return t.Unique() + "@example.com" }

// number replaces each # of a pattern by a digit, so that nobody else has the number: the last four count within the run, the others tell
// runs apart.
func number(t *check.T, pattern string) string {
	name := t.Unique()
	end := strings.LastIndexByte(name, '-')
	run := fnv.New32a()
	run.Write([]byte(name[:end]))
	digits := fmt.Sprintf("%010d%04s", run.Sum32(), name[end+1:])
	out := []byte(pattern)
	for i := len(out) - 1; i >= 0; i-- {
		if out[i] == '#' {
			out[i], digits = digits[len(digits)-1], digits[:len(digits)-1]
		}
	}
	return string(out)
}

// entry is one of type work.
func entry(value string) check.Doc { return typed(value, "work") }

func typed(value, kind string) check.Doc { return check.Doc{"value": value, "type": kind} }

// list is a JSON array of objects.
func list(entries ...check.Doc) check.List {
	out := check.List{}
	for _, e := range entries {
		out = append(out, e)
	}
	return out
}
