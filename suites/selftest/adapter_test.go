package selftest

import (
	"context"
	"maps"
	"net/http"
	"os"
	"regexp"
	"slices"
	"sync"
	"testing"

	"scimproof/server/fault"
	"scimproof/suites/check"
)

// TestAdapterRoutes holds the routes that docs/control.md asks of an adapter against those that the checks use.
func TestAdapterRoutes(t *testing.T) {
	text, err := os.ReadFile("../../docs/control.md")
	if err != nil {
		t.Fatal(err)
	}
	documented := map[string]bool{"GET /v1/clock": true} // that one the command uses, before any check
	for _, m := range regexp.MustCompile("(?m)^\\| `([A-Z]+ /v1/[^`]+)` \\|").FindAllStringSubmatch(string(text), -1) {
		documented[m[1]] = true
	}
	used := routesUsed(t)
	used["GET /v1/clock"] = true
	for route := range used {
		if !documented[route] {
			t.Errorf("a check uses %s, of which docs/control.md says nothing", route)
		}
	}
	for route := range documented {
		if !used[route] {
			t.Errorf("docs/control.md asks for %s, which no check uses", route)
		}
	}
	t.Logf("%q", slices.Sorted(maps.Keys(used)))
}

// routesUsed are those of the control API that the checks use, ids written as {id}.
func routesUsed(t *testing.T) map[string]bool {
	var mu sync.Mutex
	used := map[string]bool{}
	id := regexp.MustCompile(`/[a-z]+_[a-z2-7]{26}`)
	record := func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			mu.Lock()
			used[r.Method+" "+id.ReplaceAllString(r.URL.Path, "/{id}")] = true
			mu.Unlock()
			next.ServeHTTP(w, r)
		})
	}
	w := newWorld(t)
	env := w.env(t, w.serve(t, fault.Fault{Control: record}), "idaas")
	var own []check.Check
	for _, c := range checks(t) {
		if slices.ContainsFunc(c.Needs, needsControl) {
			own = append(own, c)
		}
	}
	judge(context.Background(), env, own, own, check.IDaaS)
	return used
}

func needsControl(n check.Need) bool {
	return slices.Contains([]check.Need{check.Control, check.TestClock, check.SecondToken, check.Rotation, check.ExpiredToken}, n)
}
