package console_test

import (
	"regexp"
	"testing"

	browserapi "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/chromedp"

	"scimproof/fixtures/browser"
	"scimproof/server/control"
	"scimproof/server/store"
)

// TestStepsInABrowser goes from no application to one that an external system can use.
func TestStepsInABrowser(t *testing.T) {
	t.Parallel()
	b, w := launch(t), newPlainWorld(t)
	b.Do(chromedp.EmulateViewport(1280, 900), chromedp.Navigate(w.origin+"/console/"))
	b.looks("sign-in")
	b.enters(w)
	b.looks("applications")

	b.enter("#application-name", "Payroll")
	b.press("#application button", "#scope")
	b.tick("#organization summary")
	b.looks("organization-to-choose")
	b.enter("#organization-name", "Warehouse")
	b.press("#organization button", ".tree li li:nth-child(3)")
	b.tick(`#scope input[value="` + w.branch.ID + `"]`)
	b.press("#scope form:first-of-type button", `#target option[value="`+w.branch.ID+`"]`)
	b.press("#groups a.button", "#groups fieldset")
	b.tick(`#groups input[value="` + w.otherGroup + `"]`)
	b.press("#groups fieldset + button", ".notice")
	b.looks("scope-groups")
	b.press(".tabs a", "#target")
	b.enter("#target-target", w.branch.ID)
	b.press("#target button", `#target option[selected]`)
	b.enter("#tokens-validity", "P4Y")
	b.press("#tokens > form button", "#tokens .refusal")
	b.looks("refusal")
	b.enter("#tokens-validity", "P1Y")
	b.press("#tokens > form button", "#secret")
	b.holdsToken()
	b.copies("secret")
	b.copies("url")
	b.looks("provisioning")

	b.press("#permission a.button", "#permissions")
	b.press("#api button", "#api .status.enabled")
	b.tick(`#permissions label:nth-of-type(1)`, `#permissions label:nth-of-type(2)`)
	b.press("#permissions button", `#permissions input[checked]`)
	b.press("#secrets form button:not([data-copy])", "#secret")
	b.looks("api")

	made := w.called("Payroll")
	scope, err := w.plane.ScopeOf(t.Context(), made.ID)
	w.must(err)
	tokens, err := w.plane.Tokens(t.Context(), made.ID)
	w.must(err)
	if !made.APIEnabled || made.Target != w.branch.ID || len(made.Permissions) != 2 || len(tokens) != 2 || len(scope.Groups) != 1 {
		t.Errorf("the application is %+v with the scope %+v and the tokens %+v", made, scope, tokens)
	}
	b.press("header button", "#token")
}

// holdsToken says whether the first key in a page leads to the value of a new token.
func (b tab) holdsToken() {
	b.T.Helper()
	b.Do(chromedp.KeyEvent("\t"))
	value := browser.Eval[string](b.Tab, `document.activeElement.id + document.activeElement.value`)
	if !regexp.MustCompile(`^secretSAT\w{124}$`).MatchString(value) {
		b.T.Errorf("the first key does not lead to the new token's value: %.9q", value)
	}
}

// copies presses the button beside a field, and waits for the page to say that it has copied.
func (b tab) copies(id string) {
	b.T.Helper()
	b.Do(chromedp.Evaluate[chromedp.Void](`document.getElementById("said").textContent = ""`))
	b.Do(chromedp.Click(chromedp.CSS(`button[data-copy="` + id + `"]`)))
	b.Do(chromedp.Poll[chromedp.Void](`document.getElementById("said").textContent === "Copied"`))
	mayRead := browserapi.SetPermissionParams{
		Permission: &browserapi.PermissionDescriptor{Name: "clipboard-read"}, Setting: browserapi.PermissionSettingGranted,
	}
	if _, err := chromedp.CallBrowser(b.Ctx, browserapi.SetPermission, mayRead); err != nil {
		b.T.Fatal(err)
	}
	copied, err := chromedp.Run(b.Ctx, chromedp.Evaluate[bool](`navigator.clipboard.readText().then(t => t === document.getElementById("`+id+`").value)`, chromedp.EvalAwaitPromise))
	if err != nil || !copied {
		b.T.Errorf("the value of %s is not in the clipboard, %v", id, err)
	}
}

