package client_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"scimproof/reports/evidence"
	"scimproof/reports/result"
	"scimproof/simulator/client"
)

// Secrets with characters that URLs and JSON spell in another way.
const (
	canaryToken    = `tok/en+"canary"=é&`
	canaryPassword = `pass word\canary"1`
)

// spellings are the ways in which a secret could show.
func spellings(secret string) []string {
	quoted, _ := jsontext.AppendQuote(nil, secret)
	std, _ := json.Marshal(secret)
	return []string{secret, url.QueryEscape(secret), url.PathEscape(secret), string(quoted[1 : len(quoted)-1]), string(std[1 : len(std)-1]), "canary"}
}

func leaks(t *testing.T, e result.Exchange) []string {
	t.Helper()
	data, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, text := range []string{string(data), fmt.Sprintf("%+v", e)} {
		for _, s := range slices.Concat(spellings(canaryToken), spellings(canaryPassword)) {
			if strings.Contains(text, s) {
				out = append(out, s+" in "+text)
			}
		}
	}
	return out
}

func quoted(s string) string { b, _ := jsontext.AppendQuote(nil, s); return string(b) }

func TestNoSecretIsRecorded(t *testing.T) {
	p := quoted(canaryPassword)
	bodies := map[string]string{
		"member":             `{"userName":"x","password":` + p + `}`,
		"odd case":           `{"PassWord" : ` + p + `}`,
		"depth":              `{"a":[{"b":{"client_secret":` + p + `,"Access-Token":` + p + `}}]}`,
		"operation":          `{"Operations":[{"op":"replace","path":"password","value":` + p + `}]}`,
		"operation reversed": `{"Operations":[{"value":` + p + `,"Path":"urn:ietf:params:scim:schemas:core:2.0:User:password","op":"add"}]}`,
		"operation, object":  `{"Operations":[{"op":"replace","path":"password","value":{"new":` + p + `}}]}`,
		"no path":            `{"Operations":[{"op":"replace","value":{"urn:ietf:params:scim:schemas:core:2.0:User:password":` + p + `,"user.token":` + p + `}}]}`,
		"bulk":               `{"Operations":[{"method":"POST","path":"/Users","data":{"password":` + p + `}}]}`,
		"search":             `{"filter":` + quoted("userName pr and password eq "+p) + `}`,
		"twice":              `{"password":` + p + `,"password":` + p + `}`,
		"object":             `{"secret":{"value":` + p + `}}`,
		"broken":             `{"userName":"x","password":` + p + `,`,
		"cut in the secret":  `{"userName":"x","password":` + p[:len(p)-1],
		"form":               "grant_type=client_credentials&client_secret=" + url.QueryEscape(canaryPassword) + "&scope=x",
		"JSON in JSON":       `{"data":` + quoted(`{"password":"canary","n":1}`) + `}`,
		"invalid UTF-8":      "{\"a\":\"\xff\",\"password\":" + p + "}",
		"deep and broken":    strings.Repeat(`{"a":`, 20000) + `{"password":` + p,
	}
	for name, body := range bodies {
		t.Run(name, func(t *testing.T) {
			c := serve(t, func(w http.ResponseWriter, r *http.Request) {
				sent, _ := io.ReadAll(r.Body)
				w.Header().Set("Set-Cookie", "session=canary; Path=/; HttpOnly")
				w.Header().Set("Location", "https://other.example/?access_token=canary&token="+url.QueryEscape(canaryToken))
				w.Header()["X-Auth-Token"] = []string{"canary"}
				w.Header()["X-Echo"] = []string{canaryToken + " " + strings.ReplaceAll(r.Header.Get("Authorization"), "Bearer ", "")}
				w.WriteHeader(400)
				w.Write(sent)
				fmt.Fprintf(w, "%s %s %s", r.Header.Get("Authorization"), url.PathEscape(canaryToken), quoted(canaryToken))
			}, func(c *client.Config) { c.Token = canaryToken })
			a := do(t, c, client.Request{Method: "PATCH", Path: "/Users/" + url.PathEscape(canaryToken), Body: []byte(body),
				Query:  "filter=password+eq+%22canary%22&token=canary&q=" + url.QueryEscape(canaryToken),
				Header: []result.Header{field("Cookie", "a=canary"), field("X-Api-Key", "canary"), field("Proxy-Authorization", "Basic canary")}})
			for _, leak := range leaks(t, a.Exchange) {
				t.Error(leak)
			}
			for _, want := range []string{"Bearer " + evidence.Redacted, "Basic " + evidence.Redacted} {
				if !strings.Contains(fmt.Sprint(a.Exchange.RequestHeaders), want) {
					t.Errorf("the scheme is gone: %v", a.Exchange.RequestHeaders)
				}
			}
			if got := values(a.Exchange.ResponseHeaders, "Set-Cookie"); !slices.Equal(got, []string{"session=" + evidence.Redacted + "; Path=/; HttpOnly"}) {
				t.Errorf("cookie %q", got)
			}
			if a.Header.Get("X-Auth-Token") != "canary" || !strings.Contains(string(a.Body), canaryToken) {
				t.Error("the answer itself should hold what came")
			}
		})
	}
}

// A server that says what is wrong with a password likes to repeat it.
func TestASecretOfTheRequestIsMaskedInTheAnswer(t *testing.T) {
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, `{"detail":%s,"nickName":%s}`, quoted("password '"+canaryPassword+"' is too weak; so is other-pass-1"), quoted(canaryPassword))
	})
	a := do(t, c, client.Request{Method: "POST", Query: "filter=password+eq+%22other-pass-1%22", Body: []byte(`{"password":` + quoted(canaryPassword) + `}`)})
	want := `{"detail":"password '` + evidence.Redacted + `' is too weak; so is ` + evidence.Redacted + `","nickName":"` + evidence.Redacted + `"}`
	if a.Exchange.ResponseBody != want {
		t.Errorf("%s, not %s", a.Exchange.ResponseBody, want)
	}
}

