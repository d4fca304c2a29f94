package idaas

import (
	"strconv"
	"strings"
	"testing"

	"github.com/nyaruka/phonenumbers"
)

func TestCallingCodesAreThoseOfTheOracle(t *testing.T) {
	theirs := phonenumbers.GetSupportedCallingCodes()
	if len(theirs) != len(callingCodeList) {
		t.Errorf("there are %d codes, the oracle has %d", len(callingCodeList), len(theirs))
	}
	for code := range theirs {
		if !callingCodes[strconv.Itoa(int(code))] {
			t.Errorf("code %d is missing", code)
		}
	}
}

func TestNoCallingCodeBeginsAnother(t *testing.T) {
	for _, a := range callingCodeList {
		if len(a) > longestCode {
			t.Errorf("code %s has more than %d digits", a, longestCode)
		}
		for _, b := range callingCodeList {
			if a != b && strings.HasPrefix(b, a) {
				t.Errorf("%s begins %s", a, b)
			}
		}
	}
}

func TestParseNumber(t *testing.T) {
	for text, want := range map[string]number{
		"13800138000":                    {"", "13800138000"},
		"8613800138000":                  {"", "8613800138000"}, // without a plus there is no area code
		"008613800138000":                {"", "008613800138000"},
		"+8613800138000":                 {"86", "13800138000"},
		"+86 138-0013-8000":              {"86", "13800138000"},
		" (+86) 138.0013.8000 ":          {"86", "13800138000"},
		"+86 (0)138 0013 8000":           {"86", "013800138000"}, // a zero in front stays
		"tel:+86-138-0013-8000":          {"86", "13800138000"},
		"TEL: 138 0013 8000":             {"", "13800138000"},
		"+1 415 555 2671":                {"1", "4155552671"},
		"+12423591234":                   {"1", "2423591234"},
		"+852 51234567":                  {"852", "51234567"},
		"+853 28123456":                  {"853", "28123456"},
		"+88612345678":                   {"886", "12345678"},
		"+39 06 12345678":                {"39", "0612345678"},
		"+7 701 123 45 67":               {"7", "7011234567"},
		"+41 123456":                     {"41", "123456"},
		"+41 123456789012345":            {"41", "123456789012345"},
		"123456":                         {"", "123456"},
		"415-555-2671 x12":               {"", "4155552671"},
		"415-555-2671x12":                {"", "4155552671"},
		"415-555-2671 X 12":              {"", "4155552671"},
		"415-555-2671 ext 12":            {"", "4155552671"},
		"415-555-2671 Ext. 12":           {"", "4155552671"},
		"tel:+1-415-555-2671;ext=12":     {"1", "4155552671"},
		"+1 415 555 2671 ext 1234567890": {"1", "4155552671"},
	} {
		got, err := parseNumber(text)
		if err != nil || got != want {
			t.Errorf("parseNumber(%q) = %v, %v, want %v", text, got, err, want)
		}
	}
}

func TestParseNumberRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"":                         "has 0 digits",
		"+":                        "no area code",
		"tel:":                     "has 0 digits",
		"12345":                    "has 5 digits",
		"1234567890123456":         "has 16 digits",
		"+41 12345":                "has 5 digits",
		"+41 1234567890123456":     "has 16 digits",
		"+86":                      "has 0 digits",
		"+999 123456":              "no area code begins with +999",
		"+210 123456":              "no area code begins with +210",
		"++8613800138000":          "stands once",
		"+86+13800138000":          "stands once",
		"86+13800138000":           "stands once",
		"+008613800138000":         "without 0 or 00",
		"+0 8613800138000":         "without 0 or 00",
		"1-800-FLOWERS":            `'F' is no part`,
		"＋8613800138000":           "is no part",
		"１３８００１３８０００":              "is no part",
		"138/0013/8000":            `'/' is no part`,
		"138\t0013\t8000":          "is no part",
		"415 555 2671 ext":         `'e' is no part`,
		"415 555 2671 extension 1": "is no part",
		"415 555 2671 x12 x13":     `'x' is no part`,
		"x12":                      "has 0 digits",
		";ext=12":                  "has 0 digits",
	} {
		if got, err := parseNumber(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("parseNumber(%q) = %v, %v, want an error with %q", text, got, err, want)
		}
	}
}

// FuzzParseNumber holds what is taken apart against itself, and against the oracle where the rules agree with it: digits after one
// plus. Elsewhere the oracle guesses at what people mean, and the rules do not.
func FuzzParseNumber(f *testing.F) {
	for _, seed := range []string{
		"13800138000", "+86 138-0013-8000", "+12423591234", "+85251234567", "tel:+39-06-12345678;ext=9", "++86", "+0086", "１３８", "x1", "+9991234567",
		"+1 415 555 2671 ext. 12", "(+7) 701.123.45.67", "+883 510 012 345 678", ";ext=1\u0130x1",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		n, err := parseNumber(text)
		if err != nil {
			return
		}
		if len(n.digits) < shortestNumber || len(n.digits) > longestNumber || strings.Trim(n.digits, "0123456789") != "" {
			t.Fatalf("parseNumber(%q) has the digits %q", text, n.digits)
		}
		region := n.code
		if region == "" {
			region = defaultRegion
		}
		again, err := parseNumber(n.canonical(region))
		if err != nil || again != (number{region, n.digits}) {
			t.Fatalf("parseNumber(%q) = %v, but its canonical form %q is %v, %v", text, n, n.canonical(region), again, err)
		}
		theirs, err := phonenumbers.Parse(n.canonical(region), "ZZ")
		if err == nil && strconv.Itoa(int(theirs.GetCountryCode())) != region {
			t.Fatalf("parseNumber(%q) finds the area code %s, the oracle %d", text, region, theirs.GetCountryCode())
		}
	})
}
