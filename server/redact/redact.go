package redact

import (
	"bytes"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Mask stands for what was taken out.
const Mask = "***"

// words are parts of the names of secrets, in lower case.
var words = []string{"passw", "passphrase", "pwd", "secret", "token", "credential", "authorization", "apikey", "api_key", "api-key", "privatekey", "private_key"}

// Redactor knows what is secret besides what its name tells. The zero value knows of nothing more.
type Redactor struct {
	Names  []string // of attributes that are secret
	Values []string // that are secret, such as the token of the request itself; With adds some
}

// With is a redactor that knows more values to be secret. Those that are too short to be told from other words are passed over.
func (r Redactor) With(values ...string) Redactor {
	r.Values = slices.Clip(r.Values)
	for _, v := range values {
		if len(v) < shortest {
			continue
		}
		r.Values = append(r.Values, v)
		if strings.ContainsFunc(v, escapes) {
			quoted := strconv.Quote(v)
			r.Values = append(r.Values, quoted[1:len(quoted)-1])
		}
		if len(v) > excerpt {
			r.Values = append(r.Values, strings.ToValidUTF8(v[:excerpt], ""))
		}
	}
	return r
}

// escapes says whether a character may stand otherwise where it is quoted.
func escapes(c rune) bool { return c < ' ' || c > '~' || c == '"' || c == '\\' }

const (
	shortest = 4
	excerpt  = 80 // how much of a long value errors may say again
)

// Text is a text without the secrets that can be told by their look, and a part of it where it is longer than the bound.
func (r Redactor) Text(s string, bound int) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	for _, v := range r.Values {
		s = strings.ReplaceAll(s, v, Mask)
	}
	out, _ := cut(withoutTokens(s), bound)
	return out
}

// literals are the texts in quotation marks of a filter, and what stands there without.
var literals = regexp.MustCompile(`"((?:[^"\\]|\\.)*)"?|[^\s"\[\]().:,]+`)

// Literals are the values that a filter or a path may hold, and its other words.
func Literals(text string) (out []string) {
	for _, m := range literals.FindAllStringSubmatch(text, -1) {
		if m[1] != "" {
			out = append(out, m[1])
		} else {
			out = append(out, m[0])
		}
	}
	return out
}

// cut is the beginning of a text, without half a character at its end.
func cut(s string, bound int) (_ string, shorter bool) {
	if len(s) <= bound {
		return s, false
	}
	for bound > 0 && !utf8.RuneStart(s[bound]) {
		bound--
	}
	return strings.Clone(s[:bound]), true
}

// speaks says whether a text has a word for a secret.
func (r Redactor) speaks(s string) bool {
	s = fold(s)
	for _, w := range words {
		if strings.Contains(s, w) {
			return true
		}
	}
	for _, n := range r.Names {
		if strings.Contains(s, fold(n)) {
			return true
		}
	}
	return false
}

// Speaks says whether a body may have a secret, without taking it apart: it has a word for one, or its words are not there to be read.
func (r Redactor) Speaks(body []byte) bool {
	return bytes.ContainsFunc(body, func(c rune) bool { return c == '\\' || c >= utf8.RuneSelf }) || r.speaks(string(body))
}

// fold brings together all that servers take for the same name: by way of upper case, since two letters beyond ASCII have one in it.
func fold(s string) string {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return strings.ToLower(strings.ToUpper(s))
		}
	}
	return strings.ToLower(s)
}
