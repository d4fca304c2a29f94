package idaas

import (
	"fmt"
	"net/http"
	"strings"

	"scimproof/server/scim"
)

// The product's codes stand at the start of a refusal's detail. Each error is a SCIM Error all the same.

// invalid refuses a value; parameter is the product's name for the attribute.
func invalid(parameter, format string, args ...any) *scim.Error {
	return scim.Bad(scim.InvalidValue, "InvalidParameter.%s: %s", parameter, fmt.Sprintf(format, args...))
}

// missing refuses a request without a required attribute.
func missing(parameter, attr string) *scim.Error {
	return scim.Bad(scim.InvalidValue, "MissingParameter.%s: %s is required; send it.", parameter, attr)
}

// taken refuses a value that another resource has. It says nothing about the other one (rule scope-5).
func taken(parameter, attr string) *scim.Error {
	return &scim.Error{
		Status: http.StatusConflict, Type: scim.UniqueValue,
		Detail: fmt.Sprintf("ResourceDuplicated.%s: another resource has this %s; send a different one.", parameter, attr),
	}
}

// parameters are the product's names for attributes where they differ from ours by more than a capital.
var parameters = map[string]map[string]string{
	user:  {"userName": "Username", "externalId": "UserExternalId", emails: "Email", phoneNumbers: "PhoneNumber"},
	group: {"displayName": "GroupName", "externalId": "GroupExternalId"},
}

func parameter(rt *scim.ResourceType, attr string) string {
	if p, ok := parameters[rt.Name][attr]; ok {
		return p
	}
	return strings.ToUpper(attr[:1]) + attr[1:]
}

// Conflict puts the product's code in front.
func (r Rules) Conflict(rt *scim.ResourceType, attr string) *scim.Error {
	if name, ok := r.fieldOf(attr); ok {
		return taken(name, name)
	}
	return taken(parameter(rt, attr), attr)
}

// NotFound puts the product's code in front.
func (Rules) NotFound(rt *scim.ResourceType, id string) *scim.Error {
	e := scim.NotFound(rt.Name, id)
	e.Detail = "ResourceNotFound." + rt.Name + ": " + e.Detail
	return e
}
