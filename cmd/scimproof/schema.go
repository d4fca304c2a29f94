package main

import (
	"github.com/spf13/cobra"

	"scimproof/reports/json"
)

func schemaCommand(w world) *cobra.Command {
	return &cobra.Command{
		Use:       "schema results",
		Short:     "Print the JSON Schema of results.json",
		Args:      cobra.MatchAll(cobra.ExactArgs(1), cobra.OnlyValidArgs),
		ValidArgs: []string{"results"},
		RunE: func(*cobra.Command, []string) error {
			_, err := w.stdout.Write(json.Schema())
			return err
		},
	}
}
