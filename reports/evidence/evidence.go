// Package evidence writes exchanges in forms that people can use again: a command that repeats a request, a body laid out for reading.
package evidence

// Redacted stands in recorded exchanges where a secret was. The program that records writes it, and the reports show it as a mark.
const Redacted = "[redacted]"
