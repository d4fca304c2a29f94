package controlapi_test

import (
	"net/http"
	"strings"
	"testing"
)

const (
	instancesPath     = "/v1/instances"
	instancePath      = "/v1/instances/{instance}"
	organizationsPath = "/v1/instances/{instance}/organizations"
	organizationPath  = "/v1/organizations/{ou}"
	fieldsPath        = "/v1/instances/{instance}/fields"
	fieldPath         = "/v1/fields/{field}"
	applicationsPath  = "/v1/instances/{instance}/applications"
	applicationPath   = "/v1/applications/{app}"
	targetPath        = "/v1/applications/{app}/target-check"
	tokensPath        = "/v1/applications/{app}/tokens"
	tokenPath         = "/v1/tokens/{token}"
)

// TestRefusesMembers makes every member of every body ill, in type or in value, and looks whether anything has changed.
func TestRefusesMembers(t *testing.T) {
	w := newWorld(t)
	for _, c := range []struct{ method, path, body, code, field string }{
		{"POST", instancesPath, `{}`, "InstanceName", "instanceName"},
		{"POST", instancesPath, `{"instanceName":7}`, "InstanceName", "instanceName"},
		{"PATCH", instancePath, `{"instanceName":""}`, "InstanceName", "instanceName"},
		{"PATCH", instancePath, `{"instanceName":"Fine","passwordPolicy":"None"}`, "PasswordPolicy", "passwordPolicy"},
		{"PATCH", instancePath, `{"passwordPolicy":null}`, "PasswordPolicy", "passwordPolicy"},

		{"POST", organizationsPath, `{"organizationalUnitName":" Team"}`, "OrganizationalUnitName", "organizationalUnitName"},
		{"POST", organizationsPath, `{"organizationalUnitName":"Team","parentId":"ou_none"}`, "ParentId", "parentId"},
		{"PATCH", organizationPath, `{"organizationalUnitName":["Team"]}`, "OrganizationalUnitName", "organizationalUnitName"},
		{"PATCH", organizationPath, `{"organizationalUnitName":"Team","parentId":""}`, "ParentId", "parentId"},

		{"POST", fieldsPath, `{"fieldName":"1","fieldDisplayName":"One","fieldDataType":"string"}`, "FieldName", "fieldName"},
		{"POST", fieldsPath, `{"fieldName":"one","fieldDataType":"string"}`, "FieldDisplayName", "fieldDisplayName"},
		{"POST", fieldsPath, `{"fieldName":"one","fieldDisplayName":"One","fieldDataType":"date"}`, "FieldDataType", "fieldDataType"},
		{"POST", fieldsPath, `{"fieldName":"one","fieldDisplayName":"One","fieldDataType":"number","fieldDisplayType":"select"}`, "FieldDisplayType", "fieldDisplayType"},
		{"POST", fieldsPath, `{"fieldName":"one","fieldDisplayName":"One","fieldDataType":"number","options":[{"value":"1"}]}`, "Options", "options"},
		{"POST", fieldsPath, `{"fieldName":"one","fieldDisplayName":"One","fieldDataType":"string","options":[{"value":"1"},{"value":""}]}`, "Options.1.Value", "options.1.value"},
		{"POST", fieldsPath, `{"fieldName":"one","unique":"yes"}`, "Unique", "unique"},
		{"PATCH", fieldPath, `{"fieldDisplayName":"Badge\n"}`, "FieldDisplayName", "fieldDisplayName"},
		{"PATCH", fieldPath, `{"description":true}`, "Description", "description"},
		{"PATCH", fieldPath, `{"required":1}`, "Required", "required"},
		{"PATCH", fieldPath, `{"status":"off"}`, "Status", "status"},
		{"PATCH", fieldPath, `{"options":{}}`, "Options", "options"},
		{"PATCH", fieldPath, `{"options":[{"value":"a","displayName":1}]}`, "Options.0.DisplayName", "options.0.displayName"},
		{"PATCH", fieldPath, `{"options":[{"value":"a","status":true}]}`, "Options.0.Status", "options.0.status"},
		{"PATCH", fieldPath, `{"fieldName":"other"}`, "FieldName", "fieldName"},

		{"POST", applicationsPath, `{"applicationSourceType":"custom","profile":"rfc"}`, "ApplicationName", "applicationName"},
		{"POST", applicationsPath, `{"applicationName":"App","profile":"rfc"}`, "ApplicationSourceType", "applicationSourceType"},
		{"POST", applicationsPath, `{"applicationName":"App","applicationSourceType":"custom"}`, "Profile", "profile"},
		{"POST", applicationsPath, `{"applicationName":"App","applicationSourceType":"custom","profile":"idaas","provisioningScope":{}}`, "OrganizationalUnitIds", "provisioningScope.organizationalUnitIds"},
		{"PATCH", applicationPath, `{"status":true}`, "Status", "status"},
		{"PATCH", applicationPath, `{"status":"disabled","apiInvokeStatus":"on"}`, "ApiInvokeStatus", "apiInvokeStatus"},
		{"PATCH", applicationPath, `{"status":"disabled","grantScopes":["all"]}`, "GrantScopes", "grantScopes"},
		{"PATCH", applicationPath, `{"provisioningScope":[]}`, "ProvisioningScope", "provisioningScope"},
		{"PATCH", applicationPath, `{"provisioningScope":{"organizationalUnitIds":["ou_none"],"groupIds":[]}}`, "OrganizationalUnitIds", "provisioningScope.organizationalUnitIds"},
		{"PATCH", applicationPath, `{"provisioningScope":{"organizationalUnitIds":["{ou}"],"groupIds":["group_none"]}}`, "GroupIds", "provisioningScope.groupIds"},
		{"PATCH", applicationPath, `{"provisioningScope":{"organizationalUnitIds":["{ou}"]}}`, "GroupIds", "provisioningScope.groupIds"},
		{"PATCH", applicationPath, `{"provisioningScope":{"groupIds":[]}}`, "OrganizationalUnitIds", "provisioningScope.organizationalUnitIds"},
		{"PATCH", applicationPath, `{"provisioningScope":{"groupIds":"all"}}`, "GroupIds", "provisioningScope.groupIds"},
		{"PATCH", applicationPath, `{"provisioningScope":{"groupIds":[1]}}`, "GroupIds.0", "provisioningScope.groupIds.0"},
		{"PATCH", applicationPath, `{"userPrimaryOrganizationalUnitId":false}`, "UserPrimaryOrganizationalUnitId", "userPrimaryOrganizationalUnitId"},
		{"PATCH", applicationPath, `{"userPrimaryOrganizationalUnitId":"\u0000"}`, "UserPrimaryOrganizationalUnitId", "userPrimaryOrganizationalUnitId"},
		{"PATCH", applicationPath, `{"userCustomFieldNamespace":"fields"}`, "UserCustomFieldNamespace", "userCustomFieldNamespace"},
		{"PATCH", applicationPath, `{"supportedUserCustomFieldIds":["ufd_none"]}`, "SupportedUserCustomFieldIds", "supportedUserCustomFieldIds"},
		{"PATCH", applicationPath, `{"status":"disabled","variants":["none"]}`, "Variants", "variants"},
		{"POST", targetPath, `{"organizationalUnitId":{}}`, "OrganizationalUnitId", "organizationalUnitId"},

		{"POST", tokensPath, `{"validity":"P90D"}`, "ApplicationTokenType", "applicationTokenType"},
		{"POST", tokensPath, `{"applicationTokenType":"bearer_token"}`, "ExpirationTime", "validity"},
		{"POST", tokensPath, `{"applicationTokenType":"bearer_token","validity":90}`, "ExpirationTime", "validity"},
		{"POST", tokensPath, `{"applicationTokenType":"bearer_token","validity":"90 days"}`, "ExpirationTime", "validity"},
		{"POST", tokensPath, `{"applicationTokenType":"client_secret","validity":"P4Y"}`, "ExpirationTime", "validity"},
		{"PATCH", tokenPath, `{"status":"Enabled"}`, "Status", "status"},
		{"PATCH", tokenPath, `{"accountId":[]}`, "AccountId", "accountId"},
	} {
		t.Run(c.method+" "+c.path+" "+c.body, func(t *testing.T) {
			before := w.state()
			wantRefusal(t, w.send(c.method, c.path, c.body), http.StatusBadRequest, "InvalidParameter."+c.code, c.field)
			if w.state() != before {
				t.Error("something has changed")
			}
		})
	}
}

