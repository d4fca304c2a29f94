package fault

import (
	"net/http"
	"regexp"
	"strings"
	"sync"
)

// inEachWay are the ids of a check that asks the same of every way to say something about an account.
func inEachWay(id string) []string { return inWays(id, "post", "put", "patch", "again") }

func inWays(id string, ways ...string) (ids []string) {
	for _, way := range ways {
		ids = append(ids, id+"."+way)
	}
	return ids
}

// lineIn is what a write says about the phone number; "" where it says nothing.
func lineIn(says object) (number, region string) {
	region, _ = says["phoneRegion"].(string)
	if list, ok := says["phoneNumbers"].([]any); ok && len(list) > 0 {
		entry, _ := list[0].(object)
		number, _ = entry["value"].(string)
	}
	return number, region
}

// line lets a fault change what the chosen writes say about the phone number.
func line(chosen when, edit func(number, region string) (string, string)) func(http.Handler) http.Handler {
	return tell(chosen, func(says object) {
		number, region := lineIn(says)
		newNumber, newRegion := edit(number, region)
		if newNumber == "" {
			delete(says, "phoneNumbers")
		} else if newNumber != number {
			says["phoneNumbers"] = []any{object{"value": newNumber, "type": "work"}}
		}
		if newRegion == "" {
			delete(says, "phoneRegion")
		} else {
			says["phoneRegion"] = newRegion
		}
	})
}

// refuseLine refuses the chosen writes with a phone number as described.
func refuseLine(chosen when, like func(number, region string) bool) func(http.Handler) http.Handler {
	return refuseTold(chosen, "invalidValue", func(says object) bool { return like(lineIn(says)) })
}

// plus says whether a number brings its area code.
func plus(number string) bool { return strings.HasPrefix(number, "+") }

// bare says whether a number comes with no area code at all.
func bare(number, region string) bool { return number != "" && region == "" && !plus(number) }

// What a number and an area code look like at first sight.
var (
	plausible       = regexp.MustCompile(`^[0-9+][0-9 ().-]{7,}$`)
	plausibleRegion = regexp.MustCompile(`^[1-9][0-9]?[0-9]?$`)
)

