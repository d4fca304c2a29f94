package scim_test

import "strings"

// containsInOrder says whether the parts of want, between the dots "...", stand in text one after the other.
func containsInOrder(text, want string) bool {
	for part := range strings.SplitSeq(want, "...") {
		i := strings.Index(text, part)
		if i < 0 {
			return false
		}
		text = text[i+len(part):]
	}
	return true
}
