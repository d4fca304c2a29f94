package resulttest

import (
	"net/http"
	"strconv"

	"scimproof/reports/evidence"
	"scimproof/reports/result"
)

const media = "application/scim+json"

func request(method, path, body string) result.Exchange {
	e := result.Exchange{Method: method, URL: base + path, Proto: "HTTP/1.1", RequestBody: body, RequestHeaders: []result.Header{
		{Name: "Host", Value: "scim.example.com"},
		{Name: "Authorization", Value: "Bearer " + evidence.Redacted},
		{Name: "Accept", Value: media},
	}}
	if body != "" {
		e.RequestHeaders = append(e.RequestHeaders, result.Header{Name: "Content-Type", Value: media},
			result.Header{Name: "Content-Length", Value: strconv.Itoa(len(body))})
	}
	return e
}

func answer(e result.Exchange, status int, body string, more ...result.Header) result.Exchange {
	e.Status, e.ResponseBody = status, body
	if body != "" {
		e.ResponseHeaders = append(e.ResponseHeaders, result.Header{Name: "Content-Type", Value: media + ";charset=utf-8"})
	}
	e.ResponseHeaders = append(e.ResponseHeaders, result.Header{Name: "Content-Length", Value: strconv.Itoa(len(body))})
	e.ResponseHeaders = append(e.ResponseHeaders, more...)
	return e
}

func get(path string, status int, body string) result.Exchange {
	return answer(request(http.MethodGet, path, ""), status, body)
}

func post(path, sent string, status int, body string, more ...result.Header) result.Exchange {
	return answer(request(http.MethodPost, path, sent), status, body, more...)
}

func put(path, sent string, status int, body string) result.Exchange {
	return answer(request(http.MethodPut, path, sent), status, body)
}

func patch(path, operations string, status int, body string) result.Exchange {
	sent := `{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[` + operations + `]}`
	return answer(request(http.MethodPatch, path, sent), status, body)
}

func remove(path string, status int) result.Exchange {
	return answer(request(http.MethodDelete, path, ""), status, "")
}

func location(path string) result.Header {
	return result.Header{Name: "Location", Value: base + path}
}

func one(e ...result.Exchange) []result.Exchange { return e }

// newUser is what a create sends, user what comes back.
func newUser(name, more string) string {
	return `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"` + name + `"` + more + `}`
}

func user(id, name, more string) string {
	return `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"id":"` + id + `","userName":"` + name + `","active":true` + more +
		`,"meta":{"resourceType":"User","created":"2026-11-03T09:26:54.118Z","lastModified":"2026-11-03T09:26:54.118Z","location":"` +
		base + `/Users/` + id + `"}}`
}

func newGroup(name, more string) string {
	return `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"displayName":"` + name + `"` + more + `}`
}

func group(id, name, more string) string {
	return `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"id":"` + id + `","displayName":"` + name + `"` + more +
		`,"meta":{"resourceType":"Group","created":"2026-11-03T09:26:58.402Z","lastModified":"2026-11-03T09:26:58.402Z","location":"` +
		base + `/Groups/` + id + `"}}`
}

func list(total int, resources string) string {
	return `{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":` + strconv.Itoa(total) +
		`,"startIndex":1,"itemsPerPage":` + strconv.Itoa(min(total, 2)) + `,"Resources":[` + resources + `]}`
}

func problem(status int, kind, detail string) string {
	if kind != "" {
		kind = `"scimType":"` + kind + `",`
	}
	return `{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],` + kind + `"detail":"` + detail + `","status":"` + strconv.Itoa(status) + `"}`
}
