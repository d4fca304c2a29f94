package idaas

import (
	"fmt"
	"strings"
)

// Digits that a phone number has, without its area code (rule phone-9).
const (
	shortestNumber = 6
	longestNumber  = 15
)

// number is a phone number taken apart. Zeros at its beginning are part of it (rule phone-10).
type number struct {
	code   string // the area code that it came with, or "" where it had no plus
	digits string // without area code, separators and extension
}

// canonical is the form in which numbers of one area code and different notation are the same.
func (n number) canonical(region string) string { return "+" + region + n.digits }

// parseNumber reads a phone number in the notations that directories have (rules phone-9, phone-10). The error is one sentence.
func parseNumber(text string) (n number, err error) {
	digits, plus, err := significant(cutExtension(cutScheme(text)))
	if err != nil {
		return n, err
	}
	if plus {
		if strings.HasPrefix(digits, "0") {
			return n, fmt.Errorf("an area code follows the + at once, without 0 or 00")
		}
		var ok bool
		if n.code, digits, ok = splitCode(digits); !ok {
			return n, fmt.Errorf("no area code begins with +%.*s", longestCode, digits)
		}
	}
	if len(digits) < shortestNumber || len(digits) > longestNumber {
		return n, fmt.Errorf("it has %d digits beside the area code; send %d to %d", len(digits), shortestNumber, longestNumber)
	}
	n.digits = digits
	return n, nil
}

// cutScheme takes the scheme of RFC 3966 off.
func cutScheme(text string) string {
	const scheme = "tel:"
	text = strings.Trim(text, " ")
	if len(text) >= len(scheme) && strings.EqualFold(text[:len(scheme)], scheme) {
		return text[len(scheme):]
	}
	return text
}

// cutExtension takes an extension off the end: "x12", "ext 12" or ";ext=12".
func cutExtension(text string) string {
	before := strings.TrimRight(text, "0123456789")
	if before == text {
		return text
	}
	before = strings.TrimRight(before, " .")
	for _, sign := range []string{";ext=", "ext", "x"} {
		if at := len(before) - len(sign); at >= 0 && strings.EqualFold(before[at:], sign) {
			return before[:at]
		}
	}
	return text
}

// significant drops the separators and says whether a plus stood in front.
func significant(text string) (digits string, plus bool, err error) {
	var b strings.Builder
	for _, r := range text {
		switch {
		case '0' <= r && r <= '9':
			b.WriteRune(r)
		case r == '+' && b.Len() == 0 && !plus:
			plus = true
		case r == '+':
			return "", false, fmt.Errorf("a + stands once, in front of the area code")
		case !strings.ContainsRune(" -.()", r):
			return "", false, fmt.Errorf("%q is no part of a phone number; send digits, with + in front where they begin with an area code", r)
		}
	}
	return b.String(), plus, nil
}
