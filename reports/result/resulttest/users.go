package resulttest

import "scimproof/reports/result"

func users() []result.Check {
	return build(
		row{id: "users.create.status", title: "A new user is answered with 201", level: "MUST", rfc: "7644", section: "3.3", profiles: all(),
			requirement: "A create that succeeds answers 201 and the user as it is now.", outcome: result.Pass, expected: "201", actual: "201",
			exchanges: one(post("/Users", newUser("sp7x2k-a@example.com", ""), 201, user("u-201", "sp7x2k-a@example.com", ""), location("/Users/u-201")))},
		row{id: "users.create.location", title: "A new user comes with a Location header", level: "MUST", rfc: "7644", section: "3.3", profiles: core(),
			requirement: "The answer to a create says in Location where the new resource is, the same URL as in meta.location.", outcome: result.Fail,
			reason:   "the answer to a create has no Location",
			expected: base + "/Users/u-202", actual: "no such header", location: "Location",
			exchanges: one(
				post("/Users", newUser("sp7x2k-b@example.com", `,"name":{"givenName":"First","familyName":"User"},"emails":[{"value":"sp7x2k-b@example.com","type":"work","primary":true}]`),
					201, user("u-202", "sp7x2k-b@example.com", `,"name":{"givenName":"First","familyName":"User"},"emails":[{"value":"sp7x2k-b@example.com","type":"work","primary":true}]`)),
				get("/Users/u-202", 200, user("u-202", "sp7x2k-b@example.com", `,"name":{"givenName":"First","familyName":"User"},"emails":[{"value":"sp7x2k-b@example.com","type":"work","primary":true}]`)))},
		row{id: "users.create.meta", title: "A new user comes with complete meta", level: "MUST", rfc: "7643", section: "3.1", profiles: core(),
			requirement: "The server says what the resource is, when it was made and changed, and where it is.", outcome: result.Pass,
			expected: "resourceType, created, lastModified, location", actual: "all four", location: "/meta",
			exchanges: one(post("/Users", newUser("sp7x2k-c@example.com", ""), 201, user("u-203", "sp7x2k-c@example.com", ""), location("/Users/u-203")))},
		row{id: "users.create.username-missing", title: "A user without userName is refused with 400", level: "MUST", rfc: "7643", section: "4.1.1",
			profiles: core(), requirement: "userName is required; what lacks it is the fault of the request.", outcome: result.Fail,
			reason:   "the target broke: 500 to this request, while a plain request right after it is answered well",
			expected: "400 with scimType invalidValue", actual: "500",
			exchanges: one(
				post("/Users", `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"displayName":"No name"}`, 500, `{"timestamp":"2026-11-03T09:26:55.020+00:00","status":500,"error":"Internal Server Error","path":"/v2/Users"}`),
				get("/Users?count=1", 200, list(1, user("u-100", "reader@example.com", ""))))},
		row{id: "users.create.duplicate", title: "A userName that is taken is answered with 409", level: "MUST", rfc: "7644", section: "3.3", profiles: []string{"rfc", "okta"},
			requirement: "userName is unique; a second user with it is a conflict, named uniqueness.", outcome: result.NA,
			reason:   "replaced by idem-1: the same user submitted again is an update of the same account",
			expected: "409 with scimType uniqueness", actual: "200, the same id",
			exchanges: one(
				post("/Users", newUser("sp7x2k-d@example.com", ""), 201, user("u-204", "sp7x2k-d@example.com", ""), location("/Users/u-204")),
				post("/Users", newUser("sp7x2k-d@example.com", ""), 200, user("u-204", "sp7x2k-d@example.com", ""), location("/Users/u-204")))},
		row{id: "users.read.by-id", title: "A user can be read by its id", level: "MUST", rfc: "7644", section: "3.4.1", profiles: all(),
			requirement: "What was made is found at its location.", outcome: result.Pass, expected: "200 and the same id", actual: "200, u-201",
			exchanges: one(get("/Users/u-201", 200, user("u-201", "sp7x2k-a@example.com", "")))},
		row{id: "users.read.unknown", title: "An id that does not exist is answered with 404", level: "MUST", rfc: "7644", section: "3.12", profiles: all(),
			requirement: "A client can tell an unknown user from one that it must not see.", outcome: result.Pass, expected: "404", actual: "404",
			exchanges: one(get("/Users/u-0", 404, problem(404, "", "There is no such user.")))},
		row{id: "users.read.password-never", title: "A password is never returned", level: "MUST", rfc: "7643", section: "4.1.1", profiles: core(),
			requirement: "A password goes in and never comes out, also when it is asked for by name.", outcome: result.Pass,
			expected: "no password", actual: "none", location: "/password",
			exchanges: one(get("/Users/u-201?attributes=userName,password", 200, user("u-201", "sp7x2k-a@example.com", "")))},
		row{id: "users.put.omitted-cleared", title: "PUT clears what it leaves out", level: "SHOULD", rfc: "7644", section: "3.5.1", profiles: core(),
			requirement: "A replacement is whole: an attribute that it does not carry has no value afterwards.", outcome: result.Warn,
			reason:   "nickName is still there",
			expected: "no nickName", actual: `"Ex"`, location: "/nickName",
			exchanges: one(
				put("/Users/u-201", newUser("sp7x2k-a@example.com", ""), 200, user("u-201", "sp7x2k-a@example.com", `,"nickName":"Ex"`)),
				get("/Users/u-201", 200, user("u-201", "sp7x2k-a@example.com", `,"nickName":"Ex"`)))},
		row{id: "users.delete.gone", title: "A deleted user is gone", level: "MUST", rfc: "7644", section: "3.6", profiles: all(),
			requirement: "After a delete the user is neither read nor listed.", outcome: result.Pass, expected: "204, then 404", actual: "204, then 404",
			exchanges: one(remove("/Users/u-203", 204), get("/Users/u-203", 404, problem(404, "", "There is no such user.")))},
		row{id: "users.active.default", title: "A user without active is made enabled", level: "INFO", rfc: "7643", section: "4.1.1", profiles: all(),
			requirement: "Nothing says what active is where a create leaves it out; clients expect true.", outcome: result.Info, reason: "holds: active is true",
			expected: "true", actual: "true", location: "/active",
			exchanges: one(post("/Users", newUser("sp7x2k-e@example.com", ""), 201, user("u-205", "sp7x2k-e@example.com", ""), location("/Users/u-205")))},
	)
}

