package server_test

import (
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"scimproof/server/api"
	"scimproof/server/control"
)

// neighbours are two applications of one instance whose scopes do not meet, with an account and a group of each.
type neighbours struct {
	ours, theirs          *client
	ourOU, theirOU        string // organizations
	user, group           string // paths of ours
	theirUser, theirGroup string // paths of theirs
}

func newNeighbours(t *testing.T) neighbours {
	t.Helper()
	w := serverOf(t)
	demo := w.demo("idaas").app
	within := func(name string) (*client, string) {
		ou := w.organization(w.root(demo.Instance), name)
		return w.beside(demo, func(n *control.NewApplication) { n.With = control.Inbound([]string{ou}, ou) }), ou
	}
	var n neighbours
	n.ours, n.ourOU = within("Ours")
	n.theirs, n.theirOU = within("Theirs")
	n.user = n.ours.user(object{"userName": "ours", "displayName": "Ann", "externalId": "1"})
	n.group = n.ours.group(object{"displayName": "Ours", "members": []any{object{"value": idOf(n.user)}}})
	n.theirUser = n.theirs.user(object{"userName": "theirs", "displayName": "Ben", "externalId": "2", "emails": []any{entry("ben@example.com")}})
	n.theirGroup = n.theirs.group(object{"displayName": "Theirs", "externalId": "3", "members": []any{object{"value": idOf(n.theirUser)}}})
	return n
}

// scope changes the organizations of an application's scope; its groups stay.
func (c *client) scope(organizations ...string) {
	c.t.Helper()
	c.reconfigure(control.ApplicationChange{Organizations: &organizations})
}

func (c *client) reconfigure(change control.ApplicationChange) {
	c.t.Helper()
	if _, err := c.world.plane.ChangeApplication(c.t.Context(), c.app.ID, change); err != nil {
		c.t.Fatal(err)
	}
}

// notThere checks that a path answers 404 to everything, and that nobody who sees it sees a change.
func (c *client) notThere(path string, who *client) {
	c.t.Helper()
	body, code := person(object{"userName": "taken over"}), "ResourceNotFound.User"
	if strings.HasPrefix(path, "/Groups/") {
		body, code = team(object{"displayName": "taken over"}), "ResourceNotFound.Group"
	}
	who.unchanged(func() {
		for _, a := range []answer{
			c.get(path), c.get(path + "?attributes=id"), c.put(path, body), c.patch(path, op("replace", "displayName", "taken over")),
			c.patch(path, op("remove", "externalId")), c.delete(path),
		} {
			a.refused(http.StatusNotFound, "", code)
		}
	})
}

func TestNeighboursAreNotThere(t *testing.T) { // scope-2, scope-3, scope-5
	n := newNeighbours(t)
	n.ours.notThere(n.theirUser, n.theirs)
	n.ours.notThere(n.theirGroup, n.theirs)
	n.theirs.notThere(n.user, n.ours)
	n.theirs.notThere(n.group, n.ours)
}

func TestInstancesAreNotThereForEachOther(t *testing.T) { // scope-5
	n := newNeighbours(t)
	in, root, err := n.ours.world.plane.NewInstance(t.Context(), "Far")
	if err != nil {
		t.Fatal(err)
	}
	far := n.ours.app
	far.Instance, far.Scope, far.Target = in.ID, []string{root.ID}, root.ID
	c := n.ours.world.beside(far)
	path := c.user(object{"userName": "ours", "externalId": "1"}) // no clash: names are unique in an instance
	c.notThere(n.user, n.ours)
	c.notThere(n.group, n.ours)
	n.ours.notThere(path, c)
	if users, groups := c.get("/Users").total(), c.get("/Groups").total(); users != 1 || groups != 0 {
		t.Errorf("the other instance lists %d accounts and %d groups, want 1 and 0", users, groups)
	}
}

