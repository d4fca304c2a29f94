package console_test

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"scimproof/fixtures/browser"
)

var pictures = flag.String("pictures", "", "folder that gets pictures of the pages")

// tab is a page in a browser.
type tab struct{ browser.Tab }

// launch starts a browser with one tab.
func launch(t *testing.T) tab {
	t.Helper()
	return tab{browser.Tab{T: t, Ctx: browser.Launch(t, "to walk through the console as people do", time.Minute)}}
}

// press clicks, and waits for the page that has an element.
func (b tab) press(selector, wanted string) {
	b.T.Helper()
	b.Do(chromedp.Click(chromedp.CSS(selector)), chromedp.WaitReady(chromedp.CSS(wanted)))
}

func (b tab) enter(selector, text string) {
	b.T.Helper()
	b.Do(chromedp.SetValue(chromedp.CSS(selector), text))
}

// picture keeps what the tab shows, where pictures are asked for.
func (b tab) picture(name string) {
	b.T.Helper()
	if *pictures == "" {
		return
	}
	data, err := chromedp.Run(b.Ctx, chromedp.FullScreenshot(100))
	if err == nil {
		err = os.WriteFile(filepath.Join(*pictures, name+".png"), data, 0o644)
	}
	if err != nil {
		b.T.Fatal(err)
	}
}

func TestStepsInABrowser(t *testing.T) {
	b, w := launch(t), newWorld(t)
	b.Do(chromedp.EmulateViewport(1280, 900), chromedp.Navigate(w.origin+"/console/"))
	b.looks("sign-in")
	b.enter("#token", adminToken)
	b.press("main button", "#application")
	b.looks("applications")

	b.enter("#name", "Payroll")
	b.press("#application button", "#scope")

	b.Do(chromedp.Click(chromedp.CSS("#organization summary")))
	b.looks("organization")
	b.enter("#organization-name", "Warehouse")
	b.press("#organization button", ".tree li li:nth-child(3)")
	b.Do(chromedp.Click(chromedp.CSS(`#scope input[value="` + w.branch.ID + `"]`)))
	b.press("#scope button", `#target option[value="`+w.branch.ID+`"]`)
	b.enter("#target-choice", w.branch.ID)
	b.press("#target button", `#target option[selected]`)
	b.press("#api button", "#api .status.enabled")
	b.Do(chromedp.Click(chromedp.CSS(`#permissions label:nth-of-type(1)`)), chromedp.Click(chromedp.CSS(`#permissions label:nth-of-type(2)`)))
	b.press("#permissions button", `#permissions input[checked]`)
	b.enter("#validity", "P4Y")
	b.press("#tokens > form button", "#tokens .refusal")
	b.looks("refusal")
	b.enter("#validity", "P1Y")
	b.press("#tokens > form button", "#secret")
	b.looks("application")
	b.Do(chromedp.KeyEvent("\t"))
	value := browser.Eval[string](b.Tab, `document.activeElement.id + document.activeElement.value`)
	if !regexp.MustCompile(`^secretSAT\w{124}$`).MatchString(value) {
		t.Errorf("the first key does not lead to the new token's value: %.9q", value)
	}

	apps, err := w.plane.Applications(t.Context(), w.root.Instance)
	w.must(err)
	made := apps[len(apps)-1]
	for _, a := range apps {
		if a.Name == "Payroll" {
			made = a
		}
	}
	tokens, err := w.plane.Tokens(t.Context(), made.ID)
	w.must(err)
	if made.Name != "Payroll" || !made.APIEnabled || made.Target != w.branch.ID || len(made.Permissions) != 2 || len(tokens) != 1 {
		t.Errorf("the application is %+v with tokens %+v", made, tokens)
	}
	b.press("header button", "#token")
}

// looks checks a page, light and dark, wide and narrow: texts are to be read (WCAG 2.2, 1.4.3), and nothing is cut off at the side.
func (b tab) looks(name string) {
	b.T.Helper()
	for _, scheme := range []string{"light", "dark"} {
		media := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}}
		if _, err := chromedp.Call(b.Ctx, emulation.SetEmulatedMedia, media); err != nil {
			b.T.Fatal(err)
		}
		for _, size := range []struct {
			name  string
			width int64
		}{{"wide", 1280}, {"narrow", 390}} {
			b.Do(chromedp.EmulateViewport(size.width, 900))
			b.picture(name + "-" + scheme + "-" + size.name)
			if over := browser.Eval[int64](b.Tab, `document.documentElement.scrollWidth`); over > size.width {
				b.T.Errorf("%s, %s: the page is %d wide", name, size.name, over)
			}
		}
		if faint := browser.Eval[[]string](b.Tab, faintTexts); len(faint) > 0 {
			b.T.Errorf("%s, %s: too little contrast: %q", name, scheme, faint)
		}
	}
	b.Do(chromedp.EmulateViewport(1280, 900))
}

// faintTexts lists the texts of a page whose contrast with the ground is under 4.5.
const faintTexts = `(() => {
	const parts = colour => colour.match(/[\d.]+/g).map(Number)
	const light = colour => parts(colour).slice(0, 3).map(c => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
		.reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0)
	const ground = e => {
		const colour = getComputedStyle(e).backgroundColor
		return parts(colour)[3] === 0 ? ground(e.parentElement) : colour
	}
	const own = e => e.value || [...e.childNodes].filter(n => n.nodeType === 3).map(n => n.textContent.trim()).join('')
	return [...document.body.querySelectorAll('*')].filter(e => own(e) && e.checkVisibility()).filter(e => {
		const [a, b] = [light(getComputedStyle(e).color), light(ground(e))].sort((a, b) => b - a)
		return (a + 0.05) / (b + 0.05) < 4.5
	}).map(e => e.tagName + ' ' + own(e))
})()`
