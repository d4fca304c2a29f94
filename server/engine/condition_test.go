package engine

import "testing"

func TestParseTags(t *testing.T) {
	for text, want := range map[string]bool{ // whether W/"1" is among them
		`W/"1"`: true, `"1"`: true, `*`: true, ` * `: true, `"0","1"`: true, `"0" , W/"1"`: true, `, "1",,`: true, `W/"1",W/"2"`: true,
		`"0"`: false, `""`: false, `W/"11"`: false, `"1,2"`: false, `"*"`: false, `"é"`: false,
	} {
		tags, ok := ParseTags(text)
		if !ok || tags.Match(`W/"1"`) != want {
			t.Errorf("%s: read %v, matches %v, want %v", text, ok, tags.Match(`W/"1"`), want)
		}
	}
	for _, text := range []string{"", " ", ",", "1", "W/1", `w/"1"`, `"1`, `1"`, `"1" "2"`, `"1"x`, `*,"1"`, `"1",*`, `**`, `"a b"`, "\"a\x00\"", `W/ "1"`, `W/W/"1"`, `'1'`} {
		if tags, ok := ParseTags(text); ok {
			t.Errorf("%q is read as %+v", text, tags)
		}
	}
}

func FuzzParseTags(f *testing.F) {
	for _, text := range []string{"*", `W/"1"`, `"1", W/"2"`, `"`, `W/`} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		tags, ok := ParseTags(text)
		if !ok {
			return
		}
		for _, tag := range tags.tags {
			if again, ok := ParseTags(tag); !ok || !again.Match(tag) || !tags.Match("W/"+tag) {
				t.Errorf("%q holds %s, which is no tag", text, tag)
			}
		}
	})
}