func TestNoSecretIsInAFailure(t *testing.T) {
	use := func(c *client.Config) { c.Token = canaryToken }
	for _, base := range []string{
		"http://127.0.0.1:1", listen(t, func(conn net.Conn) { io.WriteString(conn, canaryToken) }),
		listen(t, func(conn net.Conn) { io.Copy(conn, io.LimitReader(conn, 20)) }),
	} {
		a, err := connect(t, base, use).Do(context.Background(), client.Request{Method: "GET", Path: "/Users/" + url.PathEscape(canaryToken), Query: "token=canary"})
		if err == nil {
			t.Fatal("no failure")
		}
		for _, leak := range leaks(t, a.Exchange) {
			t.Error(leak)
		}
	}
}

func TestWhatIsNoSecretStays(t *testing.T) {
	for _, body := range []string{
		`{"password":null,"token":true,"secret":""}`,
		`{"attributes":[{"name":"password","mutability":"writeOnly","returned":"never"}],"changePassword":{"supported":true}}`,
		`{"Operations":[{"op":"remove","path":"password"},{"op":"replace","path":"active","value":false},{"op":"replace","path":"password","value":null}]}`,
		`{"detail":"password must have 8 characters", "path":"/Users", "n": 1.50, "a":[ 1,2 ]}`,
		"{\n  \"tokenType\": \"Bearer\"\n}",
		"plain text",
	} {
		c := serve(t, func(w http.ResponseWriter, r *http.Request) { io.Copy(w, r.Body) })
		e := do(t, c, client.Request{Method: "POST", Body: []byte(body)}).Exchange
		if e.RequestBody != body || e.ResponseBody != body {
			t.Errorf("%s became %s", body, e.ResponseBody)
		}
	}
}

func TestAuthorizationOfEveryForm(t *testing.T) {
	for _, c := range []struct {
		token client.Secret
		r     client.Request
		want  []string
	}{
		{"secret-1", client.Request{}, []string{"Bearer " + evidence.Redacted}},
		{"secret-1", client.Request{Auth: client.AuthRaw}, []string{evidence.Redacted}},
		{"SSWS secret-1", client.Request{Auth: client.AuthRaw}, []string{"SSWS " + evidence.Redacted}},
		{"secret-1", client.Request{Auth: client.AuthNone}, nil},
		{"", client.Request{Auth: client.AuthRaw}, nil},
		{"", client.Request{}, nil},
		{"secret-1", client.Request{Authorization: "Bearer wrong-one"}, []string{"Bearer " + evidence.Redacted}},
		{"secret-1", client.Request{Authorization: "s3cr3t pass"}, []string{evidence.Redacted}},
	} {
		srv := serve(t, func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "secret-1") }, func(f *client.Config) { f.Token = c.token })
		c.r.Method = "GET"
		e := do(t, srv, c.r).Exchange
		if got := values(e.RequestHeaders, "Authorization"); !slices.Equal(got, c.want) {
			t.Errorf("%+v: %q, not %q", c.r, got, c.want)
		}
		if c.token != "" && strings.Contains(e.ResponseBody, "secret-1") {
			t.Errorf("%+v: the token came back and was kept", c.r)
		}
	}
}

func TestMoreCanBeRedacted(t *testing.T) {
	c := serve(t, func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, `{"salary":"much"}`) },
		func(c *client.Config) {
			c.Redact = func(s string) string { return strings.ReplaceAll(s, "much", "?") }
		})
	if e := do(t, c, client.Request{Method: "GET"}).Exchange; e.ResponseBody != `{"salary":"?"}` {
		t.Error(e.ResponseBody)
	}
}

func TestSecretShowsNowhere(t *testing.T) {
	type config struct{ Token client.Secret }
	secret := client.Secret("open sesame")
	data, err := json.Marshal(config{secret})
	if err != nil {
		t.Fatal(err)
	}
	all := string(data)
	for _, verb := range []string{"%s", "%v", "%+v", "%#v", "%q", "%x", "%d"} {
		all += fmt.Sprintf(verb, secret) + fmt.Sprintf(verb, config{secret}) + fmt.Sprintf(verb, &config{secret})
	}
	all += fmt.Sprint(secret) + secret.String() + secret.GoString() + fmt.Sprint([]client.Secret{secret}, map[client.Secret]int{secret: 1})
	if strings.Contains(all, "sesame") || strings.Contains(all, fmt.Sprintf("%x", "sesame")) {
		t.Error(all)
	}
	if secret.Reveal() != "open sesame" {
		t.Error(secret.Reveal())
	}
}

func FuzzRedaction(f *testing.F) {
	f.Add(`{"password":"`, `"}`)
	f.Add(`{"Operations":[{"value":"`, `","path":"password"}]}`)
	f.Add(`[{"a":"\"password\":\"`, `\""`)
	f.Add("password=", "&x")
	f.Add("\xff{", "}")
	c := connect(f, "http://127.0.0.1:1")
	f.Fuzz(func(t *testing.T, before, after string) {
		body := before + token.Reveal() + after
		a, err := c.Do(context.Background(), client.Request{Method: "POST", Body: []byte(body)})
		if err == nil {
			t.Skip("something listens")
		}
		got := a.Exchange.RequestBody
		if strings.Contains(got, token.Reveal()) || !utf8.ValidString(got) {
			t.Errorf("%q is recorded as %q", body, got)
		}
	})
}
