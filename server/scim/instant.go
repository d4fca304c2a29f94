package scim

import (
	"strings"
	"time"
)

// parseInstant reads an xsd:dateTime with a zone (RFC 7643 section 2.3.5). Without a zone it would name no instant.
func parseInstant(text string) (time.Time, bool) {
	// time.Parse takes a comma before the fraction, which xsd does not.
	if len(text) < len("2006-01-02T15:04:05Z") || strings.Contains(text, ",") {
		return time.Time{}, false
	}
	t, err := time.Parse(time.RFC3339Nano, text)
	return t, err == nil
}
