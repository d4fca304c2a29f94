// Package html writes a run as one HTML file. It opens from a disk with no network, can be read without JavaScript, and treats every text in
// the run as hostile: html/template escapes by context, characters that hide or turn text round are shown as marks, and a policy in the file
// lets no style or script run but its own two.
package html

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"slices"

	"scimproof/reports/result"
)

//go:embed page
var files embed.FS

// Write writes the run.
func Write(w io.Writer, run result.Run) error {
	css, js := read("report.css"), slices.Concat(read("report.js"), read("exchange.js"))
	t, err := template.New("report").Funcs(template.FuncMap{"text": text, "line": line}).ParseFS(files, "page/*.tmpl")
	if err != nil {
		return fmt.Errorf("html: %w", err)
	}
	p := newPage(run)
	p.CSS, p.JS = template.CSS(css), template.JS(js)
	p.Policy = fmt.Sprintf("default-src 'none'; style-src '%s'; script-src '%s'; base-uri 'none'; form-action 'none'", digest(css), digest(js))
	var b bytes.Buffer // so that a failure writes nothing
	if err := t.ExecuteTemplate(&b, "report.tmpl", p); err != nil {
		return fmt.Errorf("html: %w", err)
	}
	_, err = w.Write(b.Bytes())
	return err
}

// read reads an embedded file, which is there since the program was built.
func read(name string) []byte {
	data, err := files.ReadFile("page/" + name)
	if err != nil {
		panic(err)
	}
	return data
}

// templates is the text of all templates.
func templates() []byte {
	var all []byte
	for _, name := range []string{"report.tmpl", "parts.tmpl", "checks.tmpl", "scenarios.tmpl"} {
		all = append(all, read(name)...)
	}
	return all
}

// digest names a style or a script in the policy.
func digest(content []byte) string {
	sum := sha256.Sum256(content)
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}
