package console

import (
	"bytes"
	"embed"
	"html/template"
	"net/http"
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
	Body   any
}

// pages are the templates by name, each within the layout.
var pages = func() map[string]*template.Template {
	helpers := template.FuncMap{"form": newForm, "day": day, "instant": func(t time.Time) string { return t.UTC().Format(time.RFC3339) }}
	out := map[string]*template.Template{}
	for _, name := range []string{"sign-in", "applications", "application", "failure"} {
		out[name] = template.Must(template.New("layout.html").Funcs(helpers).ParseFS(files, "templates/layout.html", "templates/"+name+".html"))
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

func day(t time.Time) string { return t.UTC().Format("2006-01-02 15:04") }
