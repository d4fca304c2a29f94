package console_test

import (
	"strings"
	"testing"
)

func TestBrowse(t *testing.T) {
	w := newWorld(t)
	p := w.signedIn()
	const users, groups = "/console/applications/{app}/users", "/console/applications/{app}/groups"
	for _, c := range []struct {
		path   string
		status int
		want   string
	}{
		{users, 200, "1 to 25 of 30"},
		{users + "?search=ADA", 200, "1 to 6 of 6"},
		{users + "?search=ada&filter=userName+eq+%22ada.costa%22+or+userName+eq+%22ben.costa%22", 200, "1 to 1 of 1"},
		{users + "?search=%22%3E%3Cscript", 200, "1 to 25 of 30"},
		{users + "?search=nobody", 200, "There is nothing to see here."},
		{users + "?startIndex=31", 200, "This page lies behind the last of 30."},
		{users + "?startIndex=-1&count=1000000", 200, "1 to 25 of 30"},
		{users + "?filter=userName+eq", 400, `id="browse-filter-wrong"`},
		{users + "?filter=userName+eq&search=x", 400, "at byte 11"},
		{users + "?search=%00", 400, `id="browse-search-wrong"`},
		{users + "?filter=%ff", 400, `id="browse-filter-wrong"`},
		{users + "?filter=" + strings.Repeat("(", 5000), 400, `id="browse-filter-wrong"`},
		{users + "?search=" + strings.Repeat("x", 20_000), 400, `id="browse-search-wrong"`},
		{"/console/applications/{app}/scope-groups?search=" + strings.Repeat("x", 20_000), 400, `id="browse-search-wrong"`},
		{users + "?filter=" + strings.Repeat("x", 20_000), 400, `id="browse-filter-wrong"`},
		{users + "/" + strings.Repeat("x", 20_000), 404, "ResourceNotFound.User"},
		{users + "/%ff", 404, "ResourceNotFound.User"},
		{users + "/{user}", 200, "<code>emails[0].value</code>"},
		{users + "/{user}", 200, "<code>urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:organization.organizationId</code>"},
		{users + "/{group}", 404, "ResourceNotFound.User"},
		{users + "/%22%20or%20id%20pr%20or%20id%20eq%20%22", 404, "ResourceNotFound.User"},
		{groups, 200, "1 to 1 of 1"},
		{groups + "/{group}", 200, "<code>members[0].value</code>"},
		{groups + "/{group}", 200, `<a href="/console/applications/{app}/users/{user}">`},
		{groups + "/{other-group}", 404, "ResourceNotFound.Group"},
		{"/console/applications/{app}/scope-groups", 200, "Groups 1 to 2 of 2"},
		{"/console/applications/{app}/scope-groups?search=sta", 200, "Groups 1 to 1 of 1"},
		{"/console/applications/{app}/scope-groups?search=%ff", 400, `id="browse-search-wrong"`},
		{"/console/applications/{template}/users", 409, "OperationDenied.TemplateApplication"},
		{"/console/applications/app_none/users", 404, "ResourceNotFound.Application"},
	} {
		a := p.get(c.path)
		if a.status != c.status || !strings.Contains(a.body, w.names().Replace(c.want)) {
			t.Errorf("%.90s is %d, want %d with %s", c.path, a.status, c.status, c.want)
		}
		if (a.status == 200) == strings.Contains(a.body, `role="alert"`) {
			t.Errorf("%.90s is %d and shows a refusal, or none", c.path, a.status)
		}
	}
}
