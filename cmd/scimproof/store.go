package main

import (
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"scimproof/reports/verdict"
	"scimproof/server/store/sqlite"
)

func storeCommand(w world) *cobra.Command {
	c := &cobra.Command{
		Use:   "store",
		Short: "Back up or check the store of a server",
		Long: `Back up or check the store of a server, which may be running. The exit code is 1 where the store is damaged.

Both are for sqlite:PATH. PostgreSQL brings its own tools: pg_dump and pg_amcheck.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return usage("say what to do: scimproof store backup or store check")
		},
	}
	c.AddCommand(backupCommand(w), checkStoreCommand(w))
	return c
}

func backupCommand(w world) *cobra.Command {
	var name, to string
	var force bool
	c := &cobra.Command{
		Use:   "backup --to FILE",
		Short: "Copy a store to a file, as it stands at one instant",
		Long: `Copy a store to a file, as it stands at one instant, and check the copy. The server may be running. The file is there when all
is well, or not at all. To restore a backup, stop the server and start it with --store sqlite:FILE.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			path, err := storePath(name)
			if err != nil {
				return err
			}
			if to == "" {
				return usage("say where the copy goes: --to FILE")
			}
			found, err := sqlite.Backup(c.Context(), path, filepath.Clean(to), force)
			if err != nil {
				return storeFailed(err)
			}
			fmt.Fprintf(w.stdout, "%s: %s\n", to, holdings(found))
			return nil
		},
	}
	storeFlag(c, &name)
	c.Flags().StringVar(&to, "to", "", "file that the copy is written to")
	c.Flags().BoolVar(&force, "force", false, "replace a file that is there already")
	return c
}

func checkStoreCommand(w world) *cobra.Command {
	var name string
	c := &cobra.Command{
		Use:   "check",
		Short: "See whether a store is whole, and what it holds",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			path, err := storePath(name)
			if err != nil {
				return err
			}
			found, err := sqlite.Check(c.Context(), path)
			if err != nil {
				return storeFailed(err)
			}
			fmt.Fprintf(w.stdout, "%s: %s\n", path, holdings(found))
			return nil
		},
	}
	storeFlag(c, &name)
	return c
}

// storeFailed makes damage another exit code than a wrong path.
func storeFailed(err error) error {
	code := verdict.ExitUsage
	if errors.Is(err, sqlite.ErrDamaged) {
		code = verdict.ExitFailed
	}
	return &exit{code, err.Error()}
}

func storeFlag(c *cobra.Command, name *string) {
	c.Flags().StringVar(name, "store", "sqlite:scimproof.db", "the store, as serve --store has it: sqlite:PATH")
}

// storePath is the file of a SQLite store.
func storePath(name string) (string, error) {
	path, ok := strings.CutPrefix(name, "sqlite:")
	switch {
	case strings.HasPrefix(name, "postgres"):
		return "", usage("this is for sqlite:PATH; use pg_dump to back up a PostgreSQL store, and pg_amcheck to check it")
	case !ok || path == "" || path == sqlite.Memory:
		return "", usage("--store is sqlite:PATH, not %q", name)
	}
	return filepath.Clean(path), nil
}

// holdings is what a store holds, in one line.
func holdings(s sqlite.Summary) string {
	parts := []string{
		"whole", fmt.Sprintf("schema %d", s.Schema), fmt.Sprintf("%d bytes", s.Bytes),
		counted(s.Instances, "instance"), counted(s.Applications, "application"),
	}
	for _, typ := range slices.Sorted(maps.Keys(s.Resources)) {
		parts = append(parts, counted(s.Resources[typ], typ))
	}
	return strings.Join(parts, ", ")
}

func counted(n int64, what string) string {
	if n != 1 {
		what += "s"
	}
	return fmt.Sprintf("%d %s", n, what)
}
