package selftest

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"hash/fnv"
	"io/fs"
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

// proveOnly narrows that after new checks: faults that the matrix has keep what it says of all other checks, which is quicker than proving anew.
var proveOnly = flag.String("prove-only", "", "with -prove: only these checks, as --only of scimproof check names them; new faults meet all")

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
	golden := readMatrix(t)
	faults := fault.All()
	slices.SortStableFunc(faults, func(a, b fault.Fault) int { return rank(a) - rank(b) })
	if !*prove {
		faults = slices.DeleteFunc(faults, func(f fault.Fault) bool { return !sampled(f.Name) })
	}
	done := 0
	todo := map[string][]check.Check{}
	for _, f := range faults {
		todo[f.Name] = proved(t, all, golden[f.Name])
	}
	matrix(t, faults, todo, func(f fault.Fault, line string) {
		done++
		t.Logf("%d of %d: %s", done, len(faults), f.Name)
		if *prove {
			golden[f.Name] = merged(t, all, golden[f.Name], line)
			writeMatrix(t, golden)
		} else if golden[f.Name] != line {
			t.Errorf("the kill matrix says\n%s\nand now it is\n%s\nrun make prove and read the difference", golden[f.Name], line)
		}
	})
}

// proved are the checks to run under a fault of which the matrix has a line, or none yet.
func proved(t *testing.T, all []check.Check, line string) []check.Check {
	if *proveOnly == "" || line == "" {
		return all
	}
	return narrowed(t, all)
}

func narrowed(t *testing.T, all []check.Check) []check.Check {
	chosen, err := check.Select(all, check.Profiles, strings.Split(*proveOnly, ","))
	if err != nil {
		t.Fatal(err)
	}
	return chosen
}

// merged is a new line with what an old one says of checks that did not run for it, as long as they are there.
func merged(t *testing.T, all []check.Check, old, line string) string {
	if *proveOnly == "" || old == "" {
		return line
	}
	ran := narrowed(t, all)
	named := func(list []check.Check, id string) bool {
		return slices.ContainsFunc(list, func(c check.Check) bool { return c.ID == id })
	}
	name, ids, _ := strings.Cut(line, ":")
	_, before, _ := strings.Cut(old, ":")
	killed := strings.Fields(ids)
	for _, id := range strings.Fields(before) {
		if named(all, id) && !named(ran, id) {
			killed = append(killed, id)
		}
	}
	slices.Sort(killed)
	return name + ": " + strings.Join(killed, " ")
}

// rank puts the sample first, so that a proof that was cut short has what every run compares.
func rank(f fault.Fault) int {
	if sampled(f.Name) {
		return 0
	}
	return 1
}

// matrix makes the line of each fault and hands it over, one at a time. Each worker has a world of its own: some checks need a collection
// to themselves.
func matrix(t *testing.T, faults []fault.Fault, todo map[string][]check.Check, take func(f fault.Fault, line string)) {
	var mu sync.Mutex
	next := make(chan fault.Fault)
	var workers sync.WaitGroup
	for range min(2*runtime.NumCPU(), len(faults)) { // some checks wait for clocks
		w := newWorld(t)
		workers.Go(func() {
			for f := range next {
				line := w.kills(t, f, todo[f.Name])
				mu.Lock()
				take(f, line)
				mu.Unlock()
			}
		})
	}
	for _, f := range faults {
		next <- f
	}
	close(next)
	workers.Wait()
}

// readMatrix reads the lines that there are, by fault.
func readMatrix(t *testing.T) map[string]string {
	t.Helper()
	golden := map[string]string{}
	data, err := os.ReadFile(matrixFile)
	if errors.Is(err, fs.ErrNotExist) {
		return golden
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(strings.TrimSpace(string(data)), "\n") {
		name, _, _ := strings.Cut(line, ":")
		golden[name] = line
	}
	return golden
}

// writeMatrix writes the lines of all faults that there still are, in their order.
func writeMatrix(t *testing.T, golden map[string]string) {
	t.Helper()
	var b strings.Builder
	for _, f := range fault.All() {
		if line := golden[f.Name]; line != "" {
			b.WriteString(line + "\n")
		}
	}
	if err := os.WriteFile(matrixFile, []byte(b.String()), 0o644); err != nil {
		t.Error(err)
	}
}

// kills is one line of the matrix: the fault, and every check that breaks under it.
func (w *world) kills(t *testing.T, f fault.Fault, all []check.Check) string {
	place := w.serve(t, f)
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
		j := judge(context.Background(), w.env(t, place, profile), all, own, check.Profiles...)
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
