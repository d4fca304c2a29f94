package client

import "fmt"

// Secret is a text that no printer, encoder or logger shows. Only Reveal does.
type Secret string

// Reveal is the text itself.
func (s Secret) Reveal() string { return string(s) }

// String is the mask.
func (s Secret) String() string { return "***" }

// GoString is the mask, for %#v.
func (s Secret) GoString() string { return "***" }

// Format writes the mask for every verb, also for %x and %q, which would go round String.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte("***")) }

// MarshalText is the mask, for JSON, YAML and the like.
func (s Secret) MarshalText() ([]byte, error) { return []byte("***"), nil }
