package server_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"scimproof/server/control"
)

// policy chooses the template of the client's instance.
func (c *client) policy(name string) {
	c.t.Helper()
	if _, err := c.world.plane.ChangeInstance(c.t.Context(), c.app.Instance, control.InstanceChange{PasswordPolicy: &name}); err != nil {
		c.t.Fatal(err)
	}
}

// refusesPassword sends a password in every way there is, and checks that nothing happens but an error that names the broken rules.
func (c *client) refusesPassword(path, password string, words ...string) {
	c.t.Helper()
	secret := c.secret(path)
	c.unchanged(func() {
		for _, a := range []answer{
			c.post("/Users", person(object{"userName": "mo", "password": password})),
			c.post("/Users", person(object{"password": password, "displayName": "Changed"})),
			c.put(path, person(object{"password": password, "displayName": "Changed"})),
			c.patch(path, op("replace", "displayName", "Changed"), op("replace", "password", password)),
			c.patch(path, op("add", "", object{"displayName": "Changed", "password": password})),
		} {
			a.refused(http.StatusBadRequest, "invalidValue", "InvalidParameter.Password")
			detail, _ := a.at("detail").(string)
			for _, word := range words {
				if !strings.Contains(detail, word) {
					c.t.Errorf("the detail does not name the rule %q: %s", word, detail)
				}
			}
		}
	})
	if c.secret(path) != secret {
		c.t.Errorf("%q changed the password", password)
	}
}

func TestBadPasswordsAreRefused(t *testing.T) { // pass-1, pass-3: the default template
	c := idaas(t)
	path := c.user(object{"password": canary + "1"})
	c.refusesPassword(path, canary+strings.Repeat("x", 64-len(canary))+"x", "more than 64")
	c.refusesPassword(path, canary+"\x00", "control")
	c.refusesPassword(path, canary+"\n", "control")
	c.refusesPassword(path, "abc", "fewer than 4")
	c.refusesPassword(path, "", "fewer than 4")
	for _, good := range []string{canary, canary + strings.Repeat("ü", 64-len(canary)), " " + canary, "xk8!qZp2"} {
		secret := c.secret(path)
		c.put(path, person(object{"password": good})).want(http.StatusOK)
		if c.secret(path) == secret {
			t.Errorf("%q did not become the password", good)
		}
	}
	secret := c.secret(path)
	c.put(path, person(object{"password": nil})).want(http.StatusOK)
	c.patch(path, op("replace", "password", nil)).want(http.StatusOK)
	c.patch(path, op("remove", "password")).want(http.StatusOK)
	if c.secret(path) != secret {
		t.Error("null changed the password")
	}
	for _, bad := range []any{1234, true, []any{canary}, object{"value": canary}} {
		c.unchanged(func() { c.put(path, person(object{"password": bad})).want(http.StatusBadRequest) })
	}
}

func TestPasswordTemplates(t *testing.T) { // pass-1, pass-3
	facts := object{"userName": "jo.doe", "displayName": "Jo Anna", "emails": []any{entry("janna@example.com")}, "phoneNumbers": []any{entry("+1 415 555 2671")}}
	for name, x := range map[string]struct {
		good string
		bad  string
		all  []string // rules that the bad one breaks
	}{
		"Unrestricted": {canary, "abc", []string{"Unrestricted", "4 characters"}},
		"Simple":       {"canary7" + canary, "ABC", []string{"Simple", "6 characters", "lower-case", "digit"}},
		"Common":       {canary + "x", "--", []string{"Common", "8 characters", "lower-case", "upper-case", "digit"}},
		"Recommended":  {canary + "xy-!", "JO.DOE", []string{"Recommended", "10 characters", "lower-case", "digit", "userName"}},
		"Complex": {canary + "Canary7-!x", "jo.dOe jo anNa janNa 4155552671 " + canary + strings.Repeat("x", 30),
			[]string{"Complex", "64 characters", "userName", "displayName", "phone", "e-mail"}},
	} {
		t.Run(name, func(t *testing.T) {
			c := idaas(t).with(t)
			path := c.user(facts)
			c.policy(name)
			good, bad := person(facts), person(facts)
			good["password"], bad["password"] = x.good, x.bad
			c.unchanged(func() {
				detail, _ := c.put(path, bad).refused(http.StatusBadRequest, "invalidValue", "InvalidParameter.Password").at("detail").(string)
				for _, word := range x.all {
					if !strings.Contains(detail, word) {
						t.Errorf("the detail does not name %q: %s", word, detail)
					}
				}
			})
			if c.secret(path) != "" {
				t.Error("the bad password was set")
			}
			c.put(path, good).want(http.StatusOK)
			if c.secret(path) == "" {
				t.Error("the good password was not set")
			}
		})
	}
}

