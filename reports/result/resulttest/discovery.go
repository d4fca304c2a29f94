package resulttest

import "scimproof/reports/result"

func all() []string  { return []string{"rfc", "okta", "entra"} }
func core() []string { return []string{"rfc"} }

const config = `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],"patch":{"supported":true},` +
	`"bulk":{"supported":false,"maxOperations":0,"maxPayloadSize":0},"filter":{"supported":true,"maxResults":200},` +
	`"changePassword":{"supported":false},"sort":{"supported":false},"etag":{"supported":false},` +
	`"authenticationSchemes":[{"type":"oauthbearertoken","name":"Bearer token","description":"A token of the application"}]}`

func discovery() []result.Check {
	return build(
		row{id: "discovery.config.document", title: "ServiceProviderConfig declares every feature", level: "MUST", rfc: "7643", section: "5",
			profiles: all(), requirement: "The document says of each optional feature whether it is there.", outcome: result.Pass,
			expected: "patch, bulk, filter, changePassword, sort and etag, each with supported", actual: "all six",
			exchanges: one(get("/ServiceProviderConfig", 200, config))},
		row{id: "discovery.schemas.list", title: "Schemas lists the schema of each resource type", level: "MUST", rfc: "7644", section: "4",
			profiles: core(), requirement: "Whatever a resource may carry is described by a schema that clients can fetch.", outcome: result.Pass,
			expected: "User, Group and every extension that /ResourceTypes names", actual: "all 4",
			exchanges: one(get("/Schemas", 200, list(4, ""))),
		},
		row{id: "discovery.types.endpoint", title: "Each resource type names an endpoint that answers", level: "MUST", rfc: "7643", section: "6",
			profiles: core(), requirement: "A client finds the place of a resource type by its declaration alone.", outcome: result.Pass,
			expected: "200 at /Users and /Groups", actual: "200 and 200", exchanges: one(get("/ResourceTypes", 200, list(2, "")))},
		row{id: "discovery.filter-refused", title: "A filter on a discovery endpoint is refused", level: "SHOULD", rfc: "7644", section: "4",
			profiles: core(), requirement: "Discovery documents are read whole; a filter on them is answered with 403.", outcome: result.Pass,
			expected: "403", actual: "403",
			exchanges: one(get("/Schemas?filter=id%20pr", 403, problem(403, "", "Filters are not accepted here.")))},
		row{id: "http.media-type", title: "Answers carry the media type of SCIM", level: "MUST", rfc: "7644", section: "3.1", profiles: all(),
			requirement: "A body is labelled application/scim+json when the client accepts it.", outcome: result.Pass,
			expected: "Content-Type application/scim+json", actual: "application/scim+json;charset=utf-8", location: "Content-Type",
			exchanges: one(get("/Users?count=1", 200, list(1, user("u-100", "reader@example.com", ""))))},
		row{id: "http.error.status-text", title: "The status in an error body is a string", level: "SHOULD", rfc: "7644", section: "3.12",
			profiles: core(), requirement: "An error repeats its status code in the body, as text.", outcome: result.Warn,
			reason:   "status in the body is a number",
			expected: `"404"`, actual: `404`, location: "/status",
			exchanges: one(get("/Users/u-0", 404, `{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"detail":"There is no such user.","status":404}`))},
		row{id: "auth.missing", title: "A request without credentials is refused", level: "MUST", rfc: "7644", section: "2", profiles: all(),
			requirement: "Resources are shown to nobody who has not said who they are.", outcome: result.Pass, expected: "401 with WWW-Authenticate",
			actual:    `401, Bearer realm="scim"`,
			exchanges: one(answer(withoutToken(request("GET", "/Users", "")), 401, problem(401, "", "Credentials are missing."), result.Header{Name: "WWW-Authenticate", Value: `Bearer realm="scim"`}))},
		row{id: "auth.revoked", title: "A revoked token is refused within a second", level: "MUST", rfc: "7644", section: "2", profiles: core(),
			requirement: "Taking a token back takes effect at once.", outcome: result.Skip, reason: "left out by --skip auth.revoked",
			expected: "401"},
	)
}

func withoutToken(e result.Exchange) result.Exchange {
	var rest []result.Header
	for _, h := range e.RequestHeaders {
		if h.Name != "Authorization" {
			rest = append(rest, h)
		}
	}
	e.RequestHeaders = rest
	return e
}
