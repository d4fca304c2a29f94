package pgtest

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/testcontainers/testcontainers-go"
	"github.com/testcontainers/testcontainers-go/wait"
)

// container starts a server in a container, or returns "" where no Docker daemon answers. Where one answers and has no image to start, as it
// is without a network, the error says so.
func container(t *testing.T) (address string, err error) {
	t.Helper()
	if !dockerAnswers(t.Context()) {
		return "", nil
	}
	const user, database = "scimproof", "scimproof"
	c, err := testcontainers.Run(t.Context(), cmp.Or(os.Getenv(ImageVariable), defaultImage),
		testcontainers.WithEnv(map[string]string{"POSTGRES_USER": user, "POSTGRES_DB": database, "POSTGRES_HOST_AUTH_METHOD": "trust"}),
		testcontainers.WithCmd("postgres", "-F", "-c", "max_connections=200"),
		testcontainers.WithExposedPorts("5432/tcp"),
		// The image starts the server once to set it up, and then for good.
		testcontainers.WithWaitStrategy(wait.ForAll(
			wait.ForLog("database system is ready to accept connections").WithOccurrence(2),
			wait.ForListeningPort("5432/tcp"),
		).WithDeadline(2*time.Minute)),
	)
	testcontainers.CleanupContainer(t, c)
	if err != nil {
		return "", fmt.Errorf("PostgreSQL does not start in a container; set %s to an image that can be pulled, or %s: %w", ImageVariable, AddressVariable, err)
	}
	endpoint, err := c.PortEndpoint(t.Context(), "5432/tcp", "")
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("postgres://%s@%s/%s?sslmode=disable", user, endpoint, database), nil
}

// dockerAnswers asks the daemon. Without one, parts of the library panic.
func dockerAnswers(ctx context.Context) (ok bool) {
	defer func() {
		if recover() != nil {
			ok = false
		}
	}()
	provider, err := testcontainers.NewDockerProvider()
	if err != nil {
		return false
	}
	defer func() { _ = provider.Close() }() // it was only asked whether it is there
	return provider.Health(ctx) == nil
}
