package controlapi_test

import (
	"net/http"
	"testing"

	"github.com/go-json-experiment/json"
)

// FuzzBody gives any bytes to the routes with the richest bodies: an answer is what was asked for, or a refusal in the form of one.
func FuzzBody(f *testing.F) {
	for _, body := range []string{
		``, `{}`, `null`, `[]`, `{"applicationName":"A"}`, `{"applicationName":"A","applicationName":"B"}`, `{"a.b":{"c":[null]}}`, `{"":0}`, "{\"\xff\":1}",
		`{"ü":1}`, `{"provisioningScope":{"organizationalUnitIds":["\u0000"],"groupIds":[]}}`, `{"options":[{"value":"a","status":"on"}]}`, `{"status":"enabled"}{}`,
	} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		w := newWorld(t)
		for _, path := range []string{applicationPath, fieldPath, tokenPath} {
			a := w.send("PATCH", path, string(body))
			if a.status == http.StatusOK {
				continue
			}
			var refusal struct {
				Code    string `json:"code"`
				Message string `json:"message"`
				Field   string `json:"field"`
			}
			err := json.Unmarshal([]byte(a.body), &refusal, json.RejectUnknownMembers(true))
			if err != nil || a.status < 400 || a.status >= 500 || refusal.Code == "" || refusal.Message == "" {
				t.Errorf("PATCH %s answers %d %q: %v", path, a.status, a.body, err)
			}
		}
	})
}