func TestQueriesEndAtTheScope(t *testing.T) { // scope-2, scope-3, scope-5
	n := newNeighbours(t)
	for _, x := range []struct {
		endpoint, filter string
		want             int
	}{
		{"/Users", `userName eq "ours" or userName eq "theirs"`, 1},
		{"/Users", `userName eq "theirs" or id pr`, 1},
		{"/Users", `not (userName eq "ours")`, 0},
		{"/Users", `not (userName eq "nobody")`, 1},
		{"/Users", `id eq "` + idOf(n.theirUser) + `"`, 0},
		{"/Users", `id eq "` + idOf(n.theirUser) + `" or id eq "` + idOf(n.user) + `"`, 1},
		{"/Users", `userName co "s" and displayName sw "B"`, 0},
		{"/Users", `externalId eq "2"`, 0},
		{"/Users", `emails[value eq "ben@example.com"]`, 0},
		{"/Users", `emails pr`, 0},
		{"/Users", `meta.created pr`, 1},
		{"/Users", enterpriseSchema + `:organization.organizationId eq "` + n.theirOU + `"`, 0},
		{"/Groups", `displayName eq "Ours" or displayName eq "Theirs"`, 1},
		{"/Groups", `not (displayName eq "Ours")`, 0},
		{"/Groups", `id eq "` + idOf(n.theirGroup) + `"`, 0},
		{"/Groups", `externalId pr`, 0},
		{"/Groups", `members.value eq "` + idOf(n.theirUser) + `"`, 0},
	} {
		if got := n.ours.find(x.endpoint, x.filter).total(); got != x.want {
			t.Errorf("%s finds %d, want %d", x.filter, got, x.want)
		}
	}
	if a := n.ours.get("/Users?count=0").want(http.StatusOK); a.at("totalResults") != 1.0 {
		t.Errorf("the count is %v, want 1", a.at("totalResults"))
	}
}

func TestPagesEndAtTheScope(t *testing.T) { // scope-2
	n := newNeighbours(t)
	var ours []string
	for _, name := range []string{"a", "c", "e", "g"} {
		ours = append(ours, idOf(n.ours.user(object{"userName": name})))
		n.theirs.user(object{"userName": name + "x"}) // between ours, whatever they are sorted by
	}
	ours = append(ours, idOf(n.user))
	for _, order := range []string{"sortBy=userName", "sortBy=userName&sortOrder=descending", "sortBy=meta.created", "sortBy=displayName", ""} {
		var seen []string
		for _, start := range []string{"1", "3", "5", "7"} {
			a := n.ours.get("/Users?count=2&startIndex=" + start + "&" + order).want(http.StatusOK)
			if a.at("totalResults") != 5.0 {
				t.Errorf("%s: the total is %v, want 5", order, a.at("totalResults"))
			}
			list, _ := a.at("Resources").([]any)
			for _, r := range list {
				seen = append(seen, r.(object)["id"].(string))
			}
		}
		slices.Sort(seen)
		want := slices.Sorted(slices.Values(ours))
		if !slices.Equal(seen, want) {
			t.Errorf("%s: the pages show %v, want %v", order, seen, want)
		}
	}
}

func TestAClashSaysNothingOfTheOther(t *testing.T) { // scope-5
	n := newNeighbours(t)
	n.theirs.unchanged(func() {
		for _, a := range []answer{
			n.ours.post("/Users", person(object{"userName": "THEIRS"})),
			n.ours.post("/Users", person(object{"userName": "theirs", "externalId": "2"})),
			n.ours.put(n.user, person(object{"userName": "theirs"})),
			n.ours.patch(n.user, op("replace", "userName", "Theirs")),
		} {
			a.refused(http.StatusConflict, "uniqueness", "ResourceDuplicated.Username")
			for _, secret := range []string{idOf(n.theirUser), n.theirOU, n.theirs.app.ID, "Ben", "ben@example.com"} {
				if strings.Contains(a.text, secret) || a.header.Get("Location") != "" || a.header.Get("ETag") != "" {
					t.Errorf("the clash tells of the other: %s", a.text)
				}
			}
		}
	})
	n.ours.user(object{"userName": "mo", "externalId": "2"}) // an externalId is the application's own
}

