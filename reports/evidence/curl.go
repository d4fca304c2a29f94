package evidence

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"scimproof/reports/result"
)

// Curl is a shell command that sends the request again, with the credentials taken from a variable. What it holds comes partly from the
// target, so every word is quoted: nothing in it runs, reads a file, or moves the cursor of a terminal that it is pasted into.
// It needs bash, zsh or ksh where a word has characters that cannot be shown, and any shell otherwise.
func Curl(e result.Exchange) string {
	lines := []string{start(e)}
	for _, h := range e.RequestHeaders {
		if line := header(e, h); line != "" {
			lines = append(lines, line)
		}
	}
	if e.RequestBody != "" {
		if !has(e.RequestHeaders, "Content-Type") {
			lines = append(lines, "-H 'Content-Type:'") // curl would call it a form
		}
		lines = append(lines, "--data-raw "+quote(e.RequestBody))
	}
	return strings.Join(lines, " \\\n  ")
}

func start(e result.Exchange) string {
	words := []string{"curl", "-sS", "-i"}
	if strings.ContainsAny(e.URL, "[]{}") {
		words = append(words, "-g") // else curl reads them as patterns
	}
	switch {
	case e.Method == http.MethodHead:
		words = append(words, "--head") // with -X it would wait for a body
	case e.Method != http.MethodGet || e.RequestBody != "":
		words = append(words, "-X", quote(e.Method))
	}
	return strings.Join(append(words, "--url", quote(e.URL)), " ")
}

// header is the option for one field, empty for those that curl makes by itself.
func header(e result.Exchange, h result.Header) string {
	if strings.HasPrefix(h.Name, "@") {
		return "" // no name of a field, and curl would read a file
	}
	switch http.CanonicalHeaderKey(h.Name) {
	case "Content-Length", "Connection", "Accept-Encoding":
		return ""
	case "Host":
		if u, err := url.Parse(e.URL); err == nil && u.Host == h.Value {
			return ""
		}
	case "Authorization":
		return credentials(h, Variable(e.Credential))
	}
	if h.Value == "" {
		return "-H " + quote(h.Name+";") // a colon would take the field away
	}
	return "-H " + quote(h.Name+": "+h.Value)
}

// credentials leaves the secret to the shell. A field without one, such as a token that a check made up, is sent as it was.
func credentials(h result.Header, variable string) string {
	before, after, found := strings.Cut(h.Value, Redacted)
	if !found {
		return "-H " + quote(h.Name+": "+h.Value)
	}
	inner := strings.NewReplacer(`\`, `\\`, `"`, `\"`, "$", `\$`, "`", "\\`")
	return fmt.Sprintf(`-H "%s: %s$%s%s"`, inner.Replace(h.Name), inner.Replace(before), variable, inner.Replace(after))
}

// Variable is what a shell has a credential in. They are apart, so that no command hands the token of one place to another.
func Variable(c result.Credential) string {
	switch c {
	case "":
		return "SCIM_TOKEN"
	case result.OfControl:
		return "SCIMPROOF_ADMIN_TOKEN"
	}
	return "OTHER_TOKEN"
}

func has(headers []result.Header, name string) bool {
	for _, h := range headers {
		if strings.EqualFold(h.Name, name) {
			return true
		}
	}
	return false
}

// quote makes one shell word of any text.
func quote(s string) string {
	switch {
	case s == "":
		return "''"
	case !Shows(s):
		return escape(s)
	case strings.IndexFunc(s, func(r rune) bool { return !plain(r) }) < 0:
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

func plain(r rune) bool {
	return r < utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("_-+=.,:/@%", r))
}

// Shows says whether all of the text can be seen. A line break can, and shells keep it between quotes.
func Shows(s string) bool {
	if !utf8.ValidString(s) {
		return false
	}
	return strings.IndexFunc(s, func(r rune) bool { return r != '\n' && !unicode.IsPrint(r) }) < 0
}

// escape writes the bytes that do not show as numbers, in the quoting of bash, zsh and ksh.
func escape(s string) string {
	var b strings.Builder
	b.WriteString("$'")
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == '\'' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == utf8.RuneError && size == 1, !unicode.IsPrint(r):
			for _, c := range []byte(s[i : i+size]) {
				fmt.Fprintf(&b, `\%03o`, c)
			}
		default:
			b.WriteString(s[i : i+size])
		}
		i += size
	}
	b.WriteString("'")
	return b.String()
}
