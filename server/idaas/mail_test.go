package idaas

import (
	"strings"
	"testing"
)

func TestIsMail(t *testing.T) {
	for _, address := range []string{
		"jo@example.com", "jo.doe+scim@example.com", "o'brien@example.co.uk", "a@b", "jo_doe@sub-1.example.com", "用户@例子.中国",
		"jo#1!{x}@example.com", "JO@EXAMPLE.COM", "1@2.3", "e\u0301@example.com", "हिन्दी@उदाहरण.भारत",
	} {
		if !isMail(address) {
			t.Errorf("%q is no address", address)
		}
	}
	for _, address := range []string{
		"", "@", "jo", "jo@", "@example.com", "jo@@example.com", "jo doe@example.com", "jo@example .com", " jo@example.com", "jo@example.com ",
		"jo.@example.com", ".jo@example.com", "j..o@example.com", "jo@example..com", "jo@.com", "jo@example.com.", "jo@-example.com",
		"jo@example-.com", "jo@exa_mple.com", "Jo <jo@example.com>", "jo@example.com,mo@example.com", "jo@example.com\n", "jo\x00@example.com",
		"jo(comment)@example.com", `"jo"@example.com`, "jo\u00a0@example.com", "jo@\u3000example.com", "jo\u200b@example.com", "j\xffo@example.com", "jo\x7f@example.com",
	} {
		if isMail(address) {
			t.Errorf("%q is an address", address)
		}
	}
}

func FuzzIsMail(f *testing.F) {
	for _, seed := range []string{"jo@example.com", "@", "a@b.c", "a@b@c", "\xff@x", "jo@-"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, address string) {
		if isMail(address) && (strings.ContainsAny(address, " \t\r\n<>\"\\") || !strings.Contains(address, "@")) {
			t.Errorf("%q is an address", address)
		}
	})
}
