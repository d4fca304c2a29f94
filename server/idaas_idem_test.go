package server_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"

	"scimproof/server/control"
	"scimproof/server/store"
	"scimproof/server/variant"
)

func TestTheSameUserAgainIsAnUpdate(t *testing.T) { // idem-1, idem-3
	c := idaas(t)
	body := person(object{
		"externalId": "1", "displayName": "Jo", "active": true, "password": canary + "1", "emails": []any{entry("jo@example.com"), typed("x@example.com", "home")},
		"phoneNumbers": []any{entry("51234567")}, "phoneRegion": "852", enterpriseSchema: object{"organization": "Acme"}, "name": object{"givenName": "Jo"},
	})
	first := c.post("/Users", body).want(http.StatusCreated)
	path := "/Users/" + first.id()
	secret := c.secret(path)
	c.world.days.Add(1) // a later submission would show in lastModified
	c.unchanged(func() {
		again := c.post("/Users", body).want(http.StatusOK)
		if again.id() != first.id() || again.version() != first.version() || again.at("meta", "location") != c.base+path {
			t.Errorf("the answer is %s, want the same account as in %s", again.text, first.text)
		}
	})
	if n := c.find("/Users", `userName eq "jo"`).total(); n != 1 || c.get("/Users").total() != 1 {
		t.Errorf("%d accounts are listed, want 1", n)
	}
	if c.secret(path) != secret {
		t.Error("the password was set again")
	}
}

func TestTheLocationIsTheSameAgain(t *testing.T) { // idem-1
	c := idaas(t)
	first := c.post("/Users", person(nil)).want(http.StatusCreated).header.Get("Location")
	again := c.post("/Users", person(nil)).want(http.StatusOK)
	if got := again.header.Get("Location"); got != first || first == "" {
		t.Errorf("the Location is %q, want %q", got, first)
	}
}

func TestAnUpdateCanBeAnsweredWith201(t *testing.T) { // idem-1, variant
	c := idaas(t, variant.ResubmissionCreated)
	first := c.post("/Users", person(nil)).want(http.StatusCreated)
	c.unchanged(func() {
		again := c.post("/Users", person(nil)).want(http.StatusCreated)
		if again.header.Get("Location") != first.header.Get("Location") || again.id() != first.id() {
			t.Errorf("the answer is %s, want the same account", again.text)
		}
	})
}

func TestWhatIsFoundAgain(t *testing.T) { // idem-2
	for name, x := range map[string]struct{ first, again, want object }{
		"by externalId, renamed":    {object{"externalId": "1"}, object{"externalId": "1", "userName": "mo"}, object{"userName": "mo", "externalId": "1"}},
		"by userName":               {object{}, object{"displayName": "Jo"}, object{"userName": "jo", "displayName": "Jo"}},
		"by userName in any case":   {object{}, object{"userName": "JO"}, object{"userName": "JO"}},
		"by userName, externalId":   {object{}, object{"externalId": "1"}, object{"userName": "jo", "externalId": "1"}},
		"by userName, none sent":    {object{"externalId": "1"}, object{"displayName": "Jo"}, object{"displayName": "Jo", "externalId": "1"}},
		"by both":                   {object{"externalId": "1"}, object{"externalId": "1"}, object{"userName": "jo", "externalId": "1"}},
		"by externalId in its case": {object{"externalId": "a"}, object{"externalId": "a", "userName": "mo"}, object{"userName": "mo"}},
	} {
		t.Run(name, func(t *testing.T) {
			c := idaas(t).with(t)
			path := c.user(x.first)
			a := c.post("/Users", person(x.again)).want(http.StatusOK)
			if "/Users/"+a.id() != path || c.get("/Users").total() != 1 {
				t.Errorf("another account was made: %s", a.text)
			}
			for attr, want := range x.want {
				if got := c.get(path).at(attr); got != want || a.at(attr) != want {
					t.Errorf("%s is %v and %v, want %v", attr, a.at(attr), got, want)
				}
			}
		})
	}
	t.Run("another externalId and userName", func(t *testing.T) {
		c := idaas(t).with(t)
		c.user(object{"externalId": "1"})
		c.user(object{"externalId": "2", "userName": "mo"})
		c.user(object{"externalId": "A", "userName": "ko"})
		c.user(object{"externalId": "a", "userName": "lo"})
		if n := c.get("/Users").total(); n != 4 {
			t.Errorf("there are %d accounts, want 4", n)
		}
	})
}