func TestScopesThatOverlap(t *testing.T) { // scope-4, scope-5
	n := newNeighbours(t)
	n.ours.scope(n.ourOU, n.theirOU)
	a := n.ours.get(n.theirUser).want(http.StatusOK)
	if a.at("externalId") != nil {
		t.Errorf("the externalId of the other application is shown: %s", a.text)
	}
	n.ours.patch(n.theirUser, op("add", "externalId", "seven")).want(http.StatusOK)
	for _, x := range []struct {
		who    *client
		filter string
		want   int
	}{
		{n.ours, `externalId eq "seven"`, 1}, {n.ours, `externalId eq "2"`, 0}, {n.ours, `not (externalId eq "2") and userName eq "theirs"`, 1},
		{n.theirs, `externalId eq "2"`, 1}, {n.theirs, `externalId eq "seven"`, 0}, {n.theirs, `externalId sw "s"`, 0},
	} {
		if got := x.who.find("/Users", x.filter).total(); got != x.want {
			t.Errorf("%s: %s finds %d, want %d", x.who.app.ID, x.filter, got, x.want)
		}
	}
	n.ours.put(n.theirUser, person(object{"userName": "theirs", "displayName": "Changed"})).want(http.StatusOK) // and clears ours alone
	b := n.theirs.get(n.theirUser)
	if b.at("externalId") != "2" || b.at("displayName") != "Changed" || n.ours.get(n.theirUser).at("externalId") != nil {
		t.Errorf("after a PUT of ours: %s", b.text)
	}
	n.theirs.notThere(n.user, n.ours) // one way only
	n.ours.delete(n.theirUser).want(http.StatusNoContent)
	n.theirs.get(n.theirUser).want(http.StatusNotFound)
}

func TestAGroupMadeJoinsTheScope(t *testing.T) { // scope-3, scope-6
	n := newNeighbours(t)
	scope, err := n.ours.world.plane.ScopeOf(t.Context(), n.ours.app.ID)
	if err != nil || !slices.Equal(scope.Groups, []string{idOf(n.group)}) || !slices.Equal(scope.Organizations, []string{n.ourOU}) {
		t.Fatalf("the scope is %v, %v", scope, err)
	}
	scope.Groups = append(scope.Groups, idOf(n.theirGroup))
	n.ours.reconfigure(control.ApplicationChange{Scope: &scope})
	a := n.ours.get(n.theirGroup).want(http.StatusOK)
	if a.at("externalId") != nil || a.at("members") != nil {
		t.Errorf("a group in the scope shows what is not: %s", a.text)
	}
	n.ours.put(n.theirGroup, team(object{"displayName": "Both", "externalId": "ours"})).want(http.StatusOK)
	if b := n.theirs.get(n.theirGroup); b.at("externalId") != "3" || b.at("displayName") != "Both" || b.at("members", 0, "value") != idOf(n.theirUser) {
		t.Errorf("after a PUT of ours: %s", b.text)
	}
	scope.Groups = nil
	n.ours.reconfigure(control.ApplicationChange{Scope: &scope})
	n.ours.notThere(n.theirGroup, n.theirs)
	n.ours.get(n.group).refused(http.StatusNotFound, "", "ResourceNotFound.Group")
	scope.Groups = []string{idOf(n.group)}
	n.ours.reconfigure(control.ApplicationChange{Scope: &scope})
	if got := n.ours.get(n.group).want(http.StatusOK).at("members", 0, "value"); got != idOf(n.user) {
		t.Errorf("the group came back with the member %v", got)
	}
}

func TestStrangersDoNotJoin(t *testing.T) { // scope-6
	n := newNeighbours(t)
	stranger := []any{object{"value": idOf(n.theirUser)}}
	n.ours.unchanged(func() {
		for _, a := range []answer{
			n.ours.post("/Groups", team(object{"members": stranger})),
			n.ours.put(n.group, team(object{"displayName": "Ours", "members": stranger})),
			n.ours.patch(n.group, op("add", "members", stranger)),
			n.ours.patch(n.group, op("replace", "members", stranger)),
			n.ours.patch(n.group, op("add", "", object{"members": stranger})),
		} {
			a.refused(http.StatusBadRequest, "invalidValue", "")
			if strings.Contains(a.text, "Ben") || strings.Contains(a.text, n.theirOU) {
				t.Errorf("the refusal tells of the other: %s", a.text)
			}
		}
	})
	if got := n.ours.get(n.group).at("members", 0, "value"); got != idOf(n.user) {
		t.Errorf("the member is %v, want ours", got)
	}
}

