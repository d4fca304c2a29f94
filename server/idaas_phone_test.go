package server_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"scimproof/server/variant"
)

// request is what a client sends about the phone number of one account.
type request func(c *client, path string) answer

func create(number, region string) request {
	return func(c *client, _ string) answer { c.t.Helper(); return c.post("/Users", person(phone(number, region))) }
}

// resubmit sends the POST of the account again.
func resubmit(number, region string) request { return create(number, region) }

func replace(number, region string) request {
	return func(c *client, path string) answer { c.t.Helper(); return c.put(path, person(phone(number, region))) }
}

func patch(ops ...any) request {
	return func(c *client, path string) answer { c.t.Helper(); return c.patch(path, ops...) }
}

// setNumber and setRegion are a PATCH of one of the two alone.
func setNumber(number string) request {
	return patch(op("replace", "phoneNumbers", []any{entry(number)}))
}
func setRegion(region string) request { return patch(op("replace", "phoneRegion", region)) }

// phone are the attributes of a phone number; what is "" is left out.
func phone(number, region string) object {
	o := object{}
	if number != "" {
		o["phoneNumbers"] = []any{entry(number)}
	}
	if region != "" {
		o["phoneRegion"] = region
	}
	return o
}

// step is a request and what the account has after it: the number, the area code, and whether that is shown without being asked for.
// Where wrong is set, the request is refused with that code and nothing changes.
type step struct {
	send           request
	number, region string
	shown          bool
	wrong          string
}

const (
	numberCode = "InvalidParameter.PhoneNumber"
	regionCode = "InvalidParameter.PhoneRegion"
	derived    = false
	supplied   = true
)

func right(send request, number, region string, shown bool) step {
	return step{send: send, number: number, region: region, shown: shown}
}

func wrong(send request, code string) step { return step{send: send, wrong: code} }

// play sends the steps in order.
func play(c *client, steps []step) {
	c.t.Helper()
	path := ""
	for i, s := range steps {
		if s.wrong != "" {
			c.unchanged(func() { s.send(c, path).refused(http.StatusBadRequest, "invalidValue", s.wrong) })
			continue
		}
		a := s.send(c, path)
		if a.status != http.StatusOK && a.status != http.StatusCreated {
			c.t.Fatalf("step %d: status %d: %s", i+1, a.status, a.text)
		}
		path = "/Users/" + a.id()
		a.holds("phoneNumbers", s.number)
		c.get(path).want(http.StatusOK).holds("phoneNumbers", s.number)
		wantRegion(c, i, path, s)
	}
}

func wantRegion(c *client, i int, path string, s step) {
	c.t.Helper()
	var want, shown any
	if s.region != "" {
		want = s.region
	}
	if s.shown {
		shown = s.region
	}
	if got := c.get(path + "?attributes=phoneRegion").at("phoneRegion"); got != want {
		c.t.Errorf("step %d: the area code is %v, want %v", i+1, got, want)
	}
	if got := c.get(path).at("phoneRegion"); got != shown {
		c.t.Errorf("step %d: phoneRegion is shown as %v, want %v", i+1, got, shown)
	}
}

