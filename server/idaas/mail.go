package idaas

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"scimproof/server/engine"
)

// checkMail holds a new e-mail address against the form of one (rule mail-1).
func checkMail(c *engine.Change) error {
	if !changed(c, emails) || c.After[emails] == nil {
		return nil
	}
	address := entryValue(c.After, emails)
	if n := utf8.RuneCountInString(address); n > longestMail {
		return invalid("Email", "an e-mail address has up to %d characters; this one has %d.", longestMail, n)
	}
	if !isMail(address) {
		return invalid("Email", "%q is not an e-mail address; send one such as jo@example.com.", address)
	}
	return nil
}

// isMail says whether a text is an address (RFC 5321 section 4.1.2, with the letters of RFC 6531): name, @ and domain.
func isMail(address string) bool {
	at := strings.LastIndexByte(address, '@')
	return at > 0 && isLocalPart(address[:at]) && isDomain(address[at+1:])
}

// isLocalPart is words with dots between them. What needs quotes is so rare that it is more likely a mistake.
func isLocalPart(text string) bool {
	for word := range strings.SplitSeq(text, ".") {
		if word == "" || strings.ContainsFunc(word, func(r rune) bool { return !isMailLetter(r) && !strings.ContainsRune("!#$%&'*+-/=?^_`{|}~", r) }) {
			return false
		}
	}
	return true
}

func isDomain(text string) bool {
	for label := range strings.SplitSeq(text, ".") {
		if label == "" || strings.Trim(label, "-") != label || strings.ContainsFunc(label, func(r rune) bool { return !isMailLetter(r) && r != '-' }) {
			return false
		}
	}
	return true
}

// isMailLetter takes letters and digits, and beyond ASCII whatever can be seen: some scripts write a letter with several characters.
func isMailLetter(r rune) bool {
	if r >= unicode.MaxASCII {
		return r != unicode.ReplacementChar && unicode.IsPrint(r)
	}
	return unicode.IsLetter(r) || unicode.IsDigit(r)
}
