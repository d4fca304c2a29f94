package server_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"scimproof/server"
	"scimproof/server/api"
	"scimproof/server/control"
	"scimproof/server/store"
	"scimproof/server/variant"
)

// both runs a test with a client of each profile.
func both(t *testing.T, fn func(c *client), change ...func(*server.Config)) {
	t.Helper()
	for _, profile := range []string{"idaas", "rfc"} {
		t.Run(profile, func(t *testing.T) { fn(serverOf(t, change...).demo(profile)) })
	}
}

func authorization(value string) func(*http.Request) {
	return func(r *http.Request) {
		r.Header.Del("Authorization")
		if value != "" {
			r.Header.Set("Authorization", value)
		}
	}
}

func contentType(value string) func(*http.Request) {
	return func(r *http.Request) {
		r.Header.Del("Content-Type")
		if value != "" {
			r.Header.Set("Content-Type", value)
		}
	}
}

func TestTokens(t *testing.T) { // tok-5, tok-7, url-1
	both(t, func(c *client) {
		other := c.world.beside(c.app)
		path := c.user(nil)
		unauthorized := func(authorize string) {
			c.t.Helper()
			for _, r := range []struct{ method, path string }{
				{"GET", "/Users"}, {"POST", "/Users"}, {"GET", path}, {"PUT", path}, {"PATCH", path}, {"DELETE", path}, {"HEAD", path},
				{"GET", "/Groups"}, {"GET", "/Me"}, {"POST", "/Bulk"}, {"POST", "/.search"}, {"GET", ""}, {"GET", "/Nothing"}, {"BREW", "/Users"},
			} {
				a := c.do(r.method, r.path, nil, authorization(authorize))
				if scheme, _, _ := strings.Cut(a.header.Get("WWW-Authenticate"), " "); scheme != "Bearer" {
					c.t.Errorf("%s %s: WWW-Authenticate is %q", r.method, r.path, a.header.Get("WWW-Authenticate"))
				}
				if r.method != "HEAD" {
					a.refused(http.StatusUnauthorized, "", "")
				}
				if _, token, _ := strings.Cut(authorize, " "); len(token) > 20 && strings.Contains(a.text, token) {
					c.t.Errorf("%s %s: the token is in the answer", r.method, r.path)
				}
			}
		}
		for _, wrong := range []string{
			"", "Bearer", "Bearer ", "Bearer none", "Bearer " + other.token, "Basic " + c.token, c.token, "Bearer " + c.token + "x", "Bearer " + strings.ToLower(c.token),
		} {
			unauthorized(wrong)
		}
		c.do("GET", path, nil, authorization("bearer "+c.token)).want(http.StatusOK)
		c.do("GET", path, nil, authorization("BEARER   "+c.token)).want(http.StatusOK)

		second, value, err := c.world.plane.AddToken(c.t.Context(), c.app.ID, control.BearerToken, control.Days(365))
		if err != nil {
			c.t.Fatal(err)
		}
		c.do("GET", path, nil, authorization("Bearer "+value)).want(http.StatusOK)
		c.get(path).want(http.StatusOK) // both work
		if _, err := c.world.plane.SetTokenEnabled(c.t.Context(), second.ID, false); err != nil {
			c.t.Fatal(err)
		}
		unauthorized("Bearer " + value)
		if err := c.world.plane.DeleteToken(c.t.Context(), second.ID); err != nil {
			c.t.Fatal(err)
		}
		unauthorized("Bearer " + value)
		c.get(path).want(http.StatusOK)
		c.world.days.Add(30) // the demo's token is valid for so long
		unauthorized("Bearer " + c.token)
	})
}

