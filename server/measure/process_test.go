package measure

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
)

// ticks of CPU time in a second, as Linux shows them to every program.
const ticks = 100

// process is one that serves.
type process struct {
	t   *testing.T
	cmd *exec.Cmd
}

// start runs a program and returns the first line that it prints.
func start(t *testing.T, name string, args ...string) (*process, string) {
	t.Helper()
	cmd := exec.Command(name, args...)
	log, err := os.CreateTemp(t.TempDir(), "log")
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = log
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	p := &process{t, cmd}
	t.Cleanup(p.stop)
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		said, _ := os.ReadFile(log.Name())
		t.Fatalf("%s does not serve: %v\n%s", name, err, said)
	}
	return p, line
}

func (p *process) stop() {
	if p.cmd.ProcessState == nil {
		_ = p.cmd.Process.Signal(syscall.SIGTERM)
		_ = p.cmd.Wait()
	}
}

// cpu is the time that the process has spent computing, in user and in kernel mode.
func (p *process) cpu() time.Duration {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.cmd.Process.Pid))
	if err != nil {
		p.t.Fatal(err)
	}
	_, after, _ := strings.Cut(string(data), ") ")
	fields := strings.Fields(after)
	sum := 0
	for _, f := range fields[11:13] { // utime and stime (proc(5))
		n, err := strconv.Atoi(f)
		if err != nil {
			p.t.Fatal(err)
		}
		sum += n
	}
	return time.Duration(sum) * time.Second / ticks
}

// peak is the most memory that the process has had, in MiB.
func (p *process) peak() int {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		p.t.Fatal(err)
	}
	_, after, _ := strings.Cut(string(data), "VmHWM:")
	kib, err := strconv.Atoi(strings.Fields(after)[0])
	if err != nil {
		p.t.Fatal(err)
	}
	return kib / 1024
}

// target is where requests go.
type target struct {
	*process
	base  string // URL of the SCIM endpoints
	token string
}

// reference starts the reference server over an empty store.
func reference(t *testing.T, program string) target {
	t.Helper()
	p, line := start(t, program, "serve", "--demo", "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0", "--store", "sqlite:"+t.TempDir()+"/scim.db")
	var demo struct {
		Applications []struct{ Profile, BaseURL, Token string }
	}
	if err := json.Unmarshal([]byte(line), &demo, json.MatchCaseInsensitiveNames(true)); err != nil {
		t.Fatal(err)
	}
	for _, a := range demo.Applications {
		if a.Profile == "rfc" {
			return target{p, a.BaseURL, a.Token}
		}
	}
	t.Fatal("the demo has no application of profile rfc")
	return target{}
}
