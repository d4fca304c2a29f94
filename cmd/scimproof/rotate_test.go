package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
)

// rotate is what a user would name with --rotate-command: it speaks with the control plane of the scripts' server.
func rotate() {
	p := &plane{base: os.Getenv("ADMIN"), token: os.Getenv("SCIMPROOF_ADMIN_TOKEN"), client: http.DefaultClient}
	do := map[string]func(*plane) error{"issue": issue, "retire": retire}[os.Args[1]]
	if err := do(p); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

const rotatedFile = "rotated"

func issue(p *plane) error {
	var made struct {
		ID    string `json:"applicationTokenId"`
		Value string `json:"applicationToken"`
	}
	path := "/v1/applications/" + os.Getenv("IDAAS_ID") + "/tokens"
	if err := p.do(context.Background(), http.MethodPost, path, entity{"applicationTokenType": "bearer_token", "validity": "P1D"}, &made); err != nil {
		return err
	}
	fmt.Println(made.Value)
	return os.WriteFile(rotatedFile, []byte(made.ID), 0o600)
}

func retire(p *plane) error {
	value, err := io.ReadAll(os.Stdin)
	if err != nil || !strings.HasPrefix(string(value), "SAT") {
		return fmt.Errorf("no token came: %v", err)
	}
	id, err := os.ReadFile(rotatedFile)
	if err != nil {
		return err
	}
	path := "/v1/tokens/" + string(id)
	if err := p.do(context.Background(), http.MethodPatch, path, entity{"status": "disabled"}, nil); err != nil {
		return err
	}
	return p.do(context.Background(), http.MethodDelete, path, nil, nil)
}