func TestAStricterTemplateLeavesPasswordsAlone(t *testing.T) { // pass-3
	c := idaas(t)
	path := c.user(object{"password": canary})
	secret := c.secret(path)
	c.policy("Complex")
	c.patch(path, op("replace", "displayName", "Jo")).want(http.StatusOK)
	c.put(path, person(object{"displayName": "Mo"})).want(http.StatusOK)
	if c.secret(path) != secret {
		t.Error("the password did not stay")
	}
}

func TestPasswordsNeverComeOut(t *testing.T) { // pass-2
	c := idaas(t)
	created := c.post("/Users", person(object{"password": canary})).want(http.StatusCreated)
	path := "/Users/" + created.id()
	secret := c.secret(path)
	if secret == "" || strings.Contains(secret, canary) {
		t.Fatalf("the password is kept as %q", secret)
	}
	answers := []answer{created, c.get(path), c.get("/Users"), c.put(path, person(object{"password": canary + "2"})), c.patch(path, op("replace", "password", canary+"3"))}
	for _, query := range []string{"?attributes=password", "?attributes=userName,password", "?excludedAttributes=userName", "?attributes=" + userSchema + ":password"} {
		answers = append(answers, c.get(path+query), c.get("/Users"+query), c.do("PUT", path+query, person(object{"password": canary})))
	}
	answers = append(answers, c.find("/Users", `userName eq "jo"`))
	for _, a := range answers {
		if a.want(a.status).status >= 400 || strings.Contains(a.text, "argon2") || strings.Contains(strings.ToLower(a.text), "password") {
			t.Errorf("%d %s", a.status, a.text)
		}
	}
	for _, filter := range []string{`password eq "` + canary + `"`, `password pr`, `userName eq "jo" and password sw "C"`, `not (password pr)`, userSchema + `:password pr`, `Password pr`} {
		c.get("/Users?filter="+url.QueryEscape(filter)).refused(http.StatusBadRequest, "invalidFilter", "")
	}
	for _, filter := range []string{`password eq ` + canary, `password eq "` + canary, `password "` + canary + `"`, `userName eq "jo" "` + canary + `"`} {
		c.get("/Users?filter="+url.QueryEscape(filter)).refused(http.StatusBadRequest, "invalidFilter", "")
	}
	c.get("/Users?sortBy=password").want(http.StatusBadRequest)
	c.unchanged(func() {
		for _, body := range []string{
			`{"schemas":["` + userSchema + `"],"userName":"mo","password":"` + canary, `{"schemas":["` + userSchema + `"],"userName":"mo","password":"` + canary + "\xff\"}",
			`{"schemas":["` + userSchema + `"],"userName":"mo","password":` + canary + `}`, `{"schemas":["` + userSchema + `"],"password":"` + canary + `","password":"` + canary + `"}`,
			`{"schemas":["` + userSchema + `"],"userName":"mo","password":"` + canary + `"} ` + canary,
		} {
			c.post("/Users", body).refused(http.StatusBadRequest, "invalidSyntax", "")
		}
		c.patch(path, op("replace", `password[value eq "x"]`, canary)).want(http.StatusBadRequest)
		c.patch(path, op("remove", "userName", canary)).want(http.StatusBadRequest)
		c.patch(path, op(canary, "password", canary)).want(http.StatusBadRequest)
	})
}
