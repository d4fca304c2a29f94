package evidence

import (
	"os/exec"
	"slices"
	"strings"
	"testing"

	"scimproof/fixtures/require"
	"scimproof/reports/result"
)

func TestCurl(t *testing.T) {
	bearer := result.Header{Name: "Authorization", Value: "Bearer " + Redacted}
	for _, c := range []struct {
		name string
		e    result.Exchange
		want []string // lines without their continuation
	}{
		{"a read", result.Exchange{Method: "GET", URL: "https://scim.example.com/v2/Users?count=1", RequestHeaders: []result.Header{
			{Name: "Host", Value: "scim.example.com"}, bearer, {Name: "Accept", Value: "application/scim+json"}, {Name: "Accept-Encoding", Value: "gzip"}}},
			[]string{`curl -sS -i --url 'https://scim.example.com/v2/Users?count=1'`, `-H "Authorization: Bearer $SCIM_TOKEN"`, `-H 'Accept: application/scim+json'`}},
		{"a write", result.Exchange{Method: "POST", URL: "http://localhost/Users", RequestBody: `{"userName":"o'brien"}`, RequestHeaders: []result.Header{
			bearer, {Name: "Content-Type", Value: "application/scim+json"}, {Name: "Content-Length", Value: "22"}}},
			[]string{`curl -sS -i -X POST --url http://localhost/Users`, `-H "Authorization: Bearer $SCIM_TOKEN"`,
				`-H 'Content-Type: application/scim+json'`, `--data-raw '{"userName":"o'\''brien"}'`}},
		{"a body without a type", result.Exchange{Method: "POST", URL: "http://localhost/Users", RequestBody: "@/etc/passwd"},
			[]string{`curl -sS -i -X POST --url http://localhost/Users`, `-H 'Content-Type:'`, `--data-raw @/etc/passwd`}},
		{"no body wanted", result.Exchange{Method: "HEAD", URL: "http://localhost/Users"}, []string{`curl -sS -i --head --url http://localhost/Users`}},
		{"patterns of curl", result.Exchange{Method: "DELETE", URL: "http://localhost/Users/[1-9]"},
			[]string{`curl -sS -i -g -X DELETE --url 'http://localhost/Users/[1-9]'`}},
		{"another host", result.Exchange{Method: "GET", URL: "http://localhost/Users", RequestHeaders: []result.Header{{Name: "Host", Value: "scim.example.com"}}},
			[]string{`curl -sS -i --url http://localhost/Users`, `-H 'Host: scim.example.com'`}},
		{"an empty field", result.Exchange{Method: "GET", URL: "http://localhost/Users", RequestHeaders: []result.Header{{Name: "If-Match"}}},
			[]string{`curl -sS -i --url http://localhost/Users`, `-H 'If-Match;'`}},
		{"a token that was made up", result.Exchange{Method: "GET", URL: "http://localhost/Users",
			RequestHeaders: []result.Header{{Name: "Authorization", Value: "Bearer wrong"}}},
			[]string{`curl -sS -i --url http://localhost/Users`, `-H 'Authorization: Bearer wrong'`}},
		{"another scheme", result.Exchange{Method: "GET", URL: "http://localhost/Users",
			RequestHeaders: []result.Header{{Name: "authorization", Value: "SSWS `id` " + Redacted}}},
			[]string{`curl -sS -i --url http://localhost/Users`, "-H \"authorization: SSWS \\`id\\` $SCIM_TOKEN\""}},
		{"the control API", result.Exchange{Method: "GET", URL: "http://localhost/v1/clock", RequestHeaders: []result.Header{bearer}, Credential: result.OfControl},
			[]string{`curl -sS -i --url http://localhost/v1/clock`, `-H "Authorization: Bearer $SCIMPROOF_ADMIN_TOKEN"`}},
		{"another token", result.Exchange{Method: "GET", URL: "http://localhost/Users", RequestHeaders: []result.Header{bearer}, Credential: result.OfOther},
			[]string{`curl -sS -i --url http://localhost/Users`, `-H "Authorization: Bearer $OTHER_TOKEN"`}},
		{"what cannot be seen", result.Exchange{Method: "GET", URL: "http://localhost/\x1b[2J\u202e\xff1"},
			[]string{`curl -sS -i -g --url $'http://localhost/\033[2J\342\200\256\3771'`}},
	} {
		t.Run(c.name, func(t *testing.T) {
			want := strings.Join(c.want, " \\\n  ")
			if got := Curl(c.e); got != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}

// A shell must hand each word on as it was, whatever the target put into it.
func TestCurlInAShell(t *testing.T) {
	bash, err := exec.LookPath("bash")
	require.Tool(t, "bash", "to read the commands of the reports as people's shells do", err == nil)
	for _, text := range []string{"plain", "two words", "o'brien", `"$(id)" ` + "`id`", "$SCIM_TOKEN", "a\nb", "\x1b7\x07id\n", "\xff\xfe7", "\u202etxt", `\`, `\'`, "-X", "!!", "~", "*"} {
		command := Curl(result.Exchange{Method: "POST", URL: text, RequestBody: text, RequestHeaders: []result.Header{{Name: "X", Value: text}}})
		out, err := exec.Command(bash, "-c", `curl() { printf '%s\0' "$@"; }`+"\n"+command).Output()
		if err != nil {
			t.Fatalf("%q: %v\n%s", text, err, command)
		}
		words := strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00")
		want := []string{"-sS", "-i", "-X", "POST", "--url", text, "-H", "X: " + text, "-H", "Content-Type:", "--data-raw", text}
		if !slices.Equal(words, want) {
			t.Errorf("%q: the shell read %q from\n%s", text, words, command)
		}
	}
}
