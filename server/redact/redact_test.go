package redact_test

import (
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"

	"scimproof/server/redact"
)

const (
	canary = "Canary7"
	token  = "SAT" + "7hVqPqWbnEwzFJq4mC2mA9sT3yRkLx"
	user   = "urn:ietf:params:scim:schemas:core:2.0:User"
)

// shown is a JSON text as it is kept.
func shown(r redact.Redactor, text string, bound int) (out string, shorter, ok bool) {
	d, err := r.Read([]byte(text))
	if err != nil {
		return "", false, false
	}
	out, shorter = d.Shown(bound)
	return out, shorter, true
}

func TestJSON(t *testing.T) {
	r := redact.Redactor{Names: []string{"pin"}, Values: []string{"my-own-value"}}
	for name, c := range map[string]struct{ in, want string }{
		"nothing":                  {`{"userName":"jo", "active":true, "n":1.50, "x":null, "e":[]}`, `{"userName":"jo","active":true,"n":1.50,"x":null,"e":[]}`},
		"password":                 {`{"password":"Canary7"}`, `{"password":"***"}`},
		"in any case":              {`{"PassWORD":"Canary7"}`, `{"PassWORD":"***"}`},
		"escaped":                  {`{"p\u0061ssword":"Canary7"}`, `{"password":"***"}`},
		"with a letter that folds": {`{"paſſword":"Canary7"}`, `{"paſſword":"***"}`},
		"of another type":          {`{"password":["Canary7",{"a":"Canary7"}],"Password":7,"newPassword":{"Canary7":1}}`, `{"password":"***","Password":"***","newPassword":"***"}`},
		"with its URN":             {`{"` + user + `:password":"Canary7"}`, `{"` + user + `:password":"***"}`},
		"deep down":                {`{"a":[{"b":{"password":"Canary7","c":"d"}}]}`, `{"a":[{"b":{"password":"***","c":"d"}}]}`},
		"a PATCH":                  {`{"op":"replace","path":"password","value":"Canary7"}`, `{"op":"replace","path":"password","value":"***"}`},
		"PATCH by another name":    {`{"op":"replace","path":"password","values":"Canary7","x":["Other8"]}`, `{"op":"replace","path":"password","values":"***","x":"***"}`},
		"value before path":        {`{"value":"Canary7","PATH":"PassWord"}`, `{"value":"***","PATH":"PassWord"}`},
		"path with its URN":        {`{"path":"` + user + `:password","VALUE":{"x":"Canary7"}}`, `{"path":"` + user + `:password","VALUE":"***"}`},
		"path with a filter":       {`{"path":"password[value eq \"Canary7\"]","value":"Canary7"}`, `{"path":"***","value":"***"}`},
		"path with spaces":         {`{"path":" password ","value":"Canary7"}`, `{"path":"***","value":"***"}`},
		"path below it":            {`{"path":"password.Canary7","value":1}`, `{"path":"***","value":"***"}`},
		"path in a list":           {`{"path":["password"],"value":"Canary7"}`, `{"path":["password"],"value":"***"}`},
		"path in an object":        {`{"path":{"x":"password"},"value":"Canary7"}`, `{"path":{"x":"***"},"value":"***"}`},
		"no path":                  {`{"op":"add","value":{"password":"Canary7","title":"t"}}`, `{"op":"add","value":{"password":"***","title":"t"}}`},
		"type says it":             {`{"type":"password","value":"Canary7"}`, `{"type":"***","value":"***"}`},
		"a filter":                 {`{"filter":"password eq \"Canary7\""}`, `{"filter":"***"}`},
		"JSON in a string":         {`{"data":"{\"password\":\"Canary7\"}"}`, `{"data":"***"}`},
		"secrets of clients":       {`{"clientSecret":"Canary7","access_token":"Canary7","apiKey":"Canary7","private_key":"Other8"}`, `{"clientSecret":"***","access_token":"***","apiKey":"***","private_key":"***"}`},
		"a name that is known":     {`{"PIN":"Canary7"}`, `{"PIN":"***"}`},
		"the request's own token":  {`{"userName":"a my-own-value"}`, `{"userName":"a ***"}`},
		"a token by its look":      {`{"userName":"` + token + `","` + token + `":1}`, `{"userName":"***","***":1}`},
		"a header in a text":       {`{"nickName":"Bearer Canary7x"}`, `{"nickName":"Bearer ***"}`},
		"another path":             {`{"path":"emails[type eq \"work\"].value","value":"jo@example.com"}`, `{"path":"emails[type eq \"work\"].value","value":"jo@example.com"}`},
		"a secret said again":      {`{"password":"Canary7","nickName":"is Canary7","n":{"pin":[12345]},"m":"12345"}`, `{"password":"***","nickName":"is ***","n":{"pin":"***"},"m":"***"}`},
		"a text alone":             {`"jo"`, `"jo"`},
	} {
		t.Run(name, func(t *testing.T) {
			got, shorter, ok := shown(r, c.in, 1000)
			if !ok || shorter || got != c.want {
				t.Errorf("got %s, %v, %v\nwant %s", got, shorter, ok, c.want)
			}
		})
	}
}

