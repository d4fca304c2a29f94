package server_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"scimproof/server/calllog"
)

// hidden stands where an answer may say again what a client has sent, and the call log may not.
const hidden = "Hidden9"

// lastExchange is the one exchange of the call that has just failed.
func lastExchange(t *testing.T, l *calllog.Log) calllog.Exchange {
	t.Helper()
	found, err := l.Exchanges(t.Context(), lastCall(t, l).Correlation)
	if err != nil || len(found) != 1 {
		t.Fatalf("%d exchanges, %v", len(found), err)
	}
	return found[0]
}

// TestFailuresKeepTheirExchange has of a failure what was sent and what came back, so that it can be understood (rule mon-2).
func TestFailuresKeepTheirExchange(t *testing.T) {
	log, keep := callsOf(t, calllog.Config{})
	c := serverOf(t, keep).demo("idaas")
	c.user(object{"userName": "first", "externalId": "1"})
	if found, err := log.Exchanges(t.Context(), lastCall(t, log).Correlation); err != nil || len(found) != 0 {
		t.Errorf("a success has %d exchanges, %v", len(found), err)
	}
	sent := `{"schemas":["` + userSchema + `"],"userName":"first","externalId":"2","password":"` + canary + `"}`
	got := c.do("POST", "/Users", sent, func(r *http.Request) {
		r.Header.Set("X-Secret", canary)
		r.Header.Set("User-Agent", "provisioner/2.0")
	}).refused(http.StatusConflict, "uniqueness", "")
	x, call := lastExchange(t, log), lastCall(t, log)
	if want := strings.Replace(sent, canary, "***", 1); x.Request.Body != want || x.Request.Kept != calllog.Whole || x.Request.Bytes != int64(len(sent)) {
		t.Errorf("of the request %+v, want %s", x.Request, want)
	}
	if x.Answer.Body != got.text || x.Answer.Kept != calllog.Whole || !strings.Contains(got.text, "(correlation id "+call.Correlation+")") {
		t.Errorf("of the answer %+v, want %s", x.Answer, got.text)
	}
	headers := fmt.Sprint(x.Request.Headers, x.Answer.Headers)
	for _, want := range []string{"{User-Agent provisioner/2.0}", "{Content-Type application/scim+json}", "{X-Correlation-Id " + call.Correlation + "}"} {
		if !strings.Contains(headers, want) {
			t.Errorf("no %s in %s", want, headers)
		}
	}
	if strings.Contains(headers, "Secret") || strings.Contains(headers, "Authorization") {
		t.Errorf("the headers are %s", headers)
	}
	if !x.Time.Equal(call.Time) || call.Part != 0 {
		t.Errorf("%+v belongs to %+v", x, call)
	}
}

// TestExchangesAreBounded sends what is long, what is no JSON, and what is not read.
func TestExchangesAreBounded(t *testing.T) {
	log, keep := callsOf(t, calllog.Config{})
	c := serverOf(t, keep).demo("rfc")
	long := strings.Repeat("x", 20000)
	for name, step := range map[string]struct {
		do   func() answer
		kept calllog.Kept
		body int
	}{
		"long":       {func() answer { return c.post("/Users", object{"nickName": long}) }, calllog.Begins, 8 << 10},
		"no JSON":    {func() answer { return c.post("/Users", `{"nickName":"`+canary) }, calllog.Withheld, 0},
		"too large":  {func() answer { return c.post("/Users", `{"nickName":"`+strings.Repeat("x", 2<<20)+`"}`) }, calllog.Withheld, 0},
		"none":       {func() answer { return c.get("/Users/nobody") }, calllog.Nothing, 0},
		"whole bulk": {func() answer { return c.post("/Bulk", `{"Operations":7}`) }, calllog.Withheld, 0},
		"not read": {func() answer {
			return c.do("POST", "/Users", `{"userName":"x"}`, func(r *http.Request) { r.Header.Del("Authorization") })
		}, calllog.Nothing, 0},
	} {
		t.Run(name, func(t *testing.T) {
			step.do()
			x := lastExchange(t, log)
			if x.Request.Kept != step.kept || len(x.Request.Body) != step.body || x.Answer.Kept != calllog.Whole {
				t.Errorf("%s with %d bytes of %d, the answer %s", x.Request.Kept, len(x.Request.Body), x.Request.Bytes, x.Answer.Kept)
			}
		})
	}
}

