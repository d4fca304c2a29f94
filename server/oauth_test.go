package server_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"scimproof/server"
	"scimproof/server/control"
)

// oauth is a client of the token endpoint of an application.
type oauth struct {
	*client
	id     string // of the client secret
	secret string
}

// oauthOf issues a client secret of an application.
func oauthOf(c *client) oauth {
	c.t.Helper()
	token, value, err := c.world.plane.AddToken(c.t.Context(), c.app.ID, control.ClientSecret, control.Days(30))
	if err != nil {
		c.t.Fatal(err)
	}
	return oauth{c, token.ID, value}
}

// form is a right request, with what a test has otherwise.
func (o oauth) form(change ...string) url.Values {
	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {o.app.ID}, "client_secret": {o.secret}}
	for i := 0; i < len(change); i += 2 {
		form.Set(change[i], change[i+1])
		if change[i+1] == "" {
			form.Del(change[i])
		}
	}
	return form
}

// ask posts a body to the token endpoint. No answer may be stored.
func (o oauth) ask(body string, change ...func(*http.Request)) answer {
	o.t.Helper()
	at := *o.client
	at.base = strings.TrimSuffix(o.base, "/scim")
	form := func(r *http.Request) {
		r.Header.Del("Authorization")
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	a := at.do("POST", "/oauth2/token", body, append([]func(*http.Request){form}, change...)...)
	if a.header.Get("Cache-Control") != "no-store" || a.header.Get("Content-Type") != "application/json" {
		o.t.Errorf("the headers are %v, want no-store and application/json", a.header)
	}
	if strings.Contains(a.text, o.secret) {
		o.t.Errorf("the answer holds the client secret: %s", a.text)
	}
	return a
}

// access is an access token.
func (o oauth) access() string {
	o.t.Helper()
	value, _ := o.ask(o.form().Encode()).want(http.StatusOK).at("access_token").(string)
	return value
}

// opens says whether a value opens the application's SCIM endpoints.
func (o oauth) opens(value string) bool {
	o.t.Helper()
	a := o.do("GET", "/Users", nil, authorization("Bearer "+value))
	if a.status == http.StatusOK {
		return true
	}
	a.refused(http.StatusUnauthorized, "", "")
	return false
}

// deny checks an error of the token endpoint.
func (a answer) deny(status int, code string) {
	a.t.Helper()
	a.want(status)
	if description, _ := a.at("error_description").(string); a.at("error") != code || description == "" {
		a.t.Errorf("the error is %s, want %s", a.text, code)
	}
}

func basic(id, secret string) func(*http.Request) {
	return func(r *http.Request) { r.SetBasicAuth(url.QueryEscape(id), url.QueryEscape(secret)) }
}

func method(name string) func(*http.Request) { return func(r *http.Request) { r.Method = name } }

func TestAccessTokens(t *testing.T) {
	both(t, func(c *client) {
		o := oauthOf(c)
		short := strings.TrimPrefix(o.app.ID, "app_")
		for name, a := range map[string]answer{
			"form":                     o.ask(o.form().Encode()),
			"id without its prefix":    o.ask(o.form("client_id", short).Encode()),
			"type with a charset":      o.ask(o.form().Encode(), contentType("application/x-www-form-urlencoded; charset=UTF-8")),
			"basic":                    o.ask("grant_type=client_credentials", basic(o.app.ID, o.secret)),
			"basic, short id":          o.ask("grant_type=client_credentials&client_id="+o.app.ID, basic(short, o.secret)),
			"parameters without worth": o.ask(o.form().Encode() + "&audience=any&scope="),
		} {
			a.want(http.StatusOK)
			value, _ := a.at("access_token").(string)
			end := time.Date(2026, 3, 31, 12, 20, 0, 0, time.UTC).Unix()
			if !strings.HasPrefix(value, "AT") || a.at("token_type") != "Bearer" || a.at("expires_in") != 1200.0 || a.at("expires_at") != float64(end) {
				c.t.Errorf("%s: %s", name, a.text)
			}
			if !o.opens(value) {
				c.t.Errorf("%s: the access token opens nothing", name)
			}
		}
	})
}

func TestAccessTokensAreRefused(t *testing.T) {
	o := oauthOf(idaas(t))
	other := oauthOf(o.world.beside(o.app))
	right := o.form().Encode()
	for name, c := range map[string]struct {
		answer answer
		status int
		code   string
	}{
		"no grant type":            {o.ask(o.form("grant_type", "").Encode()), 400, "invalid_request"},
		"another grant type":       {o.ask(o.form("grant_type", "password").Encode()), 400, "unsupported_grant_type"},
		"no credentials":           {o.ask("grant_type=client_credentials"), 401, "invalid_client"},
		"no id":                    {o.ask(o.form("client_id", "").Encode()), 401, "invalid_client"},
		"another id":               {o.ask(o.form("client_id", other.app.ID).Encode()), 401, "invalid_client"},
		"no secret":                {o.ask(o.form("client_secret", "").Encode()), 401, "invalid_client"},
		"wrong secret":             {o.ask(o.form("client_secret", o.secret+"x").Encode()), 401, "invalid_client"},
		"another's secret":         {o.ask(o.form("client_secret", other.secret).Encode()), 401, "invalid_client"},
		"another's credentials":    {o.ask(other.form().Encode()), 401, "invalid_client"},
		"a bearer token as secret": {o.ask(o.form("client_secret", o.token).Encode()), 401, "invalid_client"},
		"credentials in the query": {o.ask("grant_type=client_credentials", func(r *http.Request) { r.URL.RawQuery = right }), 401, "invalid_client"},
		"a secret in two places":   {o.ask(right, basic(o.app.ID, o.secret)), 400, "invalid_request"},
		"ids that differ":          {o.ask("grant_type=client_credentials&client_id=x", basic(o.app.ID, o.secret)), 400, "invalid_request"},
		"a parameter twice":        {o.ask(right + "&grant_type=client_credentials"), 400, "invalid_request"},
		"no form":                  {o.ask("grant_type=%zz"), 400, "invalid_request"},
		"JSON":                     {o.ask(`{}`, contentType("application/json")), 400, "invalid_request"},
		"no type":                  {o.ask(right, contentType("")), 400, "invalid_request"},
		"too large":                {o.ask(right + "&x=" + strings.Repeat("x", 16<<10)), 413, "invalid_request"},
		"GET":                      {o.ask("", method("GET")), 405, "invalid_request"},
		"PUT":                      {o.ask(right, method("PUT")), 405, "invalid_request"},
	} {
		t.Run(name, func(t *testing.T) {
			a := c.answer
			a.t = t
			a.deny(c.status, c.code)
			if allow := a.header.Get("Allow"); (c.status == http.StatusMethodNotAllowed) != (allow == "POST") {
				t.Errorf("Allow is %q", allow)
			}
			if challenge := a.header.Get("WWW-Authenticate"); challenge != "" {
				t.Errorf("a client that used the form is challenged with %q", challenge)
			}
		})
	}
}

func TestBasicIsChallenged(t *testing.T) {
	o := oauthOf(idaas(t))
	for name, header := range map[string]func(*http.Request){
		"wrong secret":      basic(o.app.ID, "wrong"),
		"wrong id":          basic("app_none", o.secret),
		"broken encoding":   func(r *http.Request) { r.SetBasicAuth(o.app.ID, "%zz") },
		"another scheme":    authorization("Bearer " + o.token),
		"no base64 at all":  authorization("Basic !"),
		"nothing behind it": authorization("Basic"),
	} {
		a := o.ask("grant_type=client_credentials", header)
		a.deny(http.StatusUnauthorized, "invalid_client")
		if challenge := a.header.Get("WWW-Authenticate"); !strings.HasPrefix(challenge, "Basic ") {
			t.Errorf("%s: the challenge is %q", name, challenge)
		}
	}
}

func TestTokenEndpointBelongsToAnApplication(t *testing.T) {
	o := oauthOf(idaas(t))
	rfc := o.world.demo("rfc")
	template, err := o.world.plane.AddApplication(t.Context(), control.NewApplication{
		Instance: o.app.Instance, Name: "Template", Kind: control.Template, Profile: "idaas",
	})
	if err != nil {
		t.Fatal(err)
	}
	v2, instance := o.world.origin+"/v2/", strings.TrimPrefix(o.app.Instance, "idaas_")
	for _, base := range []string{rfc.base, v2 + "none/" + o.app.ID + "/scim", v2 + instance + "/none/scim", v2 + instance + "/" + template.ID + "/scim"} {
		at := *o.client
		at.base = base
		oauth{&at, o.id, o.secret}.ask(o.form().Encode()).deny(http.StatusUnauthorized, "invalid_client")
	}
	lost := *o.client
	lost.base = strings.TrimSuffix(o.base, "/scim")
	for _, path := range []string{"/oauth2", "/oauth2/token/x", "/oauth2/authorize", "/oauth/token"} {
		lost.post(path, object{}).refused(http.StatusNotFound, "", "")
	}
}

func TestAccessTokensNeedAnOpenApplication(t *testing.T) {
	o := oauthOf(idaas(t))
	value := o.access()
	for _, c := range []struct {
		change control.ApplicationChange
		code   string
	}{
		{control.ApplicationChange{APIEnabled: new(false)}, "invalid_grant"},
		{control.ApplicationChange{Enabled: new(false), APIEnabled: new(true)}, "unauthorized_client"},
	} {
		if _, err := o.world.plane.ChangeApplication(t.Context(), o.app.ID, c.change); err != nil {
			t.Fatal(err)
		}
		o.ask(o.form().Encode()).deny(http.StatusBadRequest, c.code)
		o.ask(o.form("client_secret", "wrong").Encode()).deny(http.StatusUnauthorized, "invalid_client")
		o.do("GET", "/Users", nil, authorization("Bearer "+value)).refused(http.StatusForbidden, "", "application_")
	}
}

func TestAccessTokensEndWithTheirSecret(t *testing.T) {
	o := oauthOf(idaas(t))
	second := oauthOf(o.client)
	first, other := o.access(), second.access()
	set := func(enabled bool) {
		t.Helper()
		if _, err := o.world.plane.SetTokenEnabled(t.Context(), o.id, enabled); err != nil {
			t.Fatal(err)
		}
	}
	set(false)
	if o.opens(first) || !o.opens(other) {
		t.Error("want the tokens of a disabled secret to open nothing, and those of the other one to be good")
	}
	o.ask(o.form().Encode()).deny(http.StatusUnauthorized, "invalid_client")
	set(true)
	if !o.opens(first) {
		t.Error("the secret is enabled again, but its token opens nothing")
	}
	set(false)
	if err := o.world.plane.DeleteToken(t.Context(), o.id); err != nil {
		t.Fatal(err)
	}
	if o.opens(first) || !o.opens(other) {
		t.Error("want the tokens of a deleted secret to open nothing, and those of the other one to be good")
	}
	o.world.days.Add(1)
	if o.opens(other) {
		t.Error("an access token is good after a day")
	}
	if !o.opens(second.access()) {
		t.Error("a fresh access token opens nothing")
	}
	o.world.days.Add(29) // the secret is valid for so long
	second.ask(second.form().Encode()).deny(http.StatusUnauthorized, "invalid_client")
}

func TestAccessTokensCannotBeInvented(t *testing.T) {
	o := oauthOf(idaas(t))
	if o.opens("AT" + strings.Repeat("A", 90)) {
		t.Error("before the first one, an invented token is good")
	}
	value := o.access()
	if other := oauthOf(o.world.beside(o.app)); other.opens(value) || o.opens(other.access()) {
		t.Error("an access token is good for another application")
	}
	for i := range value {
		for _, c := range []string{"", "A", "B"} {
			if tampered := value[:i] + c + value[i+1:]; tampered != value && o.opens(tampered) {
				t.Errorf("the token is good with %q in place %d", c, i)
			}
		}
	}
	for name, other := range map[string]string{"a client secret": o.secret, "a token and more": value + "AAAA", "the prefix": "AT", "no base64": "AT!"} {
		if o.opens(other) {
			t.Errorf("%s is good as a bearer token", name)
		}
	}
}

func TestEveryReplicaTakesAccessTokens(t *testing.T) {
	o := oauthOf(idaas(t))
	replica := serverOf(t, func(config *server.Config) { config.Store = o.world.store })
	at := *o.client
	at.base = replica.origin + strings.TrimPrefix(o.base, o.world.origin)
	elsewhere := oauth{&at, o.id, o.secret}
	if value := o.access(); !elsewhere.opens(value) {
		t.Error("an access token is not good at another replica")
	}
	if value := elsewhere.access(); !o.opens(value) {
		t.Error("an access token of another replica is not good")
	}
}
