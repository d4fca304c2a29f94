package engine_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"scimproof/server/engine"
	"scimproof/server/scim"
)

// bulk carries out operations and returns the statuses, a failure of the server as 500.
func (w *world) bulk(ctx context.Context, operations ...string) (string, error) {
	w.Helper()
	text := `{"schemas":["` + scim.BulkRequestSchema + `"],"Operations":[` + strings.Join(operations, ",") + `]}`
	req, err := scim.DecodeBulk(strings.NewReader(text), 100)
	if err != nil {
		w.Fatal(err)
	}
	results, err := w.engine.Bulk(ctx, w.app, req, engine.BulkOptions{
		Admit: func(*scim.ResourceType, scim.BulkOperation) error { return nil },
		Explain: func(err error) *scim.Error {
			var known *scim.Error
			if !errors.As(err, &known) {
				known = scim.Refuse(http.StatusInternalServerError, "%v", err)
			}
			return known
		},
	})
	statuses := make([]string, len(results))
	for i, r := range results {
		if statuses[i] = http.StatusText(r.Result.Status); r.Err != nil {
			statuses[i] = http.StatusText(r.Err.Status)
		}
	}
	return strings.Join(statuses, ", "), err
}

func bulkPost(endpoint, bulkID, members string) string {
	schema := map[string]string{"/Users": "User", "/Groups": "Group"}[endpoint]
	return `{"method":"POST","path":"` + endpoint + `","bulkId":"` + bulkID + `","data":{"schemas":["urn:ietf:params:scim:schemas:core:2.0:` + schema + `"],` + members + `}}`
}

// TestBulkGoesOn has the server fail on one operation: the others are carried out all the same.
func TestBulkGoesOn(t *testing.T) {
	w := newWorld(t)
	w.engine.Hash = func(context.Context, string) ([]byte, error) { return nil, errors.New("no memory") }
	got, err := w.bulk(t.Context(),
		bulkPost("/Users", "a", `"userName":"ann"`), bulkPost("/Users", "b", `"userName":"ben","password":"secret"`), bulkPost("/Users", "c", `"userName":"cy"`))
	if err != nil {
		t.Fatal(err)
	}
	same(t, "statuses", "Created, Internal Server Error, Created", got)
	same(t, "accounts", 2.0, w.list(w.user(), all).at("totalResults"))
}

// TestBulkGivenUp lets the client go while a group has been created that waits for another: what is complete stays, that group does not.
func TestBulkGivenUp(t *testing.T) {
	w := newWorld(t)
	ctx, cancel := context.WithCancel(t.Context())
	w.engine.Hash = func(context.Context, string) ([]byte, error) {
		cancel()
		return nil, ctx.Err()
	}
	got, err := w.bulk(ctx,
		bulkPost("/Users", "a", `"userName":"ann"`),
		bulkPost("/Groups", "g", `"displayName":"A","members":[{"value":"bulkId:h"},{"value":"bulkId:u"}]`),
		bulkPost("/Groups", "h", `"displayName":"B","members":[{"value":"bulkId:g"},{"value":"bulkId:a"}]`),
		bulkPost("/Users", "u", `"userName":"ben","password":"secret"`),
		bulkPost("/Users", "c", `"userName":"cy"`))
	if !errors.Is(err, context.Canceled) {
		t.Errorf("the error is %v", err)
	}
	same(t, "statuses", "Created, Bad Request, Internal Server Error", got)
	same(t, "accounts", 1.0, w.list(w.user(), all).at("totalResults"))
	same(t, "groups", 0.0, w.list(w.group(), all).at("totalResults"))
}
