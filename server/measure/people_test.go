package measure

import "fmt"

// person is the account with number i, as a directory would send it.
func person(i int) string {
	return fmt.Sprintf(`{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],`+
		`"userName":"%[1]s","externalId":"hr-%08[2]d","displayName":"Person %[2]d","name":{"givenName":"Person","familyName":"Number %[2]d"},`+
		`"title":"Member of staff","active":true,"emails":[{"value":"%[1]s","type":"work","primary":true}],`+
		`"phoneNumbers":[{"value":"+1 415 %07[2]d","type":"work"}],`+
		`"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"employeeNumber":"%[2]d","department":"Department %[3]d"}}`,
		userName(i), i, i%97)
}

func userName(i int) string { return fmt.Sprintf("person.%d@example.com", i) }
