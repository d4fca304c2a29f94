package redact

import "strings"

// withoutTokens masks the secrets that can be told by their look alone: tokens of ours and of JWT's kind, and what stands behind Bearer or
// Basic.
func withoutTokens(s string) string {
	var out strings.Builder
	done := 0 // of s, in out
	for i := 0; i < len(s); {
		end := i + run(s[i:])
		if end == i {
			i++
			continue
		}
		from, to := secretAt(s, i, end)
		if from < to {
			out.WriteString(s[done:from])
			out.WriteString(Mask)
			done, end = to, to
		}
		i = end
	}
	if done == 0 {
		return s
	}
	out.WriteString(s[done:])
	return out.String()
}

// run is how many characters of tokens a text begins with.
func run(s string) int {
	for i := range len(s) {
		if c := s[i]; !alphanumeric(c) && c != '_' && c != '-' {
			return i
		}
	}
	return len(s)
}

func alphanumeric(c byte) bool { return c-'0' < 10 || c|0x20 >= 'a' && c|0x20 <= 'z' }

// secretAt is where the secret is that a run is, or that it announces.
func secretAt(s string, begin, end int) (from, to int) {
	word := s[begin:end]
	if strings.EqualFold(word, "bearer") || strings.EqualFold(word, "basic") {
		for end < len(s) && (s[end] == ' ' || s[end] == '+') {
			end++
		}
		to = end + credentials(s[end:])
		if end > begin+len(word) && isCredential(s[end:to]) {
			return end, to
		}
		return 0, 0
	}
	if !isToken(word) {
		return 0, 0
	}
	for end < len(s) && s[end] == '.' { // the other parts of a JWT
		end += 1 + run(s[end+1:])
	}
	return begin, end
}

// isToken says whether a word looks like a token.
func isToken(word string) bool {
	long := func(prefix string, rest int) bool {
		return strings.HasPrefix(word, prefix) && len(word) >= len(prefix)+rest
	}
	return long("SAT", 20) || long("CS", 20) || long("AT", 40) || long("eyJ", 8)
}

// isCredential tells what stands behind a scheme from a word of a sentence, and from a challenge's parameter.
func isCredential(s string) bool {
	return len(s) >= 16 || len(s) >= 6 && strings.ContainsAny(s, "0123456789")
}

// credentials is how long what stands behind the scheme is (RFC 9110 section 11.2).
func credentials(s string) int {
	for i := range len(s) {
		if c := s[i]; !alphanumeric(c) && !strings.ContainsRune("-._~+/=", rune(c)) {
			return i
		}
	}
	return len(s)
}
