package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
)

// served is a run of scimproof serve --demo in this process.
type served struct {
	t       *testing.T
	stop    context.CancelFunc
	ended   chan int
	out, er *lockedBuffer
	line    demoLine
}

func serveDemo(t *testing.T, store string, flags ...string) *served {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	s := &served{t: t, stop: stop, ended: make(chan int, 1), out: &lockedBuffer{}, er: &lockedBuffer{}}
	args := append([]string{"serve", "--demo", "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0", "--store", "sqlite:" + store,
		"--password-memory", "8", "--password-passes", "1"}, flags...)
	go func() {
		s.ended <- run(ctx, args, world{stdin: strings.NewReader(""), stdout: s.out, stderr: s.er, getenv: func(string) string { return "" }})
	}()
	t.Cleanup(stop)
	for deadline := time.Now().Add(20 * time.Second); !strings.Contains(s.out.String(), "\n"); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("no line on stdout; stderr: %s", s.er)
		}
	}
	if err := json.Unmarshal([]byte(s.out.String()), &s.line); err != nil {
		t.Fatalf("%v in %s", err, s.out)
	}
	return s
}

// end stops the server and returns its exit code.
func (s *served) end() int {
	s.stop()
	select {
	case code := <-s.ended:
		return code
	case <-time.After(30 * time.Second):
		s.t.Fatal("the server does not stop")
		return -1
	}
}

func (s *served) app(profile string) demoApplication {
	for _, a := range s.line.Applications {
		if a.Profile == profile {
			return a
		}
	}
	s.t.Fatalf("no application of profile %s in %s", profile, s.out)
	return demoApplication{}
}

func (s *served) status(method, url, token, body string) int {
	s.t.Helper()
	req, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Content-Type", "application/scim+json")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer res.Body.Close()
	io.Copy(io.Discard, res.Body)
	return res.StatusCode
}

const newUser = `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":%q}`

func TestServeDemoAgainOnTheSameStore(t *testing.T) {
	store := filepath.Join(t.TempDir(), "demo.db")
	first := serveDemo(t, store)
	one := first.app("rfc")
	if got := first.status("POST", one.BaseURL+"/Users", one.Token, fmt.Sprintf(newUser, "kept")); got != 201 {
		t.Fatalf("POST answers %d", got)
	}
	if strings.Contains(first.er.String(), one.Token) || strings.Contains(first.er.String(), first.line.AdminToken) {
		t.Error("a token is in the log")
	}
	if code := first.end(); code != 0 {
		t.Errorf("exit code %d: %s", code, first.er)
	}

	second := serveDemo(t, store)
	two := second.app("rfc")
	if two.ApplicationID != one.ApplicationID || two.InstanceID != one.InstanceID || two.Token == one.Token {
		t.Errorf("not the same application with another token:\n%+v\n%+v", one, two)
	}
	if got := second.status("GET", two.BaseURL+"/Users", one.Token, ""); got != 401 {
		t.Errorf("the older token answers %d", got)
	}
	if got := second.status("POST", two.BaseURL+"/Users", two.Token, fmt.Sprintf(newUser, "kept")); got != 409 {
		t.Errorf("the user of the first run is gone: POST answers %d", got)
	}
	for path, want := range map[string]int{"/healthz": 200, "/v1/applications": 200} {
		if got := second.status("GET", second.line.AdminURL+path, second.line.AdminToken, ""); got != want {
			t.Errorf("admin %s answers %d", path, got)
		}
	}
	if got := second.status("GET", second.line.AdminURL+"/v1/applications", "wrong", ""); got != 401 {
		t.Errorf("admin with a wrong token answers %d", got)
	}
	second.end()
}