// TestRefusesStates asks for what would be right at another time.
func TestRefusesStates(t *testing.T) {
	w := newWorld(t)
	second := w.make(tokensPath, `{"applicationTokenType":"bearer_token","validity":"P90D"}`, "applicationTokenId")
	for _, c := range []struct {
		method, path, body string
		status             int
		code               string
	}{
		{"POST", tokensPath, `{"applicationTokenType":"bearer_token","validity":"P90D"}`, 409, "OperationDenied.TokenLimit"},
		{"POST", "/v1/applications/{template}/tokens", `{"applicationTokenType":"bearer_token","validity":"P90D"}`, 409, "OperationDenied.TemplateApplication"},
		{"DELETE", tokenPath, "", 409, "OperationDenied.TokenEnabled"},
		{"PATCH", "/v1/tokens/" + second, `{"status":"disabled","accountId":"user_none"}`, 404, "ResourceNotFound.User"},
		{"PATCH", "/v1/applications/{template}", `{"applicationName":"Other","apiInvokeStatus":"enabled"}`, 409, "OperationDenied.TemplateApplication"},
		{"PATCH", applicationPath, `{"applicationName":"Other","userPrimaryOrganizationalUnitId":"{spare}"}`, 409, "OperationDenied.TargetNotInScope"},
		{"DELETE", organizationPath, "", 409, "OperationDenied.OrganizationalUnitInUse"},
		{"DELETE", fieldPath, "", 409, "OperationDenied.FieldInUse"},
	} {
		before := w.state()
		wantRefusal(t, w.send(c.method, c.path, c.body), c.status, c.code, "")
		if w.state() != before {
			t.Errorf("%s %s %s has changed something", c.method, c.path, c.body)
		}
	}
}