func TestBaseURLs(t *testing.T) { // url-1
	w := serverOf(t)
	c, rfc := w.demo("idaas"), w.demo("rfc")
	instance, application := strings.TrimPrefix(c.app.Instance, "idaas_"), strings.TrimPrefix(c.app.ID, "app_")
	if c.base != w.origin+"/v2/"+instance+"/"+application+"/scim" || strings.Contains(c.base, "_") || c.base == rfc.base {
		t.Errorf("the base URLs are %s and %s", c.base, rfc.base)
	}
	full := *c
	full.base = w.origin + "/v2/" + c.app.Instance + "/" + c.app.ID + "/scim"
	a := full.post("/Users", person(nil)).want(http.StatusCreated)
	if want := c.base + "/Users/" + a.id(); a.header.Get("Location") != want || a.at("meta", "location") != want {
		t.Errorf("the location is %s and %v, want %s", a.header.Get("Location"), a.at("meta", "location"), want)
	}
	rfc.do("GET", "/Users", nil, authorization("Bearer "+c.token)).refused(http.StatusUnauthorized, "", "")
	for _, path := range []string{"", "/", "/v2", "/v2/" + instance, "/v2/none/" + application + "/scim/Users", "/v2/" + instance + "/none/scim/Users",
		"/v2/" + instance + "/" + application + "/scam/Users", "/v1/" + instance + "/" + application + "/scim/Users", "/v2/%zz/x/scim/Users"} {
		lost := *c
		lost.base = w.origin
		if strings.Contains(path, "%zz") {
			continue // no client can send it
		}
		lost.get(path).refused(http.StatusNotFound, "", "")
	}
}

func TestPublicOrigin(t *testing.T) { // url-2
	both(t, func(c *client) {
		a := c.post("/Users", person(nil)).want(http.StatusCreated)
		want := "https://scim.example.com" + api.BasePath(c.app) + "/Users/" + a.id()
		group := c.post("/Groups", team(object{"members": []any{object{"value": a.id()}}})).want(http.StatusCreated)
		for _, got := range []any{a.header.Get("Location"), a.at("meta", "location"), group.at("members", 0, "$ref")} {
			if got != want {
				c.t.Errorf("an address is %v, want %s", got, want)
			}
		}
	}, func(config *server.Config) { config.PublicOrigin = "https://scim.example.com/" })
}

func TestRefusalsOfAnApplication(t *testing.T) { // app-3, perm-1, perm-2
	for name, x := range map[string]struct {
		change func(*store.Application)
		code   string
		open   []string // what is permitted all the same: methods with U or G
	}{
		"disabled":       {func(a *store.Application) { a.Enabled = false }, "application_disabled", nil},
		"api off":        {func(a *store.Application) { a.APIEnabled = false }, "application_api_disabled", nil},
		"both":           {func(a *store.Application) { a.Enabled, a.APIEnabled = false, false }, "application_disabled", nil},
		"no scenario":    {func(a *store.Application) { a.Permissions = nil }, "permission_denied", nil},
		"read users":     {func(a *store.Application) { a.Permissions = []string{control.UserRead} }, "permission_denied", []string{"GET U"}},
		"manage users":   {func(a *store.Application) { a.Permissions = []string{control.UserManage} }, "permission_denied", []string{"POST U", "PUT U", "PATCH U", "DELETE U"}},
		"read groups":    {func(a *store.Application) { a.Permissions = []string{control.GroupRead} }, "permission_denied", []string{"GET G"}},
		"manage groups":  {func(a *store.Application) { a.Permissions = []string{control.GroupManage} }, "permission_denied", []string{"POST G", "PUT G", "PATCH G", "DELETE G"}},
		"everything but": {func(a *store.Application) { a.Permissions = control.Scenarios[1:] }, "permission_denied", []string{"POST U", "PUT U", "PATCH U", "DELETE U", "GET G", "POST G", "PUT G", "PATCH G", "DELETE G"}},
	} {
		t.Run(name, func(t *testing.T) {
			c := idaas(t).with(t)
			user, group := c.user(nil), c.group(nil)
			before := c.state()
			changed := c.app
			x.change(&changed)
			c.world.change(func(tx store.Tx) error { return tx.PutApplication(changed) })
			for _, r := range []struct {
				kind, path string
				body       object
			}{{"U", user, person(nil)}, {"G", group, team(nil)}} {
				for _, method := range []string{"GET", "POST", "PUT", "PATCH", "DELETE"} {
					path := r.path
					if method == "POST" {
						path = path[:strings.LastIndexByte(path, '/')]
					}
					if slices.Contains(x.open, method+" "+r.kind) {
						continue
					}
					a := c.do(method, path, r.body).refused(http.StatusForbidden, "", x.code)
					need := "Require scopes: [urn:alibaba:idaas:scope:" + map[string]string{"U": "user", "G": "group"}[r.kind] + ":" + map[bool]string{true: "read_all", false: "manage_all"}[method == "GET"] + "]"
					if detail, _ := a.at("detail").(string); x.code == "permission_denied" && !strings.Contains(detail, need) {
						t.Errorf("%s %s: the detail %q does not name the scenario", method, path, detail)
					}
				}
				a := c.do("HEAD", r.path, nil)
				if got, want := a.status == http.StatusOK, slices.Contains(x.open, "GET "+r.kind); got != want {
					t.Errorf("HEAD %s answers %d", r.path, a.status)
				}
			}
			c.get("/ServiceProviderConfig").want(http.StatusOK)
			for _, open := range x.open {
				method, kind, _ := strings.Cut(open, " ")
				if method == "GET" {
					c.get("/" + map[string]string{"U": "Users", "G": "Groups"}[kind]).want(http.StatusOK)
				}
			}
			c.world.change(func(tx store.Tx) error { return tx.PutApplication(c.app) })
			if after := c.state(); after != before {
				t.Errorf("something changed: before\n%s\nafter\n%s", before, after)
			}
		})
	}
}

