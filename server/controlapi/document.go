package controlapi

import (
	_ "embed"
	"net/http"

	"github.com/go-json-experiment/json/jsontext"
)

// documentPath is open to everybody: who has no token yet can learn what it opens.
const documentPath = "/v1/openapi.json"

// openAPI describes every route of the package, in OpenAPI 3.0.3. Tests hold it against the routes and their answers.
//
//go:embed openapi.json
var openAPI string

func document() routes {
	return routes{documentPath: {"GET": func(http.ResponseWriter, *http.Request) (int, any, error) {
		return http.StatusOK, jsontext.Value(openAPI), nil
	}}}
}
