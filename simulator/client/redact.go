package client

import (
	"bytes"
	"cmp"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"scimproof/reports/result"
)

// shortest is the length from which a secret is looked for in running text. Masking every "1234" would leave no evidence readable.
const shortest = 6

// margin is how much more than the evidence limit is masked before a body is cut, so that no cut goes through a secret.
const margin = 16 << 10

// names are those of members, parameters and attributes whose values are secret, without regard to case, "_" and "-".
var names = []string{"password", "token", "secret", "applicationtoken", "clientsecret", "accesstoken", "refreshtoken", "idtoken", "clientassertion", "apikey"}

// Where a body cannot be read as JSON, or has JSON or filters in its texts, secrets are found by what stands before them.
var (
	wordPattern   = `(?:password|(?:application_?)?token|secret|client_?secret|access_?token|refresh_?token|id_?token|client_?assertion|api_?key)`
	memberPattern = regexp.MustCompile(`(?i)((?:^|[^\\])"(?:[^"\s]*[.:])?` + wordPattern + `"\s*:\s*")(?:[^"\\]|\\.)*("|\\?$)`)
	nestedPattern = regexp.MustCompile(`(?i)(\\"(?:[^"\s]*[.:])?` + wordPattern + `\\"\s*:\s*\\").*?(\\"|"|$)`)
	formPattern   = regexp.MustCompile(`(?i)((?:^|[?&;\s])` + wordPattern + `=)[^&;\s"]*`)
	filterPattern = regexp.MustCompile(`(?i)(` + wordPattern + `(?:\+|%20|\s)+[a-z]{2}(?:\+|%20|\s)+(?:%22|\\?"))(.*?)(%22|\\?"|&|$)`)
)

// redactor masks secrets in what is recorded.
type redactor struct {
	words *strings.Replacer // the token and other secrets that are known, in all spellings
	known []string
	extra func(string) string
}

func newRedactor(token Secret, extra func(string) string) redactor {
	if extra == nil {
		extra = func(s string) string { return s }
	}
	secret := token.Reveal()
	known := []string{secret}
	if _, rest, ok := strings.Cut(secret, " "); ok { // the token of AuthRaw may bring its own scheme
		known = append(known, rest)
	}
	return redactor{extra: extra}.with(known)
}

func (r redactor) with(secrets []string) redactor {
	known := slices.Clone(r.known)
	for _, s := range secrets {
		if len(s) >= shortest {
			quoted, _ := jsontext.AppendQuote(nil, strings.ToValidUTF8(s, "\uFFFD"))
			known = append(known, s, url.QueryEscape(s), url.PathEscape(s), string(quoted[1:len(quoted)-1]))
		}
	}
	slices.SortFunc(known, func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) })
	r.known = slices.Compact(known)
	var pairs []string
	for _, s := range r.known {
		pairs = append(pairs, s, mask)
	}
	r.words = strings.NewReplacer(pairs...)
	return r
}

// learn takes in the secrets of a request, since answers like to repeat them where nobody expects them.
func (r redactor) learn(query string, fields []result.Header, body []byte) redactor {
	var found []string
	for _, h := range fields {
		if _, credential, ok := strings.Cut(h.Value, " "); ok && strings.EqualFold(h.Name, "Authorization") {
			found = append(found, h.Value, credential)
		}
	}
	for _, m := range filterPattern.FindAllStringSubmatch(query, -1) {
		if text, err := url.QueryUnescape(m[2]); err == nil {
			found = append(found, text)
		}
	}
	spans, _ := secretSpans(body)
	for _, s := range spans {
		if text, err := jsontext.AppendUnquote(nil, body[s.start:s.end]); err == nil {
			found = append(found, string(text))
		}
	}
	if len(found) == 0 {
		return r
	}
	return r.with(found)
}

// text masks what is known. What is no UTF-8 is replaced, since results are JSON.
func (r redactor) text(s string) string {
	return r.extra(r.words.Replace(strings.ToValidUTF8(s, "\uFFFD")))
}

func (r redactor) url(s string) string {
	s = formPattern.ReplaceAllString(s, "${1}"+mask)
	return r.text(filterPattern.ReplaceAllString(s, "${1}"+mask+"${3}"))
}

func (r redactor) body(data []byte) string {
	if len(data) == 0 {
		return ""
	}
	spans, whole := secretSpans(data)
	text := string(replace(data, spans))
	if !whole {
		text = memberPattern.ReplaceAllString(text, "${1}"+mask+"${2}")
	}
	text = formPattern.ReplaceAllString(text, "${1}"+mask)
	text = nestedPattern.ReplaceAllString(text, "${1}"+mask+"${2}")
	return r.text(filterPattern.ReplaceAllString(text, "${1}"+mask+"${3}"))
}

// fields are never nil, so that results have a list.
func (r redactor) fields(fields []result.Header) []result.Header {
	out := make([]result.Header, 0, len(fields))
	for _, h := range fields {
		out = append(out, result.Header{Name: r.text(h.Name), Value: r.field(strings.ToLower(h.Name), h.Value)})
	}
	return out
}