func TestAnUpdateLeavesWhatIsNotSent(t *testing.T) { // idem-3
	c := idaas(t)
	full := object{
		"externalId": "1", "displayName": "Jo", "active": false, "emails": []any{entry("jo@example.com")},
		"phoneNumbers": []any{entry("51234567")}, "phoneRegion": "852",
	}
	path := c.user(full)
	c.unchanged(func() {
		for _, sent := range []object{
			{},
			{"displayName": nil, "externalId": nil, "active": nil, "emails": nil, "phoneNumbers": nil, "phoneRegion": nil, "password": nil, enterpriseSchema: nil},
			{"emails": []any{}, "phoneNumbers": []any{}},
			{"emails": []any{typed("x@example.com", "home")}, "phoneNumbers": []any{object{"value": "61234567"}}},
		} {
			c.post("/Users", person(sent)).want(http.StatusOK)
		}
	})
	a := c.post("/Users", person(object{"displayName": "Jo Doe", "active": true})).want(http.StatusOK)
	a.holds("emails", "jo@example.com").holds("phoneNumbers", "51234567")
	if b := c.get(path); b.at("displayName") != "Jo Doe" || b.at("active") != true || b.at("phoneRegion") != "852" || b.at("externalId") != "1" || b.version() != a.version() {
		t.Errorf("the account is %s", b.text)
	}
}

// TestResubmittedPasswordIsSetOnlyWhereThereIsNone holds rule idem-4.
func TestResubmittedPasswordIsSetOnlyWhereThereIsNone(t *testing.T) {
	c := idaas(t)
	path := c.user(nil)
	if c.secret(path) != "" {
		t.Fatal("an account without a password has one")
	}
	c.post("/Users", person(object{"password": canary + "1"})).want(http.StatusOK)
	secret := c.secret(path)
	if secret == "" {
		t.Fatal("the password was not set where there was none")
	}
	c.unchanged(func() { c.post("/Users", person(object{"password": canary + "2"})).want(http.StatusOK) })
	if c.secret(path) != secret {
		t.Error("a repeated submission changed the password")
	}
	c.post("/Users", person(object{"password": canary + "3", "displayName": "Jo"})).want(http.StatusOK)
	if c.secret(path) != secret || c.get(path).at("displayName") != "Jo" {
		t.Error("a repeated submission changed the password, or not the rest")
	}
	c.unchanged(func() {
		c.post("/Users", person(object{"password": "abc", "displayName": "Mo"})).refused(http.StatusBadRequest, "invalidValue", "InvalidParameter.Password")
	})
	c.put(path, person(object{"password": canary + "4"})).want(http.StatusOK)
	if c.secret(path) == secret {
		t.Error("PUT did not change the password")
	}
}

func TestWhatClashes(t *testing.T) { // idem-5
	w := serverOf(t)
	p := places{above: w.root(w.demo("idaas").app.Instance)}
	p.target = w.organization(p.above, "Target")
	p.beside = w.organization(p.above, "Beside")
	scope := func(n *control.NewApplication) { n.With = control.Inbound([]string{p.target, p.beside}, p.target) }
	c, other := w.beside(w.demo("idaas").app, scope), w.beside(w.demo("idaas").app, scope)
	c.user(object{"userName": "jo", "externalId": "1"})
	c.user(object{"userName": "mo", "externalId": "2"})
	c.user(object{"userName": "ko"})
	other.user(object{"userName": "theirs", "externalId": "1"})
	c.user(byIDOf("away", p.beside))
	far := byIDOf("far", p.beside)
	far["externalId"] = "far"
	c.user(far)
	narrow := c.app
	narrow.Scope = []string{p.target}
	w.change(func(tx store.Tx) error { return tx.PutApplication(narrow) })
	for name, x := range map[string]struct {
		sent object
		code string
	}{
		"two accounts":                    {object{"externalId": "1", "userName": "MO"}, "ResourceDuplicated.Username"},
		"two accounts, one without":       {object{"externalId": "1", "userName": "ko"}, "ResourceDuplicated.Username"},
		"another externalId":              {object{"externalId": "3", "userName": "jo"}, "ResourceDuplicated.Username"},
		"another source":                  {object{"userName": "Theirs"}, "ResourceDuplicated.Username"},
		"another source, same externalId": {object{"externalId": "1", "userName": "theirs"}, "ResourceDuplicated.Username"},
		"outside the scope":               {object{"userName": "away"}, "ResourceDuplicated.Username"},
		"outside the scope, externalId":   {object{"userName": "near", "externalId": "far"}, "ResourceDuplicated.UserExternalId"},
	} {
		t.Run(name, func(t *testing.T) {
			c, other := c.with(t), other.with(t)
			x.sent["displayName"] = "Changed"
			other.unchanged(func() {
				c.unchanged(func() { c.post("/Users", person(x.sent)).refused(http.StatusConflict, "uniqueness", x.code) })
			})
		})
	}
}

