package scim

import (
	"math/big"
	"testing"

	"pgregory.net/rapid"
)

func TestNumberCompare(t *testing.T) {
	for _, test := range []struct {
		a, b Number
		want int
	}{
		{"1", "1", 0}, {"1", "1.0", 0}, {"1", "10e-1", 0}, {"1", "0.1e1", 0}, {"0", "-0", 0}, {"0", "0.000", 0}, {"0e5", "0", 0},
		{"-1", "1", -1}, {"2", "10", -1}, {"-2", "-10", 1}, {"1.5", "1.25", 1}, {"1e2", "99", 1}, {"1E-2", "0.011", -1},
		{"9007199254740993", "9007199254740992", 1}, {"123456789012345678901234567890", "123456789012345678901234567891", -1},
		{"0.1", "0.10000000000000000001", -1}, {"1e400", "1e399", 1}, {"1e999999999999999999999", "1", 1}, {"1e-999999999999999999999", "0", 1},
		{"9223372036854775808", "9223372036854775807", 1}, {"-9223372036854775809", "-9223372036854775808", -1},
	} {
		if got := test.a.compare(test.b); got != test.want {
			t.Errorf("%s against %s is %d, want %d", test.a, test.b, got, test.want)
		}
		if got := test.b.compare(test.a); got != -test.want {
			t.Errorf("%s against %s is %d, want %d", test.b, test.a, got, -test.want)
		}
	}
}

func TestNumberCompareAgreesWithBig(t *testing.T) {
	numbers := rapid.StringMatching(`-?(0|[1-9][0-9]{0,20})(\.[0-9]{1,5})?([eE][+-]?[0-9]{1,2})?`)
	rapid.Check(t, func(t *rapid.T) {
		a, b := numbers.Draw(t, "a"), numbers.Draw(t, "b")
		x, _ := new(big.Rat).SetString(a)
		y, _ := new(big.Rat).SetString(b)
		if got, want := Number(a).compare(Number(b)), x.Cmp(y); got != want {
			t.Errorf("%s against %s is %d, want %d", a, b, got, want)
		}
	})
}