// TestRefusesBodies sends what is no body of the route at all.
func TestRefusesBodies(t *testing.T) {
	w := newWorld(t)
	long := strings.Repeat("x", 1000)
	for name, c := range map[string]struct {
		body        string
		status      int
		code, field string
	}{
		"empty":              {"", 400, "InvalidParameter.Body", ""},
		"no JSON":            {"instanceName=Test", 400, "InvalidParameter.Body", ""},
		"cut short":          {`{"instanceName":"Te`, 400, "InvalidParameter.Body", ""},
		"an array":           {`[]`, 400, "InvalidParameter.Body", ""},
		"a string":           {`"Test"`, 400, "InvalidParameter.Body", ""},
		"null":               {`null`, 400, "InvalidParameter.Body", ""},
		"trailing data":      {`{"instanceName":"Test"}{}`, 400, "InvalidParameter.Body", ""},
		"bad UTF-8":          {"{\"instanceName\":\"T\xff\"}", 400, "InvalidParameter.Body", ""},
		"half a surrogate":   {`{"instanceName":"\ud800"}`, 400, "InvalidParameter.Body", ""},
		"too deep":           {strings.Repeat("[", 20000), 400, "InvalidParameter.Body", ""},
		"twice":              {`{"instanceName":"A","instanceName":"B"}`, 400, "InvalidParameter.InstanceName", "instanceName"},
		"twice, escaped":     {`{"instanceName":"A","instance\u004eame":"B"}`, 400, "InvalidParameter.InstanceName", "instanceName"},
		"unknown":            {`{"instanceName":"A","colour":"red"}`, 400, "InvalidParameter.Colour", "colour"},
		"unknown by case":    {`{"InstanceName":"A"}`, 400, "InvalidParameter.InstanceName", "InstanceName"},
		"unknown, not ASCII": {`{"übername":"A"}`, 400, "InvalidParameter.übername", "übername"},
		"unknown and long":   {`{"` + long + `":"A"}`, 400, "InvalidParameter.X" + long[:127], long[:128]},
		"too large":          {`{"instanceName":"` + strings.Repeat("x", 1<<20) + `"}`, 413, "RequestTooLarge", ""},
	} {
		t.Run(name, func(t *testing.T) {
			before := w.state()
			wantRefusal(t, w.send("POST", instancesPath, c.body), c.status, c.code, c.field)
			if w.state() != before {
				t.Error("something has changed")
			}
		})
	}
}
