package storetest

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"scimproof/server/scim"
	"scimproof/server/scim/filter"
	"scimproof/server/store"
)

// testAgreementRandom makes up directories, filters, sorts and windows, and compares each answer with the model's.
func testAgreementRandom(t *testing.T, s store.Store) {
	n := 0
	rapid.Check(t, func(rt *rapid.T) {
		n++
		m := randomModel(rt, fmt.Sprintf("random_%d", n))
		if err := s.Write(context.Background(), m.fill); err != nil {
			rt.Fatal(err)
		}
		for range 8 {
			q, text := randomQuery(rt, m)
			err := s.Read(context.Background(), func(r store.Reader) error {
				if diff := m.disagreement(r, q); diff != "" {
					rt.Errorf("%s: %s", text, diff)
				}
				return nil
			})
			if err != nil {
				rt.Fatal(err)
			}
		}
	})
}

// texts is what the strings of a random directory and the filters on it are made of: letters whose folding is simple, and some where it is
// not, what LIKE and SQL find special, and the ends of what UTF-8 can hold.
var texts = []string{
	"", "a", "A", "b", "B", "ab", "aB", "ba", "aba", "é", "É", "aé", "ß", "ss", "SS", "ſ", "s", "K", "K", "ı", "I", "i", "İ", "%", "_", "a%b", "a_b", `\`, "'", `"`,
	"\x00", "a\x00b", "\x00b", "\x7f", "\uD7FF", "\uE000", "\uFFFF", "\U0010FFFF", "a\U0010FFFF", "\U0010FFFF\U0010FFFF", "☃", "user_1", "USER_2", "group_1",
}

var instants = []string{
	"2024-02-29T12:00:00Z", "2024-02-29T12:00:00.001Z", "2024-02-29T12:00:00.0005Z", "2024-02-29T12:00:00.002Z", "2024-02-29T13:00:00.001+01:00",
	"2024-02-29T11:59:59.9999Z", "2024-02-29T12:00:00.003-00:00", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z",
}

func randomModel(rt *rapid.T, directory string) *model {
	app := directory + "_app"
	inside, outside := directory+"_in", directory+"_out"
	m := &model{directory: directory, scopes: map[string]scopeOf{}}
	text := rapid.SampledFrom(texts)
	place := rapid.SampledFrom([]string{inside, outside, ""})
	for i := range rapid.IntRange(0, 8).Draw(rt, "users") {
		o := randomUser(rt, text)
		o["userName"] = fmt.Sprint(text.Draw(rt, "userName"), i)
		o[extensionURN] = scim.Object{"badge": fmt.Sprint(text.Draw(rt, "badge"), i)}
		rec := user(fmt.Sprintf("user_%d", i), place.Draw(rt, "place"), o)
		rec.Created = at(rapid.IntRange(0, 3).Draw(rt, "created"))
		rec.Modified, rec.Display = rec.Created.Add(time.Millisecond), text.Draw(rt, "display")
		m.add(app, rec, o)
	}
	groups := rapid.IntRange(0, 4).Draw(rt, "groups")
	scope := scopeOf{organizations: []string{inside}}
	for i := range groups {
		o := scim.Object{"displayName": text.Draw(rt, "displayName")}
		rec := group(fmt.Sprintf("group_%d", i), o["displayName"].(string))
		m.add(app, rec, o)
		if rapid.Bool().Draw(rt, "scoped") {
			scope.groups = append(scope.groups, rec.ID)
		}
	}
	m.scopes[app] = scope
	for _, g := range m.resources[len(m.resources)-groups:] {
		for _, r := range m.resources {
			if rapid.IntRange(0, 3).Draw(rt, "joins") == 0 {
				g.members = append(g.members, r.ID)
			}
		}
	}
	return m
}

