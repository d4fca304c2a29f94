package main

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestPrintable(t *testing.T) {
	for in, want := range map[string]string{
		"jo.müller": "jo.müller", "a\x1b[2J": "a?[2J", "a\r\nb": "a??b", "a\u009b31m": "a?31m", "a\x7f": "a?", "a\u202eb": "a?b", "می\u200cخواهم": "می\u200cخواهم",
	} {
		if got := printable(in); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
}

// TestTable shows calls on terminals of several widths, and where there is none.
func TestTable(t *testing.T) {
	columns := []column{{"TIME", "time"}, {"APPLICATION", "application"}, {"STATUS", "status"}, {"REASON", "reason"}}
	calls := []entity{
		{"time": "2026-03-31T12:00:00.123456789Z", "application": "Büro", "status": 404.0, "reason": "There is no such user; it may have been deleted."},
		{"time": "2026-03-31T11:59:59Z", "application": "Push\tand pull", "status": 200.0},
	}
	whole := `TIME                  APPLICATION    STATUS  REASON
2026-03-31T12:00:00Z  Büro           404     There is no such user; it may have been deleted.
2026-03-31T11:59:59Z  Push?and pull  200
`
	hung := `TIME                  APPLICATION    STATUS
2026-03-31T12:00:00Z  Büro           404
  There is no such user; it may have been deleted.
2026-03-31T11:59:59Z  Push?and pull  200
`
	blocks := `TIME         2026-03-31T12:00:00Z
APPLICATION  Büro
STATUS       404
REASON       There is no such user; it may have been deleted.

TIME         2026-03-31T11:59:59Z
APPLICATION  Push?and pull
STATUS       200
`
	for width, want := range map[int]string{0: whole, 93: whole, 92: hung, 43: hung, 42: blocks} {
		var out bytes.Buffer
		p := &plane{world: world{stdout: &out, columns: width}}
		if err := p.print(columns, calls...); err != nil || out.String() != want {
			t.Errorf("at %d columns: %v\n%s\nwant\n%s", width, err, &out, want)
		}
	}
	var out bytes.Buffer
	p := &plane{world: world{stdout: &out, columns: 10}}
	if err := p.print(columns); err != nil || out.String() != "TIME  APPLICATION  STATUS  REASON\n" {
		t.Errorf("no calls are %q, %v", &out, err)
	}
	out.Reset()
	if err := p.show(columns, calls[1]); err != nil || out.String() != "TIME         2026-03-31T11:59:59Z\nAPPLICATION  Push?and pull\nSTATUS       200\n" {
		t.Errorf("a call is %q, %v", &out, err)
	}
}

// TestPrintCall has a reason behind its call, and below it where the terminal is too narrow for both.
func TestPrintCall(t *testing.T) {
	data := `{"time":"2026-03-31T12:00:00.5Z","application":"app_1","operation":"read","target":"7","status":404,"latencyMicros":1500,"correlation":"id","reason":"Not here.\n"}`
	call := "2026-03-31T12:00:00Z  Büro              read      7                                404  1.5ms       id"
	for width, want := range map[int]string{0: call + "  Not here.?\n", 200: call + "  Not here.?\n", 100: call + "\n  Not here.?\n"} {
		var out bytes.Buffer
		p := &plane{world: world{stdout: &out, columns: width}}
		if err := p.printCall(data, map[string]string{"app_1": "Büro"}); err != nil || out.String() != want {
			t.Errorf("at %d columns: %v\n%s\nwant\n%s", width, err, &out, want)
		}
	}
}

// TestExplainWraps breaks no word and no line of what it prints, on terminals of several widths.
func TestExplainWraps(t *testing.T) {
	texts := map[string]string{}
	for width, most := range map[int]int{0: widest, 60: 60, 80: 80, 140: widest} {
		var out bytes.Buffer
		if code := run(t.Context(), []string{"explain", "tok-6"}, world{stdout: &out, stderr: &out, columns: width}); code != 0 {
			t.Fatalf("exit code %d: %s", code, &out)
		}
		for line := range strings.Lines(out.String()) {
			if n := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); n > most {
				t.Errorf("at %d columns a line has %d: %s", width, n, line)
			}
		}
		texts[strings.Join(strings.Fields(out.String()), " ")] = out.String()
	}
	if len(texts) != 1 {
		t.Errorf("the words differ: %q", texts)
	}
}
