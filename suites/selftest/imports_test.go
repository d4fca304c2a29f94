package selftest

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"strings"
	"testing"

	"scimproof/fixtures"
	"scimproof/simulator/persona"
)

// arrows are the imports that the design forbids, each with its reason.
var arrows = []struct{ from, to, why string }{
	{"scimproof/suites", "scimproof/server", "a shared parser hides a shared bug: the tester reads raw JSON"},
	{"scimproof/simulator", "scimproof/server", "the simulator talks to any server, over HTTP"},
	{"scimproof/server", "scimproof/suites", "the reference server is judged by code it does not share"},
	{"scimproof/server", "scimproof/simulator", "the server knows nothing of its clients"},
	{"scimproof/reports", "scimproof/suites", "a stored run renders without the catalogue"},
	{"scimproof/reports", "scimproof/simulator", "a stored run renders without who made it"},
	{"scimproof/reports", "scimproof/server", "a stored run renders without a server"},
	{"scimproof/reports/result", "scimproof/", "the data of a run depend on nothing of ours"},
	{"scimproof/fixtures", "scimproof/", "data come first"},
	{"scimproof/server/scim", "scimproof/server/store", "semantics know no database"},
	{"scimproof/server/scim", "net/http/", "semantics know no HTTP beyond its statuses"},
	{"scimproof/server/store", "scimproof/server/api", "the store answers; it does not call"},
	{"scimproof/server/store", "scimproof/server/engine", "the store answers; it does not call"},
	{"scimproof/server/engine", "scimproof/server/api", "the engine knows no HTTP"},
	{"scimproof/simulator/client", "scimproof/simulator/persona", "the client is the ground that personas stand on"},
	{"scimproof/simulator/persona", "scimproof/simulator/replay", "a persona says what to send; replay sends it"},
	{"scimproof/", "scimproof/cmd", "the command is on top"},
}

// ginkgoOnly are the packages outside tests that may import Ginkgo.
var ginkgoOnly = []string{"scimproof/suites/runner"}

func TestImports(t *testing.T) {
	for _, p := range packages(t) {
		if strings.HasSuffix(p.ImportPath, "test") { // what tests share
			continue
		}
		for _, imp := range p.Imports {
			for _, a := range arrows {
				if under(p.ImportPath, a.from) && under(imp, a.to) && !within(p.ImportPath, imp, a.from, a.to) {
					t.Errorf("%s imports %s: %s", p.ImportPath, imp, a.why)
				}
			}
			if strings.HasPrefix(imp, "github.com/onsi/ginkgo") && !contains(ginkgoOnly, p.ImportPath) {
				t.Errorf("%s imports Ginkgo, which only the runner may", p.ImportPath)
			}
		}
	}
}

func under(path, root string) bool {
	return path == root || strings.HasPrefix(path, strings.TrimSuffix(root, "/")+"/")
}

// within leaves alone what a part imports of itself, where the forbidden side is larger than the part.
func within(path, imp, from, to string) bool {
	return under(strings.TrimSuffix(from, "/"), strings.TrimSuffix(to, "/")) && under(imp, from)
}

func contains(list []string, s string) bool {
	for _, v := range list {
		if v == s {
			return true
		}
	}
	return false
}

type pkg struct {
	ImportPath string
	Imports    []string
}

// packages lists what the packages of the module import outside their tests.
func packages(t *testing.T) []pkg {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports", "scimproof/...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var list []pkg
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p pkg
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		list = append(list, p)
	}
	if len(list) < 20 {
		t.Fatalf("only %d packages", len(list))
	}
	return list
}

func library(t *testing.T) *persona.Library {
	t.Helper()
	lib, err := persona.Load(fixtures.IDP)
	if err != nil {
		t.Fatal(err)
	}
	return lib
}
