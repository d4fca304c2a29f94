package replay_test

import (
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"scimproof/simulator/tree"
)

// target is a small honest SCIM server: it understands the forms that the scenarios use and no more.
type target struct {
	mu      sync.Mutex
	next    int
	things  []*thing
	pageCap int // of a list; 0: none

	noTarget bool     // answers noTarget to a replace whose filter matches nothing
	idem     bool     // a create of what exists is an update
	drops    []string // paths that are never stored
}

type thing struct {
	collection, id string
	doc            *tree.Node
}

func path(text string) tree.Path {
	p, err := tree.ParsePath(text)
	if err != nil {
		panic(err)
	}
	return p
}

func get(doc *tree.Node, at string) string {
	if found := path(at).Find(doc); len(found) > 0 {
		return found[0].String()
	}
	return ""
}

func (s *target) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	w.Header().Set("Content-Type", "application/scim+json")
	body, _ := io.ReadAll(r.Body)
	collection, id, one := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	var doc *tree.Node
	if len(body) > 0 {
		var err error
		if doc, err = tree.Parse(body); err != nil {
			fail(w, 400, "invalidSyntax", err.Error())
			return
		}
	}
	if !one {
		if r.Method == http.MethodPost {
			s.create(w, collection, doc)
			return
		}
		s.list(w, r, collection)
		return
	}
	i := slices.IndexFunc(s.things, func(t *thing) bool { return t.collection == collection && t.id == id })
	if i < 0 {
		fail(w, 404, "", "no such resource")
		return
	}
	s.change(w, r, i, doc)
}

func (s *target) change(w http.ResponseWriter, r *http.Request, i int, doc *tree.Node) {
	t := s.things[i]
	switch r.Method {
	case http.MethodDelete:
		s.things = slices.Delete(s.things, i, i+1)
		w.WriteHeader(204)
		return
	case http.MethodPut:
		t.doc = s.clean(doc, t)
	case http.MethodPatch:
		work := t.doc.Clone()
		for _, op := range path("Operations").Find(doc)[0].Items {
			if scimType := s.patch(work, op); scimType != "" {
				fail(w, 400, scimType, "the operation has no target")
				return
			}
		}
		t.doc = s.clean(work, t)
		w.WriteHeader(204)
		return
	}
	out := t.doc.Clone()
	if r.URL.Query().Get("excludedAttributes") == "members" {
		path("members").Remove(out)
	}
	w.Write(out.JSON())
}

func (s *target) create(w http.ResponseWriter, collection string, doc *tree.Node) {
	key := map[string]string{"Users": "userName", "Groups": "displayName"}[collection]
	for _, t := range s.things {
		if t.collection == collection && strings.EqualFold(get(t.doc, key), get(doc, key)) {
			if !s.idem {
				fail(w, 409, "uniqueness", key+" is taken")
				return
			}
			w.Write(t.doc.JSON())
			return
		}
	}
	s.next++
	t := &thing{collection: collection, id: strconv.Itoa(s.next)}
	t.doc = s.clean(doc, t)
	s.things = append(s.things, t)
	w.Header().Set("Location", "http://"+"target/"+collection+"/"+t.id)
	w.WriteHeader(201)
	w.Write(t.doc.JSON())
}

// clean turns what a client sent into what is stored.
func (s *target) clean(doc *tree.Node, t *thing) *tree.Node {
	out := doc.Clone()
	set(out, "id", tree.Text(t.id))
	set(out, "meta", &tree.Node{Kind: tree.Object, Members: []tree.Member{{Name: "resourceType", Value: tree.Text(strings.TrimSuffix(t.collection, "s"))}}})
	for _, p := range append([]string{"password", "groups"}, s.drops...) {
		path(p).Remove(out)
	}
	if v := get(out, "active"); v != "" {
		lit, err := tree.Literal(strings.ToLower(v))
		if err == nil {
			set(out, "active", lit)
		}
	}
	if found := path("members").Find(out); len(found) == 1 {
		var kept []*tree.Node
		for _, m := range found[0].Items {
			if !slices.ContainsFunc(kept, func(k *tree.Node) bool { return get(k, "value") == get(m, "value") }) {
				kept = append(kept, m)
			}
		}
		found[0].Items = kept
	}
	return out
}

func set(doc *tree.Node, at string, v *tree.Node) {
	if err := path(at).Set(doc, v); err != nil {
		panic(err)
	}
}

