package resulttest

import (
	"scimproof/reports/result"
	"scimproof/reports/verdict"
)

const enterprise = `"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"`

func scenario(client, name, title string, steps ...result.Step) result.Scenario {
	return result.Scenario{Client: client, Name: client + "/" + name, Title: title, Verdict: verdict.Scenario(steps), Steps: steps}
}

func entra() result.Scenario {
	const path = "/Users/u-210"
	made := `,"externalId":"2f1c","displayName":"First User","emails":[{"value":"sp7x2k-j@example.com","type":"work","primary":true}]`
	return scenario("entra", "jml-default", "Joiner, mover, leaver in the default forms",
		result.Step{Name: "probe: a user that cannot exist", Outcome: result.Pass,
			Source:   "documented, observed: Microsoft's SCIM tutorial; wire capture in a public issue thread",
			Expected: "status 200; totalResults equals 0. Anything but an empty list, a 404 above all, puts the job into quarantine at once.", Actual: "200",
			Exchange: sent(get("/Users?filter=userName+eq+%2291bb0c%22", 200, list(0, "")))},
		result.Step{Name: "joiner: match", Outcome: result.Pass, Source: "documented: Microsoft's SCIM tutorial",
			Expected: "status 200; totalResults equals 0. A miss leads to a create. A wrong hit links the person to someone else's account.", Actual: "200",
			Exchange: sent(get("/Users?filter=userName+eq+%22sp7x2k-j%40example.com%22", 200, list(0, "")))},
		result.Step{Name: "joiner: create", Outcome: result.NA, Source: "documented: Microsoft's SCIM tutorial and its table of default mappings",
			Reason:   "replaced by user-7: title is not kept",
			Expected: `status 201; id is present; title equals "Engineer". Values have to come back as they were sent, or they are written again in every cycle.`,
			Actual:   "201; title is missing",
			Exchange: sent(post("/Users", newUser("sp7x2k-j@example.com", made+`,"active":true,"title":"Engineer",`+enterprise+`:{"department":"Research"}`), 201, user("u-210", "sp7x2k-j@example.com", made), location(path)))},
		result.Step{Name: "joiner: confirm", Outcome: result.Pass, Source: "documented, vendor-staff: Microsoft's SCIM tutorial, a read before every update",
			Expected: `status 200; id equals "u-210". A 404 here makes Entra search for the account anew.`, Actual: "200",
			Exchange: sent(get(path, 200, user("u-210", "sp7x2k-j@example.com", made)))},
		result.Step{Name: "mover: change the profile", Outcome: result.Fail,
			Source:   "documented: Microsoft's compatibility page and SCIM tutorial, one operation for each attribute",
			Reason:   "status is 400, not 200 or 204",
			Expected: "status 200 or 204. Everything that changed travels in one PATCH. One operation that is refused keeps all of it from being written.",
			Actual:   `400; scimType invalidSyntax; detail Unknown operation "Replace"`,
			Exchange: sent(patch(path, `{"op":"Replace","path":"displayName","value":"First Other"},{"op":"Add","path":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department","value":"Sales"}`,
				400, problem(400, "invalidSyntax", `Unknown operation \"Replace\"`)))},
		result.Step{Name: "mover: all of it changed", Outcome: result.Blocked, Source: "tester: reads back what the PATCH left",
			Reason:   `step "mover: change the profile" did not succeed`,
			Expected: `status 200; displayName equals "First Other". What differs from the directory is written again in every cycle.`, Actual: "not sent"},
		result.Step{Name: "leaver: disable", Outcome: result.Fail, Source: "documented, observed: Microsoft's known issues page; several public issue threads",
			Reason:   `active is true, not false`,
			Expected: "status 200 or 204; active equals false. Whoever leaves keeps their access until this works.",
			Actual:   "200; active is true",
			Exchange: sent(patch(path, `{"op":"Replace","path":"active","value":"False"}`, 200, user("u-210", "sp7x2k-j@example.com", made)))},
		result.Step{Name: "leaver: delete", Outcome: result.Pass, Source: "documented: Microsoft's SCIM tutorial",
			Expected: "status 204 or 404. Thirty days after the person was removed.", Actual: "204", Exchange: sent(remove(path, 204))},
	)
}

func okta() result.Scenario {
	const path = "/Users/u-211"
	name := `,"name":{"givenName":"Second","familyName":"User"},"emails":[{"primary":true,"value":"sp7x2k-k@example.com","type":"work"}]`
	return scenario("okta", "jml-oin", "Joiner, mover, leaver of a catalogue application",
		result.Step{Name: "joiner: match", Outcome: result.Pass, Source: "documented, observed: Okta's reference; log of a public server",
			Expected: "status 200; totalResults equals 0. A miss leads to a create.", Actual: "200",
			Exchange: sent(get("/Users?filter=userName%20eq%20%22sp7x2k-k%40example.com%22&startIndex=1&count=100", 200, list(0, "")))},
		result.Step{Name: "joiner: create", Outcome: result.Pass, Source: "documented: Okta's reference",
			Expected: "status 201; id is present. Okta keeps the id for every later call.", Actual: "201",
			Exchange: sent(post("/Users", newUser("sp7x2k-k@example.com", name+`,"password":"[redacted]","active":true`), 201, user("u-211", "sp7x2k-k@example.com", name), location(path)))},
		result.Step{Name: "mover: read", Outcome: result.Pass, Source: "documented: Okta's reference, a read before every update",
			Expected: "status 200. The answer is what Okta edits and puts back.", Actual: "200", Exchange: sent(get(path, 200, user("u-211", "sp7x2k-k@example.com", name)))},
		result.Step{Name: "mover: put", Outcome: result.Pass, Source: "documented: Okta's reference",
			Expected: `status 200; name.familyName equals "Other". Okta compares what comes back.`, Actual: "200",
			Exchange: sent(put(path, newUser("sp7x2k-k@example.com", `,"name":{"givenName":"Second","familyName":"Other"},"active":true`), 200,
				user("u-211", "sp7x2k-k@example.com", `,"name":{"givenName":"Second","familyName":"Other"}`)))},
		result.Step{Name: "leaver: disable", Outcome: result.Pass, Source: "documented: Okta's reference",
			Expected: "status 200 or 204. Okta never deletes a person; this is the end of their access.", Actual: "200",
			Exchange: sent(patch(path, `{"op":"replace","value":{"active":false}}`, 200, user("u-211", "sp7x2k-k@example.com", "")))},
	)
}

// sent is the exchange of a step.
func sent(e result.Exchange) *result.Exchange { return &e }