func TestHiddenMembersStay(t *testing.T) { // scope-6
	p := somewhere(t)
	seen, also, hidden := p.user(object{"userName": "seen"}), p.user(object{"userName": "also"}), p.user(byIDOf("hidden", p.beside))
	entries := func(paths ...string) []any {
		list := []any{}
		for _, path := range paths {
			list = append(list, object{"value": idOf(path)})
		}
		return list
	}
	for name, x := range map[string]struct {
		write func(path string) answer
		left  []string
	}{
		"PUT others":     {func(g string) answer { return p.put(g, team(object{"members": entries(also)})) }, []string{also}},
		"PUT none":       {func(g string) answer { return p.put(g, team(object{"members": entries()})) }, nil},
		"PUT without":    {func(g string) answer { return p.put(g, team(nil)) }, nil},
		"replace":        {func(g string) answer { return p.patch(g, op("replace", "members", entries(also))) }, []string{also}},
		"replace none":   {func(g string) answer { return p.patch(g, op("replace", "members", entries())) }, nil},
		"remove all":     {func(g string) answer { return p.patch(g, op("remove", "members")) }, nil},
		"remove filter":  {func(g string) answer { return p.patch(g, op("remove", `members[value pr]`)) }, nil},
		"remove by id":   {func(g string) answer { return p.patch(g, op("remove", `members[value eq "`+idOf(hidden)+`"]`)) }, []string{seen}},
		"remove entries": {func(g string) answer { return p.patch(g, op("remove", "members", entries(hidden, seen))) }, nil},
		"add":            {func(g string) answer { return p.patch(g, op("add", "members", entries(also))) }, []string{seen, also}},
	} {
		p.scope(p.target, p.beside)
		g := p.group(object{"displayName": name, "members": entries(seen, hidden)})
		p.scope(p.target)
		p.in(g, seen)
		if n := p.find("/Groups", `members.value eq "`+idOf(hidden)+`"`).total(); n != 0 {
			t.Error("a filter finds the hidden member")
		}
		if a := x.write(g); a.status != http.StatusOK && a.status != http.StatusNoContent {
			t.Errorf("%s answers %d: %s", name, a.status, a.text)
		}
		p.in(g, x.left...)
		p.scope(p.target, p.beside)
		p.in(g, append(x.left, hidden)...)
	}
}

func TestNarrowingHidesAndWideningShows(t *testing.T) { // scope-1, scope-7
	p := somewhere(t)
	far := p.world.organization(p.beside, "Far below")
	paths := []string{p.user(byIDOf("a", p.beside)), p.user(byIDOf("b", far))}
	p.user(object{"userName": "c", "externalId": "3"})
	whole := p.state()
	hide := func(how string, hidden []string) {
		t.Helper()
		for _, path := range hidden {
			p.get(path).refused(http.StatusNotFound, "", "ResourceNotFound.User")
			p.delete(path).refused(http.StatusNotFound, "", "ResourceNotFound.User")
		}
		if n := p.get("/Users").total(); n != 3-len(hidden) {
			t.Errorf("%s leaves %d of 3 accounts in sight, want %d", how, n, 3-len(hidden))
		}
	}
	shows := func(how string) {
		t.Helper()
		if now := p.state(); now != whole {
			t.Errorf("%s shows\n%s\nwant\n%s", how, now, whole)
		}
	}
	p.scope(p.target)
	hide("a narrower scope", paths)
	p.scope(p.target, far)
	hide("a scope further down", paths[:1])
	p.scope(p.above)
	shows("a scope further up")
	p.scope(p.target, p.beside)
	shows("the scope as it was")
	move := func(parent string) {
		t.Helper()
		if _, err := p.world.plane.ChangeOrganization(t.Context(), far, control.OrganizationChange{Parent: &parent}); err != nil {
			t.Fatal(err)
		}
	}
	move(p.outside)
	hide("an organization that moves away", paths[1:])
	move(p.below)
	shows("an organization that moves in")
}

