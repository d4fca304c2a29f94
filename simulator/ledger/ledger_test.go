package ledger_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"scimproof/simulator/ledger"
	"scimproof/simulator/replay"
)

var _ replay.Ledger = (*ledger.Ledger)(nil)

const target = "https://scim.example.com/v2"

// open opens a ledger that is closed without care, as a killed process would.
func open(t *testing.T, path, target string) *ledger.Ledger {
	t.Helper()
	l, err := ledger.Open(path, target)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func create(t *testing.T, l *ledger.Ledger, ids ...string) {
	t.Helper()
	for _, id := range ids {
		if err := l.Created("User", id, "/Users/"+id); err != nil {
			t.Fatal(err)
		}
	}
}

func remove(t *testing.T, l *ledger.Ledger, ids ...string) {
	t.Helper()
	for _, id := range ids {
		if err := l.Deleted("/Users/" + id); err != nil {
			t.Fatal(err)
		}
	}
}

func pending(l *ledger.Ledger) string {
	var ids []string
	for _, e := range l.Pending() {
		if e.Kind != "User" || e.Location != "/Users/"+e.ID {
			ids = append(ids, fmt.Sprintf("%+v", e))
			continue
		}
		ids = append(ids, e.ID)
	}
	return strings.Join(ids, " ")
}

func TestAKilledRunIsRemembered(t *testing.T) {
	path := filepath.Join(t.TempDir(), "deep", "ledger.jsonl")
	first := open(t, path, target)
	create(t, first, "1", "2", "3", "2")
	remove(t, first, "1", "never made")
	again := open(t, path, target)
	if got := pending(again); got != "2 3" {
		t.Errorf("pending %q, not 2 3", got)
	}
	remove(t, again, "2")
	create(t, again, "1")
	if got := pending(open(t, path, target)); got != "3 1" {
		t.Errorf("pending %q, not 3 1", got)
	}
}

func TestNothingPendingLeavesNoFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ledger.jsonl")
	l := open(t, path, target)
	create(t, l, "1")
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	l = open(t, path, target)
	remove(t, l, "1")
	for range 2 {
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := os.Stat(path); !os.IsNotExist(err) {
		t.Errorf("the file is there: %v", err)
	}
	if err := l.Created("User", "2", "/Users/2"); err == nil || !strings.Contains(err.Error(), "/Users/2 is not kept") {
		t.Errorf("a closed ledger takes entries: %v", err)
	}
}

func TestTargetsShareAFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ledger.jsonl")
	create(t, open(t, path, target), "1")
	other := open(t, path, "https://other.example.com")
	create(t, other, "1", "2")
	remove(t, other, "1", "2")
	if got := pending(other); got != "" {
		t.Errorf("the other target has %q", got)
	}
	if err := other.Close(); err != nil {
		t.Fatal(err)
	}
	if got := pending(open(t, path, target)); got != "1" {
		t.Errorf("pending %q, not 1: another target took it", got)
	}
}

func TestEveryCutOfTheLastLine(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ledger.jsonl")
	l := open(t, path, target)
	create(t, l, "1")
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	create(t, l, "2")
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for n := len(before); n < len(whole); n++ {
		if err := os.WriteFile(path, whole[:n], 0o600); err != nil {
			t.Fatal(err)
		}
		l := open(t, path, target)
		create(t, l, "3")
		if got := pending(open(t, path, target)); got != "1 3" {
			t.Fatalf("cut at byte %d: pending %q, not 1 3", n, got)
		}
	}
}

func TestALineThatIsBroken(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ledger.jsonl")
	for _, text := range []string{"nonsense\n", "{}\n", `{"event":"moved","target":"x","location":"/Users/1"}` + "\n"} {
		good := `{"event":"created","target":"x","kind":"User","id":"1","location":"/Users/1"}` + "\n"
		if err := os.WriteFile(path, []byte(good+text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := ledger.Open(path, target); err == nil || !strings.Contains(err.Error(), "ledger.jsonl, line 2 is no entry") {
			t.Errorf("%q: %v", text, err)
		}
		if data, err := os.ReadFile(path); err != nil || string(data) != good+text {
			t.Errorf("the file was changed to %q, %v", data, err)
		}
	}
}

func TestManyAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ledger.jsonl")
	l := open(t, path, target)
	var all sync.WaitGroup
	for n := range 8 {
		all.Go(func() {
			for i := range 10 {
				id := fmt.Sprintf("%d-%d", n, i)
				if err := l.Created("User", id, "/Users/"+id); err != nil {
					t.Error(err)
				}
				if i%2 == 0 {
					if err := l.Deleted("/Users/" + id); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	all.Wait()
	got := strings.Fields(pending(open(t, path, target)))
	slices.Sort(got)
	if len(got) != 40 || len(slices.Compact(got)) != 40 {
		t.Errorf("%d pending, not 40", len(got))
	}
}

func TestOpenSaysWhatIsWrong(t *testing.T) {
	folder := t.TempDir()
	if _, err := ledger.Open(folder, target); err == nil || !strings.HasPrefix(err.Error(), "ledger: ") {
		t.Errorf("a folder was opened: %v", err)
	}
}