func TestManyAtOnceMakeOne(t *testing.T) { // idem-6
	for name, body := range map[string]object{
		"by externalId": person(object{"externalId": "1", "password": canary}),
		"by userName":   person(object{"displayName": "Jo"}),
	} {
		t.Run(name, func(t *testing.T) { race(idaas(t).with(t), "/Users", body) })
	}
	t.Run("groups", func(t *testing.T) { race(idaas(t).with(t), "/Groups", team(nil)) })
}

// race submits the same many times at the same instant.
func race(c *client, endpoint string, body object) {
	c.t.Helper()
	const many = 12
	answers := make([]answer, many)
	var ready, done sync.WaitGroup
	start := make(chan struct{})
	for i := range answers {
		ready.Add(1)
		done.Go(func() {
			ready.Done()
			<-start
			answers[i] = c.post(endpoint, body)
		})
	}
	ready.Wait()
	close(start)
	done.Wait()
	made := 0
	for _, a := range answers {
		if a.status == http.StatusCreated {
			made++
		} else {
			a.want(http.StatusOK)
		}
		if a.id() != answers[0].id() {
			c.t.Errorf("there are two: %s and %s", a.id(), answers[0].id())
		}
	}
	if made != 1 || c.get(endpoint).total() != 1 {
		c.t.Errorf("%d were made, and %d are listed, want 1", made, c.get(endpoint).total())
	}
}

func TestTheSameGroupAgain(t *testing.T) { // idem-7
	c := idaas(t)
	jo := strings.TrimPrefix(c.user(nil), "/Users/")
	member := []any{object{"value": jo}}
	named := c.group(object{"displayName": "Named", "externalId": "1", "members": member})
	nameless := c.group(object{"displayName": "Nameless", "members": member})
	same := func(path string, body object) {
		t.Helper()
		if a := c.post("/Groups", team(body)).want(http.StatusOK); "/Groups/"+a.id() != path || a.header.Get("Location") != c.base+path {
			t.Errorf("another group was made: %s", a.text)
		}
	}
	c.world.days.Add(1)
	c.unchanged(func() {
		same(named, object{"displayName": "Named", "externalId": "1", "members": member})
		same(named, object{"displayName": "Named", "externalId": "1", "members": []any{}})
		same(named, object{"displayName": "Named", "externalId": "1"})
		same(nameless, object{"displayName": "Nameless", "members": member})
		same(nameless, object{"displayName": "Nameless", "externalId": nil})
		c.post("/Groups", team(object{"displayName": "Named", "externalId": "2"})).refused(http.StatusConflict, "uniqueness", "ResourceDuplicated.GroupName")
		c.post("/Groups", team(object{"displayName": "Named"})).refused(http.StatusConflict, "uniqueness", "ResourceDuplicated.GroupName")
	})
	same(named, object{"displayName": "Renamed", "externalId": "1"})
	if got := c.get(named).at("displayName"); got != "Renamed" {
		t.Errorf("the displayName is %v, want Renamed", got)
	}
	c.group(object{"displayName": "Named", "externalId": "2"}) // the name is free now
	c.unchanged(func() {
		c.post("/Groups", team(object{"displayName": "Named", "externalId": "1"})).refused(http.StatusConflict, "uniqueness", "ResourceDuplicated.GroupName")
	})
	same(nameless, object{"displayName": "Nameless", "externalId": "3"})
	if got := c.get(nameless).at("externalId"); got != "3" {
		t.Errorf("the externalId is %v, want 3", got)
	}
	if n := c.get("/Groups").total(); n != 3 {
		t.Errorf("there are %d groups, want 3", n)
	}
}

func TestGroupsOfOthersAreNotMatched(t *testing.T) { // idem-7
	c := idaas(t)
	other := c.world.beside(c.app)
	path := other.group(object{"displayName": "Team"})
	if own := c.group(object{"displayName": "Team"}); own == path {
		t.Error("the group of another application was taken for the same")
	}
	if n := c.get("/Groups").total(); n != 1 {
		t.Errorf("the application sees %d groups, want its own", n)
	}
	c.get(path).refused(http.StatusNotFound, "", "ResourceNotFound.Group")
}

func TestAfterDeleteANewOneIsMade(t *testing.T) { // idem-8
	c := idaas(t)
	for endpoint, body := range map[string]object{"/Users": person(object{"externalId": "1"}), "/Groups": team(object{"externalId": "1"})} {
		first := c.post(endpoint, body).want(http.StatusCreated).id()
		c.delete(endpoint + "/" + first).want(http.StatusNoContent)
		if again := c.post(endpoint, body).want(http.StatusCreated).id(); again == first {
			t.Errorf("%s: the id was used again", endpoint)
		}
	}
}
