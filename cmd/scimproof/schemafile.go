package main

import (
	"io/fs"
	"os"
	"path"
	"strings"

	"scimproof/fixtures"
	"scimproof/server"
)

// readSchemas reads what --schema names, files or such as the program brings along, and holds it against what is there.
func readSchemas(names []string) ([]server.SchemaFile, error) {
	var files []server.SchemaFile
	for _, name := range names {
		data, err := fs.ReadFile(fixtures.Schemas, builtIn(name))
		if err != nil {
			data, err = os.ReadFile(name)
		}
		if err != nil {
			return nil, usage("--schema %s cannot be read: %v; it is a file, or one of %s", name, err, strings.Join(builtIns(), ", "))
		}
		files = append(files, server.SchemaFile{Name: name, Data: data})
	}
	if _, err := server.Profiles(files...); err != nil {
		return nil, usage("--schema %v; see docs/schemas.md", err)
	}
	return files, nil
}

func builtIn(name string) string { return path.Join("extra", name+".json") }

func builtIns() (names []string) {
	files, _ := fs.Glob(fixtures.Schemas, builtIn("*"))
	for _, file := range files {
		names = append(names, strings.TrimSuffix(path.Base(file), ".json"))
	}
	return names
}