// called finds an application by its name.
func (w *world) called(name string) store.Application {
	w.t.Helper()
	apps, err := w.plane.Applications(w.t.Context(), w.root.Instance)
	w.must(err)
	for _, a := range apps {
		if a.Name == name {
			return a
		}
	}
	w.t.Fatalf("there is no application %q", name)
	return store.Application{}
}

// TestInstanceInABrowser makes an instance, an organization and extended fields, and lets an application sync them.
func TestInstanceInABrowser(t *testing.T) {
	t.Parallel()
	b, w := launch(t), newPlainWorld(t)
	b.enters(w)
	b.press(`.menu a[href$="instances"]`, "#instance-name")
	b.looks("instances")
	b.enter("#instance-name", "Second")
	b.press("#instances button", ".tree")
	b.enter("#organization-name", "Sales")
	b.press("#organization form button", ".tree li li a")
	b.looks("organizations")
	b.press(".tree li li a", "#delete")
	b.looks("organization")
	b.press("#delete button", ".notice")
	b.press(".tabs a[href$=fields]", "#field-name")
	b.enter("#field-name", "badge")
	b.enter("#field-shown", "Badge")
	b.press("#field button", "tbody")
	b.looks("fields")
	b.press("tbody a", "#field-shown")
	b.looks("field")
	b.press("#status button", "#status button:not(.second)")
	b.tick("#delete summary")
	b.enter("#delete-confirmation", "badge")
	b.press("#delete button", "#field-name")
	b.press(".tabs li:last-child a", "#policy")
	b.tick("#policy label:nth-of-type(4)")
	b.press("#policy button", ".notice")
	b.looks("instance")

	b.open(w, "/console/applications/{app}")
	b.tick("#namespace summary")
	b.enter("#namespace-namespace", "nonsense")
	b.tick("#namespace fieldset label")
	b.press("#namespace button", "#namespace .refusal")
	b.Do(chromedp.Poll[chromedp.Void](`document.activeElement.id === "namespace-namespace"`))
	b.looks("namespace-refused")
	b.enter("#namespace-namespace", "urn:ietf:params:scim:schemas:extension:customfield:2.0:User")
	b.press("#namespace button", "#namespace input[checked]")
}

// TestBrowsingInABrowser looks at accounts and groups.
func TestBrowsingInABrowser(t *testing.T) {
	t.Parallel()
	b, w := launch(t), newPlainWorld(t)
	b.enters(w)
	b.open(w, "/console/applications/{app}/users")
	b.looks("users")
	b.press(".pager a", "tbody tr:nth-child(5):last-child")
	b.enter("#browse-filter", `userName eq`)
	b.press(".search button", "#browse-filter-wrong")
	b.looks("filter-refused")
	b.enter("#browse-filter", `userName eq "cleo.diaz"`)
	b.press(".search button", "tbody tr:only-child")
	b.press("tbody a", ".leaves")
	b.looks("user")
	b.open(w, "/console/applications/{app}/groups")
	b.looks("groups")
	b.press("tbody a", ".leaves")
	b.looks("group")
}