func TestAreaCode(t *testing.T) {
	for name, steps := range map[string][]step{
		"phone-1: from the number":                  {right(create("+852 51234567", ""), "+852 51234567", "852", derived)},
		"phone-1: PUT, where another one was":       {right(create("51234567", "852"), "51234567", "852", supplied), right(replace("+1 415 555 2671", ""), "+1 415 555 2671", "1", derived)},
		"phone-1: PATCH, where another one was":     {right(create("51234567", "852"), "51234567", "852", supplied), right(setNumber("+1 415 555 2671"), "+1 415 555 2671", "1", derived)},
		"phone-1: again, where another one was":     {right(create("51234567", "852"), "51234567", "852", supplied), right(resubmit("+1 415 555 2671", ""), "+1 415 555 2671", "1", derived)},
		"phone-1: PATCH, where one was derived":     {right(create("+852 51234567", ""), "+852 51234567", "852", derived), right(setNumber("+1 415 555 2671"), "+1 415 555 2671", "1", derived)},
		"phone-2: the default":                      {right(create("13800138000", ""), "13800138000", "86", derived)},
		"phone-2: digits like an area code":         {right(create("85251234567", ""), "85251234567", "86", derived)},
		"phone-2: PUT":                              {right(create("+852 51234567", ""), "+852 51234567", "852", derived), right(replace("51234567", ""), "51234567", "86", derived)},
		"phone-3: the one that is given":            {right(create("51234567", "852"), "51234567", "852", supplied)},
		"phone-3: the default, given":               {right(create("13800138000", "86"), "13800138000", "86", supplied)},
		"phone-3: PUT":                              {right(create("51234567", ""), "51234567", "86", derived), right(replace("51234567", "852"), "51234567", "852", supplied)},
		"phone-3: PATCH of both":                    {right(create("51234567", ""), "51234567", "86", derived), right(patch(op("replace", "", phone("4155552671", "1"))), "4155552671", "1", supplied)},
		"phone-4: equal":                            {right(create("+852 51234567", "852"), "+852 51234567", "852", supplied)},
		"phone-4: different":                        {wrong(create("+852 51234567", "86"), regionCode)},
		"phone-4: different, the default":           {wrong(create("+852 51234567", "86"), regionCode), wrong(create("+86 13800138000", "852"), regionCode)},
		"phone-4: shorter":                          {wrong(create("+852 51234567", "85"), regionCode), wrong(create("+1242 3591234", "1242"), regionCode)},
		"phone-4: PUT":                              {right(create("+852 51234567", "852"), "+852 51234567", "852", supplied), wrong(replace("+852 51234567", "86"), regionCode), wrong(replace("+86 13800138000", "852"), regionCode)},
		"phone-4: PATCH of both":                    {right(create("51234567", "852"), "51234567", "852", supplied), wrong(patch(op("replace", "", phone("+1 415 555 2671", "852"))), regionCode), wrong(patch(op("replace", "phoneNumbers", []any{entry("+1 415 555 2671")}), op("replace", "phoneRegion", "852")), regionCode)},
		"phone-4: again":                            {right(create("+852 51234567", "852"), "+852 51234567", "852", supplied), wrong(resubmit("+1 415 555 2671", "852"), regionCode)},
		"phone-5: a supplied one stays, PATCH":      {right(create("51234567", "852"), "51234567", "852", supplied), right(setNumber("61234567"), "61234567", "852", supplied)},
		"phone-5: by path, PATCH":                   {right(create("51234567", "852"), "51234567", "852", supplied), right(patch(op("Replace", `phoneNumbers[type eq "work"].value`, "61234567")), "61234567", "852", supplied)},
		"phone-5: a supplied one stays, again":      {right(create("51234567", "852"), "51234567", "852", supplied), right(resubmit("61234567", ""), "61234567", "852", supplied)},
		"phone-5: a derived one goes, PATCH":        {right(create("+852 51234567", ""), "+852 51234567", "852", derived), right(setNumber("61234567"), "61234567", "86", derived)},
		"phone-5: a derived one goes, again":        {right(create("+852 51234567", ""), "+852 51234567", "852", derived), right(resubmit("61234567", ""), "61234567", "86", derived)},
		"phone-5: one that agreed stays":            {right(create("+852 51234567", "852"), "+852 51234567", "852", supplied), right(setNumber("61234567"), "61234567", "852", supplied)},
		"phone-5: the same number with its code":    {right(create("51234567", "852"), "51234567", "852", supplied), right(setNumber("+852 51234567"), "+852 51234567", "852", supplied)},
		"phone-5: one that another number ended":    {right(create("51234567", "852"), "51234567", "852", supplied), right(setNumber("+1 415 555 2671"), "+1 415 555 2671", "1", derived), right(setNumber("51234567"), "51234567", "86", derived)},
		"phone-5: null does not count, again":       {right(create("51234567", "852"), "51234567", "852", supplied), right(nullRegion("+1 415 555 2671"), "+1 415 555 2671", "1", derived)},
		"phone-5: PUT is whole":                     {right(create("51234567", "852"), "51234567", "852", supplied), right(replace("61234567", ""), "61234567", "86", derived)},
		"phone-6: equal":                            {right(create("+852 51234567", ""), "+852 51234567", "852", derived), right(setRegion("852"), "+852 51234567", "852", supplied)},
		"phone-6: different":                        {right(create("+852 51234567", ""), "+852 51234567", "852", derived), wrong(setRegion("86"), regionCode)},
		"phone-6: a number without +":               {right(create("51234567", ""), "51234567", "86", derived), right(setRegion("852"), "51234567", "852", supplied), right(setRegion("1"), "51234567", "1", supplied)},
		"phone-6: again":                            {right(create("+852 51234567", ""), "+852 51234567", "852", derived), wrong(resubmit("", "86"), regionCode), right(resubmit("", "852"), "+852 51234567", "852", supplied)},
		"phone-7: no number":                        {right(create("", "852"), "", "", derived), right(setRegion("86"), "", "", derived), right(setRegion("no region"), "", "", derived), right(replace("", "1"), "", "", derived), right(resubmit("", "1"), "", "", derived)},
		"phone-7: then a number":                    {right(create("", "852"), "", "", derived), right(setNumber("51234567"), "51234567", "86", derived)},
		"phone-7: the number goes":                  {right(create("51234567", "852"), "51234567", "852", supplied), right(patch(op("remove", "phoneNumbers")), "", "", derived), right(setNumber("51234567"), "51234567", "86", derived)},
		"phone-7: the entry goes":                   {right(create("51234567", "852"), "51234567", "852", supplied), right(patch(op("remove", `phoneNumbers[type eq "work"]`)), "", "", derived)},
		"phone-7: PUT without the number":           {right(create("51234567", "852"), "51234567", "852", supplied), right(replace("", "852"), "", "", derived)},
		"phone-7: the code of a number with + goes": {right(create("+852 51234567", "852"), "+852 51234567", "852", supplied), right(patch(op("remove", "phoneRegion")), "+852 51234567", "852", derived)},
		"phone-7: the code of another goes":         {right(create("51234567", "852"), "51234567", "852", supplied), right(patch(op("remove", "phoneRegion")), "51234567", "86", derived)},
		"phone-10: the longest code":                {right(create("+8525 1234567", ""), "+8525 1234567", "852", derived)},
		"phone-10: the shortest code":               {right(create("+1242 359 1234", ""), "+1242 359 1234", "1", derived)},
		"phone-10: zeros stay":                      {right(create("+39 06 12345678", ""), "+39 06 12345678", "39", derived)},
	} {
		t.Run(name, func(t *testing.T) { play(idaas(t).with(t), steps) })
	}
}

