package controlapi_test

import (
	"crypto/rand"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"scimproof/server/control"
	"scimproof/server/controlapi"
)

// newClockWorld is a control API whose clock may be moved, and stands still otherwise, a moment after noon.
func newClockWorld(t *testing.T) *world {
	t.Helper()
	noon := time.Date(2026, 3, 31, 12, 0, 0, 345, time.UTC)
	clock := control.NewTestClock(func() time.Time { return noon })
	plane := &control.Plane{Store: newWorld(t).plane.Store, Clock: clock.Now, Random: rand.Reader, TestClock: clock}
	w := &world{t: t, plane: plane, names: strings.NewReplacer()}
	server := httptest.NewServer(controlapi.New(plane, control.NewAdminToken(adminToken, plane.Clock), slog.New(slog.NewTextHandler(&w.log, nil))))
	t.Cleanup(server.Close)
	w.origin = server.URL
	return w
}

// TestClockMoves moves one clock step by step.
func TestClockMoves(t *testing.T) {
	w := newClockWorld(t)
	for _, c := range []struct{ body, want string }{
		{`{"advance":"PT0S"}`, "2026-03-31T12:00:00Z"},
		{`{"advance":"PT36H"}`, "2026-04-02T00:00:00Z"},
		{`{"advance":"P2D"}`, "2026-04-04T00:00:00Z"},
		{`{"advance":"P1W"}`, "2026-04-11T00:00:00Z"},
		{`{"advance":"P1Y1M1DT1H1M1S"}`, "2027-05-12T01:01:01Z"},
		{`{"advance":"PT90M"}`, "2027-05-12T02:31:01Z"},
		{`{"time":"2027-06-01T02:00:00+02:00"}`, "2027-06-01T00:00:00Z"},
		{`{"time":"2027-06-01T00:00:00.5Z"}`, "2027-06-01T00:00:00.5Z"},
		{`{"time":"2126-03-31T12:00:00Z"}`, "2126-03-31T12:00:00Z"},
	} {
		moved := w.send("POST", "/v1/clock", c.body)
		shown := w.send("GET", "/v1/clock", "")
		if want := `{"time":"` + c.want + `"}`; moved.status != http.StatusOK || moved.body != want || shown.body != want {
			t.Errorf("%s answers %d %s and is shown as %s, want %s", c.body, moved.status, moved.body, shown.body, want)
		}
	}
}

// TestTokenExpires asks for a token a moment before its end, and at it. That it is enabled stays.
func TestTokenExpires(t *testing.T) {
	w := newClockWorld(t)
	of := newWorld(t)
	w.plane.Store, w.names = of.plane.Store, of.names
	made := w.send("POST", "/v1/applications/{app}/tokens", `{"applicationTokenType":"client_secret","validity":"P30D"}`)
	path := "/v1/tokens/" + made.text(t, "applicationTokenId")
	if made.status != http.StatusCreated || strings.Contains(made.body, `"expired"`) {
		t.Errorf("a new token is %d %s", made.status, made.body)
	}
	for _, step := range []struct {
		advance string
		expired bool
	}{{"P29DT23H59M59S", false}, {"PT1S", true}, {"P1D", true}} {
		w.send("POST", "/v1/clock", `{"advance":"`+step.advance+`"}`)
		if a := w.send("GET", path, ""); strings.Contains(a.body, `"expired":true`) != step.expired || !strings.Contains(a.body, `"status":"enabled"`) {
			t.Errorf("after %s it is %d %s", step.advance, a.status, a.body)
		}
	}
}

func TestClockRefuses(t *testing.T) {
	w := newClockWorld(t)
	for _, c := range []struct{ body, code, field string }{
		{`{}`, "InvalidParameter.Body", ""},
		{`{"advance":"P1D","time":"2027-01-01T00:00:00Z"}`, "InvalidParameter.Body", ""},
		{`{"advance":86400}`, "InvalidParameter.Advance", "advance"},
		{`{"advance":""}`, "InvalidParameter.Advance", "advance"},
		{`{"advance":"P"}`, "InvalidParameter.Advance", "advance"},
		{`{"advance":"PT"}`, "InvalidParameter.Advance", "advance"},
		{`{"advance":"P1DT"}`, "InvalidParameter.Advance", "advance"},
		{`{"advance":"T1H"}`, "InvalidParameter.Advance", "advance"},
		{`{"advance":"P1H"}`, "InvalidParameter.Advance", "advance"},
		{`{"advance":"PT1D"}`, "InvalidParameter.Advance", "advance"},
		{`{"advance":"PT1M1H"}`, "InvalidParameter.Advance", "advance"},
		{`{"advance":"PT1.5H"}`, "InvalidParameter.Advance", "advance"},
		{`{"advance":"pt1h"}`, "InvalidParameter.Advance", "advance"},
		{`{"advance":"36h"}`, "InvalidParameter.Advance", "advance"},
		{`{"advance":"-P1D"}`, "InvalidParameter.Advance", "advance"},
		{`{"advance":"PT-1H"}`, "InvalidParameter.Advance", "advance"},
		{`{"advance":"P101Y"}`, "InvalidParameter.Advance", "advance"},
		{`{"advance":"P9999Y9999M9999W9999DT999999H"}`, "InvalidParameter.Advance", "advance"},
		{`{"time":"tomorrow"}`, "InvalidParameter.Time", "time"},
		{`{"time":"2027-01-01"}`, "InvalidParameter.Time", "time"},
		{`{"time":"2026-03-31T12:00:00Z"}`, "InvalidParameter.Time", "time"},
		{`{"time":"2126-03-31T12:00:01Z"}`, "InvalidParameter.Time", "time"},
		{`{"time":"9999-12-31T23:59:59Z"}`, "InvalidParameter.Time", "time"},
	} {
		wantRefusal(t, w.send("POST", "/v1/clock", c.body), http.StatusBadRequest, c.code, c.field)
		if a := w.send("GET", "/v1/clock", ""); a.body != `{"time":"2026-03-31T12:00:00Z"}` {
			t.Fatalf("%s has moved the clock to %s", c.body, a.body)
		}
	}
}

// TestClockIsGuarded asks for a clock that may not be moved, and for one without the admin token.
func TestClockIsGuarded(t *testing.T) {
	still, movable := newWorld(t), newClockWorld(t)
	for method, body := range map[string]string{"GET": "", "POST": `{"advance":"P1D"}`} {
		wantRefusal(t, still.send(method, "/v1/clock", body), http.StatusNotFound, "PathNotFound", "")
		wantRefusal(t, movable.as("", method, "/v1/clock", body), http.StatusUnauthorized, "Unauthorized", "")
	}
	if a := movable.send("DELETE", "/v1/clock", ""); a.header.Get("Allow") != "GET, HEAD, POST" {
		t.Errorf("DELETE answers %d and allows %q", a.status, a.header.Get("Allow"))
	}
	if a := movable.send("GET", "/v1/clock", ""); a.body != `{"time":"2026-03-31T12:00:00Z"}` {
		t.Errorf("the clock shows %s", a.body)
	}
}