// areaCoded are deviations of the area code (rules phone-1 to phone-7).
var areaCoded = []Fault{
	{
		Name:   "plus-not-read",
		Breaks: inEachWay("idaas.phone.plus"),
		Seen:   "digits kept and signs dropped before anybody looks at them",
		Wrap: line(writesUser, func(number, region string) (string, string) {
			if region == "" {
				number = strings.TrimPrefix(number, "+")
			}
			return number, region
		}),
	},
	{
		Name:   "default-of-another-country",
		Breaks: inEachWay("idaas.phone.default"),
		Seen:   "a default from the locale of the machine",
		Wrap: line(writesUser, func(number, region string) (string, string) {
			if bare(number, region) {
				region = "1"
			}
			return number, region
		}),
	},
	{
		Name:   "region-ignored",
		Breaks: inEachWay("idaas.phone.given"),
		Seen:   "an attribute that RFC 7643 does not have",
		Wrap: line(writesUser, func(number, region string) (string, string) {
			if number != "" && !plus(number) {
				region = ""
			}
			return number, region
		}),
	},
	{
		Name:   "region-conflict-settled",
		Breaks: inEachWay("idaas.phone.conflict"),
		Seen:   "the number wins, and nobody is told",
		Wrap: line(writesUser, func(number, region string) (string, string) {
			if plus(number) {
				region = ""
			}
			return number, region
		}),
	},
	{
		Name:   "region-beside-plus-refused",
		Breaks: []string{"idaas.phone.agreeing"},
		Seen:   "either, but not both",
		Wrap:   refuseLine(writesUser, func(number, region string) bool { return plus(number) && region != "" }),
	},
	{
		Name:   "region-conflict-unexplained",
		Breaks: []string{"idaas.phone.conflict-named"},
		Seen:   "the product's own words: the specified parameter is invalid",
		Wrap: failing(createUser, func(_ *answer, doc object) {
			doc["detail"] = "InvalidParameter.PhoneRegion: The specified parameter is invalid."
		}),
	},
	{
		Name:   "region-of-the-client-forgotten",
		Breaks: inWays("idaas.phone.supplied-stays", "patch", "again"),
		Seen:   "each number derived for itself",
		Wrap: line(writesUser, func(number, region string) (string, string) {
			if bare(number, region) {
				region = "86"
			}
			return number, region
		}),
	},
	{
		Name:   "region-of-the-last-number-stays",
		Breaks: append(inWays("idaas.phone.derived-goes", "patch", "again"), "idaas.phone.whole.put"),
		Seen:   "one column for the area code, whoever it came from",
		Wrap: func(next http.Handler) http.Handler {
			var g register
			update := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				path := g.about(r)
				line(always, func(number, region string) (string, string) {
					if bare(number, region) {
						region = regionNow(next, r, path)
					}
					return number, region
				})(next).ServeHTTP(w, r)
			})
			posts := g.watch(users, next, func(w http.ResponseWriter, r *http.Request, _ string) { update.ServeHTTP(w, r) })
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if or(putUser, patchUser)(r) {
					update.ServeHTTP(w, r)
					return
				}
				posts.ServeHTTP(w, r)
			})
		},
	},
	{
		Name:   "region-alone-refused",
		Breaks: []string{"idaas.phone.region-equal"},
		Seen:   "two attributes that may only come together",
		Wrap:   refuseLine(patchUser, func(number, region string) bool { return number == "" && region != "" }),
	},
	{
		Name:   "region-alone-ignored",
		Breaks: []string{"idaas.phone.region-other", "idaas.phone.region-new"},
		Seen:   "the area code looked at where a number comes with it",
		Wrap:   deaf(patchUser, does("replace", "phoneRegion")),
	},
	{
		Name:   "region-without-number-refused",
		Breaks: []string{"idaas.phone.region-alone"},
		Seen:   "required the other way round too",
		Wrap:   refuseLine(createUser, func(number, region string) bool { return number == "" && region != "" }),
	},
	{
		Name:   "region-outlives-number",
		Breaks: []string{"idaas.phone.number-removed"},
		Seen:   "two columns, one of them emptied",
		Wrap:   aftermath(with(patchUser, does("remove", "phoneNumbers")), func(res object) { res["phoneRegion"] = "852" }),
	},
	{
		Name:   "region-not-removable",
		Breaks: []string{"idaas.phone.region-removed"},
		Seen:   "a remove of an attribute that is derived, taken for nothing",
		Wrap:   deaf(patchUser, does("remove", "phoneRegion")),
	},
}

// regionNow is the area code that an account has.
func regionNow(next http.Handler, r *http.Request, path string) string {
	read := again(r, "GET", path, nil)
	read.URL.RawQuery = "attributes=phoneRegion"
	doc, _ := decode(call(next, read).body)
	region, _ := doc["phoneRegion"].(string)
	return region
}

// eachNumber lets a fault change the phone numbers that users are shown with.
func eachNumber(edit func(number string) string) func(http.Handler) http.Handler {
	return resources(under(users), func(res object) {
		each(res["phoneNumbers"], func(entry object) {
			if number, ok := entry["value"].(string); ok {
				entry["value"] = edit(number)
			}
		})
	})
}