// nullRegion submits the account again with a number, and null for its area code.
func nullRegion(number string) request {
	return func(c *client, _ string) answer {
		o := person(phone(number, ""))
		o["phoneRegion"] = nil
		return c.post("/Users", o)
	}
}

func TestFormOfPhoneNumbers(t *testing.T) { // phone-9
	c := idaas(t)
	path := c.user(phone("51234567", ""))
	for _, good := range []string{
		"123456", "123456789012345", "+41 123456", "+41 123456789012345", "tel:+41-44-668-18-00", "(044) 668.18.00", "415-555-2671 x12",
		"415-555-2671 ext 12", "+1-415-555-2671;ext=12", "008613800138000",
	} {
		play(c, []step{right(create(good, ""), good, regionOf(good), derived), right(replace(good, ""), good, regionOf(good), derived)})
	}
	c.put(path, person(phone("51234567", "852"))).want(http.StatusOK)
	send := func(code string, number, region string) {
		t.Helper()
		c.unchanged(func() {
			o := phone(number, region)
			c.post("/Users", person(o)).refused(http.StatusBadRequest, "invalidValue", code)
			c.put(path, person(o)).refused(http.StatusBadRequest, "invalidValue", code)
			c.patch(path, op("replace", "displayName", "Jo"), op("replace", "", o)).refused(http.StatusBadRequest, "invalidValue", code)
			o["userName"] = "mo"
			c.post("/Users", person(o)).refused(http.StatusBadRequest, "invalidValue", code)
		})
	}
	for _, bad := range []string{
		"12345", "1234567890123456", "+41 12345", "+41 1234567890123456", "+999 123456", "+210 123456", "+", "++41 123456", "+0041 123456",
		"+00 123456", "1-800-FLOWERS", "１３８００１３８０００", "＋41 123456", "41+123456", "jo", " ", "123456#1",
	} {
		send(numberCode, bad, "")
	}
	for _, bad := range []string{"+86", "0086", "0", "999", "85", "8 6", "8６", "CN", "1234567", "-1", " 86"} {
		send(regionCode, "51234567", bad)
	}
}