// TestBulkIsRecordedByOperation has a record for each operation beside the one of the request, under one correlation id.
func TestBulkIsRecordedByOperation(t *testing.T) {
	log, keep := callsOf(t, calllog.Config{})
	c := serverOf(t, keep).demo("rfc")
	path := c.user(object{"userName": "there"})
	id := strings.TrimPrefix(path, "/Users/")
	got := c.post("/Bulk", object{"schemas": []string{"urn:ietf:params:scim:api:messages:2.0:BulkRequest"}, "Operations": []any{
		object{"method": "POST", "path": "/Users", "bulkId": "a", "data": person(object{"userName": "made", "password": canary + "#Long1"})},
		object{"method": "DELETE", "path": path},
		object{"method": "PATCH", "path": "/Groups/none", "data": object{"schemas": []string{patchSchema},
			"Operations": []any{op("replace", "password", canary)}}},
		object{"method": "POST", "path": "/Users", "bulkId": "b", "data": person(object{"userName": "made", "password": canary})},
	}}).want(http.StatusOK)
	calls, err := log.Query(t.Context(), calllog.Filter{Correlation: got.header.Get("X-Correlation-Id")}, 10)
	if err != nil || len(calls) != 5 {
		t.Fatalf("%d records, %v", len(calls), err)
	}
	made, _ := got.at("Operations", 0, "location").(string)
	for i, want := range []calllog.Call{
		{Part: 4, Operation: "create", ResourceType: "User", Method: "POST", Path: "/Users", Status: 409, ScimType: "uniqueness"},
		{Part: 3, Operation: "patch", ResourceType: "Group", Method: "PATCH", Path: "/Groups/none", Target: "none", Status: 400, ScimType: "invalidPath"},
		{Part: 2, Operation: "delete", ResourceType: "User", Method: "DELETE", Path: path, Target: id, Status: 204},
		{Part: 1, Operation: "create", ResourceType: "User", Method: "POST", Path: "/Users", Target: made[strings.LastIndexByte(made, '/')+1:], Status: 201},
		{Operation: "bulk", Method: "POST", Path: "/Bulk", Status: 200},
	} {
		call := calls[i]
		same := calllog.Call{Part: call.Part, Operation: call.Operation, ResourceType: call.ResourceType, Method: call.Method, Path: call.Path,
			Target: call.Target, Status: call.Status, ScimType: call.ScimType}
		if same != want || call.Application != c.app.ID || call.Token == "" || call.Failed() != (call.Reason != "") {
			t.Errorf("got  %+v\nwant %+v", call, want)
		}
		if !call.Failed() {
			continue
		}
		if detail, _ := got.at("Operations", call.Part-1, "response", "detail").(string); detail != withCorrelation(call) {
			t.Errorf("reason %q of %q", call.Reason, detail)
		}
	}
	found, err := log.Exchanges(t.Context(), calls[0].Correlation)
	if err != nil || len(found) != 2 || found[0].Part != 3 || found[1].Part != 4 {
		t.Fatalf("%+v, %v", found, err)
	}
	if body := found[1].Request.Body; !strings.Contains(body, `"password":"***"`) || !strings.Contains(body, `"userName":"made"`) {
		t.Errorf("the exchange has %s", body)
	}
}

