// Command scimproof serves a reference SCIM server, judges any SCIM server, and replays what identity providers send.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"scimproof/reports/verdict"
)

// version and commit are set by the linker.
var (
	version = "dev"
	commit  = ""
)

// world is what a command may touch of the process it runs in.
type world struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	getenv         func(string) string
	terminal       bool // somebody sits at stdin and stderr
	width          int  // columns of that terminal; 0 where there is none
	columns        int  // those of the terminal that stdout is; 0 where it is none
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends the program at once
	code := run(ctx, os.Args[1:], processWorld())
	stop()
	os.Exit(code)
}

func processWorld() world {
	w := world{stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, getenv: os.Getenv}
	err := int(os.Stderr.Fd())
	if term.IsTerminal(int(os.Stdin.Fd())) && term.IsTerminal(err) {
		w.terminal = true
	}
	if columns, _, e := term.GetSize(err); e == nil {
		w.width = columns
	}
	if columns, _, e := term.GetSize(int(os.Stdout.Fd())); e == nil {
		w.columns = columns
	}
	return w
}

// exit ends the program with a code and, unless it is empty, a message.
type exit struct {
	code    int
	message string
}

func (e *exit) Error() string { return e.message }

func usage(format string, args ...any) error {
	return &exit{verdict.ExitUsage, fmt.Sprintf(format, args...)}
}

// oneArg wants exactly one argument, and says of what kind.
func oneArg(kind string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if len(args) != 1 || strings.TrimSpace(args[0]) == "" { // as a variable that is not set makes it
			_, argument, _ := strings.Cut(c.Use, " ")
			return usage("%s takes one %s: %s %s; see %s --help", c.Name(), kind, c.CommandPath(), argument, c.CommandPath())
		}
		return nil
	}
}

// only refuses flags that say nothing without another one.
func only(c *cobra.Command, with string, flags ...string) error {
	for _, name := range flags {
		if c.Flags().Changed(name) && !c.Flags().Changed(with) {
			return usage("--%s says nothing without --%s; give that, too, or leave it out", name, with)
		}
	}
	return nil
}

// run is the whole program: arguments in, exit code out.
func run(ctx context.Context, args []string, w world) int {
	root := &cobra.Command{
		Use:           "scimproof",
		Short:         "A reference SCIM server, a judge of SCIM servers, and a player of what identity providers send",
		SilenceErrors: true,
		SilenceUsage:  true,
		Version:       versionText(),
		CompletionOptions: cobra.CompletionOptions{
			HiddenDefaultCmd: true,
		},
	}
	root.SetArgs(args)
	root.SetOut(w.stdout)
	root.SetErr(w.stderr)
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return usage("%v; see %s --help", err, c.CommandPath())
	})
	root.AddCommand(serveCommand(w), checkCommand(w), replayCommand(w), demoCommand(w), listCommand(w), explainCommand(w), schemaCommand(w), storeCommand(w),
		instanceCommand(w), appCommand(w), tokenCommand(w), organizationCommand(w), scopeCommand(w), fieldCommand(w), clockCommand(w), callsCommand(w))
	c, err := root.ExecuteContextC(ctx)
	var e *exit
	switch {
	case err == nil:
		return verdict.ExitOK
	case errors.As(err, &e):
	default:
		// What cobra itself refuses is a matter of usage: unknown commands, wrong numbers of arguments.
		e = &exit{verdict.ExitUsage, oneLine(err.Error()) + "; see " + c.CommandPath() + " --help"}
	}
	if e.message != "" {
		fmt.Fprintln(w.stderr, "scimproof:", e.message)
	}
	return e.code
}

// oneLine lets a message of several lines stand in one.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

func versionText() string {
	if commit == "" {
		return version
	}
	return version + " (" + commit + ")"
}