// regionOf is the area code that the numbers of TestFormOfPhoneNumbers have.
func regionOf(number string) string {
	switch {
	case strings.Contains(number, "+41"):
		return "41"
	case strings.Contains(number, "+1"):
		return "1"
	}
	return "86"
}

func TestTheErrorNamesBothAreaCodes(t *testing.T) { // phone-4
	c := idaas(t)
	detail, _ := c.post("/Users", person(phone("+852 51234567", "86"))).refused(http.StatusBadRequest, "invalidValue", regionCode).at("detail").(string)
	if !strings.Contains(detail, "852") || !strings.Contains(strings.ReplaceAll(detail, "852", ""), "86") {
		t.Errorf("the detail %q does not name both", detail)
	}
}

func TestFiltersKnowBothFormsOfANumber(t *testing.T) { // phone-8
	c := idaas(t)
	for name, o := range map[string]object{
		"cn": phone("138 0013 8000", ""), "us": phone("+1 415-555-2671", ""), "hk": phone("51234567", "852"), "none": {},
	} {
		o["userName"] = name
		c.user(o)
	}
	for filter, want := range map[string]string{
		`phoneNumbers.value eq "138 0013 8000"`:                                 "cn",
		`phoneNumbers.value eq "+8613800138000"`:                                "cn",
		`phoneNumbers.value eq "13800138000"`:                                   "",
		`phoneNumbers eq "+8613800138000"`:                                      "cn",
		`phoneNumbers.value eq "+1 415-555-2671"`:                               "us",
		`phoneNumbers.value eq "+14155552671"`:                                  "us",
		`phoneNumbers.value eq "51234567"`:                                      "hk",
		`phoneNumbers.value eq "+85251234567"`:                                  "hk",
		`phoneNumbers.value eq "+8651234567"`:                                   "",
		`phoneNumbers.value sw "+86"`:                                           "cn",
		`phoneNumbers.value sw "+"`:                                             "cn hk us",
		`phoneNumbers.value co "5552671"`:                                       "us",
		`phoneNumbers.value ew "0013 8000"`:                                     "cn",
		`phoneNumbers.value ne "+8613800138000"`:                                "hk none us",
		`not (phoneNumbers.value eq "+8613800138000")`:                          "hk none us",
		`phoneNumbers[type eq "work" and value eq "+8613800138000"]`:            "cn",
		`phoneNumbers[type eq "work" and value eq "138 0013 8000"]`:             "cn",
		`phoneNumbers[type eq "home" and value eq "+8613800138000"]`:            "",
		`phoneNumbers[value sw "+86" or value sw "+852"]`:                       "cn hk",
		`phoneNumbers[not (value eq "+8613800138000")]`:                         "hk us",
		`phoneNumbers[type eq "work"] and userName eq "hk"`:                     "hk",
		`phoneNumbers pr`:                                                       "cn hk us",
		`phoneRegion eq "86"`:                                                   "cn",
		`phoneRegion eq "1"`:                                                    "us",
		`phoneRegion eq "852"`:                                                  "hk",
		`phoneRegion eq "85"`:                                                   "",
		`phoneRegion ne "86"`:                                                   "hk none us",
		`phoneRegion pr`:                                                        "cn hk us",
		`not (phoneRegion pr)`:                                                  "none",
		`phoneRegion sw "8"`:                                                    "cn hk",
		`phoneRegion gt "1"`:                                                    "cn hk",
		`phoneRegion eq "86" or phoneRegion eq "852" and phoneNumbers.value pr`: "cn hk",
	} {
		a := c.find("/Users", filter)
		got := make([]string, a.total())
		for i := range got {
			got[i], _ = a.at("Resources", i, "userName").(string)
		}
		slices.Sort(got)
		if strings.Join(got, " ") != want {
			t.Errorf("%s finds %v, want %q", filter, got, want)
		}
	}
}

