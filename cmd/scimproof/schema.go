package main

import (
	"github.com/spf13/cobra"

	"scimproof/reports/json"
)

func schemaCommand(w world) *cobra.Command {
	return &cobra.Command{
		Use:       "schema results",
		Short:     "Print the JSON Schema of results.json",
		ValidArgs: []string{"results"},
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 || args[0] != "results" {
				return usage("there is one schema to print: scimproof schema results")
			}
			return nil
		},
		RunE: func(*cobra.Command, []string) error {
			_, err := w.stdout.Write(json.Schema())
			return err
		},
	}
}
