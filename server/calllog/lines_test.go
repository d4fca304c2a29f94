package calllog

import (
	"bytes"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// forth and back are the lines of a text as they are read from its beginning, and from its end.
func forth(t *testing.T, text string) (lines []string, whole int64) {
	t.Helper()
	whole, err := eachLine(strings.NewReader(text), func(line []byte) error {
		lines = append(lines, string(line))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return lines, whole
}

func back(t *testing.T, text string) (lines []string) {
	t.Helper()
	err := eachLineBack(strings.NewReader(text), int64(len(text)), func(line []byte) bool {
		lines = append(lines, string(line))
		return false
	})
	if err != nil {
		t.Fatal(err)
	}
	return lines
}

func TestLines(t *testing.T) {
	block, long, tooLong := strings.Repeat("a", blockBytes), strings.Repeat("b", 3*blockBytes+1), strings.Repeat("c", longestLine)
	for _, test := range []struct {
		text string
		want []string
	}{
		{"", nil},
		{"\n", []string{"\n"}},
		{"one\ntwo", []string{"one\n", "two"}},
		{block + "\n" + block[1:] + "\n\nend\n", []string{block + "\n", block[1:] + "\n", "\n", "end\n"}},
		{block[1:] + "\n" + block, []string{block[1:] + "\n", block}},
		{long + "\n" + long, []string{long + "\n", long}},
		{tooLong + "\nend\n", []string{"end\n"}},
		{"begin\n" + tooLong + "\n", []string{"begin\n"}},
		{"begin\n" + tooLong + tooLong, []string{"begin\n"}},
		{tooLong[1:] + "\n" + tooLong + tooLong + "\nend", []string{tooLong[1:] + "\n", "end"}},
		{long + "\n" + tooLong + long + "\n" + tooLong + "\n" + long, []string{long + "\n", long}},
	} {
		lines, whole := forth(t, test.text)
		if want := int64(strings.LastIndex(test.text, "\n") + 1); whole != want || !reflect.DeepEqual(lines, test.want) {
			t.Errorf("%d bytes of text have %d lines, want %d; %d are whole, want %d", len(test.text), len(lines), len(test.want), whole, want)
		}
		lines = back(t, test.text)
		if slices.Reverse(lines); !reflect.DeepEqual(lines, test.want) {
			t.Errorf("%d bytes of text have %d lines from the end, want %d", len(test.text), len(lines), len(test.want))
		}
	}
}

func TestLinesUntil(t *testing.T) {
	enough, read := errors.New("enough"), 0
	whole, err := eachLine(strings.NewReader("one\ntwo\n"), func([]byte) error { return enough })
	if !errors.Is(err, enough) || whole != 4 {
		t.Errorf("it ends after %d bytes with %v", whole, err)
	}
	for _, text := range []string{"one\ntwo\nthree\n", strings.Repeat("line\n", blockBytes)} {
		read = 0
		err := eachLineBack(strings.NewReader(text), int64(len(text)), func([]byte) bool { read++; return read == 2 })
		if err != nil || read != 2 {
			t.Errorf("it reads %d lines, %v", read, err)
		}
	}
	if err := eachLineBack(strings.NewReader("one\n"), 5, func([]byte) bool { return false }); err == nil {
		t.Error("there is more than there is")
	}
}

// FuzzSegment reads what no log has written: it never panics, whole lines are found between the others, and they are the same from both ends.
func FuzzSegment(f *testing.F) {
	f.Add([]byte("{\"time\":\"2026-03-31T12:0"), uint16(1))
	f.Add([]byte("\n\n\x00{}\n"), uint16(40000))
	f.Fuzz(func(t *testing.T, noise []byte, times uint16) {
		if len(noise)*int(times) > 3*longestLine {
			t.Skip()
		}
		line := appendCall(nil, &Call{Time: noon, Target: "whole"})
		text := string(bytes.Join([][]byte{bytes.Repeat(noise, int(times)), line, noise}, []byte("\n")))
		lines, _ := forth(t, text)
		found := 0
		for _, l := range lines {
			if c, ok := (Filter{Target: "whole"}).read([]byte(l), nil); ok && c.Time.Equal(noon) {
				found++
			}
		}
		if found == 0 {
			t.Error("the line is not found")
		}
		backwards := back(t, text)
		if slices.Reverse(backwards); !slices.Equal(lines, backwards) {
			t.Errorf("%d lines are %d from the end", len(lines), len(backwards))
		}
	})
}