func TestRegionIsShownByName(t *testing.T) { // phone-8
	c := idaas(t)
	path := c.user(phone("13800138000", ""))
	for query, want := range map[string]any{
		"":                                 nil,
		"?attributes=phoneRegion":          "86",
		"?attributes=userName,PHONEREGION": "86",
		"?attributes=" + userSchema + ":phoneRegion": "86",
		"?attributes=userName":                       nil,
		"?excludedAttributes=userName":               nil,
		"?excludedAttributes=phoneRegion":            nil,
	} {
		if got := c.get(path + query).want(http.StatusOK).at("phoneRegion"); got != want {
			t.Errorf("%q shows %v, want %v", query, got, want)
		}
		list := c.get("/Users" + query).want(http.StatusOK)
		if got := list.at("Resources", 0, "phoneRegion"); got != want {
			t.Errorf("a list with %q shows %v, want %v", query, got, want)
		}
	}
	a := c.do("PATCH", path+"?attributes=phoneRegion", object{"schemas": []string{patchSchema}, "Operations": []any{op("replace", "displayName", "Jo")}})
	if got := a.want(http.StatusOK).at("phoneRegion"); got != "86" {
		t.Errorf("the answer of a PATCH shows %v, want 86", got)
	}
}

func TestNumbersCanBeCanonical(t *testing.T) { // phone-8, variant
	c := idaas(t, variant.CanonicalNumbers)
	path := "/Users/" + c.post("/Users", person(phone("138 0013 8000", ""))).want(http.StatusCreated).holds("phoneNumbers", "+8613800138000").id()
	c.get(path).holds("phoneNumbers", "+8613800138000")
	c.patch(path, op("replace", "phoneRegion", "852")).want(http.StatusOK).holds("phoneNumbers", "+85213800138000") // it came without a plus
	for _, filter := range []string{`phoneNumbers.value eq "138 0013 8000"`, `phoneNumbers.value eq "+85213800138000"`} {
		if a := c.find("/Users", filter); a.total() != 1 || a.at("Resources", 0, "phoneNumbers", 0, "value") != "+85213800138000" {
			t.Errorf("%s finds %s", filter, a.text)
		}
	}
}

func TestRegionCanAlwaysBeReturned(t *testing.T) { // phone-8, variant
	c := idaas(t, variant.RegionAlways)
	a := c.post("/Users", person(phone("138 0013 8000", ""))).want(http.StatusCreated)
	for _, a := range []answer{a, c.get("/Users/" + a.id())} {
		if got := a.at("phoneRegion"); got != "86" {
			t.Errorf("phoneRegion is %v, want 86", got)
		}
		a.holds("phoneNumbers", "138 0013 8000")
	}
	if got := c.get("/Users/" + a.id() + "?attributes=userName").at("phoneRegion"); got != nil {
		t.Errorf("phoneRegion is %v where it was not selected", got)
	}
	c.put("/Users/"+a.id(), person(nil)).want(http.StatusOK)
	if got := c.get("/Users/" + a.id()).at("phoneRegion"); got != nil {
		t.Errorf("phoneRegion is %v without a number", got)
	}
}
