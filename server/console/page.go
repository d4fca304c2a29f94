package console

import (
	"bytes"
	"embed"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"slices"
	"strings"
	"time"
)

//go:embed templates
var files embed.FS

// page is what every page is made from.
type page struct {
	Title  string
	CSRF   string // "" for who is not signed in
	Notice string // what has just been done
	Menu   []link // the sections of the console; none for who is not signed in
	Body   any
}

// link leads to a page; it is on where one is on that page, or on one that belongs to it.
type link struct {
	Name, Path string
	On         bool
}

// menu is the navigation of a page.
func menu(path string) []link {
	list, on := sections(), 0
	for i, l := range list {
		if strings.HasPrefix(path, l.Path) {
			on = i
		}
	}
	list[on].On = true
	return list
}

// pages are the templates by name, each within the layout.
var pages = func() map[string]*template.Template {
	helpers := template.FuncMap{"form": newForm, "tokens": newTokenTable, "deletion": newDeletion, "day": day, "instant": instant}
	out := map[string]*template.Template{}
	const layout = "templates/layout.html"
	names, err := fs.Glob(files, "templates/*.html")
	if err != nil {
		panic(err) // the pattern is wrong
	}
	for _, name := range names {
		if name != layout {
			made := template.New("layout.html").Funcs(helpers)
			out[strings.TrimSuffix(path.Base(name), ".html")] = template.Must(made.ParseFS(files, layout, "templates/parts/*.html", name))
		}
	}
	return out
}()

// render writes a page, or nothing of it: a page that breaks off half-way could be taken for whole.
func (c *console) render(w http.ResponseWriter, status int, name string, p page) {
	var out bytes.Buffer
	if err := pages[name].Execute(&out, p); err != nil {
		c.Log.Error("a page of the console cannot be made", "page", name, "error", err)
		http.Error(w, "This page cannot be made; look into the server's log.", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	w.Write(out.Bytes())
}

// form opens a form in a template.
type form struct{ Action, CSRF string }

func newForm(csrf string, path ...string) form { return form{strings.Join(path, ""), csrf} }

// tokenTable is a list of tokens with what can be done to them.
type tokenTable struct {
	CSRF, Path, Name string
	Rows             []tokenRow
}

// Me says whether the list has a column of accounts.
func (t tokenTable) Me() bool {
	return slices.ContainsFunc(t.Rows, func(r tokenRow) bool { return r.Me })
}

func newTokenTable(csrf, path, name string, rows []tokenRow) tokenTable {
	return tokenTable{csrf, path, name, rows}
}

// deletion is a form that deletes something whose name is typed first.
type deletion struct {
	CSRF, Action, What, Name string
	Refusal                  refusal
}

func newDeletion(csrf, action, what, name string, f refusal) deletion {
	return deletion{csrf, action, what, name, f}
}

func instant(t time.Time) string { return t.UTC().Format(time.RFC3339) }

func day(t time.Time) string { return t.UTC().Format("2006-01-02 15:04") }