func TestEachScenarioOpensItsOperations(t *testing.T) { // perm-2, perm-3
	c := idaas(t)
	grant := func(scenarios ...string) {
		changed := c.app
		changed.Permissions = scenarios
		c.world.change(func(tx store.Tx) error { return tx.PutApplication(changed) })
	}
	grant(control.UserManage)
	path := c.user(nil)
	c.put(path, person(nil)).want(http.StatusOK)
	c.patch(path, op("replace", "active", false)).want(http.StatusOK)
	grant(control.GroupManage)
	group := c.group(nil)
	c.put(group, team(nil)).want(http.StatusOK)
	c.patch(group, op("replace", "displayName", "Crew")).want(http.StatusNoContent)
	grant(control.GroupRead)
	c.get(group).want(http.StatusOK)
	grant(control.UserRead)
	c.get(path).want(http.StatusOK)
	grant(control.UserManage)
	c.delete(path).want(http.StatusNoContent)
	grant(control.GroupManage)
	c.delete(group).want(http.StatusNoContent)
}

func TestDiscoveryNeedsNoCredentials(t *testing.T) { // perm-4
	both(t, func(c *client) {
		for _, path := range []string{
			"/ServiceProviderConfig", "/ResourceTypes", "/ResourceTypes/User", "/ResourceTypes/Group", "/Schemas", "/Schemas/" + userSchema,
			"/Schemas/" + enterpriseSchema, "/Schemas/" + groupSchema,
		} {
			for _, value := range []string{"", "Bearer none"} {
				c.do("GET", path, nil, authorization(value)).want(http.StatusOK)
			}
			head, get := c.do("HEAD", path, nil, authorization("")), c.get(path)
			if head.status != http.StatusOK || head.text != "" || head.header.Get("Content-Length") != get.header.Get("Content-Length") {
				c.t.Errorf("HEAD %s answers %d with %q", path, head.status, head.text)
			}
			for _, method := range []string{"POST", "PUT", "PATCH", "DELETE"} {
				allows(c.do(method, path, nil, authorization("")), "GET", "HEAD")
			}
			c.get(path+"?filter=id%20pr").refused(http.StatusForbidden, "", "")
		}
		for _, path := range []string{"/Schemas/urn:none", "/ResourceTypes/None", "/ServiceProviderConfig/x", "/Schemas/a/b"} {
			c.do("GET", path, nil, authorization("")).refused(http.StatusNotFound, "", "")
		}
	})
}

