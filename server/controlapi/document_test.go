package controlapi_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
	"github.com/go-json-experiment/json/jsontext"

	"scimproof/server/controlapi"
	"scimproof/server/engine"
)

// documented is the document with the routes that it describes.
var documented = sync.OnceValues(func() (routers.Router, error) {
	doc, err := openapi3.NewLoader().LoadFromFile("openapi.json")
	if err != nil {
		return nil, err
	}
	openapi3filter.RegisterBodyDecoder("application/jsonl", openapi3filter.PlainBodyDecoder)
	return gorillamux.NewRouter(doc)
})

// conforms holds an answer against the document, and the request, too, if it succeeded.
func conforms(req *http.Request, res *http.Response, body []byte) error {
	router, err := documented()
	if err != nil {
		return err
	}
	route, params, err := router.FindRoute(req)
	if errors.Is(err, routers.ErrPathNotFound) || errors.Is(err, routers.ErrMethodNotAllowed) {
		return beside(req, res)
	}
	if err != nil {
		return err
	}
	in := &openapi3filter.RequestValidationInput{
		Request: req.Clone(req.Context()), PathParams: params, Route: route,
		Options: &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc},
	}
	if res.StatusCode < 300 {
		if in.Request.Body, err = req.GetBody(); err != nil {
			return err
		}
		in.Request.Header.Set("Content-Type", "application/json") // the API asks for none
		if err := openapi3filter.ValidateRequest(req.Context(), in); err != nil {
			return err
		}
	}
	out := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: in, Status: res.StatusCode, Header: res.Header, Options: &openapi3filter.Options{IncludeResponseStatus: true},
	}
	return openapi3filter.ValidateResponse(req.Context(), out.SetBodyBytes(body))
}

// beside refuses success where the document has no operation, save for HEAD.
func beside(req *http.Request, res *http.Response) error {
	if res.StatusCode < 300 && req.Method != http.MethodHead {
		return fmt.Errorf("it succeeds with %d and is not there", res.StatusCode)
	}
	return nil
}

func TestDocumentIsValid(t *testing.T) {
	doc, err := openapi3.NewLoader().LoadFromFile("openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Validate(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestDocumentHasEveryRoute compares the operations of the document with those of a plane that shows all it can.
func TestDocumentHasEveryRoute(t *testing.T) {
	doc, err := openapi3.NewLoader().LoadFromFile("openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	var described []string
	for path, item := range doc.Paths.Map() {
		for method := range item.Operations() {
			described = append(described, method+" "+path)
		}
	}
	slices.Sort(described)
	plane := newClockWorld(t).plane
	plane.Browse = func(context.Context, string, string, engine.Query) (engine.Result, error) {
		return engine.Result{}, nil
	}
	if served := controlapi.Operations(plane); !slices.Equal(described, served) {
		t.Errorf("the document has\n%s\nand the routes are\n%s", strings.Join(described, "\n"), strings.Join(served, "\n"))
	}
}

// TestDocumentIsOpen asks for the document with and without the admin token, and for what is near it.
func TestDocumentIsOpen(t *testing.T) {
	w := newWorld(t)
	want, err := os.ReadFile("openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, authorization := range []string{"", "Bearer wrong", "Bearer " + adminToken} {
		a := w.as(authorization, "GET", "/v1/openapi.json", "")
		if a.status != http.StatusOK || a.header.Get("Content-Type") != "application/json" || compact(t, a.body) != compact(t, string(want)) {
			t.Errorf("%q is answered with %d and another document: %.80s", authorization, a.status, a.body)
		}
	}
	wantRefusal(t, w.as("", "DELETE", "/v1/openapi.json", ""), http.StatusMethodNotAllowed, "MethodNotAllowed", "")
	wantRefusal(t, w.as("", "GET", "/v1/openapi.json/x", ""), http.StatusUnauthorized, "Unauthorized", "")
}

func compact(t *testing.T, text string) string {
	t.Helper()
	v := jsontext.Value(text)
	if err := v.Compact(); err != nil {
		t.Fatal(err)
	}
	return string(v)
}
