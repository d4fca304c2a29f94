package replay_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"scimproof/reports/result"
	"scimproof/simulator/client"
	"scimproof/simulator/replay"
)

// book is a ledger in memory.
type book struct {
	lines []string
	err   error
}

func (b *book) Created(kind, id, location string) error {
	b.lines = append(b.lines, "+"+kind+" "+location)
	return b.err
}

func (b *book) Deleted(location string) error {
	b.lines = append(b.lines, "-"+location)
	return b.err
}

func TestEverythingMadeStandsInTheLedger(t *testing.T) {
	var kept book
	run(t, replay.Config{Doer: serve(t, &target{}), Scenarios: scenarios(t, "okta/link-existing"), Seed: 7, Ledger: &kept})
	if want := []string{"+User /Users/1", "-/Users/1"}; !slices.Equal(kept.lines, want) {
		t.Errorf("ledger %q, not %q", kept.lines, want)
	}
	full := &book{err: errors.New("disk full")}
	_, _, err := replay.Run(context.Background(), replay.Config{Doer: serve(t, &target{}), Scenarios: scenarios(t, "okta/link-existing", "okta/import"), Seed: 7, Ledger: full})
	if !errors.Is(err, full.err) {
		t.Errorf("error %v, not that of the ledger", err)
	}
}

func TestAnInterruptedRunCleansUp(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	honest := &target{}
	c := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		honest.ServeHTTP(w, r)
		if r.Method == http.MethodPut {
			cancel()
		}
	}))
	got, residue, err := replay.Run(ctx, replay.Config{Doer: c, Scenarios: scenarios(t, "okta/jml-aiw"), Seed: 7})
	if !errors.Is(err, context.Canceled) || len(residue) != 0 || len(honest.things) != 0 {
		t.Errorf("error %v, residue %v, left %d", err, residue, len(honest.things))
	}
	if last := got[0].Steps[len(got[0].Steps)-1]; last.Outcome != result.Blocked || last.Reason != "the run was interrupted" {
		t.Errorf("last step %+v", last)
	}
	if got[0].Verdict != result.Partial {
		t.Errorf("verdict %s", got[0].Verdict)
	}
}

func TestACreateWithoutAnAnswerIsFoundAndRemoved(t *testing.T) {
	honest := &target{}
	c := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost {
			honest.ServeHTTP(w, r)
			return
		}
		honest.ServeHTTP(httptest.NewRecorder(), r)
		panic(http.ErrAbortHandler)
	}))
	got, residue := run(t, replay.Config{Doer: c, Scenarios: scenarios(t, "okta/retry-create"), Seed: 7})
	if len(residue) != 0 || len(honest.things) != 0 {
		t.Errorf("residue %v, left %d", residue, len(honest.things))
	}
	step := got[0].Steps[0]
	if step.Outcome != result.Error || !strings.Contains(step.Reason, "closed the connection") || step.Exchange == nil || step.Exchange.Error == "" {
		t.Errorf("the create: %+v", step)
	}
}

func TestWhatCannotBeDeletedIsResidue(t *testing.T) {
	honest := &target{}
	c := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodDelete {
			w.WriteHeader(403)
			return
		}
		honest.ServeHTTP(w, r)
	}))
	_, residue := run(t, replay.Config{Doer: c, Scenarios: scenarios(t, "okta/link-existing"), Seed: 7})
	want := result.Residue{Type: "User", ID: "1", Location: "/Users/1", Reason: "DELETE answered 403"}
	if len(residue) != 1 || residue[0] != want {
		t.Errorf("residue %+v, not %+v", residue, want)
	}
}

// A target that breaks on one request has failed; one that is broken cannot be judged.
func TestServerErrors(t *testing.T) {
	for _, c := range []struct {
		name   string
		breaks func(r *http.Request) bool
		want   result.Outcome
	}{
		{"on this request", func(r *http.Request) bool { return r.URL.Query().Has("filter") }, result.Fail},
		{"on every request", func(*http.Request) bool { return true }, result.Error},
	} {
		t.Run(c.name, func(t *testing.T) {
			honest := &target{}
			doer := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if c.breaks(r) {
					w.WriteHeader(500)
					return
				}
				honest.ServeHTTP(w, r)
			}))
			got, _ := run(t, replay.Config{Doer: doer, Scenarios: scenarios(t, "entra/test-connection"), Seed: 7})
			if o := got[0].Steps[0].Outcome; o != c.want {
				t.Errorf("%s, not %s: %s", o, c.want, got[0].Steps[0].Reason)
			}
		})
	}
}

func TestCredentials(t *testing.T) {
	honest := &target{}
	bearerOnly := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer "+token {
			fail(w, 401, "", "no bearer token")
			return
		}
		honest.ServeHTTP(w, r)
	}))
	got, _ := run(t, replay.Config{Doer: bearerOnly, Scenarios: scenarios(t, "okta/test-connection"), Seed: 7})
	if o := outcomeOf(got[0], "the token without a scheme"); o != result.NA || got[0].Verdict != result.Conformant {
		t.Errorf("a token without a scheme is %s, the verdict %s", o, got[0].Verdict)
	}
	refusing := serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(401) }))
	got, _ = run(t, replay.Config{Doer: refusing, Scenarios: scenarios(t, "entra/test-connection"), Seed: 7})
	if step := got[0].Steps[0]; step.Outcome != result.Error || got[0].Verdict != result.Inconclusive {
		t.Errorf("a refused token: %+v", step)
	}
}

func TestNothingListens(t *testing.T) {
	c, err := client.New(client.Config{BaseURL: "http://127.0.0.1:1"})
	if err != nil {
		t.Fatal(err)
	}
	got, residue := run(t, replay.Config{Doer: c, Scenarios: scenarios(t, "okta/test-connection"), Seed: 7})
	if step := got[0].Steps[0]; step.Outcome != result.Error || !strings.Contains(step.Reason, "nothing listens at 127.0.0.1:1") || len(residue) != 0 {
		t.Errorf("%+v, residue %v", step, residue)
	}
}

func TestAShortPageLosesPeople(t *testing.T) {
	got, _ := run(t, replay.Config{Doer: serve(t, &target{pageCap: 1}), Scenarios: scenarios(t, "okta/import"), Seed: 7})
	failed := steps(got[0], result.Fail)
	if len(failed) != 2 || failed[0].Name != "all users, page 1" || !strings.Contains(failed[0].Reason, "never sees what lies between") || failed[1].Name != "all users, everyone" {
		t.Errorf("failed: %+v", failed)
	}
}