func randomUser(rt *rapid.T, text *rapid.Generator[string]) scim.Object {
	o := scim.Object{}
	maybe := func(name string, v any) {
		if rapid.Bool().Draw(rt, "has "+name) {
			o[name] = v
		}
	}
	for _, name := range []string{"displayName", "title", "code", "shadow", "externalId"} {
		maybe(name, text.Draw(rt, name))
	}
	if o["externalId"] == "" {
		delete(o, "externalId")
	}
	maybe("active", rapid.Bool().Draw(rt, "active"))
	maybe("level", scim.Number(rapid.SampledFrom([]string{"-1", "0", "1", "2", "10"}).Draw(rt, "level")))
	maybe("hired", rapid.SampledFrom(instants).Draw(rt, "hired"))
	maybe("name", scim.Object{"familyName": text.Draw(rt, "familyName")})
	var emails []any
	for range rapid.IntRange(0, 3).Draw(rt, "emails") {
		e := scim.Object{}
		for _, sub := range []string{"value", "type"} {
			if rapid.IntRange(0, 3).Draw(rt, "has "+sub) > 0 {
				e[sub] = text.Draw(rt, sub)
			}
		}
		if rapid.Bool().Draw(rt, "primary") {
			e["primary"] = rapid.Bool().Draw(rt, "is primary")
		}
		if len(e) > 0 {
			emails = append(emails, e)
		}
	}
	if emails != nil {
		o["emails"] = emails
	}
	return o
}

// The attributes that random filters compare, by what they can be compared with.
var (
	userTexts = []string{
		"userName", "displayName", "title", "code", "name.familyName", "emails.value", "emails.type", "emails", "groups.value", "groups.display", "groups.type",
		"id", "externalId", "meta.resourceType", "meta.version", extensionURN + ":badge", "unknown",
	}
	userBooleans = []string{"active", "emails.primary"}
	userInstants = []string{"hired", "meta.created", "meta.lastModified"}
	groupTexts   = []string{"displayName", "id", "externalId", "members", "members.value", "members.type", "members.display"}
	elementTexts = map[string][]string{
		"emails": {"value", "type"}, "groups": {"value", "type", "display"}, "members": {"value", "type", "display"},
	}
	sorts = []string{
		"userName", "displayName", "title", "code", "active", "level", "hired", "name.familyName", "emails", "emails.type", "id", "externalId", "meta.created",
		"meta.lastModified", extensionURN + ":badge",
	}
)

func randomQuery(rt *rapid.T, m *model) (store.Query, string) {
	q := store.Query{
		View:  store.View{Directory: m.directory, Application: m.directory + "_app", Scoped: rapid.Bool().Draw(rt, "scoped")},
		Type:  rapid.SampledFrom([]*scim.ResourceType{userType, userType, groupType}).Draw(rt, "type"),
		Start: rapid.SampledFrom([]int{1, 1, 1, 2, 4}).Draw(rt, "start"),
		Count: rapid.SampledFrom([]int{100, 100, 2, 0}).Draw(rt, "count"),
	}
	expr := randomExpr(rt, q.Type, 3)
	text := q.Type.Name + ": " + expr.String()
	var err error
	if q.Filter, err = q.Type.Bind(expr); err != nil {
		rt.Fatalf("%s: %v", text, err)
	}
	if q.Type == userType && rapid.Bool().Draw(rt, "sorted") {
		by := rapid.SampledFrom(sorts).Draw(rt, "sortBy")
		ref, err := q.Type.BindSort(by)
		if err != nil {
			rt.Fatalf("%s: %v", by, err)
		}
		q.SortBy, q.Descending = &ref, rapid.Bool().Draw(rt, "descending")
		text += fmt.Sprintf(" sorted by %s, descending %v", by, q.Descending)
	}
	return q, fmt.Sprintf("%s (scoped %v, from %d, %d at most)", text, q.Scoped, q.Start, q.Count)
}

