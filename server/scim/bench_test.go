package scim_test

import (
	"fmt"
	"strings"
	"testing"

	"scimproof/server/scim"
)

// aUser is a user as an identity provider sends one, of about 1 KB.
const aUser = `{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],
	"externalId": "00u1a2b3c4d5e6f7g8h9", "userName": "barbara.jensen@example.com", "displayName": "Barbara Jensen", "active": true, "title": "Tour Guide",
	"name": {"formatted": "Ms. Barbara J Jensen, III", "familyName": "Jensen", "givenName": "Barbara", "middleName": "Jane"}, "locale": "en-US", "timezone": "America/Los_Angeles",
	"emails": [{"value": "barbara.jensen@example.com", "type": "work", "primary": true}, {"value": "babs@jensen.example.org", "type": "home"}],
	"phoneNumbers": [{"value": "+1-415-555-2671", "type": "work"}, {"value": "+1-415-555-2672", "type": "mobile"}],
	"addresses": [{"streetAddress": "100 Universal City Plaza", "locality": "Hollywood", "region": "CA", "postalCode": "91608", "country": "US", "type": "work"}],
	"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"employeeNumber": "701984", "department": "Tour Operations", "manager": {"value": "user_26118915"}}}`

func BenchmarkDecode(b *testing.B) {
	rt := typeOf(b, "User")
	b.SetBytes(int64(len(aUser)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := rt.Decode([]byte(aUser), scim.DecodeOptions{}); err != nil {
			b.Fatal(err)
		}
	}
}

// stored is the user as a store keeps it.
func stored(b *testing.B, rt *scim.ResourceType) (scim.Object, []byte) {
	b.Helper()
	o, err := rt.Decode([]byte(aUser), scim.DecodeOptions{})
	if err != nil {
		b.Fatal(err)
	}
	return o, rt.Append(nil, o)
}

func BenchmarkRead(b *testing.B) {
	rt := typeOf(b, "User")
	_, data := stored(b, rt)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := rt.Read(data); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkAppend(b *testing.B) {
	rt := typeOf(b, "User")
	o, data := stored(b, rt)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		data = rt.Append(data[:0], o)
	}
}

func BenchmarkMatch(b *testing.B) {
	rt := typeOf(b, "User")
	o, _ := stored(b, rt)
	for _, text := range []string{`userName eq "Barbara.Jensen@example.com"`, `emails[type eq "home" and value co "jensen"] and not (title eq "guide")`, `meta.created gt "2020-01-01T00:00:00Z"`} {
		c, err := bind(b, rt, text)
		if err != nil {
			b.Fatal(err)
		}
		o["meta"] = scim.Object{"created": "2024-01-01T00:00:00.000Z"}
		b.Run(strings.Fields(text)[0], func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				c.Match(o)
			}
		})
	}
}

func BenchmarkPatch(b *testing.B) {
	rt := typeOf(b, "User")
	o, _ := stored(b, rt)
	body := []byte(`{"schemas": ["` + scim.PatchSchema + `"], "Operations": [` + op("Replace", "active", "false") + "," +
		op("Replace", `emails[type eq "work"].value`, `"b@example.com"`) + "," + op("Add", "", `{"name.givenName": "Babs", "nickName": "Babs"}`) + `]}`)
	b.ReportAllocs()
	for b.Loop() {
		ops, err := rt.DecodePatch(body, scim.PatchOptions{})
		if err != nil {
			b.Fatal(err)
		}
		if _, err := rt.Patch(o, ops, scim.PatchOptions{}); err != nil {
			b.Fatal(err)
		}
	}
}

// A group of 10,000 as Okta writes it whole.
func BenchmarkDecodeMembers(b *testing.B) {
	rt := typeOf(b, "Group")
	var members []string
	for i := range 10_000 {
		members = append(members, fmt.Sprintf(`{"value": "user_%026d", "display": "Person %d"}`, i, i))
	}
	body := []byte(`{"schemas": ["` + rt.Schema.ID + `"], "displayName": "All", "members": [` + strings.Join(members, ",") + `]}`)
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		o, err := rt.Decode(body, scim.DecodeOptions{})
		if err != nil {
			b.Fatal(err)
		}
		if _, _, err := rt.TakeLinked(o); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSelect(b *testing.B) {
	rt := typeOf(b, "User")
	o, _ := stored(b, rt)
	b.ReportAllocs()
	for b.Loop() {
		sel, err := rt.Select([]string{"userName", "emails.value"}, nil)
		if err != nil {
			b.Fatal(err)
		}
		sel.Apply(o)
	}
}
