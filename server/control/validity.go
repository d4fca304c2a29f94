package control

import (
	"fmt"
	"regexp"
	"strconv"
	"time"
)

// Validity is a length of time on the calendar, as a person asks for it. The zero value means no end.
type Validity struct{ Years, Months, Days int }

// Days is a Validity of so many days.
func Days(n int) Validity { return Validity{Days: n} }

var validity = regexp.MustCompile(`^P(?:(\d{1,4})Y)?(?:(\d{1,4})M)?(?:(\d{1,4})W)?(?:(\d{1,4})D)?$`)

// ParseValidity reads a duration of ISO 8601 in years, months, weeks and days: P30D, P6M, P1Y6M.
func ParseValidity(text string) (v Validity, err error) {
	m := validity.FindStringSubmatch(text)
	if m == nil || len(text) < 3 {
		return v, invalid("ExpirationTime", "%.40q is no length of time; write one such as P30D, P6M or P3Y.", text)
	}
	n := func(i int) int { // at most four digits, or none
		out, _ := strconv.Atoi(m[i])
		return out
	}
	return Validity{n(1), n(2), n(3)*7 + n(4)}, nil
}

func (v Validity) String() string {
	out := "P"
	for _, part := range []struct {
		n    int
		unit string
	}{{v.Years, "Y"}, {v.Months, "M"}, {v.Days, "D"}} {
		if part.n > 0 {
			out += fmt.Sprint(part.n) + part.unit
		}
	}
	return out
}

// after is the instant at which what begins now ends; the zero time where there is no end.
func (v Validity) after(now time.Time) time.Time {
	if v == (Validity{}) {
		return time.Time{}
	}
	return now.AddDate(v.Years, v.Months, v.Days)
}
