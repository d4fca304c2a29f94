package console_test

import (
	"bytes"
	"flag"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"os"
	"path/filepath"
	"slices"
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
	return tab{browser.Tab{T: t, Ctx: browser.Launch(t, "to walk through the console as people do", 3*time.Minute)}}
}

// enters signs in to the console of a world.
func (b tab) enters(w *world) {
	b.T.Helper()
	b.Do(chromedp.EmulateViewport(1280, 900), chromedp.Navigate(w.origin+"/console/"))
	b.enter("#token", adminToken)
	b.press("main button", ".menu")
}

// open goes to a page.
func (b tab) open(w *world, path string) {
	b.T.Helper()
	b.Do(chromedp.Navigate(w.origin + w.names().Replace(path)))
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

// tick clicks on boxes, by their labels.
func (b tab) tick(selectors ...string) {
	b.T.Helper()
	for _, s := range selectors {
		b.Do(chromedp.Click(chromedp.CSS(s)))
	}
}

// picture keeps what the tab shows, where pictures are asked for.
func (b tab) picture(name string) {
	b.T.Helper()
	if *pictures == "" {
		return
	}
	data, err := chromedp.Run(b.Ctx, chromedp.FullScreenshot(100))
	if err == nil {
		data, err = smaller(data)
	}
	if err == nil {
		err = os.MkdirAll(*pictures, 0o755)
	}
	if err == nil {
		err = os.WriteFile(filepath.Join(*pictures, name+".png"), data, 0o644)
	}
	if err != nil {
		b.T.Fatal(err)
	}
}

// smaller writes a PNG with the 256 colours that it has most of, which no eye tells from all of a page's.
func smaller(data []byte) ([]byte, error) {
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	area, count := img.Bounds(), map[color.Color]int{}
	for y := area.Min.Y; y < area.Max.Y; y++ {
		for x := area.Min.X; x < area.Max.X; x++ {
			count[img.At(x, y)]++
		}
	}
	var colours color.Palette
	for c := range count {
		colours = append(colours, c)
	}
	slices.SortFunc(colours, func(a, b color.Color) int { return count[b] - count[a] })
	small := image.NewPaletted(area, colours[:min(256, len(colours))])
	draw.Draw(small, area, img, area.Min, draw.Src)
	var out bytes.Buffer
	err = (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&out, small)
	return out.Bytes(), err
}

// types presses keys.
func (b tab) types(keys string) {
	b.T.Helper()
	for _, key := range keys {
		b.Do(chromedp.KeyEvent(string(key)))
	}
}

func (b tab) reach(id string) { b.T.Helper(); b.reachThe("#" + id) }

// reachThe goes on by the tabulator until an element has the focus, which must be seen on each one on the way.
func (b tab) reachThe(selector string) {
	b.T.Helper()
	for range 80 {
		b.types("\t")
		if browser.Eval[bool](b.Tab, `document.activeElement.matches('`+selector+`')`) {
			return
		}
		if browser.Eval[bool](b.Tab, `document.activeElement !== document.body && getComputedStyle(document.activeElement).outlineStyle === "none"`) {
			b.T.Errorf("the focus is not to be seen on %s", browser.Eval[string](b.Tab, `document.activeElement.outerHTML`))
		}
	}
	b.T.Fatalf("the tabulator does not lead to %s", selector)
}

// judge has axe-core judge a page.
func (b tab) judge(axe browser.Axe, name string) {
	b.T.Helper()
	for _, look := range []struct {
		scheme string
		width  int64
	}{{"light", 1280}, {"light", 390}, {"dark", 1280}} {
		b.scheme(look.scheme)
		b.Do(chromedp.EmulateViewport(look.width, 900))
		for _, v := range axe.Violations(b.Tab) {
			b.T.Errorf("%s, %s, %d wide: %s", name, look.scheme, look.width, v)
		}
	}
}

// scheme makes the tab light or dark.
func (b tab) scheme(name string) {
	b.T.Helper()
	media := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: name}}}
	if _, err := chromedp.Call(b.Ctx, emulation.SetEmulatedMedia, media); err != nil {
		b.T.Fatal(err)
	}
}

// looks checks a page, light and dark, wide and narrow: texts are to be read (WCAG 2.2, 1.4.3), and nothing is cut off at the side.
func (b tab) looks(name string) {
	b.T.Helper()
	for _, scheme := range []string{"light", "dark"} {
		b.scheme(scheme)
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