// TestRotationInABrowser goes from one token to the next, and deletes an application.
func TestRotationInABrowser(t *testing.T) {
	t.Parallel()
	b, w := launch(t), newPlainWorld(t)
	b.enters(w)
	b.open(w, "/console/applications/{app}")
	b.press(`#tokens a[href$=rotation]`, ".steps")
	b.looks("rotation-issue")
	b.press(".steps button", "#secret")
	b.looks("rotation-move")
	b.press(".steps button[value=disable]", ".steps button[value=delete]")
	b.looks("rotation-delete")
	b.press(".steps button[value=delete]", "#tokens-validity")
	tokens, err := w.plane.Tokens(t.Context(), w.app.ID)
	w.must(err)
	for _, token := range tokens {
		if token.Kind == control.BearerToken && (token.ID == w.token.ID || !token.Enabled) {
			t.Errorf("a token is left that should be gone: %+v", token)
		}
	}
	b.press(".tabs a[href$=general]", "#variants")
	b.tick("#variants label")
	b.press("#variants button", "#variants input[checked]")
	b.looks("general")
	b.tick("#delete summary")
	b.enter("#delete-confirmation", "File")
	b.press("#delete button", "#delete .refusal")
	b.looks("deletion-refused")
	b.enter("#delete-confirmation", "Files")
	b.press("#delete button", "#application-name")
}

// TestByKeyboard gets from the sign-in to a token without a pointer.
func TestByKeyboard(t *testing.T) {
	t.Parallel()
	b, w := launch(t), newPlainWorld(t)
	b.Do(chromedp.EmulateViewport(1280, 900), chromedp.Navigate(w.origin+"/console/"))
	b.types(adminToken + "\r") // the field has the focus from the start
	b.Do(chromedp.WaitReady(chromedp.CSS(".menu")))
	b.reach("application-name")
	b.types("By keyboard\r")
	b.Do(chromedp.WaitReady(chromedp.CSS("#scope")))
	b.reachThe(`.tree input[value="` + w.branch.ID + `"]`)
	b.types(" \r")
	b.Do(chromedp.WaitReady(chromedp.CSS(`#target option[value="` + w.branch.ID + `"]`)))
	b.reach("target-target")
	b.types("Example / B")
	b.types("\t\r")
	b.Do(chromedp.WaitReady(chromedp.CSS("#target option[selected]")))
	b.reach("tokens-validity")
	b.types("\r")
	b.Do(chromedp.WaitReady(chromedp.CSS("#secret")))
	b.reachThe(`[data-copy=secret]`)
	b.types("\r")
	b.Do(chromedp.Poll[chromedp.Void](`document.getElementById("said").textContent === "Copied"`))
	b.reachThe(`a[href$="/api"].button`)
	b.types("\r")
	b.Do(chromedp.WaitReady(chromedp.CSS("#permissions")))
	b.reachThe("#api button")
	b.types("\r")
	b.Do(chromedp.WaitReady(chromedp.CSS("#api .status.enabled")))
	b.reachThe("#permissions input")
	b.types(" \t \t \t \r")
	b.Do(chromedp.WaitReady(chromedp.CSS("#permissions input[checked]")))
	if a := w.called("By keyboard"); !a.APIEnabled || len(a.Permissions) != 4 || a.Target != w.branch.ID {
		t.Errorf("the application is %+v", a)
	}
}

// TestAccessible has axe-core judge every page, light and dark, wide and narrow.
func TestAccessible(t *testing.T) {
	t.Parallel()
	axe := browser.NewAxe(t)
	b, w := launch(t), newWorld(t)
	b.Do(chromedp.Navigate(w.origin + "/console/sign-in"))
	b.judge(axe, "sign-in")
	b.enters(w)
	for _, path := range pages {
		b.open(w, path)
		b.Do(chromedp.Evaluate[chromedp.Void](`document.querySelectorAll("details").forEach(d => { d.open = true })`))
		b.judge(axe, path)
	}
	b.open(w, "/console/applications/{app}")
	b.press("#tokens > form button", "#secret")
	b.judge(axe, "a new token")
	b.press("#tokens > form button", "#tokens > .refusal")
	b.judge(axe, "a token refused")
	b.open(w, "/console/instances/{instance}/fields")
	b.enter("#field-name", "a b")
	b.enter("#field-shown", "Badge")
	b.press("#field button", "#field-name-wrong")
	b.judge(axe, "a field refused")
	b.open(w, "/console/applications/{app}/api")
	b.press("#permissions button", ".notice")
	b.judge(axe, "what was done")
}
