package selftest

import (
	"context"
	"flag"
	"fmt"
	"hash/fnv"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"scimproof/reports/result"
	"scimproof/server/fault"
	"scimproof/suites/check"
)

// prove runs every check under every fault and writes the kill matrix; without it a sample is compared with the matrix that is there.
var prove = flag.Bool("prove", false, "run the whole catalogue under every fault and write testdata/kills.txt")

const matrixFile = "testdata/kills.txt"

// broken says whether a row tells that the target departs, whatever that weighs.
func broken(row result.Check) bool {
	return row.Outcome == result.Fail || row.Outcome == result.Warn || row.Outcome == result.Info && strings.HasPrefix(row.Reason, "departs")
}

// sampled chooses one fault in thirty-two, always the same ones for the same catalogue of faults.
func sampled(name string) bool {
	h := fnv.New32a()
	h.Write([]byte(name))
	return h.Sum32()%32 == 0
}

// TestKillMatrix holds what each fault breaks against the golden matrix.
func TestKillMatrix(t *testing.T) {
	if testing.Short() && !*prove {
		t.Skip("the kill matrix takes a while; it runs without -short")
	}
	all := checks(t)
	golden := map[string]string{}
	if data, err := os.ReadFile(matrixFile); err == nil {
		for _, line := range strings.Split(strings.TrimSpace(string(data)), "\n") {
			name, _, _ := strings.Cut(line, ":")
			golden[name] = line
		}
	}
	faults := slices.DeleteFunc(fault.All(), func(f fault.Fault) bool { return !*prove && !sampled(f.Name) })
	lines := matrix(t, faults, all)
	if *prove {
		if err := os.WriteFile(matrixFile, []byte(strings.Join(lines, "\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	for i, f := range faults {
		if golden[f.Name] != lines[i] {
			t.Errorf("the kill matrix says\n%s\nand now it is\n%s\nrun make prove and read the difference", golden[f.Name], lines[i])
		}
	}
}

// matrix makes a line for each fault. Each worker has a world of its own: some checks need a collection to themselves.
func matrix(t *testing.T, faults []fault.Fault, all []check.Check) []string {
	lines := make([]string, len(faults))
	next := make(chan int)
	var workers sync.WaitGroup
	for range min(2*runtime.NumCPU(), len(faults)) { // some checks wait for clocks
		w := newWorld(t)
		workers.Go(func() {
			for i := range next {
				lines[i] = w.kills(t, faults[i], all)
				t.Logf("%d of %d: %s", i+1, len(faults), faults[i].Name)
			}
		})
	}
	for i := range faults {
		next <- i
	}
	close(next)
	workers.Wait()
	return lines
}

// kills is one line of the matrix: the fault, and every check that breaks under it.
func (w *world) kills(t *testing.T, f fault.Fault, all []check.Check) string {
	origin := w.serve(t, f)
	killed := map[string]bool{}
	for _, profile := range []string{"rfc", "idaas"} {
		var own []check.Check
		for _, c := range all {
			if at(c) == profile {
				own = append(own, c)
			}
		}
		if len(own) == 0 {
			continue
		}
		j := judge(context.Background(), w.env(t, origin, profile), all, own, check.Profiles...)
		for _, row := range j.Rows {
			if broken(row) {
				killed[row.ID] = true
			}
		}
	}
	var ids []string
	for id := range killed {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return fmt.Sprintf("%s: %s", f.Name, strings.Join(ids, " "))
}
