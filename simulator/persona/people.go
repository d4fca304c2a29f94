package persona

import (
	"fmt"
	"hash/fnv"
	"strconv"
	"strings"

	"github.com/brianvoe/gofakeit/v6"

	"scimproof/simulator/tree"
)

// userFields and groupFields are what a template may ask of a generated user or group.
var (
	userFields = []string{"userName", "givenName", "familyName", "displayName", "email", "otherEmail", "phone", "mobile", "title", "department",
		"division", "organization", "costCenter", "employeeNumber", "street", "locality", "region", "postalCode", "country", "password", "guid", "oktaId"}
	groupFields = []string{"displayName", "guid"}
)

const alphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

// DefaultPrefix marks what a run makes, so that leftovers can be recognised; it follows from the seed.
func DefaultPrefix(seed uint64) string { return "sp" + strconv.FormatUint(seed, 36) }

// generate fills the variables of a scenario. The same seed, prefix and scenario give the same people; other scenarios give others,
// so that what one leaves behind is in nobody's way.
func generate(s *Scenario, seed uint64, prefix string) map[string]*tree.Node {
	h := fnv.New64a()
	h.Write([]byte(s.Name))
	fake := gofakeit.New(int64(seed ^ h.Sum64()))
	vars := map[string]*tree.Node{"run": tree.Text(prefix)}
	put := func(name string, fields map[string]string) {
		for field, value := range fields {
			vars[name+"."+field] = tree.Text(value)
		}
	}
	for _, name := range s.People.Users {
		put(name, user(fake, prefix))
	}
	for _, name := range s.People.Groups {
		put(name, map[string]string{
			"displayName": fmt.Sprintf("%s %s %s", prefix, fake.JobDescriptor(), digits(fake, 6)),
			"guid":        fake.UUID(),
		})
	}
	for _, name := range s.People.GUIDs {
		vars[name] = tree.Text(fake.UUID())
	}
	return vars
}

func user(fake *gofakeit.Faker, prefix string) map[string]string {
	given, family, number := fake.FirstName(), fake.LastName(), digits(fake, 8)
	address := fake.Address()
	login := strings.ToLower(fmt.Sprintf("%s-%s.%s.%s@example.com", prefix, given, family, number))
	return map[string]string{
		"userName":       login,
		"givenName":      given,
		"familyName":     family,
		"displayName":    given + " " + family,
		"email":          login,
		"otherEmail":     strings.Replace(login, "@", "@mail.", 1),
		"phone":          "+1 202555" + digits(fake, 4),
		"mobile":         "+1 303555" + digits(fake, 4),
		"title":          fake.JobTitle(),
		"department":     fake.JobDescriptor(),
		"division":       fake.JobLevel(),
		"organization":   fake.Company(),
		"costCenter":     digits(fake, 5),
		"employeeNumber": number,
		"street":         address.Street,
		"locality":       address.City,
		"region":         address.State,
		"postalCode":     address.Zip,
		"country":        "US",
		"password":       pick(fake, alphanumeric, 8),
		"guid":           fake.UUID(),
		"oktaId":         "00u" + pick(fake, alphanumeric, 17),
	}
}

func digits(fake *gofakeit.Faker, n int) string { return pick(fake, "0123456789", n) }

func pick(fake *gofakeit.Faker, from string, n int) string {
	out := make([]byte, n)
	for i := range out {
		out[i] = from[fake.IntRange(0, len(from)-1)]
	}
	return string(out)
}
