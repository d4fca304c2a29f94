package require

import "testing"

func TestListed(t *testing.T) {
	for _, c := range []struct {
		list, name string
		want       bool
	}{
		{"", "docker", false},
		{"docker", "docker", true},
		{"docker, chromium", "chromium", true},
		{"docker chromium", "chromium", true},
		{"docker-in-docker", "docker", false},
		{"all", "node", true},
	} {
		if got := listed(c.list, c.name); got != c.want {
			t.Errorf("%q asks for %s: %v, want %v", c.list, c.name, got, c.want)
		}
	}
}

func TestToolSkipsUnlessRequired(t *testing.T) {
	t.Setenv(Variable, "")
	went := false
	t.Run("missing", func(t *testing.T) {
		Tool(t, "chromium", "to look at a report", false)
		went = true
	})
	if went {
		t.Error("a test went on without its tool")
	}
	t.Run("found", func(t *testing.T) {
		Tool(t, "chromium", "to look at a report", true)
		went = true
	})
	if !went {
		t.Error("a test stopped although its tool is here")
	}
}