func patches() []result.Check {
	replace := `{"op":"replace","path":"displayName","value":"Second name"}`
	return build(
		row{id: "patch.replace.simple", title: "PATCH replaces a plain attribute", level: "MUST", rfc: "7644", section: "3.5.2.3", profiles: all(),
			requirement: "One attribute is set and the rest of the resource stays.", outcome: result.Pass, expected: `"Second name"`, actual: `"Second name"`,
			location: "/displayName", exchanges: one(patch("/Users/u-201", replace, 200, user("u-201", "sp7x2k-a@example.com", `,"displayName":"Second name"`)))},
		row{id: "patch.add.same-value", title: "Adding a value that is there changes nothing", level: "SHOULD", rfc: "7644", section: "3.5.2.1", profiles: core(),
			requirement: "An add without effect leaves the time of the last change alone.", outcome: result.Warn,
			reason:   "lastModified moved although nothing changed",
			expected: `"2026-11-03T09:26:54.118Z"`, actual: `"2026-11-03T09:26:56.731Z"`, location: "/meta/lastModified",
			exchanges: one(patch("/Users/u-201", `{"op":"add","path":"displayName","value":"Second name"}`, 200, user("u-201", "sp7x2k-a@example.com", `,"displayName":"Second name"`)))},
		row{id: "patch.remove.no-path", title: "A remove without a path is refused", level: "MUST", rfc: "7644", section: "3.5.2.2", profiles: core(),
			requirement: "A remove has to say what; one that does not is answered with 400.", outcome: result.Pass, expected: "400 with scimType noTarget",
			actual: "400, noTarget", exchanges: one(patch("/Users/u-201", `{"op":"remove"}`, 400, problem(400, "noTarget", "A remove needs a path.")))},
		row{id: "patch.atomic", title: "A PATCH with one bad step leaves nothing behind", level: "MUST", rfc: "7644", section: "3.5.2", profiles: core(),
			requirement: "The operations of one PATCH take effect together or not at all.", outcome: result.Fail,
			reason:   "the first operation was kept although the second was refused",
			expected: `"Second name"`, actual: `"Half done"`, location: "/displayName",
			exchanges: one(
				patch("/Users/u-201", `{"op":"replace","path":"displayName","value":"Half done"},{"op":"replace","path":"id","value":"mine"}`, 400, problem(400, "mutability", "id is given by the server.")),
				get("/Users/u-201", 200, user("u-201", "sp7x2k-a@example.com", `,"displayName":"Half done"`)))},
		row{id: "patch.replace.no-target", title: "A replace whose filter matches nothing is refused", level: "MUST", rfc: "7644", section: "3.5.2.3", profiles: core(),
			requirement: "A value path that selects nothing is answered with 400 and noTarget.", outcome: result.NA,
			reason:   "replaced by map-3: a PATCH aimed at an entry that the profile does not keep succeeds without effect",
			expected: "400 with scimType noTarget", actual: "204",
			exchanges: one(patch("/Users/u-201", `{"op":"replace","path":"emails[type eq \"home\"].value","value":"home@example.com"}`, 204, ""))},
		row{id: "patch.answer.attributes", title: "PATCH with attributes answers 200 and only those", level: "MUST", rfc: "7644", section: "3.5.2", profiles: []string{"rfc", "entra"},
			requirement: "A client that asks for attributes gets a body.", outcome: result.Error, reason: "no answer within 10 s, three times",
			expected: "200 with id, schemas and userName", actual: "no answer", exchanges: one(silent(patch("/Users/u-201?attributes=userName", replace, 0, "")))},
	)
}

// silent is a request that nobody answered.
func silent(e result.Exchange) result.Exchange {
	e.Status, e.Proto, e.ResponseHeaders, e.ResponseBody = 0, "", nil, ""
	e.Error = "no answer within 10 s"
	e.DurationMs = 10000
	return e
}
