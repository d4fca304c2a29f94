package scim_test

import (
	"errors"
	"strings"
	"testing"

	"scimproof/server/scim"
)

func TestAppend(t *testing.T) {
	rt := thing(t)
	o := object(t, `{"zzz": 1, "phoneCanonical": "x", "meta": {"version": "W/\"1\"", "created": "2020-01-01T00:00:00Z"}, "text": "a\"\\\u0001<é", "id": "1", "externalId": "e",
		"many": [{"primary": false, "value": "v", "unknown": 1}], "real": 1.50, "flag": true, "words": ["x", "y"], "must": "m",
		"`+extraURN+`": {"boss": {"value": "b"}, "code": "c", "unknown": 1}, "schemas": ["urn:stale"]}`)
	want := `{"schemas":["` + thingURN + `","` + extraURN + `"],"id":"1","externalId":"e","must":"m","text":"a\"\\\u0001<é","flag":true,"real":1.50,"words":["x","y"],` +
		`"many":[{"value":"v","primary":false}],"` + extraURN + `":{"code":"c","boss":{"value":"b"}},"meta":{"created":"2020-01-01T00:00:00Z","version":"W/\"1\""}}`
	for range 20 { // the order of a map must not show
		if got := string(rt.Append([]byte("> "), o)); got != "> "+want {
			t.Fatalf("got  %s\nwant %s", got, "> "+want)
		}
	}
	if got := string(rt.Append(nil, scim.Object{extraURN: scim.Object{}})); got != `{"schemas":["`+thingURN+`"]}` {
		t.Errorf("an empty resource is %s", got)
	}
}

func TestAppendRefusesForeignValues(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("an int is written")
		}
	}()
	thing(t).Append(nil, scim.Object{"whole": 1})
}

func TestRead(t *testing.T) {
	rt := thing(t)
	o := object(t, aThing)
	o["schemas"] = []any{thingURN, extraURN}
	o["server"] = "kept"
	o["one"].(scim.Object)["fixed"] = "kept too"
	data := rt.Append(nil, o)
	got, err := rt.Read(data)
	if err != nil {
		t.Fatal(err)
	}
	if text(t, got) != text(t, o) {
		t.Errorf("got  %s\nwant %s", text(t, got), text(t, o))
	}
	if again := string(rt.Append(nil, got)); again != string(data) {
		t.Errorf("written again it is %s", again)
	}
}

// What is stored wrongly is the server's fault: its client gets no 400.
func TestReadRefuses(t *testing.T) {
	rt := thing(t)
	for _, data := range []string{``, `[]`, `{"text": 5}`, `{"text": "a"`, `{"text": "a"} {}`, "{\"text\": \"\xff\"}"} {
		_, err := rt.Read([]byte(data))
		var refused *scim.Error
		if err == nil || errors.As(err, &refused) || !strings.Contains(err.Error(), "stored Thing") {
			t.Errorf("%s: %v", data, err)
		}
	}
}