// numbersFormed are deviations of the form of numbers, and of how they are shown and found (rules phone-8 to phone-10).
var numbersFormed = []Fault{
	{
		Name:   "numbers-as-digits",
		Breaks: []string{"idaas.phone.as-sent"},
		Seen:   "numbers stored without anything but digits",
		Wrap: eachNumber(func(number string) string {
			return strings.Map(func(r rune) rune {
				if r < '0' || r > '9' {
					return -1
				}
				return r
			}, number)
		}),
	},
	{
		Name:   "numbers-not-found-as-sent",
		Breaks: []string{"idaas.phone.found-as-sent"},
		Seen:   "filters held against the canonical form",
		Wrap:   lost(`^phoneNumbers\.value eq "[^"]* `),
	},
	{
		Name:   "numbers-found-as-sent-alone",
		Breaks: []string{"idaas.phone.found-canonical"},
		Seen:   "filters held against what was sent",
		Wrap:   lost(`^phoneNumbers\.value eq "\+[0-9]+"$`),
	},
	{
		Name:   "region-write-only",
		Breaks: []string{"idaas.phone.region-shown"},
		Seen:   "an area code that ends up in the number",
		Wrap:   resources(and(under(users), not(asks("attributes"))), func(res object) { delete(res, "phoneRegion") }),
	},
	{
		Name:   "region-never-derived-for-show",
		Breaks: []string{"idaas.phone.region-asked"},
		Seen:   "what is derived is nowhere to be read",
		Wrap:   resources(asks("attributes"), func(res object) { delete(res, "phoneRegion") }),
	},
	{
		Name:   "region-shown-by-default",
		Breaks: []string{"idaas.phone.written-back"},
		Seen:   "86 shown of every account, and refused when a client sends it back",
		Wrap: resources(and(readUser, not(asks("attributes"))), func(res object) {
			if res["phoneNumbers"] != nil && res["phoneRegion"] == nil {
				res["phoneRegion"] = "86"
			}
		}),
	},
	{
		Name:   "numbers-unchecked",
		Breaks: inEachWay("idaas.phone.number-form"),
		Seen:   "a column of text",
		Wrap: line(writesUser, func(number, region string) (string, string) {
			if number != "" && !plausible.MatchString(number) {
				number = "13800138000"
			}
			return number, region
		}),
	},
	{
		Name:   "regions-unchecked",
		Breaks: inEachWay("idaas.phone.region-form"),
		Seen:   "a column of text",
		Wrap: line(writesUser, func(number, region string) (string, string) {
			if region != "" && !plausibleRegion.MatchString(region) {
				region = "86"
			}
			return number, region
		}),
	},
	{
		Name:   "numbers-of-one-country",
		Breaks: []string{"idaas.phone.bounds"},
		Seen:   "eleven digits, as at home",
		Wrap: refuseLine(writesUser, func(number, _ string) bool {
			return len(number) > 0 && len(number) < 8 || len(number) > 18
		}),
	},
	{
		Name:   "separators-refused",
		Breaks: []string{"idaas.phone.separators"},
		Seen:   "digits only, as the product's OpenAPI asks for",
		Wrap:   refuseLine(writesUser, func(number, _ string) bool { return strings.ContainsAny(number, "-.():") }),
	},
	{
		Name:   "extensions-refused",
		Breaks: []string{"idaas.phone.extension"},
		Seen:   "digits only, as the product's OpenAPI asks for",
		Wrap:   refuseLine(writesUser, func(number, _ string) bool { return strings.Contains(number, "x") }),
	},
	{
		Name:   "area-code-of-two-digits",
		Breaks: []string{"idaas.phone.code"},
		Seen:   "two characters behind the plus",
		Wrap: resources(asks("attributes"), func(res object) {
			if region, ok := res["phoneRegion"].(string); ok && len(region) > 2 {
				res["phoneRegion"] = region[:2]
			}
		}),
	},
	{
		Name:   "zeros-dropped",
		Breaks: []string{"idaas.phone.zeros"},
		Seen:   "libphonenumber's national number is an integer",
		Wrap: line(writesUser, func(number, region string) (string, string) {
			return strings.Replace(number, "+39 0", "+39 ", 1), region
		}),
	},
	{
		Name:   "contacts-unique-400",
		Breaks: []string{"idaas.phone.shared", "idaas.mail.shared"},
		Seen:   "a unique index that is reported as a bad value",
		Wrap: func(next http.Handler) http.Handler {
			var seen sync.Map
			return refuseWhen(createUser, http.StatusBadRequest, "invalidValue", func(doc object) (taken bool) {
				for _, attr := range contactAttributes {
					each(doc[attr], func(entry object) {
						if _, had := seen.LoadOrStore(entry["value"], true); had {
							taken = true
						}
					})
				}
				return taken
			})(next)
		},
	},
}

// addressesFormed are deviations of e-mail addresses (rule mail-1).
var addressesFormed = []Fault{
	{
		Name:   "addresses-unchecked",
		Breaks: []string{"idaas.mail.form", "idaas.mail.form-changed"},
		Seen:   "a column of text",
		Wrap: entries(writesUser, func(entry object) {
			if address, _ := entry["value"].(string); !strings.ContainsAny(address, "0123456789@") {
				entry["value"] = "nobody@example.com"
			}
		}),
	},
	{
		Name:   "addresses-cut",
		Breaks: []string{"idaas.mail.length"},
		Seen:   "the product's own limit of an earlier year, 64",
		Wrap:   entries(writesUser, func(entry object) { cut(entry, "value", 64) }),
	},
}