func randomExpr(rt *rapid.T, t *scim.ResourceType, depth int) filter.Expr {
	kinds := []string{"text", "text", "text", "each", "boolean", "number", "instant", "and", "or", "not"}
	if depth == 0 {
		kinds = kinds[:7]
	}
	kind := rapid.SampledFrom(kinds).Draw(rt, "kind")
	switch {
	case kind == "and":
		return filter.And{Left: randomExpr(rt, t, depth-1), Right: randomExpr(rt, t, depth-1)}
	case kind == "or":
		return filter.Or{Left: randomExpr(rt, t, depth-1), Right: randomExpr(rt, t, depth-1)}
	case kind == "not":
		return filter.Not{X: randomExpr(rt, t, depth-1)}
	case kind == "each" && t == groupType:
		return randomEach(rt, "members")
	case kind == "each":
		return randomEach(rt, rapid.SampledFrom([]string{"emails", "emails", "groups"}).Draw(rt, "each"))
	case t == groupType:
		return randomText(rt, groupTexts)
	case kind == "boolean":
		return randomBoolean(rt, userBooleans)
	case kind == "number":
		return compare(rt, "level", rangeOps, filter.Value{Kind: filter.Number, Text: rapid.SampledFrom([]string{"-1", "0", "1", "3"}).Draw(rt, "number")})
	case kind == "instant":
		value := filter.Value{Kind: filter.String, Text: rapid.SampledFrom(instants).Draw(rt, "instant")}
		return compare(rt, rapid.SampledFrom(userInstants).Draw(rt, "attribute"), rangeOps, value)
	}
	return randomText(rt, userTexts)
}

// randomEach is a value path with up to two conditions on one element.
func randomEach(rt *rapid.T, name string) filter.Expr {
	inner := func() filter.Expr {
		if name == "emails" && rapid.IntRange(0, 3).Draw(rt, "primary") == 0 {
			return randomBoolean(rt, []string{"primary"})
		}
		return randomText(rt, elementTexts[name])
	}
	x := inner()
	switch rapid.IntRange(0, 3).Draw(rt, "inside") {
	case 1:
		x = filter.And{Left: x, Right: inner()}
	case 2:
		x = filter.Or{Left: x, Right: inner()}
	case 3:
		x = filter.Not{X: x}
	}
	return filter.Each{Attr: filter.Attr{Name: name}, Filter: x}
}

var (
	textOps  = []filter.Op{filter.Eq, filter.Ne, filter.Co, filter.Sw, filter.Ew, filter.Gt, filter.Ge, filter.Lt, filter.Le, filter.Pr}
	rangeOps = []filter.Op{filter.Eq, filter.Ne, filter.Gt, filter.Ge, filter.Lt, filter.Le, filter.Pr}
	equalOps = []filter.Op{filter.Eq, filter.Ne, filter.Pr}
)

func randomText(rt *rapid.T, attrs []string) filter.Expr {
	name := rapid.SampledFrom(attrs).Draw(rt, "attribute")
	if rapid.IntRange(0, 9).Draw(rt, "null") == 0 {
		return compare(rt, name, equalOps, filter.Value{Kind: filter.Null, Text: "null"})
	}
	pool := texts
	if strings.HasSuffix(name, "type") {
		pool = append([]string{"direct", "indirect", "User", "group"}, texts...)
	}
	return compare(rt, name, textOps, filter.Value{Kind: filter.String, Text: rapid.SampledFrom(pool).Draw(rt, "value")})
}

func randomBoolean(rt *rapid.T, attrs []string) filter.Expr {
	value := filter.Value{Kind: filter.Bool, Text: rapid.SampledFrom([]string{"true", "false"}).Draw(rt, "boolean")}
	return compare(rt, rapid.SampledFrom(attrs).Draw(rt, "attribute"), equalOps, value)
}

func compare(rt *rapid.T, name string, ops []filter.Op, value filter.Value) filter.Expr {
	x := filter.Compare{Op: rapid.SampledFrom(ops).Draw(rt, "operator")}
	if x.Op != filter.Pr {
		x.Value = value
	}
	if urn, rest, found := strings.Cut(name, "User:"); found {
		x.Attr.URN, name = urn+"User", rest
	}
	x.Attr.Name, x.Attr.Sub, _ = strings.Cut(name, ".")
	return x
}
