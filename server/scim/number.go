package scim

import (
	"cmp"
	"strconv"
	"strings"
)

// Number is a JSON number as it was written. Only its value is compared: 1.0 equals 1.
type Number string

// MarshalJSON writes the number as it is.
func (n Number) MarshalJSON() ([]byte, error) { return []byte(n), nil }

// isInteger says whether a JSON number has neither fraction nor exponent (RFC 7643 section 2.3.4).
func (n Number) isInteger() bool { return !strings.ContainsAny(string(n), ".eE") }

// compare orders numbers by their value, however many digits they have: a float would take neighbours for equal.
func (n Number) compare(m Number) int {
	if a, err := strconv.ParseInt(string(n), 10, 64); err == nil {
		if b, err := strconv.ParseInt(string(m), 10, 64); err == nil {
			return cmp.Compare(a, b)
		}
	}
	a, b := n.scientific(), m.scientific()
	if a.sign != b.sign {
		return cmp.Compare(a.sign, b.sign)
	}
	size := cmp.Compare(a.exponent, b.exponent)
	if size == 0 {
		size = strings.Compare(a.digits, b.digits)
	}
	return a.sign * size
}

// scientific is 0.digits times ten to the exponent. The digits neither begin nor end with zero; zero has none.
type scientific struct {
	sign     int // -1, 0 or 1
	digits   string
	exponent int64
}

// maxExponent bounds exponents, so that sums of them do not overflow. Beyond it numbers of the same digits are taken for equal.
const maxExponent = 1 << 40

func (n Number) scientific() scientific {
	text, negative := strings.CutPrefix(string(n), "-")
	mantissa, power := text, ""
	if i := strings.IndexAny(text, "eE"); i >= 0 {
		mantissa, power = text[:i], text[i+1:]
	}
	whole, fraction, _ := strings.Cut(mantissa, ".")
	digits := strings.TrimLeft(whole+fraction, "0")
	if digits == "" {
		return scientific{}
	}
	leading := len(whole) + len(fraction) - len(digits)
	s := scientific{sign: 1, digits: strings.TrimRight(digits, "0"), exponent: int64(len(whole) - leading)}
	if power != "" {
		e, _ := strconv.ParseInt(power, 10, 64) // out of range yields the nearest value
		s.exponent += max(-maxExponent, min(e, maxExponent))
	}
	if negative {
		s.sign = -1
	}
	return s
}