// TestJSONThatCannotBeRead is shown in no part.
func TestJSONThatCannotBeRead(t *testing.T) {
	for name, in := range map[string]string{
		"nothing":         "",
		"broken off":      `{"userName":"jo","password":"Canary7`,
		"no comma":        `{"password":"Canary7" "Canary7"}`,
		"no quotes":       `{password:Canary7}`,
		"twice":           `{"path":"title","path":"password","value":"Canary7"}`,
		"two values":      `{"userName":"jo"}{"password":"Canary7"}`,
		"no UTF-8":        "{\"userName\":\"\xff\"}",
		"a form":          "password=Canary7",
		"too deep":        strings.Repeat("[", 100) + strings.Repeat("]", 100),
		"too large":       `"` + strings.Repeat("x", 1<<20) + `"`,
		"half surrogates": `{"userName":"\ud800"}`,
	} {
		if out, _, ok := shown(redact.Redactor{}, in, 1000); ok || out != "" {
			t.Errorf("%s: %s", name, out)
		}
	}
}

// TestJSONIsCut keeps the bound, and no part of a secret at the cut.
func TestJSONIsCut(t *testing.T) {
	long := strings.Repeat("ä", 300)
	for bound := range 200 {
		in := `{"a":"` + long[:2*(bound%50)] + `","password":"Canary7","b":"` + token + `","c":"` + long + `"}`
		out, shorter, ok := shown(redact.Redactor{}, in, bound)
		if !ok || !shorter || len(out) > bound || len(out) < bound-1 {
			t.Fatalf("%d bytes of %d, %v: %s", len(out), bound, shorter, out)
		}
		if strings.Contains(out, "SAT") || strings.Contains(out, "Can") || strings.Contains(out, "\uFFFD") {
			t.Fatalf("with bound %d: %s", bound, out)
		}
	}
	if _, shorter, _ := shown(redact.Redactor{}, `["`+long+`","`+long+`"]`, 10); !shorter {
		t.Error("nothing says that there is more")
	}
}

func TestText(t *testing.T) {
	r := redact.Redactor{Values: []string{"own"}}
	for in, want := range map[string]string{
		"curl/8.1": "curl/8.1", "x own y": "x *** y", "a " + token: "a ***", "CS" + token: "***", "Basic dXNlcjpwYXNzMQ==": "Basic ***",
		"bearer+abc.def-1/2 x": "bearer+*** x", `Bearer realm="scim"`: `Bearer realm="scim"`, "The bearer token is not valid": "The bearer token is not valid",
		token + "," + token: "***,***", "SATURDAY": "SATURDAY", "CSS and ATM": "CSS and ATM", "/Users/" + token + "/x": "/Users/***/x",
		"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc": "***", "AT" + strings.Repeat("a_", 30): "***", "application/scim+json": "application/scim+json",
		"\xffx": "\uFFFDx",
	} {
		if got := r.Text(in, 100); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
	if got := r.Text("äää", 3); got != "ä" {
		t.Errorf("cut to %q", got)
	}
}

// FuzzJSON never shows a value under the name of a password, whatever stands around it.
func FuzzJSON(f *testing.F) {
	f.Add(`"userName":"jo",`, `,"title":"x"`)
	f.Add(`"value":"`, `","path":"password"`)
	f.Add(`"a":[{`, `}]`)
	f.Fuzz(func(t *testing.T, before, after string) {
		in := "{" + before + `"password":"Canary7"` + after + "}"
		out, _, ok := shown(redact.Redactor{}, in, 1<<20)
		if !ok || strings.Contains(before, canary) || strings.Contains(after, canary) {
			return
		}
		if strings.Contains(out, canary) {
			t.Errorf("%s becomes %s", in, out)
		}
		if v := jsontext.Value(out); !v.IsValid() && !strings.Contains(out, redact.Mask) {
			t.Errorf("%s becomes %s, which is no JSON", in, out)
		}
	})
}

// FuzzSpeaks finds no secret in a document that does not speak of one.
func FuzzSpeaks(f *testing.F) {
	f.Add(`{"userName":"jo"}`)
	f.Add(`{"PASSWORD":"Canary7"}`)
	f.Add(`{"p\u0061ssword":"Canary7"}`)
	f.Add(`{"paſſword":"Canary7"}`)
	f.Add(`{"Operations":[{"op":"add","path":"pwd","value":"Canary7"}]}`)
	f.Add(`[{"type":"PIN","value":["Canary7"]}]`)
	f.Fuzz(func(t *testing.T, in string) {
		r := redact.Redactor{Names: []string{"pin"}}
		d, err := r.Read([]byte(in))
		if err == nil && len(d.Values) > 0 && !r.Speaks([]byte(in)) {
			t.Errorf("%s has the secrets %q", in, d.Values)
		}
	})
}

// TestSecretsOfADocument are masked in what is said of it.
func TestSecretsOfADocument(t *testing.T) {
	long := strings.Repeat("s", 100)
	d, err := redact.Redactor{}.Read([]byte(`{"Operations":[{"path":"password[value eq \"Hidden9\"]","value":{"a":"Quoted\"1"}},{"path":"password.Other8","value":"` + long + `"}],"password":true,"x":{"pwd":"abc"}}`))
	if err != nil {
		t.Fatal(err)
	}
	for in, want := range map[string]string{
		`Hidden9 is wrong`: "*** is wrong", `it is "Quoted\"1"`: `it is "***"`, `Quoted"1`: "***", `no Other8 in password.Other8`: "no *** in password.***",
		long[:80] + "...": "***...", "abc true value password": "abc true value password",
	} {
		if got := d.Text(in, 1000); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
}
