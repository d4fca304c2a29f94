package fault

import (
	"net/http"
	"strings"
	"sync"
)

// writesUser chooses the requests that say something about a user.
var writesUser = or(createUser, putUser, patchUser)

// contactAttributes are those of which a user has one entry.
var contactAttributes = []string{"emails", "phoneNumbers"}

// contacts lets a fault change the lists of e-mail addresses and phone numbers that the chosen requests carry, in a resource or in the
// operations of a PATCH.
func contacts(chosen when, edit func(list []any) []any) func(http.Handler) http.Handler {
	within := func(o object) {
		for _, attr := range contactAttributes {
			if list, ok := o[attr].([]any); ok {
				o[attr] = edit(list)
			}
		}
	}
	return payload(chosen, func(doc object) {
		within(doc)
		for _, op := range writtenOps(doc) {
			if value, ok := op["value"].(object); ok {
				within(value)
			}
			if list, ok := op["value"].([]any); ok && contactPath(op) {
				op["value"] = edit(list)
			}
		}
	})
}

// contactPath says whether an operation is about a whole list of contacts.
func contactPath(op object) bool { return op["path"] == "emails" || op["path"] == "phoneNumbers" }

// entries lets a fault change each entry of emails and phoneNumbers.
func entries(chosen when, edit func(entry object)) func(http.Handler) http.Handler {
	return contacts(chosen, func(list []any) []any {
		each(list, edit)
		return list
	})
}

// told is what a write says about a user's attributes: those of the resource, or those that operations without a filter replace.
func told(doc object) object {
	if doc["Operations"] == nil {
		return doc
	}
	out := object{}
	for _, op := range writtenOps(doc) {
		if path, ok := op["path"].(string); ok && op["op"] != "remove" {
			out[path] = op["value"]
		}
	}
	return out
}

// tell lets a fault change what the chosen writes say about a user's attributes. In a PATCH an attribute that goes takes its operation
// with it, and one that comes brings a replace.
func tell(chosen when, edit func(says object)) func(http.Handler) http.Handler {
	return payload(chosen, func(doc object) {
		if doc["Operations"] == nil {
			edit(doc)
			return
		}
		says := told(doc)
		edit(says)
		var ops []any
		for _, op := range writtenOps(doc) {
			path, _ := op["path"].(string)
			if value, kept := says[path]; kept {
				op["value"] = value
				delete(says, path)
			} else if path != "" && op["op"] != "remove" {
				continue
			}
			ops = append(ops, op)
		}
		for path, value := range says {
			ops = append(ops, object{"op": "replace", "path": path, "value": value})
		}
		if len(ops) == 0 {
			ops = append(ops, object{"op": "remove", "path": `emails[type eq "none"]`}) // which does nothing
		}
		doc["Operations"] = ops
	})
}

// refuseTold refuses the chosen writes that say something as described.
func refuseTold(chosen when, scimType string, like func(says object) bool) func(http.Handler) http.Handler {
	return refuseWhen(chosen, http.StatusBadRequest, scimType, func(doc object) bool { return like(told(doc)) })
}

// nameIn is the userName or displayName that a POST carries, without case.
func nameIn(r *http.Request) string {
	doc, _ := decode(drain(r))
	name, _ := doc["userName"].(string)
	if name == "" {
		name, _ = doc["displayName"].(string)
	}
	return strings.ToLower(name)
}

// register knows what was made under which name.
type register struct{ paths sync.Map }

// known is the path of what a POST submits again, or "".
func (g *register) known(r *http.Request) string {
	path, _ := g.paths.Load(nameIn(r))
	text, _ := path.(string)
	return text
}

// about is the path of the user that a write is about, or "" where it makes one.
func (g *register) about(r *http.Request) string {
	if createUser(r) {
		return g.known(r)
	}
	return below(r)
}

// watch lets a fault act on the POSTs of an endpoint that submit again what is there. All others pass, and are remembered.
func (g *register) watch(endpoint string, next http.Handler, repeated func(w http.ResponseWriter, r *http.Request, path string)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !and(method("POST"), collection(endpoint))(r) {
			next.ServeHTTP(w, r)
			return
		}
		if path := g.known(r); path != "" {
			repeated(w, r, path)
			return
		}
		name := nameIn(r)
		a := call(next, r)
		if doc, ok := decode(a.body); ok && a.status < 300 {
			id, _ := doc["id"].(string)
			g.paths.Store(name, endpoint+"/"+id)
		}
		a.send(w)
	})
}

// onRepeat is a deviation of repeated submissions of a user.
func onRepeat(deviate func(next http.Handler, w http.ResponseWriter, r *http.Request, path string)) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		var g register
		return g.watch(users, next, func(w http.ResponseWriter, r *http.Request, path string) { deviate(next, w, r, path) })
	}
}

// inLine lets creations in one at a time, so that of some that arrive together all but the first are seen to be repeats.
func inLine(wrap func(http.Handler) http.Handler) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		var turn sync.Mutex
		inner := wrap(next)
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if createUser(r) {
				turn.Lock()
				defer turn.Unlock()
			}
			inner.ServeHTTP(w, r)
		})
	}
}

// marks are paths of users to which something happened that the right server did not do.
type marks struct{ seen sync.Map }

func (m *marks) set(path string) { m.seen.Store(path, true) }

func (m *marks) has(r *http.Request) bool {
	_, ok := m.seen.Load(below(r))
	return ok
}

// aftermath marks the users that the chosen requests are about, and shows them changed from then on.
func aftermath(chosen when, change func(res object)) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		var m marks
		shown := document(and(readUser, m.has), func(_ *http.Request, a *answer, doc object) {
			if a.status == http.StatusOK {
				change(doc)
			}
		})(next)
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if chosen(r) {
				m.set(below(r))
			}
			shown.ServeHTTP(w, r)
		})
	}
}
