package interop

import (
	"fmt"
	"os"
	"path/filepath"
)

// kind is how targets of one language are installed and run.
type kind struct {
	tool    string   // its name in SCIMPROOF_REQUIRE
	needs   string   // what the machine must have, in words
	probe   []string // succeeds where the machine has it, and prints what an installation depends on
	lock    string   // the file with the pinned versions; it tells the kind of a folder
	install []string // run in a copy of the folder
	command func(dir string) []string
}

func kinds() []kind {
	return []kind{
		{
			tool:  "node",
			needs: "Node.js 20 or later, with npm",
			probe: []string{"node", "-e", `const v = process.versions; if (parseInt(v.node) < 20) process.exit(1); console.log(v.modules)`},
			lock:  "package-lock.json",
			install: []string{"npm", "ci", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund",
				"--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=5000"},
			command: func(dir string) []string { return []string{"node", filepath.Join(dir, "main.mjs")} },
		},
		{
			tool:  "python",
			needs: "Python 3.11 or later, with venv",
			probe: []string{"python3", "-c", `import sys, venv, ensurepip; print(sys.prefix, sys.version); sys.exit(sys.version_info < (3, 11))`},
			lock:  "requirements.txt",
			install: []string{"sh", "-c", `python3 -m venv venv && venv/bin/python -m pip --disable-pip-version-check install --quiet ` +
				`--no-deps --require-hashes --only-binary :all: --retries 2 --requirement requirements.txt`},
			command: func(dir string) []string {
				return []string{filepath.Join(dir, "venv", "bin", "python"), filepath.Join(dir, "main.py")}
			},
		},
	}
}

func kindOf(source string) (kind, error) {
	for _, k := range kinds() {
		if _, err := os.Stat(filepath.Join(source, k.lock)); err == nil {
			return k, nil
		}
	}
	return kind{}, fmt.Errorf("%s holds neither package-lock.json nor requirements.txt: it is no target", source)
}
