package server

import (
	"context"
	"encoding/base64"
	"fmt"
	"io"

	"golang.org/x/crypto/argon2"
)

// PasswordCost is what it takes to hash a password with argon2id.
type PasswordCost struct {
	MemoryKiB uint32
	Passes    uint32
	Parallel  int // how many passwords are hashed at once; the others wait, so that memory stays bounded
}

// DefaultPasswordCost is about 20 ms of CPU and 19 MiB for each password.
var DefaultPasswordCost = PasswordCost{MemoryKiB: 19 << 10, Passes: 2, Parallel: 2}

const (
	saltLength = 16
	hashLength = 32
)

// hasher makes the function that turns a password into its PHC string.
func hasher(cost PasswordCost, random io.Reader) func(context.Context, string) ([]byte, error) {
	turns := make(chan struct{}, max(1, cost.Parallel))
	return func(ctx context.Context, plain string) ([]byte, error) {
		select {
		case turns <- struct{}{}:
			defer func() { <-turns }()
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		salt := make([]byte, saltLength)
		if _, err := io.ReadFull(random, salt); err != nil {
			return nil, err
		}
		sum := argon2.IDKey([]byte(plain), salt, cost.Passes, cost.MemoryKiB, 1, hashLength)
		b64 := base64.RawStdEncoding.EncodeToString
		return fmt.Appendf(nil, "$argon2id$v=%d$m=%d,t=%d,p=1$%s$%s", argon2.Version, cost.MemoryKiB, cost.Passes, b64(salt), b64(sum)), nil
	}
}