func TestHiddenNamesStayTaken(t *testing.T) { // scope-5, scope-7
	p := somewhere(t)
	hidden := byIDOf("hidden", p.beside)
	hidden["externalId"] = "7"
	path, seen := p.user(hidden), p.user(object{"userName": "seen"})
	whole := p.state()
	p.scope(p.target)
	for _, a := range []answer{
		p.post("/Users", person(object{"userName": "hidden"})), p.put(seen, person(object{"userName": "Hidden"})),
		p.patch(seen, op("replace", "userName", "hidden")), p.post("/Users", person(object{"userName": "new", "externalId": "7"})),
		p.put(seen, person(object{"userName": "seen", "externalId": "7"})), p.patch(seen, op("add", "externalId", "7")),
	} {
		a.want(http.StatusConflict)
		if a.at("scimType") != "uniqueness" || strings.Contains(a.text, idOf(path)) || strings.Contains(a.text, p.beside) {
			t.Errorf("the clash is answered with %s", a.text)
		}
	}
	p.scope(p.target, p.beside)
	if now := p.state(); now != whole {
		t.Errorf("something changed: before\n%s\nafter\n%s", whole, now)
	}
}

func TestSwitchedOffAndOnAgain(t *testing.T) { // app-3, perm-1
	n := newNeighbours(t)
	off, on := false, true
	for code, change := range map[string][2]control.ApplicationChange{
		"application_disabled":     {{Enabled: &off}, {Enabled: &on}},
		"application_api_disabled": {{APIEnabled: &off}, {APIEnabled: &on}},
	} {
		n.ours.unchanged(func() {
			n.ours.reconfigure(change[0])
			for _, path := range []string{n.user, n.group, "/Users", "/Groups"} {
				n.ours.get(path).refused(http.StatusForbidden, "", code)
			}
			n.ours.delete(n.user).refused(http.StatusForbidden, "", code)
			n.ours.post("/Groups", team(nil)).refused(http.StatusForbidden, "", code)
			for _, path := range []string{"/ServiceProviderConfig", "/ResourceTypes", "/Schemas"} {
				n.ours.do("GET", path, nil, authorization("")).want(http.StatusOK)
			}
			n.theirs.get(n.theirUser).want(http.StatusOK)
			n.ours.reconfigure(change[1])
		})
	}
}

// TestRotationLosesNoRequest changes tokens below clients that do not stop. Each takes the token that is current when it begins, and the
// change waits for those under way, as who retires a token does.
func TestRotationLosesNoRequest(t *testing.T) { // tok-6, tok-7
	n := newNeighbours(t)
	c, plane := n.ours, n.ours.world.plane
	var current sync.RWMutex
	token, id := c.token, c.tokenOf()
	done := make(chan struct{})
	var clients sync.WaitGroup
	defer func() {
		close(done)
		clients.Wait()
	}()
	for range 3 {
		clients.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				current.RLock()
				a := c.do("GET", n.user, nil, authorization("Bearer "+token))
				current.RUnlock()
				if a.status != http.StatusOK {
					t.Errorf("a request is lost: %s", a.text)
					return
				}
			}
		})
	}
	for range 5 {
		made, value, err := plane.AddToken(t.Context(), c.app.ID, control.BearerToken, control.Days(1))
		if err != nil {
			t.Error(err)
			break
		}
		c.do("GET", n.user, nil, authorization("Bearer "+value)).want(http.StatusOK)
		current.Lock()
		old, oldID := token, id
		token, id = value, made.ID
		current.Unlock()
		c.do("GET", n.user, nil, authorization("Bearer "+old)).want(http.StatusOK) // side by side
		if _, err := plane.SetTokenEnabled(t.Context(), oldID, false); err != nil {
			t.Error(err)
		}
		c.do("GET", n.user, nil, authorization("Bearer "+old)).want(http.StatusUnauthorized)
		if err := plane.DeleteToken(t.Context(), oldID); err != nil {
			t.Error(err)
		}
	}
}

func TestATemplateHasNoBaseURL(t *testing.T) { // app-2, url-1
	n := newNeighbours(t)
	made, err := n.ours.world.plane.AddApplication(t.Context(), control.NewApplication{
		Instance: n.ours.app.Instance, Name: "Template", Kind: control.Template, Profile: "idaas",
	})
	if err != nil {
		t.Fatal(err)
	}
	c := *n.ours
	c.base = c.world.origin + api.BasePath(made)
	for _, path := range []string{"", "/Users", "/Groups", n.user, "/ServiceProviderConfig", "/Schemas", "/ResourceTypes"} {
		c.get(path).refused(http.StatusNotFound, "", "")
	}
	c.post("/Users", person(nil)).refused(http.StatusNotFound, "", "")
}