// TestAdminTokenIsLong takes no token that could be guessed, and does not say it.
func TestAdminTokenIsLong(t *testing.T) {
	f := serveFlags{adminTokenEnv: "ADMIN"}
	for token, want := range map[string]string{"": "is empty", "guessable123456": "fewer than 16 characters", "0123456789abcdef": ""} {
		got, err := f.adminToken(world{getenv: func(string) string { return token }})
		switch {
		case want == "" && (err != nil || got != token):
			t.Errorf("%s is refused with %v", token, err)
		case want != "" && (err == nil || !strings.Contains(err.Error(), want) || token != "" && strings.Contains(err.Error(), token)):
			t.Errorf("%q is answered %v", token, err)
		}
	}
}

// TestStoreThatIsNone says what is wrong with the name of a store, and no password that is in it.
func TestStoreThatIsNone(t *testing.T) {
	for name, begin := range map[string]string{"mysql://jo:guarded7@db/x": `"mysql"`, "postgres:/jo:guarded7@db/x": `"postgres"`, "sqlite:": `"sqlite"`, "demo.db": `"demo.db"`} {
		_, err := openStore(t.Context(), name)
		if err == nil || !strings.Contains(err.Error(), begin) || strings.Contains(err.Error(), "guarded7") {
			t.Errorf("%s is answered %v", name, err)
		}
	}
}

// TestServeKeepsCalls finds the calls of two runs in the directory, and no token.
func TestServeKeepsCalls(t *testing.T) {
	dir := t.TempDir()
	calls := filepath.Join(dir, "calls")
	var tokens []string
	for range 2 {
		s := serveDemo(t, filepath.Join(dir, "demo.db"), "--calls-dir", calls, "--calls-max-bytes", "100000")
		app := s.app("rfc")
		tokens = append(tokens, app.Token, s.line.AdminToken)
		if got := s.status("GET", app.BaseURL+"/Users", app.Token, ""); got != 200 {
			t.Fatalf("GET answers %d", got)
		}
		if code := s.end(); code != 0 || strings.Contains(s.er.String(), "missing") {
			t.Fatalf("exit code %d: %s", code, s.er)
		}
	}
	names, err := filepath.Glob(filepath.Join(calls, "*.jsonl"))
	if err != nil || len(names) != 2 {
		t.Fatalf("%v, %v", names, err)
	}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Count(string(data), `"operation":"list"`) != 1 {
			t.Errorf("%s has %s", name, data)
		}
		for _, token := range tokens {
			if strings.Contains(string(data), token) {
				t.Errorf("%s has a token", name)
			}
		}
	}
}

// TestServeDrains stops a server while a request is half sent: it is answered, and nothing new is taken.
func TestServeDrains(t *testing.T) {
	s := serveDemo(t, filepath.Join(t.TempDir(), "demo.db"))
	app := s.app("rfc")
	address := strings.TrimPrefix(app.BaseURL, "http://")
	address, path, _ := strings.Cut(address, "/")
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	body := fmt.Sprintf(newUser, "slow")
	fmt.Fprintf(conn, "POST /%s/Users HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\nContent-Type: application/scim+json\r\nContent-Length: %d\r\n\r\n%s",
		path, address, app.Token, len(body), body[:10])
	// The server has the request as soon as it has answered another one that was sent later on another connection.
	if got := s.status("GET", app.BaseURL+"/ServiceProviderConfig", "", ""); got != 200 {
		t.Fatalf("GET answers %d", got)
	}
	time.Sleep(50 * time.Millisecond)
	s.stop()
	time.Sleep(50 * time.Millisecond)
	if _, err := net.DialTimeout("tcp", address, time.Second); err == nil {
		t.Error("a stopping server takes connections")
	}
	fmt.Fprint(conn, body[10:])
	answer := make([]byte, 12)
	if _, err := io.ReadFull(conn, answer); err != nil || string(answer) != "HTTP/1.1 201" {
		t.Errorf("the request under way is answered %q, %v", answer, err)
	}
	if code := s.end(); code != 0 {
		t.Errorf("exit code %d: %s", code, s.er)
	}
}