// allows checks a 405 and what it says is possible.
func allows(a answer, methods ...string) {
	a.t.Helper()
	a.refused(http.StatusMethodNotAllowed, "", "")
	if got := a.header.Get("Allow"); got != strings.Join(methods, ", ") {
		a.t.Errorf("Allow is %q, want %q", got, methods)
	}
}

func TestMethods(t *testing.T) {
	both(t, func(c *client) {
		path := c.user(nil)
		for _, method := range []string{"PUT", "PATCH", "DELETE", "OPTIONS", "BREW"} {
			allows(c.do(method, "/Users", nil), "GET", "HEAD", "POST")
			allows(c.do(method, "/Groups", nil), "GET", "HEAD", "POST")
		}
		for _, method := range []string{"POST", "OPTIONS", "BREW"} {
			allows(c.do(method, path, nil), "GET", "HEAD", "PUT", "PATCH", "DELETE")
		}
		if a := c.get(path); a.want(http.StatusOK).at("userName") != "jo" {
			c.t.Errorf("the account is %s", a.text)
		}
	})
}

func TestHead(t *testing.T) {
	both(t, func(c *client) {
		path := c.user(nil)
		for _, p := range []string{path, "/Users", "/Groups", "/Users?filter=userName%20eq%20%22jo%22", "/Users/none"} {
			head, get := c.do("HEAD", p, nil), c.get(p)
			if head.status != get.status || head.text != "" || head.header.Get("Content-Type") != get.header.Get("Content-Type") ||
				head.header.Get("Content-Length") != get.header.Get("Content-Length") {
				c.t.Errorf("HEAD %s answers %d %v, GET %d %v", p, head.status, head.header, get.status, get.header)
			}
		}
	})
}

func TestNothingHere(t *testing.T) {
	both(t, func(c *client) {
		path := c.user(nil)
		for _, p := range []string{"/Nothing", "/users", path + "/x", path + "/", "/Users/none", "/Groups/none", "/Users/%2F", "/Groups" + strings.TrimPrefix(path, "/Users")} {
			if p == path+"/" {
				continue // a slash at the end is the same address
			}
			c.get(p).refused(http.StatusNotFound, "", "")
		}
		lacks := []string{"/Me"} // of which profile rfc lacks POST alone
		if c.app.Profile == "idaas" {
			lacks = append(lacks, "/Bulk", "/.search", "/Users/.search", "/Groups/.search", "")
		}
		for _, p := range lacks {
			c.post(p, object{}).refused(http.StatusNotImplemented, "", "")
		}
	})
}

func TestBodies(t *testing.T) {
	both(t, func(c *client) {
		path := c.user(nil)
		c.unchanged(func() {
			for _, mt := range []string{"text/plain", "application/xml", "application/scim+json; charset=utf-16", "application/x-www-form-urlencoded", "json", ";"} {
				c.do("POST", "/Users", person(object{"userName": "mo"}), contentType(mt)).refused(http.StatusUnsupportedMediaType, "", "")
				c.do("PUT", path, person(object{"displayName": "Jo"}), contentType(mt)).refused(http.StatusUnsupportedMediaType, "", "")
			}
			for _, body := range []string{
				"", "{", "[]", "null", `"x"`, `{"schemas":["` + userSchema + `"],"userName":"mo"}x`, `{"schemas":["` + userSchema + `"],"userName":"mo","userName":"ko"}`,
				`{"schemas":["` + userSchema + `"],"userName":"mo","USERNAME":"ko"}`, `{"schemas":["` + userSchema + `"],"userName":"` + "\xff" + `"}`,
				`{"userName":"mo"}`, `{"schemas":["urn:none"],"userName":"mo"}`,
			} {
				c.post("/Users", body).refused(http.StatusBadRequest, "invalidSyntax", "")
				c.put(path, body).refused(http.StatusBadRequest, "invalidSyntax", "")
			}
		})
		for i, mt := range []string{"", "application/json", "application/scim+json;charset=UTF-8", "Application/SCIM+JSON"} {
			c.do("POST", "/Users", person(object{"userName": strings.Repeat("m", i+1)}), contentType(mt)).want(http.StatusCreated)
		}
	})
}

