package console

// Patterns lists what the console answers to who is signed in.
func Patterns() (out []string) {
	for _, part := range (&console{}).routes() {
		for pattern := range part {
			out = append(out, pattern)
		}
	}
	return out
}
