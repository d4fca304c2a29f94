package selftest

import (
	"context"
	"flag"
	"fmt"
	"hash/fnv"
	"os"
	"slices"
	"strings"
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

// sampled chooses one fault in eight, always the same ones for the same catalogue of faults.
func sampled(name string) bool {
	h := fnv.New32a()
	h.Write([]byte(name))
	return h.Sum32()%8 == 0
}

// TestKillMatrix holds what each fault breaks against the golden matrix.
func TestKillMatrix(t *testing.T) {
	if testing.Short() && !*prove {
		t.Skip("the kill matrix takes a while; it runs without -short")
	}
	w := newWorld(t)
	all := checks(t)
	golden := map[string]string{}
	if data, err := os.ReadFile(matrixFile); err == nil {
		for _, line := range strings.Split(strings.TrimSpace(string(data)), "\n") {
			name, _, _ := strings.Cut(line, ":")
			golden[name] = line
		}
	}
	var lines []string
	for _, f := range fault.All() {
		if !*prove && !sampled(f.Name) {
			continue
		}
		line := w.kills(t, f, all)
		lines = append(lines, line)
		if !*prove && golden[f.Name] != line {
			t.Errorf("the kill matrix says\n%s\nand now it is\n%s\nrun make prove and read the difference", golden[f.Name], line)
		}
	}
	if *prove {
		if err := os.WriteFile(matrixFile, []byte(strings.Join(lines, "\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
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
