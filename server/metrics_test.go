package server_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"scimproof/server"
	"scimproof/server/calllog"
	"scimproof/server/metrics"
	"scimproof/server/store"
)

const adminSecret = "the-admin-token"

// metricsOf makes a server that counts, with a call log or without, and returns it with the address of its admin listener.
func metricsOf(t *testing.T, log *calllog.Log) (*world, string) {
	t.Helper()
	var config server.Config
	w := serverOf(t, func(c *server.Config) {
		c.Calls, c.Metrics = log, metrics.New(log)
		config = *c
	})
	admin := httptest.NewServer(server.Admin(config, adminSecret, w.origin))
	t.Cleanup(admin.Close)
	return w, admin.URL + "/metrics"
}

// fetch reads an address with a header Authorization, or none.
func fetch(t *testing.T, url, authorization string) (status int, text string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	if authorization != "" {
		r.Header.Set("Authorization", authorization)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(data)
}

// TestMetricsCountCalls makes calls of every operation, and finds each of them in the sums, and nothing in them that tells of a person.
func TestMetricsCountCalls(t *testing.T) {
	w, url := metricsOf(t, nil)
	c := w.demo("rfc")
	body := `{"schemas":["` + userSchema + `"],"userName":"counted"}`
	id := c.post("/Users", body).want(http.StatusCreated).id()
	c.post("/Users", body).want(http.StatusConflict)
	c.get("/Users/" + id).want(http.StatusOK)
	c.get("/Users/" + id).want(http.StatusOK)
	c.get("/Users/" + c.token).want(http.StatusNotFound)
	c.put("/Users/"+id, person(object{"userName": "counted"})).want(http.StatusOK)
	c.patch("/Users/"+id, op("replace", "displayName", "Counted"))
	c.get("/Users?filter=userName+eq+%22counted%22").want(http.StatusOK)
	c.get("/ServiceProviderConfig").want(http.StatusOK)
	c.post("/Bulk", "{").want(http.StatusBadRequest)
	c.post("/.search", "{").want(http.StatusBadRequest)
	c.delete("/Users/" + id).want(http.StatusNoContent)
	c.do("SECRETIVE", "/Users", nil)
	c.get("/secretive").want(http.StatusNotFound)
	app := strings.TrimPrefix(c.app.ID, "app_")
	fetch(t, strings.Replace(c.base, app, "secretive", 1)+"/Users", "Bearer "+c.token)

	status, text := fetch(t, url, "Bearer "+adminSecret)
	if status != http.StatusOK {
		t.Fatalf("status %d: %s", status, text)
	}
	call := func(operation, status string) string {
		return `scimproof_calls_total{application="` + c.app.ID + `",operation="` + operation + `",status="` + status + `"}`
	}
	for _, want := range []string{
		call("create", "201") + " 1", call("create", "409") + " 1", call("read", "200") + " 2", call("read", "404") + " 1",
		call("replace", "200") + " 1", call("patch", "200") + " 1", call("list", "200") + " 1", call("discover", "200") + " 1",
		call("bulk", "400") + " 1", call("search", "400") + " 1", call("delete", "204") + " 1", call("other", "404") + " 1",
		call("other", "405") + " 1", `scimproof_calls_total{application="none",operation="other",status="404"} 1`,
		`scimproof_call_duration_seconds_count{operation="read"} 3`, `scimproof_call_duration_seconds_bucket{operation="read",le="+Inf"} 3`,
		"go_goroutines ", "process_cpu_seconds_total ",
	} {
		if !strings.Contains(text, "\n"+want) {
			t.Errorf("no %s", want)
		}
	}
	for _, never := range []string{c.token, adminSecret, id, "counted", "secretive", "SECRETIVE", "scimproof_calllog"} {
		if strings.Contains(text, never) {
			t.Errorf("%s is shown", never)
		}
	}
	if t.Failed() {
		t.Log(text)
	}
}

// TestMetricsForgetTheDeleted shows the sums of an application for as long as it is there.
func TestMetricsForgetTheDeleted(t *testing.T) {
	w, url := metricsOf(t, nil)
	stays, goes := w.demo("rfc"), w.demo("idaas")
	stays.get("/Users").want(http.StatusOK)
	goes.get("/Users").want(http.StatusOK)
	fetch(t, strings.Replace(stays.base, strings.TrimPrefix(stays.app.ID, "app_"), "nobody", 1)+"/Users", "")
	has := func(application string) bool {
		_, text := fetch(t, url, "Bearer "+adminSecret)
		return strings.Contains(text, `scimproof_calls_total{application="`+application+`"`)
	}
	if !has(stays.app.ID) || !has(goes.app.ID) || !has("none") {
		t.Fatal("calls are missing")
	}
	if err := w.plane.DeleteApplication(t.Context(), goes.app.ID); err != nil {
		t.Fatal(err)
	}
	if !has(stays.app.ID) || has(goes.app.ID) || !has("none") {
		t.Error("the application that is deleted is shown, or another one is not")
	}
}

// silent is a store that answers nothing.
type silent struct{ store.Store }

func (silent) Read(ctx context.Context, _ func(store.Reader) error) error {
	<-ctx.Done()
	return ctx.Err()
}

// TestMetricsOfASilentStore are shown nevertheless.
func TestMetricsOfASilentStore(t *testing.T) {
	m := metrics.New(nil)
	for _, application := range []string{"app_one", "app_two"} {
		m.Observe(calllog.Call{Application: application, Operation: "list", Status: 500})
	}
	admin := server.Admin(server.Config{Store: silent{}, Clock: time.Now, Log: slog.New(slog.DiscardHandler), Metrics: m}, adminSecret, "")
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	r := httptest.NewRequestWithContext(ctx, http.MethodGet, "/metrics", nil)
	r.Header.Set("Authorization", "Bearer "+adminSecret)
	w := httptest.NewRecorder()
	admin.ServeHTTP(w, r)
	if ctx.Err() != nil || !strings.Contains(w.Body.String(), `{application="app_two",operation="list",status="500"} 1`) {
		t.Errorf("%v, %d %s", ctx.Err(), w.Code, w.Body)
	}
}

// TestMetricsCountBytes has the bytes of one request and its answer.
func TestMetricsCountBytes(t *testing.T) {
	w, url := metricsOf(t, nil)
	made := w.demo("rfc").post("/Users", `{"schemas":["`+userSchema+`"],"userName":"counted"}`).want(http.StatusCreated)
	_, text := fetch(t, url, "Bearer "+adminSecret)
	for name, want := range map[string]int{"received": len(`{"schemas":["` + userSchema + `"],"userName":"counted"}`), "sent": len(made.text)} {
		if line := sample("scimproof_"+name+"_bytes_total", want); !strings.Contains(text, line) {
			t.Errorf("no %s in\n%s", line, text)
		}
	}
}

// TestMetricsOfTheCallLog shows what became of the records, and how large the log is.
func TestMetricsOfTheCallLog(t *testing.T) {
	log, _ := callsOf(t, calllog.Config{})
	w, url := metricsOf(t, log)
	c := w.demo("rfc")
	c.get("/Users").want(http.StatusOK)
	log.Close()
	c.get("/Users").want(http.StatusOK) // too late for the log
	size, err := log.Size()
	if err != nil || size == 0 {
		t.Fatalf("%d bytes, %v", size, err)
	}
	_, text := fetch(t, url, "Bearer "+adminSecret)
	for name, want := range map[string]int{"written_total": 1, "dropped_total": 1, "exchanges_dropped_total": 0, "exchanges_spared_total": 0, "removed_total": 0, "size_bytes": int(size)} {
		if line := sample("scimproof_calllog_"+name, want); !strings.Contains(text, line) {
			t.Errorf("no %s in\n%s", line, text)
		}
	}
}

func sample(name string, value int) string { return fmt.Sprintf("\n%s %d\n", name, value) }

// TestMetricsAreGuarded shows nothing to who has no admin token.
func TestMetricsAreGuarded(t *testing.T) {
	w, url := metricsOf(t, nil)
	for _, authorization := range []string{"", "Bearer ", "Bearer wrong", "Basic " + adminSecret, "Bearer " + w.demo("rfc").token} {
		if status, text := fetch(t, url, authorization); status != http.StatusUnauthorized || strings.Contains(text, "go_goroutines") {
			t.Errorf("%q is answered %d: %s", authorization, status, text)
		}
	}
}

// TestNoMetrics has nothing at the address where nothing is counted.
func TestNoMetrics(t *testing.T) {
	admin := httptest.NewServer(server.Admin(server.Config{Clock: time.Now, Log: slog.New(slog.DiscardHandler)}, adminSecret, ""))
	defer admin.Close()
	if status, text := fetch(t, admin.URL+"/metrics", "Bearer "+adminSecret); status != http.StatusNotFound {
		t.Errorf("status %d: %s", status, text)
	}
}
