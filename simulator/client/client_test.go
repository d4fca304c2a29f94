package client_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"scimproof/reports/result"
	"scimproof/simulator/client"
)

const token = client.Secret("tok-0123456789abcdef")

// serve starts h and gives a client for it.
func serve(t *testing.T, h http.HandlerFunc, change ...func(*client.Config)) *client.Client {
	t.Helper()
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	return connect(t, srv.URL+"/scim/v2/", change...)
}

func connect(t *testing.T, base string, change ...func(*client.Config)) *client.Client {
	t.Helper()
	config := client.Config{BaseURL: base, Token: token}
	for _, f := range change {
		f(&config)
	}
	c, err := client.New(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func do(t *testing.T, c *client.Client, r client.Request) *client.Answer {
	t.Helper()
	a, err := c.Do(context.Background(), r)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestExchange(t *testing.T) {
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Header()["X-odd-Spelling"] = []string{"1"}
		w.Header().Set("Location", "/scim/v2/Users/1")
		w.WriteHeader(201)
		w.Write(body)
	})
	a := do(t, c, client.Request{Method: "POST", Path: "/Users", Query: "a=%zz&b=|", Body: []byte(`{"userName":"x"}`), Header: []result.Header{{Name: "X-lower-Case", Value: "y"}}})
	t.Logf("%+v", a.Exchange)
}