func TestBodyLimits(t *testing.T) {
	both(t, func(c *client) {
		path := c.user(nil)
		large := person(object{"userName": "mo", "unheard": strings.Repeat("x", 4096)})
		huge := team(object{"unheard": strings.Repeat("x", 16384)})
		c.unchanged(func() {
			c.post("/Users", large).refused(http.StatusRequestEntityTooLarge, "", "")
			c.put(path, large).refused(http.StatusRequestEntityTooLarge, "", "")
			c.do("PATCH", path, large).refused(http.StatusRequestEntityTooLarge, "", "")
			c.post("/Groups", huge).refused(http.StatusRequestEntityTooLarge, "", "")
		})
		c.post("/Groups", team(object{"unheard": strings.Repeat("x", 4096)})).want(http.StatusCreated)
	}, func(config *server.Config) { config.Limits = api.Limits{Body: 4096, GroupBody: 16384} })
}

func TestMediaTypes(t *testing.T) {
	both(t, func(c *client) {
		path := c.user(nil)
		for accept, want := range map[string]string{
			"": "application/scim+json", "*/*": "application/scim+json", "application/*": "application/scim+json",
			"application/scim+json": "application/scim+json", "application/json": "application/json",
			"application/json, application/scim+json;q=0.5": "application/scim+json", "text/html, application/json": "application/json", "text/html": "application/scim+json",
		} {
			for _, p := range []string{path, "/Users/none", "/Schemas"} {
				a := c.do("GET", p, nil, func(r *http.Request) { r.Header.Set("Accept", accept) })
				if got := a.header.Get("Content-Type"); got != want {
					c.t.Errorf("Accept %q: %s has the type %q, want %q", accept, p, got, want)
				}
			}
		}
	})
}

func TestLocations(t *testing.T) { // url-2
	both(t, func(c *client) {
		a := c.post("/Users", person(nil)).want(http.StatusCreated)
		want := c.base + "/Users/" + a.id()
		if a.header.Get("Location") != want {
			c.t.Errorf("Location is %q, want %q", a.header.Get("Location"), want)
		}
		path := "/Users/" + a.id()
		for _, a := range []answer{a, c.get(path), c.put(path, person(nil)), c.patch(path, op("replace", "displayName", "Jo"))} {
			if a.at("meta", "location") != want {
				c.t.Errorf("meta.location is %v, want %s", a.at("meta", "location"), want)
			}
		}
	})
}

func TestErrorsOfABadQuery(t *testing.T) {
	both(t, func(c *client) {
		for query, scimType := range map[string]string{
			"filter=userName": "invalidFilter", "filter=userName%20is%20%22x%22": "invalidFilter", "startIndex=x": "invalidValue", "count=1.5": "invalidValue",
			"sortOrder=up": "invalidValue", "filter=%zz": "invalidValue",
		} {
			c.get("/Users?"+query).refused(http.StatusBadRequest, scimType, "")
		}
	})
}

func TestEntriesCanBeMadeByReplace(t *testing.T) { // variant of profile rfc
	w := serverOf(t)
	plain := w.demo("rfc")
	making := w.beside(plain.app, func(n *control.NewApplication) { n.With.Variants = &[]string{variant.CreateOnNoMatch} })
	replace := op("Replace", `emails[type eq "work"].value`, "jo@example.com")
	path := plain.user(nil)
	plain.unchanged(func() { plain.patch(path, replace).refused(http.StatusBadRequest, "noTarget", "") })
	making.patch(making.user(nil), replace).want(http.StatusOK).holds("emails", "jo@example.com")
}