var filtered = regexp.MustCompile(`\[(\w+) eq "([^"]*)"\]`)

// treePath rewrites a SCIM path: filters to choices, the URN of an extension to a quoted name.
func treePath(scim string) string {
	scim = filtered.ReplaceAllString(scim, "[$1=$2]")
	if strings.HasPrefix(scim, "urn:") {
		i := strings.LastIndexByte(scim, ':')
		scim = `"` + scim[:i] + `".` + scim[i+1:]
	}
	if strings.HasSuffix(scim, `".manager`) {
		scim += ".value"
	}
	return scim
}

// patch applies one operation and gives the scimType of what is wrong with it.
func (s *target) patch(doc, op *tree.Node) string {
	at := get(op, "path")
	var value *tree.Node
	if found := path("value").Find(op); len(found) > 0 {
		value = found[0]
	}
	verb := strings.ToLower(get(op, "op"))
	switch {
	case verb == "remove" && value != nil:
		for _, m := range value.Items {
			path(at + "[value=" + get(m, "value") + "]").Remove(doc)
		}
	case verb == "remove":
		path(treePath(at)).Remove(doc)
	case at == "":
		for _, m := range value.Members {
			s.merge(doc, m)
		}
	case verb == "replace" && s.noTarget && strings.Contains(at, "[") && len(path(treePath(at)).Find(doc)) == 0:
		return "noTarget"
	case at == "members" && verb == "add":
		list := path("members").Find(doc)
		if len(list) == 0 {
			set(doc, "members", &tree.Node{Kind: tree.Array})
			list = path("members").Find(doc)
		}
		list[0].Items = append(list[0].Items, value.Clone().Items...)
	case strings.HasSuffix(at, ":manager") && value.String() == "":
		path(strings.TrimSuffix(treePath(at), ".value")).Remove(doc)
	default:
		set(doc, treePath(at), value)
	}
	return ""
}

func (s *target) merge(doc *tree.Node, m tree.Member) {
	urn := strings.HasPrefix(m.Name, "urn:")
	if m.Value.Kind != tree.Object {
		set(doc, treePath(m.Name), m.Value)
		return
	}
	name := m.Name
	if urn {
		name = `"` + m.Name + `"`
	}
	for _, sub := range m.Value.Members {
		set(doc, name+"."+sub.Name, sub.Value)
	}
}

var eq = regexp.MustCompile(`^(\w+) eq "([^"]*)"$`)

// matches knows comparisons for equality, joined by and. A reference is compared by its value, as Entra means it.
func matches(doc *tree.Node, filter string) (bool, error) {
	for _, part := range strings.Split(filter, " and ") {
		m := eq.FindStringSubmatch(part)
		if m == nil {
			return false, fmt.Errorf("cannot read %s", part)
		}
		at := m[1]
		if at == "members" {
			at = "members[value=" + m[2] + "].value"
		}
		if !strings.EqualFold(get(doc, at), m[2]) {
			return false, nil
		}
	}
	return true, nil
}

func (s *target) list(w http.ResponseWriter, r *http.Request, collection string) {
	q := r.URL.Query()
	var hits []*tree.Node
	for _, t := range s.things {
		if t.collection != collection {
			continue
		}
		if q.Has("filter") {
			hit, err := matches(t.doc, q.Get("filter"))
			if err != nil {
				fail(w, 400, "invalidFilter", err.Error())
				return
			}
			if !hit {
				continue
			}
		}
		hits = append(hits, t.doc)
	}
	start, total := 1, len(hits)
	if v, err := strconv.Atoi(q.Get("startIndex")); err == nil {
		start = v
	}
	hits = hits[min(start-1, len(hits)):]
	if n, err := strconv.Atoi(q.Get("count")); err == nil {
		hits = hits[:min(n, len(hits))]
	}
	if s.pageCap > 0 {
		hits = hits[:min(s.pageCap, len(hits))]
	}
	list := tree.Node{Kind: tree.Array, Items: hits}
	fmt.Fprintf(w, `{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":%d,"startIndex":%d,"itemsPerPage":%d,"Resources":%s}`,
		total, start, len(hits), list.JSON())
}

func fail(w http.ResponseWriter, status int, scimType, detail string) {
	w.WriteHeader(status)
	fmt.Fprintf(w, `{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"%d","scimType":%q,"detail":%q}`, status, scimType, detail)
}
