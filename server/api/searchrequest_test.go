package api

import (
	"errors"
	"net/http"
	"testing"

	"scimproof/server/scim"
)

// FuzzSearchRequest reads anything, and refuses with a 400 what it cannot.
func FuzzSearchRequest(f *testing.F) {
	for _, text := range []string{
		`{"schemas":["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],"filter":"userName pr","count":10,"startIndex":1}`,
		`{"Schemas":["URN:ietf:params:scim:api:messages:2.0:searchrequest"],"attributes":["a"],"excludedAttributes":null,"sortBy":"a","sortOrder":"up","cursor":""}`,
		`{"schemas":[],"count":1e3}`, `{"schemas":{}}`, `[]`, `null`, ``, `{"count":99999999999999999999}`, "{\"filter\":\"\xff\"}",
	} {
		f.Add([]byte(text), true)
		f.Add([]byte(text), false)
	}
	f.Fuzz(func(t *testing.T, body []byte, cursors bool) {
		q, err := searchRequest(body, cursors)
		var known *scim.Error
		if err != nil && (!errors.As(err, &known) || known.Status != http.StatusBadRequest) {
			t.Errorf("%q is refused with %v", body, err)
		}
		if q.Cursor != nil && !cursors {
			t.Errorf("%q has a cursor", body)
		}
	})
}
