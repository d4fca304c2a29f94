package server_test

import (
	"crypto/rand"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"scimproof/server"
	"scimproof/server/api"
	"scimproof/server/store/sqlite"
)

// BenchmarkRequest is what a request costs between the listener and the disk, over a file with 2000 users.
func BenchmarkRequest(b *testing.B) {
	const users = 2000
	st, err := sqlite.Open(b.Context(), filepath.Join(b.TempDir(), "scim.db"), sqlite.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { st.Close() })
	config := server.Config{Store: st, Clock: time.Now, Random: rand.Reader, Log: slog.New(slog.DiscardHandler), Limits: api.DefaultLimits}
	h, err := server.New(config)
	if err != nil {
		b.Fatal(err)
	}
	demos, err := server.Control(config).Demo(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	for _, demo := range demos {
		send := func(method, path, body string) *httptest.ResponseRecorder {
			r := httptest.NewRequest(method, api.BasePath(demo.Application)+path, strings.NewReader(body))
			r.Header.Set("Authorization", "Bearer "+demo.Token)
			r.Header.Set("Content-Type", "application/scim+json")
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			return w
		}
		person := func(i int) string {
			return fmt.Sprintf(`{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"person.%s.%d","displayName":"Person %d",`+
				`"externalId":"hr-%d","active":true,"emails":[{"value":"person.%d@example.com","type":"work"}]}`, demo.Application.Profile, i, i, i, i)
		}
		var ids []string
		for i := range users {
			w := send("POST", "/Users", person(i))
			location := w.Header().Get("Location")
			if w.Code != http.StatusCreated {
				b.Fatal(w.Body)
			}
			ids = append(ids, location[strings.LastIndexByte(location, '/')+1:])
		}
		made := users
		for _, op := range []struct {
			name string
			want int
			next func(i int) (method, path, body string)
		}{
			{"get", 200, func(i int) (string, string, string) { return "GET", "/Users/" + ids[i%users], "" }},
			{"filter", 200, func(i int) (string, string, string) {
				return "GET", "/Users?filter=" + url.QueryEscape(fmt.Sprintf("userName eq %q", fmt.Sprintf("person.%s.%d", demo.Application.Profile, i%users))), ""
			}},
			{"list", 200, func(i int) (string, string, string) { return "GET", "/Users?count=100", "" }},
			{"patch", 200, func(i int) (string, string, string) {
				return "PATCH", "/Users/" + ids[i%users], fmt.Sprintf(`{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"replace","path":"active","value":%v}]}`, i/users%2 == 1)
			}},
			{"post", 201, func(int) (string, string, string) { made++; return "POST", "/Users", person(made) }},
		} {
			b.Run(demo.Application.Profile+"/"+op.name, func(b *testing.B) {
				b.ReportAllocs()
				for i := 0; b.Loop(); i++ {
					if w := send(op.next(i)); w.Code != op.want {
						b.Fatal(w.Code, w.Body)
					} else {
						_, _ = io.Copy(io.Discard, w.Body)
					}
				}
			})
		}
	}
}