func (r redactor) field(name, value string) string {
	switch {
	case name == "authorization" || name == "proxy-authorization":
		return credentials(value)
	case name == "cookie":
		return mask
	case name == "set-cookie":
		return r.text(cookie(value))
	case name == "location" || name == "content-location" || name == "referer":
		return r.url(value)
	case strings.Contains(name, "token") || strings.Contains(name, "secret") || strings.Contains(name, "password") || strings.Contains(name, "api-key"):
		return mask
	}
	return r.text(value)
}

// credentials keeps the scheme, if there is one.
func credentials(value string) string {
	scheme, rest, ok := strings.Cut(value, " ")
	if !ok || rest == "" || len(scheme) > 16 || strings.ContainsFunc(scheme, func(c rune) bool { return c|0x20 < 'a' || c|0x20 > 'z' }) {
		return mask
	}
	return scheme + " " + mask
}

// cookie keeps the name and the attributes.
func cookie(value string) string {
	pair, attributes, more := strings.Cut(value, ";")
	name, _, ok := strings.Cut(pair, "=")
	if !ok {
		name = ""
	}
	if more {
		return name + "=" + mask + ";" + attributes
	}
	return name + "=" + mask
}

// secretName tells a name, a path or a URN-qualified attribute that ends in one of the names.
func secretName(name string) bool {
	name = name[strings.LastIndexAny(name, ".:")+1:]
	return slices.Contains(names, strings.NewReplacer("_", "", "-", "").Replace(strings.ToLower(name)))
}

// span is a part of a JSON text.
type span struct{ start, end int }

func replace(data []byte, spans []span) []byte {
	var out []byte
	at := 0
	for _, s := range spans {
		if s.start < at { // inside of one that is masked whole
			continue
		}
		out = append(append(out, data[at:s.start]...), `"`+mask+`"`...)
		at = s.end
	}
	return append(out, data[at:]...)
}

// secretSpans finds the secret values of a JSON text, and says whether the whole of it could be read.
func secretSpans(data []byte) ([]span, bool) {
	w := walker{data: data, d: jsontext.NewDecoder(bytes.NewReader(data), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))}
	_, err := w.value()
	slices.SortFunc(w.found, func(a, b span) int { return cmp.Or(a.start-b.start, b.end-a.end) })
	return w.found, err == nil && len(bytes.TrimSpace(data[w.d.InputOffset():])) == 0
}

type walker struct {
	data  []byte
	d     *jsontext.Decoder
	found []span
}

// value passes over one value and gives its place.
func (w *walker) value() (span, error) {
	switch w.d.PeekKind() {
	case '{':
		return w.composite(w.object)
	case '[':
		return w.composite(w.array)
	}
	return w.whole()
}

// whole passes over one value without looking into it.
func (w *walker) whole() (span, error) {
	raw, err := w.d.ReadValue()
	end := int(w.d.InputOffset())
	return span{end - len(raw), end}, err
}

func (w *walker) composite(inside func() error) (span, error) {
	if _, err := w.d.ReadToken(); err != nil {
		return span{}, err
	}
	start := int(w.d.InputOffset()) - 1
	if err := inside(); err != nil {
		return span{}, err
	}
	_, err := w.d.ReadToken()
	return span{start, int(w.d.InputOffset())}, err
}

func (w *walker) array() error {
	for k := w.d.PeekKind(); k != ']'; k = w.d.PeekKind() {
		if _, err := w.value(); err != nil {
			return err
		}
	}
	return nil
}

// object masks members with a secret name, and the value of a PATCH operation with such a path.
func (w *walker) object() error {
	var values []span
	aimed := false
	for k := w.d.PeekKind(); k != '}'; k = w.d.PeekKind() {
		token, err := w.d.ReadToken()
		if err != nil {
			return err
		}
		name := token.String()
		if secretName(name) {
			if err := w.mask(); err != nil {
				return err
			}
			continue
		}
		hides := !bare(w.d.PeekKind())
		at, err := w.value()
		if err != nil {
			return err
		}
		switch {
		case strings.EqualFold(name, "value") && hides:
			values = append(values, at)
		case strings.EqualFold(name, "path"):
			aimed = aimed || w.namesSecret(at)
		}
	}
	if aimed {
		w.found = append(w.found, values...)
	}
	return nil
}

// mask passes over a secret value. Literals and the empty text hide nothing.
func (w *walker) mask() error {
	hides := !bare(w.d.PeekKind())
	at, err := w.whole()
	if err == nil && hides && at.end-at.start > len(`""`) {
		w.found = append(w.found, at)
	}
	return err
}

func (w *walker) namesSecret(at span) bool {
	text, err := jsontext.AppendUnquote(nil, w.data[at.start:at.end])
	return err == nil && secretName(string(text))
}

func bare(k jsontext.Kind) bool { return k == 'n' || k == 't' || k == 'f' }
