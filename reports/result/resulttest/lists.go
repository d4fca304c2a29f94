package resulttest

import "scimproof/reports/result"

func lists() []result.Check {
	first, second := user("u-201", "sp7x2k-a@example.com", ""), user("u-202", "sp7x2k-b@example.com", "")
	return build(
		row{id: "filter.username.eq", title: "A filter finds a user by userName", level: "MUST", rfc: "7644", section: "3.4.2.2", profiles: all(),
			requirement: "eq selects the users with exactly this value.", outcome: result.Pass, expected: "totalResults 1", actual: "1", location: "/totalResults",
			exchanges: one(get("/Users?filter=userName%20eq%20%22sp7x2k-a%40example.com%22", 200, list(1, first)))},
		row{id: "filter.username.case", title: "userName is matched without regard to case", level: "MUST", rfc: "7643", section: "4.1.1", profiles: all(),
			requirement: "The attribute is not case sensitive, and a filter follows that.", outcome: result.Pass, expected: "totalResults 1", actual: "1",
			location: "/totalResults", exchanges: one(get("/Users?filter=userName%20eq%20%22SP7X2K-A%40example.com%22", 200, list(1, first)))},
		row{id: "filter.and-or", title: "and binds tighter than or", level: "MUST", rfc: "7644", section: "3.4.2.2", profiles: core(),
			requirement: "Without parentheses, and is evaluated before or.", outcome: result.Pass, expected: "u-201, u-202", actual: "u-201, u-202",
			exchanges: one(get("/Users?filter=userName%20sw%20%22sp7x2k-a%22%20or%20userName%20sw%20%22sp7x2k-b%22%20and%20active%20eq%20true", 200, list(2, first+","+second)))},
		row{id: "filter.syntax-error", title: "A filter that cannot be read is refused", level: "MUST", rfc: "7644", section: "3.4.2.2", profiles: core(),
			requirement: "The answer is 400 and names invalidFilter; nothing is listed.", outcome: result.Fail,
			reason:   "the filter was ignored and everything listed",
			expected: "400 with scimType invalidFilter", actual: "200, totalResults 2",
			exchanges: one(get("/Users?filter=userName%20eq", 200, list(2, first+","+second)))},
		row{id: "filter.value-path", title: "A filter inside brackets asks one entry for all of it", level: "MUST", rfc: "7644", section: "3.4.2.2", profiles: core(),
			requirement: "Both conditions have to hold for the same entry.", outcome: result.Blocked,
			reason: "the user with two e-mail addresses could not be made: POST answered 500", expected: "totalResults 0",
			exchanges: one(post("/Users", newUser("sp7x2k-f@example.com", `,"emails":[{"value":"a@example.com","type":"work"},{"value":"b@example.com","type":"home"}]`), 500, ""))},
		row{id: "list.paging.start", title: "A startIndex below 1 means 1", level: "MUST", rfc: "7644", section: "3.4.2.4", profiles: core(),
			requirement: "Counting starts at 1; anything less is read as 1.", outcome: result.Pass, expected: "startIndex 1", actual: "1", location: "/startIndex",
			exchanges: one(get("/Users?startIndex=0&count=2", 200, list(2, first+","+second)))},
		row{id: "list.count-zero", title: "A count of 0 answers the total and no resources", level: "SHOULD", rfc: "7644", section: "3.4.2.4", profiles: []string{"rfc", "entra"},
			requirement: "A client can ask how many there are without reading any.", outcome: result.Pass, expected: "no Resources", actual: "none", location: "/Resources",
			exchanges: one(get("/Users?count=0", 200, `{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":2}`))},
		row{id: "list.attributes", title: "attributes narrows what is returned", level: "MUST", rfc: "7644", section: "3.4.2.5", profiles: core(),
			requirement: "Only what was named comes back, beside what always does.", outcome: result.Pass, expected: "id, schemas, userName", actual: "id, schemas, userName",
			exchanges: one(get("/Users?attributes=userName", 200, list(1, `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"id":"u-201","userName":"sp7x2k-a@example.com"}`)))},
		row{id: "list.order-stable", title: "Two equal queries list in the same order", level: "MAY", rfc: "7644", section: "3.4.2.4", profiles: core(),
			requirement: "Without sortBy the order is the server's affair, yet pages are only safe where it does not change.", outcome: result.Info,
			reason: "departs: the second answer has another order", expected: "u-201, u-202", actual: "u-202, u-201",
			exchanges: one(get("/Users?count=2", 200, list(2, first+","+second)), get("/Users?count=2", 200, list(2, second+","+first)))},
	)
}

func features() []result.Check {
	declared := one(get("/ServiceProviderConfig", 200, config))
	return build(
		row{id: "sort.username", title: "sortBy orders by userName", level: "MUST", rfc: "7644", section: "3.4.2.3", profiles: core(), outcome: result.NA,
			requirement: "A server that declares sorting sorts by any attribute.", reason: "not advertised: sort.supported is false", exchanges: declared},
		row{id: "bulk.create", title: "A bulk request makes several users", level: "MUST", rfc: "7644", section: "3.7", profiles: core(), outcome: result.NA,
			requirement: "A server that declares bulk carries out each operation and answers each.", reason: "not advertised: bulk.supported is false", exchanges: declared},
		row{id: "etag.precondition", title: "A change with an outdated If-Match is refused", level: "MUST", rfc: "7644", section: "3.14", profiles: core(), outcome: result.NA,
			requirement: "A server that declares versions lets nobody overwrite a change they have not seen.", reason: "not advertised: etag.supported is false", exchanges: declared},
	)
}

func groups() []result.Check {
	const path = "/Groups/g-301"
	return build(
		row{id: "groups.create.status", title: "A new group is answered with 201", level: "MUST", rfc: "7644", section: "3.3", profiles: all(),
			requirement: "A create that succeeds answers 201 and the group as it is now.", outcome: result.Pass, expected: "201", actual: "201",
			exchanges: one(post("/Groups", newGroup("sp7x2k group", ""), 201, group("g-301", "sp7x2k group", ""), location(path)))},
		row{id: "groups.members.add", title: "A member that was added is read back", level: "MUST", rfc: "7644", section: "3.5.2.1", profiles: all(),
			requirement: "After the PATCH the group has the member, with the id of the user.", outcome: result.Pass, expected: `"u-201"`, actual: `"u-201"`,
			location: "/members/0/value", exchanges: one(
				patch(path, `{"op":"add","path":"members","value":[{"value":"u-201"}]}`, 204, ""),
				get(path, 200, group("g-301", "sp7x2k group", `,"members":[{"value":"u-201","type":"User","$ref":"`+base+`/Users/u-201"}]`)))},
		row{id: "groups.members.remove-one", title: "Removing one member keeps the others", level: "MUST", rfc: "7644", section: "3.5.2.2", profiles: all(),
			requirement: "A filter in the path takes out exactly the member that it names.", outcome: result.Pass, expected: "u-202", actual: "u-202",
			location: "/members", exchanges: one(patch(path, `{"op":"remove","path":"members[value eq \"u-201\"]"}`, 204, ""))},
	)
}
