package resulttest

import "scimproof/reports/result"

func idaas() []result.Check {
	own := []string{"idaas"}
	return build(
		row{id: "idaas.idempotent.same-id", title: "The same user submitted again keeps its id", level: "MUST", rfc: "IDaaS", section: "idem-1", profiles: own,
			requirement: "A repeated submission updates the account that is there.", outcome: result.Pass, expected: `"u-204"`, actual: `"u-204"`, location: "/id",
			exchanges: one(post("/Users", newUser("sp7x2k-d@example.com", ""), 200, user("u-204", "sp7x2k-d@example.com", ""), location("/Users/u-204")))},
		row{id: "idaas.phone.default-region", title: "A number without an area code gets 86", level: "MUST", rfc: "IDaaS", section: "phone-2", profiles: own,
			requirement: "Neither the number nor phoneRegion names a region: it is 86.", outcome: result.Pass, expected: `"86"`, actual: `"86"`, location: "/phoneRegion",
			exchanges: one(get("/Users/u-206?attributes=phoneRegion", 200, user("u-206", "sp7x2k-g@example.com", `,"phoneRegion":"86"`)))},
		row{id: "idaas.phone.conflict-answer", title: "Two regions that differ are refused with invalidValue", level: "INFO", rfc: "IDaaS", section: "phone-4", profiles: own,
			requirement: "That it is an error is required elsewhere; its form is not laid down.", outcome: result.Info, reason: "departs: scimType is invalidSyntax",
			expected: `"invalidValue"`, actual: `"invalidSyntax"`, location: "/scimType",
			exchanges: one(post("/Users", newUser("sp7x2k-h@example.com", `,"phoneRegion":"86","phoneNumbers":[{"value":"+85221234567","type":"work"}]`), 400, problem(400, "invalidSyntax", "Regions 852 and 86 differ.")))},
		row{id: "idaas.password.policy", title: "A password against the policy is refused", level: "MUST", rfc: "IDaaS", section: "pass-1", profiles: own,
			requirement: "Nothing is made where the password breaks the policy.", outcome: result.Pass, expected: "400, and no such user", actual: "400, and no such user",
			exchanges: one(post("/Users", newUser("sp7x2k-i@example.com", `,"password":"[redacted]"`), 400, problem(400, "invalidValue", "The password is too short.")))},
		row{id: "idaas.organization.unknown", title: "An organization that does not exist is refused by name", level: "SHOULD", rfc: "IDaaS", section: "org-4", profiles: own,
			requirement: "The error is called OrganizationUnitIdNotInScopes, and nobody is moved.", outcome: result.Warn, reason: "the error has no name",
			expected: `"OrganizationUnitIdNotInScopes"`, actual: "no such member", location: "/scimType",
			exchanges: one(patch("/Users/u-204", `{"op":"replace","path":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:organization.organizationId","value":"o-0"}`, 400, problem(400, "", "Unknown organization.")))},
		row{id: "idaas.scope.outside", title: "An account outside the scope cannot be read", level: "MUST", rfc: "IDaaS", section: "scope-2", profiles: own,
			requirement: "What the application may not see answers as if it did not exist.", outcome: result.Skip, reason: "needs the control API: give its URL with --control", expected: "404"},
	)
}

func vendors() []result.Check {
	return build(
		row{id: "okta.list.empty", title: "A filter that matches nothing answers an empty list", level: "MUST", rfc: "Okta", section: "test-connection", profiles: []string{"okta"},
			requirement: "Okta looks for the account before it makes one, and takes a 404 for a broken connection.", outcome: result.Pass,
			expected: "200, totalResults 0", actual: "200, 0", exchanges: one(get("/Users?filter=userName%20eq%20%22nobody%40example.com%22&startIndex=1&count=100", 200, list(0, "")))},
		row{id: "entra.filter.active-text", title: "A boolean sent as text is understood", level: "MUST", rfc: "Entra", section: "jml-default", profiles: []string{"entra"},
			requirement: "The older form of Entra's client writes active as the string False.", outcome: result.Pass, expected: "false", actual: "false", location: "/active",
			exchanges: one(patch("/Users/u-205", `{"op":"Replace","path":"active","value":"False"}`, 204, ""))},
	)
}