// TestExchangesKeepNoSecret plants secrets wherever a client can put them, in calls that fail.
func TestExchangesKeepNoSecret(t *testing.T) {
	dir := t.TempDir()
	log, keep := callsOf(t, calllog.Config{Dir: dir})
	w := serverOf(t, keep)
	secrets := []string{canary, hidden}
	calls := 0
	for _, profile := range []string{"rfc", "idaas"} {
		c := w.demo(profile)
		secrets = append(secrets, c.token, c.token[:60])
		path := c.user(object{"userName": "keeper"})
		urn := userSchema + ":password"
		bad := object{"op": "replace", "path": "userName", "value": 7} // makes the whole request fail
		for _, o := range []any{
			op("replace", "password", canary), op("replace", "PassWord", canary), op("add", urn, canary), op("replace", " password", canary),
			op("replace", strings.ToUpper(urn), object{"value": canary}), op("replace", "", object{"password": canary}),
			op("replace", "", object{urn: canary}), op("add", "", object{"PASSWORD": []string{canary}}),
			op("replace", `password[value eq "`+canary+`"]`, canary), op("replace", "password."+hidden, canary),
			op("replace", "name", object{"password": canary}), `{"op":"replace","path":"password","value":"` + canary + `"}`,
			object{"value": canary, "op": "replace", "PATH": "password"}, object{"op": "replace", "path": []string{"password"}, "value": canary},
			op("add", userSchema, object{"password": canary}), op("replace", "nickName", c.token), op("replace", c.token, 1),
		} {
			c.patch(path, o, bad)
			calls++
			c.post("/Bulk", object{"schemas": []string{"urn:ietf:params:scim:api:messages:2.0:BulkRequest"}, "Operations": []any{
				object{"method": "PATCH", "path": path, "data": object{"schemas": []string{patchSchema}, "Operations": []any{o}}},
				object{"method": "PATCH", "path": path + "?password=" + hidden, "data": `{"password":"` + canary + `"}`},
				object{"method": "POST", "path": "/Users", "data": object{"password": canary}},
			}})
		}
		body := func(p string) string { return `{"schemas":["` + userSchema + `"],` + p + `}` }
		for _, b := range []string{
			body(`"password":"` + canary + `"`), body(`"password":{"x":"` + canary + `"}`), body(`"p\u0061ssword":"` + canary + `"`),
			body(`"` + urn + `":"` + canary + `"`), body(`"password":"` + canary + `","password":"` + canary + `"`),
			body(`"password":"` + canary), `{"password":"` + canary + `" "` + canary + `"}`, `{password:` + canary + `}`, `password=` + canary,
			`["password","` + canary + `"` /* broken off */, `{"clientSecret":"` + canary + `","nickName":"` + c.token + `"}`,
			"{\"password\":\"" + canary + "\xff\"}",
		} {
			c.post("/Users", b)
			c.put(path, b)
			c.do("POST", "/Users", b, func(r *http.Request) { r.Header.Set("Content-Type", "text/plain") })
			calls += 3
		}
		c.post("/Users/.search", object{"filter": `password eq "` + canary + `"`})
		c.get("/Users?filter=password+eq+%22" + canary + "%22&" + hidden + "=" + hidden + "&attributes=" + c.token)
		for _, query := range []string{"count=", "filter=userName+eq+", "filter=nickName+", "sortBy=", "filter=userName+eq+%22x%22+and+token+", "attributes="} {
			c.get("/Users?" + query + hidden)
			c.get("/Users?" + query + "%22" + hidden + "%22")
		}
		c.get("/Users/" + c.token + "?password=" + hidden)
		c.get("/" + c.token)
		for _, name := range []string{"Cookie", "X-Api-Key", "Proxy-Authorization", "X-Password", "Referer"} {
			c.do("GET", "/Users/none", nil, func(r *http.Request) { r.Header.Set(name, canary) })
		}
		c.do("GET", "/Users/none", nil, func(r *http.Request) {
			r.Header.Set("User-Agent", "x Bearer "+canary+" "+c.token)
			r.Header.Set("If-Match", `"`+c.token+`"`)
			r.Header.Set("Accept", "application/json, "+c.token)
		})
		c.do("GET", path, nil, func(r *http.Request) { r.Header.Set("Authorization", "Basic "+canary) })
		c.do("GET", path, nil, func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+c.token+"x") })
	}
	if lines := secretless(t, log, dir, "exchanges-", secrets); lines < calls {
		t.Errorf("%d exchanges of %d failures at least", lines, calls)
	}
}

// TestExchangesOfAStorm has a record of each of many failures, the exchanges of the first of them, and a secret of none.
func TestExchangesOfAStorm(t *testing.T) {
	const calls = 300
	for name, c := range map[string]struct {
		body   object
		reason string // of those without an exchange
	}{
		"that may send a secret":  {object{"userName": 7, "password": canary, "nickName": canary}, "Not kept"},
		"that says nothing of it": {object{"userName": 7, "nickName": "Jo"}, "userName"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			log, keep := callsOf(t, calllog.Config{Dir: dir})
			a := serverOf(t, keep).demo("rfc")
			for range calls {
				a.post("/Users", person(c.body)).want(http.StatusBadRequest)
			}
			found, err := log.Query(t.Context(), calllog.Filter{Failed: true}, calls+1)
			if err != nil || len(found) != calls {
				t.Fatalf("%d calls, %v", len(found), err)
			}
			if last := found[0]; !strings.HasPrefix(last.Reason, c.reason) {
				t.Errorf("the reason of the last is %q", last.Reason)
			}
			with := secretless(t, log, dir, "exchanges-", []string{canary})
			if s := log.Stats(); with < calls/2 || with == calls || s.ExchangesSpared != int64(calls-with) {
				t.Errorf("%d exchanges, %+v", with, s)
			}
		})
	}
}

// TestFailuresOfABadDisk answers failures as ever while the disk hangs or is full, with somebody following who reads nothing.
func TestFailuresOfABadDisk(t *testing.T) {
	let := make(chan struct{})
	for name, open := range map[string]calllog.Opener{
		"hangs": func(string) (io.WriteCloser, error) { <-let; return nil, errors.New("gone") },
		"full":  func(string) (io.WriteCloser, error) { return nil, errors.New("no space left") },
	} {
		t.Run(name, func(t *testing.T) {
			log, keep := callsOf(t, calllog.Config{Queue: 100, OpenFile: open})
			if name == "hangs" {
				t.Cleanup(func() { close(let) }) // before the log waits for its disk
			}
			tail, err := log.Tail(calllog.Filter{})
			if err != nil {
				t.Fatal(err)
			}
			c := serverOf(t, keep).demo("rfc")
			for range 300 { // more than the queue and the tail hold
				c.post("/Users", object{"userName": 7, "nickName": "x"}).want(http.StatusBadRequest)
			}
			if s := log.Stats(); s.Written != 0 || s.Dropped < 100 || s.TailsDropped != 1 || !tail.Behind() {
				t.Errorf("%+v", s)
			}
		})
	}
}
